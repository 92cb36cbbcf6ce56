//! A committee with two grids: an officer for both, a coordinator in each, a grid worker. The clock stands on Monday,
//! 16 November 2026; the week of the 23rd is to be filed today.

use std::sync::Arc;

use linli_fieldwork::plan::crew;
use linli_platform::{
    Result,
    app::{App, Installation},
    area::Area,
    clock::{At, Day},
    ids::{AccountId, GridId},
    reader::Reader,
    sessions,
    store::{Migration, Query as _, Store},
    testing::{self, Client, TestStore},
    vals,
};
use linli_shifts::{
    Cell, PlanId, Proposal,
    people::{Member, Staffing},
    plans,
    rules::Planned,
};
use linli_team::{NewStaff, Post, StaffId, TeamScopes};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid, store::committees, store::grids};
use sea_orm::FromQueryResult;

pub const C1: &str = "310118003001";
pub const C2: &str = "310118003002";
pub const WEEK: &str = "2026-11-23";

pub fn areas() -> Vec<Area> {
    vec![
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_fieldwork::area(),
        linli_shifts::area(),
    ]
}

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    for area in areas() {
        all.extend(area.migrations);
    }
    all
}

pub struct Town {
    pub test: TestStore,
    pub app: App,
}

pub async fn towns() -> Vec<Town> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        all.push(Town::build(test).await);
    }
    all
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn hour(text: &str, hour: i64) -> At {
    day(text).start().plus_hours(hour)
}

/// Name, post, grids by number; the committee for the leader above.
const PEOPLE: [(&str, Post, &[usize]); 7] = [
    ("officer", Post::Officer, &[0, 1]),
    ("anna", Post::Coordinator, &[0]),
    ("bela", Post::Coordinator, &[1]),
    ("worker", Post::GridWorker, &[0]),
    ("guard", Post::PropertyGuard, &[0]),
    ("elsewhere", Post::Officer, &[2]),
    ("team-leader", Post::TeamLeader, &[]),
];

