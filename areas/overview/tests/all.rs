//! The overview answers every role, also in a sub-district where nothing has happened yet.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use linli_platform::{
    Result,
    access::Role,
    app::{AccountScope, App, Installation, ScopeSource},
    area::Area,
    clock::Day,
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Migration, Store},
    testing::{self, TestStore},
};
use linli_register::{
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
};
use linli_territory::{NewGrid, store::grids};
use policy_pack::Pack;

fn areas() -> Vec<Area> {
    vec![
        linli_papers::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_fieldwork::area(),
        linli_volunteers::area(),
        linli_scenes::area(),
        linli_surveys::area(),
        linli_assessment::area(),
        linli_overview::area(),
    ]
}

fn migrations() -> Vec<Migration> {
    let own = linli_platform::web::own_areas();
    own.into_iter().chain(areas()).flat_map(|a| a.migrations).collect()
}

#[tokio::test]
async fn every_role_is_told_what_to_do_now_on_the_first_day() {
    for test in testing::stores(migrations).await {
        let app = testing::app(&test.store, &areas());
        let tx = test.store.begin(&Reader::system()).await.unwrap();
        linli_territory::setup_from_pack(&tx, &Pack::embedded()).await.unwrap();
        tx.commit().await.unwrap();
        for role in Role::ALL {
            let area = match role {
                Role::CommitteeSecretary | Role::TeamLeader => app.pack.territory.committees[0].code.clone(),
                _ => testing::DIVISION.to_owned(),
            };
            let account = testing::account(&test.store, role.code(), &[(*role, &area)]).await;
            let client = testing::Client::signed_in(&app, &areas(), account).await;
            for path in ["/overview", "/duties"] {
                let answer = client.get(path).await;
                assert_eq!(answer.status.as_u16(), 200, "{path} as {role} on {}", test.engine);
                assert!(answer.text.contains("<h1"), "{path} as {role}");
            }
            let map = client.get("/map").await.status.as_u16();
            let expected = if role.allows(linli_platform::access::Action::TerritoryRead) { 200 } else { 403 };
            assert_eq!(map, expected, "/map as {role}");
        }
    }
}

/// What each account sees, as the tests say.
#[derive(Default)]
struct Scopes(Mutex<HashMap<AccountId, AccountScope>>);

impl ScopeSource for Scopes {
    fn scope<'a>(
        &'a self,
        _: &'a Store,
        account: AccountId,
        _: Day,
    ) -> Pin<Box<dyn Future<Output = Result<AccountScope>> + Send + 'a>> {
        let seen = self.0.lock().unwrap().get(&account).cloned().unwrap_or_default();
        Box::pin(async move { Ok(seen) })
    }
}

struct Town {
    test: TestStore,
    app: App,
    scopes: Arc<Scopes>,
    /// The first committee's two grids, and one of the second committee.
    grids: Vec<GridId>,
}

/// Three grids of two committees; the first committee's have a home each, of which nobody has been to any.
async fn towns() -> Vec<Town> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        let scopes = Arc::new(Scopes::default());
        let given = Installation { scopes: scopes.clone(), ..testing::installation(&test.store) };
        let app = App::assemble(&areas(), given).unwrap();
        let tx = test.store.begin(&Reader::system()).await.unwrap();
        linli_territory::setup_from_pack(&tx, &Pack::embedded()).await.unwrap();
        let committee = |n: usize| app.pack.territory.committees[n].code.clone();
        let new = |code: &str, n: usize| NewGrid {
            grid_id: None,
            code: code.into(),
            name: format!("微网格{code}"),
            committee_code: committee(n),
        };
        let day = test.store.now().day();
        let grids = grids::open(&tx, vec![new("G1", 0), new("G2", 0), new("G3", 1)], day).await.unwrap();
        let doors = grids.iter().take(2).enumerate().map(|(n, grid)| NewAddress {
            address_id: None,
            text: format!("新府中路501弄{}号301室", n + 1),
            committee_code: committee(0),
            grid_id: Some(*grid),
            lon: None,
            lat: None,
            source: Source::Import,
        });
        let doors = addresses::insert_many(&tx, doors.collect()).await.unwrap();
        homes::insert_many(&tx, doors.iter().map(|a| NewHome::at(*a, HomeKind::Flat)).collect()).await.unwrap();
        tx.commit().await.unwrap();
        all.push(Town { test, app, scopes, grids });
    }
    all
}

impl Town {
    async fn client(&self, role: Role) -> testing::Client {
        let code = self.app.pack.territory.committees[0].code.clone();
        let mut scope = AccountScope { agreed: true, ..AccountScope::default() };
        let area = match role {
            Role::CommitteeSecretary | Role::TeamLeader => {
                scope.grids = self.grids[..2].to_vec();
                scope.committees.push(code.clone());
                code
            }
            Role::GridLeader | Role::Officer | Role::Coordinator => {
                scope.grids.push(self.grids[0]);
                self.grids[0].to_string()
            }
            _ => {
                scope.division = true;
                testing::DIVISION.to_owned()
            }
        };
        static PEOPLE: AtomicU32 = AtomicU32::new(0);
        let name = format!("{role}-{}", PEOPLE.fetch_add(1, Ordering::Relaxed));
        let account = testing::account(&self.test.store, &name, &[(role, &area)]).await;
        self.scopes.0.lock().unwrap().insert(account, scope);
        testing::Client::signed_in(&self.app, &areas(), account).await
    }
    fn committee(&self, n: usize) -> String {
        format!("/overview/committees/{}", self.app.pack.territory.committees[n].code)
    }
}

