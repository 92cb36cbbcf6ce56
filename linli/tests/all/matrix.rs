//! Role × route × record × place × purpose over the pages themselves, against references that were written from the
//! requirements: who may do an action, what each route does, which roles see the whole sub-district, and which purposes
//! open a record. The rules without pages have their own matrix in the platform's tests.

use std::collections::BTreeMap;

use http::StatusCode;
use linli_platform::{
    access::{Action, Role},
    accounts,
    ids::GridId,
    reader::Purpose,
    store::{Query as _, Store},
    testing::{Answer, Client},
    vals, web,
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::world::{Demo, account};

/// Action code to the roles that may do it.
fn actions() -> BTreeMap<&'static str, Vec<&'static str>> {
    let text = include_str!("../../../areas/platform/tests/reference/actions.txt");
    let lines = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.collect())
        })
        .collect()
}

/// A line of the reference of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Route {
    method: &'static str,
    path: &'static str,
    action: &'static str,
    /// The kind of record that `{id}` is; empty where it is none of the register's.
    record: &'static str,
}

fn routes() -> Vec<Route> {
    let text = include_str!("../reference/routes.txt");
    let lines = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&'static str> = line.split_whitespace().collect();
            let record = words.get(3).copied().unwrap_or_default();
            Route { method: words[0], path: words[1], action: words[2], record }
        })
        .collect()
}

/// Roles that see all grids; the others see their own, or none.
const WHOLE: [&str; 6] = ["task-force", "station", "population-office", "operation-centre", "data-steward", "assessor"];
const OF_GRIDS: [&str; 7] =
    ["team-leader", "committee-secretary", "grid-leader", "officer", "coordinator", "grid-worker", "volunteer"];

#[test]
fn every_route_does_what_the_reference_says() {
    let known = routes();
    let served = web::served_routes(&linli::areas());
    let line = |r: &web::ServedRoute| format!("{:6} {:56} {}", r.method, r.path, r.action.code());
    let missing: Vec<String> = served
        .iter()
        .filter(|s| !known.iter().any(|k| k.method == s.method && k.path == s.path && k.action == s.action.code()))
        .map(line)
        .collect();
    assert!(
        missing.is_empty(),
        "not so in tests/reference/routes.txt; to be considered, and then to be put there:\n{}",
        missing.join("\n")
    );
    let gone = known.iter().filter(|k| !served.iter().any(|s| k.method == s.method && k.path == s.path));
    assert_eq!(gone.collect::<Vec<_>>(), Vec::<&Route>::new(), "no longer served");
}

/// Where a record lies, seen from the grid of those who have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Own,
    Other,
    Absent,
}