impl Town {
    async fn build(test: TestStore) -> Town {
        test.clock.set(hour("2026-11-16", 9));
        let store = test.store.clone();
        let tx = store.begin(&Reader::system()).await.unwrap();
        let committee = |code: &str, name: &str| NewCommittee {
            code: code.into(),
            name: name.into(),
            official_name: format!("{name}村民委员会"),
            kind: CommitteeKind::Village,
            group: Group::C,
            police_area: None,
            aliases: Vec::new(),
        };
        committees::write(&tx, &[committee(C1, "柳塘村"), committee(C2, "荷渡村")]).await.unwrap();
        let grid = |code: &str, of: &str| NewGrid {
            grid_id: None,
            code: code.into(),
            name: format!("{code}微网格"),
            committee_code: of.into(),
        };
        let new = vec![grid("L1", C1), grid("L2", C1), grid("H1", C2)];
        let grids = grids::open(&tx, new, day("2026-07-01")).await.unwrap();
        tx.commit().await.unwrap();
        for (name, post, places) in PEOPLE {
            let account = testing::account(&store, name, &[]).await;
            hire(&store, name, account, post, areas_of(&grids, places)).await;
        }
        let given = Installation { scopes: Arc::new(TeamScopes), ..testing::installation(&store) };
        let app = App::assemble(&areas(), given).unwrap();
        Town { test, app }
    }
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    pub async fn account(&self, name: &str) -> AccountId {
        #[derive(FromQueryResult)]
        struct Row {
            account_id: AccountId,
        }
        let reads = self.store().reads();
        let sql = "SELECT account_id FROM account WHERE division_code = $1 AND sign_in_name = $2";
        let row: Option<Row> = reads.row(sql, vals![reads.division(), name]).await.unwrap();
        row.unwrap().account_id
    }
    pub async fn staff(&self, name: &str) -> StaffId {
        let members = self.members().await;
        members.iter().find(|m| m.name == name).unwrap().staff_id
    }
    pub async fn members(&self) -> Vec<Member> {
        Staffing::on(&self.store().reads(), day(WEEK)).await.unwrap().of(C1).to_vec()
    }
    pub async fn reader(&self, name: &str) -> Reader {
        let account = self.account(name).await;
        let today = self.store().clock().today();
        sessions::reader(&self.app, account, name.into(), today).await.unwrap()
    }
    pub async fn client(&self, name: &str) -> Client {
        Client::signed_in(&self.app, &areas(), self.account(name).await).await
    }
    /// A draft of the week in the officer's name.
    pub async fn drafted(&self) -> PlanId {
        let tx = self.store().begin(&self.reader("officer").await).await.unwrap();
        let id = plans::draft(&tx, C1, day(WEEK)).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
    pub async fn save(&self, id: PlanId, cells: &[Planned]) -> Result<()> {
        let officer = self.reader("officer").await;
        let tx = self.store().begin(&officer).await.unwrap();
        let version = plans::find(&tx, &officer, id).await?.version;
        plans::save(&tx, id, version, &self.members().await, cells).await?;
        tx.commit().await
    }
    pub async fn proposed(&self, cells: &[Planned]) -> Proposal {
        linli_shifts::propose(&self.app, day(WEEK), &self.members().await, cells).await.unwrap()
    }
    pub async fn file(&self, id: PlanId, knowingly: bool) -> Result<usize> {
        let officer = self.reader("officer").await;
        let tx = self.store().begin(&officer).await.unwrap();
        let version = plans::find(&tx, &officer, id).await?.version;
        let broken = plans::file(&self.app, &tx, id, version, knowingly).await?;
        tx.commit().await?;
        Ok(broken)
    }
    /// A plan that is proposed and filed.
    pub async fn filed(&self) -> PlanId {
        let id = self.drafted().await;
        let Proposal::Week(cells) = self.proposed(&[]).await else { panic!("the rules collide") };
        self.save(id, &cells).await.unwrap();
        assert_eq!(self.file(id, false).await.unwrap(), 0);
        id
    }
    /// Whether the visit plans have a day of somebody's without visits.
    pub async fn is_free(&self, name: &str, on: Day) -> bool {
        let account = self.account(name).await;
        let member = self.members().await.into_iter().find(|m| m.name == name).unwrap();
        let crew = crew::of_grid(&self.store().reads(), member.grids[0], day(WEEK), day(WEEK).plus_days(6)).await;
        !crew.unwrap().is_there(account, on)
    }
    pub async fn cells(&self, id: PlanId) -> Vec<Planned> {
        plans::planned(&plans::turns(&self.store().reads(), id).await.unwrap())
    }
    /// The first shift of somebody.
    pub async fn first(&self, id: PlanId, who: StaffId) -> (Day, Cell) {
        let mut own: Vec<(Day, Cell)> =
            self.cells(id).await.into_iter().filter(|c| c.0 == who && c.2.is_shift()).map(|c| (c.1, c.2)).collect();
        own.sort();
        own[0]
    }
}

fn areas_of(grids: &[GridId], places: &[usize]) -> Vec<String> {
    if places.is_empty() {
        return vec![C1.to_owned()];
    }
    places.iter().map(|n| grids[*n].to_string()).collect()
}

async fn hire(store: &Store, name: &str, account: AccountId, post: Post, areas: Vec<String>) {
    let tx = store.begin(&Reader::system()).await.unwrap();
    let new = NewStaff {
        name: name.into(),
        mobile: None,
        post,
        areas,
        grid: None,
        account: Some(account),
        from_day: day("2026-07-01"),
        until_day: None,
        agreement_day: Some(day("2026-07-01")),
        trained_day: None,
    };
    linli_team::bulk(&tx, vec![new]).await.unwrap();
    tx.commit().await.unwrap();
}