#[tokio::test]
async fn each_dashboard_answers_three_questions() {
    use Role::*;
    for town in towns().await {
        let third = [
            (TaskForce, "等我处理的"),
            (PopulationOffice, "等我处理的"),
            (CommitteeSecretary, "我们排在哪里？"),
            (TeamLeader, "等我处理的"),
            (GridLeader, "等我处理的"),
            (Officer, "等我处理的"),
            (Coordinator, "等我处理的"),
            (Auditor, "有什么要问的？"),
        ];
        for (role, words) in third {
            let page = town.client(role).await.get("/overview").await.text;
            assert_eq!(page.matches("class=\"ask\"").count(), 3, "{role} on {}", town.test.engine);
            assert!(page.contains(words), "{role}: {page}");
        }
        let client = town.client(DataSteward).await;
        for path in [town.committee(0), format!("/overview/grids/{}", town.grids[0])] {
            // The steward sees no assessment, and is told instead whether what is found arrives in time.
            let page = client.get(&path).await.text;
            assert_eq!(page.matches("class=\"ask\"").count(), 3, "{path}");
            assert!(page.contains("入库及时吗？"), "{path}: {page}");
        }
    }
}

#[tokio::test]
async fn a_dashboard_of_a_committee_or_grid_is_there_for_whoever_works_in_it_and_for_nobody_else() {
    for town in towns().await {
        let grid = |n: usize| format!("/overview/grids/{}", town.grids[n]);
        let table = [
            (Role::Coordinator, town.committee(0), 200),
            (Role::Coordinator, town.committee(1), 404),
            (Role::Coordinator, grid(0), 200),
            (Role::Coordinator, grid(1), 404),
            (Role::CommitteeSecretary, grid(1), 200),
            (Role::CommitteeSecretary, grid(2), 404),
            (Role::PopulationOffice, grid(2), 200),
            (Role::PopulationOffice, "/overview/committees/none".into(), 404),
            (Role::Auditor, grid(0), 403),
        ];
        for (role, path, status) in table {
            let got = town.client(role).await.get(&path).await.status.as_u16();
            assert_eq!(got, status, "{path} as {role} on {}", town.test.engine);
        }
    }
}

#[tokio::test]
async fn a_figure_opens_down_to_its_work_and_a_chart_has_its_table_without_scripts() {
    for town in towns().await {
        let page = town.client(Role::CommitteeSecretary).await.get("/overview").await.text;
        assert!(page.contains("<figure class=\"chart card mb-3\" data-chart=\"bars\""), "{page}");
        let row = format!("<a href=\"/overview/grids/{}\">微网格G1</a>", town.grids[0]);
        assert!(page.contains(&row), "each bar's row leads to the grid: {page}");
        assert!(page.contains("data-value=\"0.00\"") && page.contains(">0%</td>"), "drawn is what the table says");
        assert!(page.contains("<details open>"), "without scripts the table is open");
        let grid = format!("/overview/grids/{}", town.grids[0]);
        let of_grid = town.client(Role::Coordinator).await.get(&grid).await.text;
        for way in [format!("/homes?grid={}&#38;overdue=true", town.grids[0]), format!("/tasks?grid={}", town.grids[0])]
        {
            assert!(of_grid.contains(&way), "{way} in {of_grid}");
        }
        // Who does not read the register is not sent to its lists.
        let secretary = town.client(Role::CommitteeSecretary).await.get(&grid).await.text;
        assert!(!secretary.contains("/homes?"), "{secretary}");
    }
}

/// A line of the board: due, done, late.
fn line(board: &str, href: &str, duty: &str) -> Vec<String> {
    let row = board.split("<tr>").find(|row| row.contains(href) && row.contains(duty));
    let row = row.unwrap_or_else(|| panic!("{duty} is on the board: {board}"));
    let cells = row.split("</td>").skip(1).take(3);
    cells.map(|cell| cell.rsplit('>').next().unwrap_or_default().trim().to_owned()).collect()
}

#[tokio::test]
async fn the_duty_board_is_done_by_the_work_itself_and_by_no_tick() {
    for town in towns().await {
        let coordinator = town.client(Role::Coordinator).await;
        let board = coordinator.get("/duties").await.text;
        assert!(!board.contains("<form method=\"post\" action=\"/duties"), "nothing is ticked by hand");
        assert_eq!(line(&board, "/field/online", "本月兜底核查"), ["1", "0", "0"], "{}", town.test.engine);
        let homes = coordinator.get("/field/online").await.text;
        let home = homes.split("href=\"/field/homes/").nth(1).and_then(|rest| rest.split(['"', '?']).next()).unwrap();
        let entry: linli_platform::ids::PushId = town.test.store.new_id();
        let seen = [("entry_id", entry.to_string()), ("outcome", "verified".to_owned())];
        let seen: Vec<(&str, &str)> = seen.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let sent = coordinator.post(&format!("/field/homes/{home}/visit"), &seen).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", sent.text);
        let board = coordinator.get("/duties").await.text;
        assert_eq!(line(&board, "/field/online", "本月兜底核查"), ["1", "1", "0"], "the visit is what does it");
        // What the scheme writes of the role says the same, and the own grid's alone.
        let leader = town.client(Role::GridLeader).await.get("/duties").await.text;
        assert_eq!(line(&leader, "/field/online", "本月兜底核查"), ["1", "1", "0"]);
        assert_eq!(
            line(&board, "/field/online", "逐户核查"),
            ["1", "1", "0"],
            "so is the duty as the scheme writes it"
        );
    }
}
