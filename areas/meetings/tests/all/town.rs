//! A committee with two grids and their teams, and a police-team leader. The clock stands on Friday, 20 November 2026.

use std::sync::Arc;

use linli_meetings::MeetingId;
use linli_platform::{
    access::Role,
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
use linli_team::{NewStaff, Post, StaffId, TeamScopes};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid, store::committees, store::grids};
use sea_orm::FromQueryResult;

pub const COMMITTEE: &str = "310118003001";

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    for area in areas() {
        all.extend(area.migrations);
    }
    all
}

pub fn areas() -> Vec<Area> {
    vec![
        linli_papers::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_fieldwork::area(),
        linli_surveys::area(),
        linli_shifts::area(),
        linli_meetings::area(),
    ]
}

pub struct Town {
    pub test: TestStore,
    pub app: App,
    pub grids: [GridId; 2],
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

/// An hour of a day.
pub fn hour(text: &str, hour: i64) -> At {
    day(text).start().plus_hours(hour)
}

/// Name, post and the grid (or the committee for posts above).
const PEOPLE: [(&str, Post, usize); 8] = [
    ("leader", Post::GridLeader, 0),
    ("officer", Post::Officer, 0),
    ("coordinator", Post::Coordinator, 0),
    ("guard", Post::PropertyGuard, 0),
    ("other-leader", Post::GridLeader, 1),
    ("other-coordinator", Post::Coordinator, 1),
    ("secretary", Post::CommitteeSecretary, 9),
    ("team-leader", Post::TeamLeader, 9),
];

impl Town {
    async fn build(test: TestStore) -> Town {
        let store = test.store.clone();
        let tx = store.begin(&Reader::system()).await.unwrap();
        let committee = NewCommittee {
            code: COMMITTEE.into(),
            name: "柳塘村".into(),
            official_name: "柳塘村村民委员会".into(),
            kind: CommitteeKind::Village,
            group: Group::C,
            police_area: None,
            aliases: Vec::new(),
        };
        committees::write(&tx, &[committee]).await.unwrap();
        let grid = |code: &str| NewGrid {
            grid_id: None,
            code: code.into(),
            name: format!("{code}微网格"),
            committee_code: COMMITTEE.into(),
        };
        let made = grids::open(&tx, vec![grid("L1"), grid("L2")], day("2026-07-01")).await.unwrap();
        tx.commit().await.unwrap();
        let grids = [made[0], made[1]];
        for (name, post, place) in PEOPLE {
            let account = testing::account(&store, name, &[]).await;
            let area = grids.get(place).map_or_else(|| COMMITTEE.to_owned(), ToString::to_string);
            hire(&store, name, account, post, area).await;
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
    pub async fn reader(&self, name: &str) -> Reader {
        let account = self.account(name).await;
        let today = self.store().clock().today();
        sessions::reader(&self.app, account, name.into(), today).await.unwrap()
    }
    pub async fn client(&self, name: &str) -> Client {
        Client::signed_in(&self.app, &areas(), self.account(name).await).await
    }
    /// Convenes what is near and gives the first grid's meeting of a kind.
    pub async fn convened(&self, kind: &str) -> MeetingId {
        linli_meetings::convene_ahead(&self.app).await.unwrap();
        #[derive(FromQueryResult)]
        struct Row {
            meeting_id: MeetingId,
        }
        let reads = self.store().reads();
        let sql = "SELECT meeting_id FROM meeting WHERE division_code = $1 AND kind = $2 AND grid_id = $3
                   AND state = 'convened' ORDER BY starts_at";
        let row: Option<Row> = reads.row(sql, vals![reads.division(), kind, self.grids[0]]).await.unwrap();
        row.unwrap().meeting_id
    }
    pub async fn count(&self, sql: &str) -> i64 {
        let reads = self.store().reads();
        reads.number(sql, vals![reads.division()]).await.unwrap()
    }
}

async fn hire(store: &Store, name: &str, account: AccountId, post: Post, area: String) {
    let tx = store.begin(&Reader::system()).await.unwrap();
    let new = NewStaff {
        name: name.into(),
        mobile: None,
        post,
        areas: vec![area],
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

/// That the posts of the town give the roles that convene.
#[test]
fn the_town_has_its_conveners() {
    assert_eq!(Post::GridLeader.role(), Role::GridLeader);
    assert_eq!(Post::TeamLeader.role(), Role::TeamLeader);
}
