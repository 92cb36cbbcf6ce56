//! Two committees: in the first a leader, an officer and a coordinator, in the second an officer and a coordinator who
//! inspect there; above them the task force, the station and the office. The clock stands on Monday, 16 November 2026.

use std::sync::Arc;

use linli_platform::{
    Result,
    access::Action,
    app::{App, Installation},
    area::Area,
    clock::{At, Day},
    ids::{AccountId, GridId},
    jobs,
    reader::Reader,
    sessions,
    store::{Migration, Query as _, Store},
    testing::{self, Client, TestStore},
    vals,
};
use linli_supervision::{FindingId, FindingKind, InspectionId, Mode, NewFinding, NewInspection};
use linli_team::{NewStaff, Post, StaffId, TeamScopes};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid, store::committees, store::grids};
use sea_orm::FromQueryResult;

pub const C1: &str = "310118003001";
pub const C2: &str = "310118003002";

pub fn areas() -> Vec<Area> {
    vec![
        linli_papers::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_supervision::area(),
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
    pub grids: Vec<GridId>,
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

/// Name, post, grids by number; the first committee for the secretary.
const PEOPLE: [(&str, Post, &[usize]); 8] = [
    ("leader", Post::GridLeader, &[0]),
    ("officer", Post::Officer, &[0, 1]),
    ("anna", Post::Coordinator, &[0]),
    ("guard", Post::PropertyGuard, &[0]),
    ("far-officer", Post::Officer, &[2]),
    ("far-coordinator", Post::Coordinator, &[2]),
    ("stranger", Post::Coordinator, &[1]),
    ("secretary", Post::CommitteeSecretary, &[]),
];

/// Those above, named by their post.
const ABOVE: [Post; 3] = [Post::TaskForce, Post::Station, Post::PopulationOffice];

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
        for post in ABOVE {
            let account = testing::account(&store, post.code(), &[]).await;
            hire(&store, post.code(), account, post, vec![store.division().to_owned()]).await;
        }
        let given = Installation { scopes: Arc::new(TeamScopes), ..testing::installation(&store) };
        let app = App::assemble(&areas(), given).unwrap();
        Town { test, app, grids }
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
        #[derive(FromQueryResult)]
        struct Row {
            staff_id: StaffId,
        }
        let reads = self.store().reads();
        let sql = "SELECT staff_id FROM staff WHERE division_code = $1 AND name = $2";
        let row: Option<Row> = reads.row(sql, vals![reads.division(), name]).await.unwrap();
        row.unwrap().staff_id
    }
    /// A reader as a page has one: with what the request does.
    pub async fn reader(&self, name: &str, action: Action) -> Reader {
        let account = self.account(name).await;
        let today = self.store().clock().today();
        sessions::reader(&self.app, account, name.into(), today).await.unwrap().doing(action)
    }
    pub async fn client(&self, name: &str) -> Client {
        Client::signed_in(&self.app, &areas(), self.account(name).await).await
    }
    /// Plans an inspection of the first grid for today.
    pub async fn plan(&self, group: &[&str]) -> Result<InspectionId> {
        self.plan_of(Mode::Spot, group).await
    }
    pub async fn plan_of(&self, mode: Mode, group: &[&str]) -> Result<InspectionId> {
        let mut staff = Vec::new();
        for name in group {
            staff.push(self.staff(name).await);
        }
        let tx = self.store().begin(&self.reader("task-force", Action::InspectionPlan).await).await.unwrap();
        let day = self.store().clock().today();
        let new = NewInspection { mode, day, grids: vec![self.grids[0]], group: staff };
        let id = linli_supervision::plan(&self.app, &tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }
    pub async fn planned(&self) -> InspectionId {
        self.plan(&["far-officer", "far-coordinator"]).await.unwrap()
    }
    /// Notes something by the inspecting officer.
    pub async fn note(&self, id: InspectionId, new: NewFinding) -> Result<FindingId> {
        let officer = self.reader("far-officer", Action::InspectionRecord).await;
        let tx = self.store().begin(&officer).await.unwrap();
        let finding = linli_supervision::note_finding(&self.app, &tx, id, new).await?;
        tx.commit().await?;
        Ok(finding)
    }
    /// A fault of an item in the first grid.
    pub fn fault(&self, item: &str, records: i64) -> NewFinding {
        NewFinding {
            kind: FindingKind::Fault,
            grid: self.grids[0],
            item: item.into(),
            records,
            words: "三号楼门口".into(),
            serious: false,
        }
    }
    /// Runs the daily job that deletes what is over its time.
    pub async fn expire(&self) {
        let tx = self.store().begin(&Reader::system()).await.unwrap();
        jobs::enqueue(&tx, "supervision.expire", &tx.now().day().to_string(), serde_json::json!({})).await.unwrap();
        tx.commit().await.unwrap();
        assert!(jobs::run_one(&self.app).await.unwrap());
    }
    pub async fn count(&self, sql: &str) -> i64 {
        let reads = self.store().reads();
        reads.number(sql, vals![reads.division()]).await.unwrap()
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