/// What is absent first, so that the other answers can be held against it.
const PLACES: [Place; 3] = [Place::Absent, Place::Own, Place::Other];

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// A record of each kind in the own grid and in one that nobody of the own team sees.
struct Records(BTreeMap<(&'static str, bool), Uuid>);

const KINDS: [&str; 5] = ["resident", "home", "employer", "task", "address"];

impl Records {
    async fn choose(store: &Store) -> Records {
        let mut seen: Vec<Value> = Vec::new();
        let mut own: Option<GridId> = None;
        for name in OF_GRIDS {
            let held = accounts::roles_of(&store.reads(), account(store, name).await).await.unwrap();
            for area in held.iter().map(|h| h.area.as_str()) {
                match area.parse::<GridId>() {
                    Ok(grid) => {
                        own = own.or((name == "coordinator").then_some(grid));
                        seen.push(grid.into());
                    }
                    Err(_) => {
                        let sql =
                            "SELECT grid_id AS id FROM micro_grid WHERE division_code = $1 AND committee_code = $2";
                        let rows: Vec<Row> = store.reads().rows(sql, vals![store.division(), area]).await.unwrap();
                        seen.extend(rows.into_iter().map(|r| Value::from(r.id)));
                    }
                }
            }
        }
        let own = own.expect("the coordinator has a grid");
        let mut found = BTreeMap::new();
        for kind in KINDS {
            // A task of the own grid is one that everybody of the team may see.
            let open = if kind == "task" { " AND state = 'open'" } else { "" };
            let sql = |place: &str| {
                format!(
                    "SELECT {kind}_id AS id FROM {kind} WHERE division_code = $1{open} AND grid_id {place} ORDER BY {kind}_id LIMIT 1"
                )
            };
            let here: Option<Row> = store.reads().row(&sql("= $2"), vals![store.division(), own]).await.unwrap();
            let mut values = vals![store.division()];
            values.extend(seen.clone());
            let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
            let there: Option<Row> =
                store.reads().row(&sql(&format!("NOT IN ({})", marks.join(", "))), values).await.unwrap();
            found.insert((kind, true), here.unwrap_or_else(|| panic!("the own grid has a {kind}")).id);
            found.insert((kind, false), there.unwrap_or_else(|| panic!("another grid has a {kind}")).id);
        }
        Records(found)
    }

    fn at(&self, kind: &str, place: Place) -> Uuid {
        let kind = KINDS.iter().find(|k| **k == kind).unwrap();
        match place {
            Place::Absent => "01932c00-0000-7000-8000-000000000000".parse().unwrap(),
            _ => self.0[&(*kind, place == Place::Own)],
        }
    }
}

/// What the reference expects of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// The role may not do this at all, whatever record it is.
    Refused,
    /// There is no such record for this role.
    Nothing,
    /// The record is there; what was sent may still be refused for another reason.
    There,
}

fn expected(role: &str, action: &str, place: Place, actions: &BTreeMap<&str, Vec<&str>>) -> Expected {
    if !actions[action].iter().any(|r| [role, "all", "anybody"].contains(r)) {
        return Expected::Refused;
    }
    let sees = WHOLE.contains(&role) || (OF_GRIDS.contains(&role) && place == Place::Own);
    if place == Place::Absent || !sees { Expected::Nothing } else { Expected::There }
}

fn told(answer: &Answer) -> Expected {
    match answer.status {
        StatusCode::FORBIDDEN => Expected::Refused,
        StatusCode::NOT_FOUND => Expected::Nothing,
        status => {
            assert!(!status.is_server_error(), "{status}: {}", answer.text);
            Expected::There
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_gets_of_every_record_in_every_place_what_the_reference_says() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let store = &started.app.store;
    let (actions, records) = (actions(), Records::choose(store).await);
    let mut wrong = Vec::new();
    let mut cells = 0;
    for role in Role::ALL {
        let client = Client::signed_in(&started.app, &started.areas, account(store, role.code()).await).await;
        for route in routes().iter().filter(|r| !r.record.is_empty() && !r.path.ends_with("/reading")) {
            let mut of_nothing = String::new();
            for place in PLACES {
                let id = records.at(route.record, place).to_string();
                let path = route.path.replacen("{id}", &id, 1);
                // Of a second record there is none, so that only the first decides.
                if path.contains('{') {
                    continue;
                }
                let answer =
                    if route.method == "GET" { client.get(&path).await } else { client.post(&path, &[]).await };
                let text = answer.text.replace(&id, "ID");
                if place == Place::Absent {
                    of_nothing.clone_from(&text);
                }
                let should = expected(role.code(), route.action, place, &actions);
                // A form that is refused before any record is looked for says the same of whatever there is or is not.
                let unread =
                    answer.status == StatusCode::UNPROCESSABLE_ENTITY && place != Place::Own && text == of_nothing;
                let is = if unread && should != Expected::Refused { should } else { told(&answer) };
                if is != should {
                    wrong.push(format!(
                        "{role} {} {} {place:?}: {is:?} ({}), should be {should:?}",
                        route.method, route.path, answer.status
                    ));
                }
                cells += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cells > 1_200, "{cells} cells");
}

/// A reading for a purpose, on a record on which there is no open task: only presence at the counter is a ground then,
/// for those who serve one (R9, R12, R37); what is no purpose, or somebody else's, opens nothing (boundary 7).
fn reading(role: &str, purpose: &str, place: Place, actions: &BTreeMap<&str, Vec<&str>>) -> &'static str {
    match expected(role, "register-unmask", place, actions) {
        Expected::Refused => "refused",
        // Whether there is such a record is told to nobody who may not see it, and a purpose is asked for first.
        _ if Purpose::from_code(purpose).is_none() => "no-purpose",
        _ if purpose == "counter-service" && !actions["counter-serve"].contains(&role) => "refused",
        Expected::Nothing => "nothing",
        // The own record is opened on the own page alone.
        Expected::There if purpose == "own-record" => "nothing",
        Expected::There if purpose == "counter-service" => "opened",
        Expected::There => "no-ground",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_opens_a_record_for_the_purposes_of_the_reference_and_for_no_other() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let store = &started.app.store;
    let (actions, records) = (actions(), Records::choose(store).await);
    let bare = bare(store, &records).await;
    let asked_for = linli::areas::texts(linli_platform::texts::Lang::Zh).unwrap().s("error-purpose-missing");
    let purposes: Vec<&str> = Purpose::ALL
        .iter()
        .map(|p| p.code())
        .chain(["", "inquiry", "crime", "curiosity", "FIELD-VERIFICATION"])
        .collect();
    let mut wrong = Vec::new();
    let mut cells = 0;
    for role in Role::ALL {
        let client = Client::signed_in(&started.app, &started.areas, account(store, role.code()).await).await;
        for (place, record) in &bare {
            for purpose in &purposes {
                let before = readings(store, *record).await;
                let answer = client.post(&format!("/residents/{record}/reading"), &[("purpose", purpose)]).await;
                let is = match answer.status {
                    StatusCode::OK => "opened",
                    StatusCode::FORBIDDEN => "refused",
                    StatusCode::NOT_FOUND => "nothing",
                    _ if answer.text.contains(&asked_for) => "no-purpose",
                    _ => "no-ground",
                };
                let should = reading(role.code(), purpose, *place, &actions);
                if is != should {
                    wrong.push(format!("{role} {purpose:?} {place:?}: {is} ({}), should be {should}", answer.status));
                }
                let recorded = readings(store, *record).await - before;
                assert_eq!(recorded, i64::from(is == "opened"), "{role} {purpose:?} {place:?}: readings on record");
                cells += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cells > 800, "{cells} cells");
}

async fn readings(store: &Store, record: Uuid) -> i64 {
    let sql = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_id = $2";
    store.reads().number(sql, vals![store.division(), record]).await.unwrap()
}

/// Residents on whom there is no open task, in the own and in another grid; and nobody. In a small grid there may be
/// work on everybody: the bases of the first one end.
async fn bare(store: &Store, records: &Records) -> Vec<(Place, Uuid)> {
    let mut found = vec![(Place::Absent, records.at("resident", Place::Absent))];
    for place in [Place::Own, Place::Other] {
        let sql = "SELECT r.resident_id AS id FROM resident r
             WHERE r.division_code = $1 AND r.state = 'current'
             AND r.grid_id = (SELECT grid_id FROM resident WHERE division_code = $1 AND resident_id = $2)
             ORDER BY r.resident_id LIMIT 1";
        let row: Option<Row> =
            store.reads().row(sql, vals![store.division(), records.at("resident", place)]).await.unwrap();
        let id = row.expect("somebody").id;
        let tx = store.begin(&linli_platform::reader::Reader::system()).await.unwrap();
        let sql = "UPDATE basis SET closed_at = $3 WHERE division_code = $1 AND subject_id = $2 AND closed_at IS NULL";
        tx.execute(sql, vals![tx.division(), id, tx.now()]).await.unwrap();
        let subject = linli_platform::event::SubjectRef::new("resident", id, None);
        tx.event(linli_platform::event::NewEvent::new("test.bases-ended", subject)).await.unwrap();
        tx.commit().await.unwrap();
        found.push((place, id));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_agreement_every_role_gets_nothing_but_its_own_pages() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let store = &started.app.store;
    let records = Records::choose(store).await;
    // Everybody's agreement has ended; the three administrators need none (R38).
    let tx = store.begin(&linli_platform::reader::Reader::system()).await.unwrap();
    tx.housekeeping("agreements end for the test");
    tx.execute("UPDATE agreement SET ended_day = '2020-01-01' WHERE division_code = $1", vals![store.division()])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut cells = 0;
    for role in Role::ALL.iter().filter(|r| !["system-admin", "security-officer", "auditor"].contains(&r.code())) {
        let client = Client::signed_in(&started.app, &started.areas, account(store, role.code()).await).await;
        for route in routes().iter().filter(|r| !["public", "own", "agreement-file"].contains(&r.action)) {
            let path = if route.record.is_empty() {
                route.path.replace("{month}", "2026-10").replace("{code}", "310118003001")
            } else {
                route.path.replacen("{id}", &records.at(route.record, Place::Own).to_string(), 1)
            };
            let path: Vec<&str> = path
                .split('/')
                .map(|part| if part.starts_with('{') { "01932c00-0000-7000-8000-000000000000" } else { part })
                .collect();
            let path = path.join("/");
            let answer = if route.method == "GET" { client.get(&path).await } else { client.post(&path, &[]).await };
            let sent_to_sign = answer.status == StatusCode::SEE_OTHER && answer.location() == "/agreement";
            assert!(
                sent_to_sign || answer.status == StatusCode::FORBIDDEN,
                "{role} {} {path}: {}",
                route.method,
                answer.status
            );
            cells += 1;
        }
    }
    let known = Action::ALL.iter().map(|a| a.code());
    assert!(known.clone().all(|a| actions().contains_key(a)), "every action stands in the reference");
    assert!(cells > 2_000, "{cells} cells");
}
