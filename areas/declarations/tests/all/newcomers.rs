//! Somebody who is not registered yet declares; nothing tells whether anybody is.

use http::StatusCode;
use linli_platform::{
    access::Role,
    reader::Reader,
    store::Query as _,
    testing::{self, Client},
    vals,
};
use linli_register::residents;

use super::{
    pages::shape,
    world::{ADDRESSES, NAME, World, areas, mobile, number, worlds},
};

const NEWCOMER: &str = "慕容初到";

/// The number of somebody of eight.
fn child() -> String {
    cn_identity::make::resident_number("990101", (2018, 3, 7), 1).as_str().to_owned()
}

/// Through the entrance with a number and a mobile of one's own.
pub async fn arrive(world: &World, seq: u16, name: &str) -> Client {
    let client = Client::new(&world.app, &areas());
    let form = [("doc_kind", "resident"), ("doc_no", &*number(seq)), ("name", name), ("phone", &*mobile(seq))];
    let asked = client.post("/newcomers/codes", &form).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/newcomers/code"), "{}", asked.text);
    let (to, code) = world.letter().await.expect("the code goes to the mobile that was typed");
    assert_eq!(to, mobile(seq));
    let entered = client.post("/newcomers/visits", &[("code", &code)]).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/newcomers/form"), "{}", entered.text);
    client
}

fn household<'a>(extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("address", ADDRESSES[1]), ("day", "2026-11-19"), ("local", "elsewhere")];
    form.extend(extra);
    form
}

async fn staff(world: &World, grid: usize) -> Client {
    let name = format!("coordinator-{grid}");
    let at = world.grids[grid].to_string();
    let account = testing::account(world.store(), &name, &[(Role::Coordinator, &at)]).await;
    Client::signed_in(&world.app, &areas(), account).await
}

/// The path of the only case in the queue.
async fn case(staff: &Client) -> String {
    let queue = staff.get("/declarations").await.text;
    let link = queue.split("href=\"").find(|l| l.starts_with("/declarations/0")).expect("a case waits");
    link.split('"').next().unwrap().to_owned()
}

async fn accept(staff: &Client, case: &str) -> testing::Answer {
    assert_eq!(staff.post(&format!("{case}/reading"), &[]).await.status, StatusCode::OK);
    staff.post(&format!("{case}/acceptance"), &[("version", "1")]).await
}

#[tokio::test]
async fn from_the_sign_to_the_register_with_a_child_and_on_to_the_own_page() {
    for world in worlds().await {
        let client = arrive(&world, 40, NEWCOMER).await;
        let form = client.get("/newcomers/form").await.text;
        assert!(form.contains("慕***") && !form.contains(&number(40)) && !form.contains(&mobile(40)), "masked");
        let child = child();
        let with_child = household(&[("name_1", "慕容小童"), ("doc_no_1", &*child), ("guardian_1", "true")]);
        let filed = client.post("/newcomers/requests", &with_child).await;
        assert_eq!((filed.status, filed.location()), (StatusCode::SEE_OTHER, "/newcomers/receipt"), "{}", filed.text);
        let receipt = client.get("/newcomers/receipt").await.text;
        let code = receipt.split("class=\"code\"><b>").nth(1).unwrap().split('<').next().unwrap().to_owned();

        // Anybody who holds number and code follows it; nobody else does.
        let anybody = Client::new(&world.app, &areas());
        let pair = |no: &str, code: &str| {
            vec![("doc_kind", "resident".to_owned()), ("doc_no", no.to_owned()), ("code", code.to_owned())]
        };
        let ask = async |no: &str, code: &str| {
            let pair = pair(no, code);
            let pair: Vec<(&str, &str)> = pair.iter().map(|(k, v)| (*k, v.as_str())).collect();
            anybody.post("/newcomers/state", &pair).await
        };
        let open = ask(&number(40), &code.to_lowercase()).await;
        assert!(open.status == StatusCode::OK && open.text.contains("待答复"), "{}", open.text);
        assert!(!open.text.contains(NEWCOMER) && !open.text.contains(ADDRESSES[1]), "no personal data");
        let (wrong, nobody) = (ask(&number(40), "AAAAA-AAAAA").await, ask(&number(41), &code).await);
        assert_eq!((wrong.status, nobody.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
        assert_eq!(shape(&wrong), shape(&nobody));

        let coordinator = staff(&world, 0).await;
        let case = case(&coordinator).await;
        let masked = coordinator.get(&case).await.text;
        assert!(masked.contains("新府中路501弄12号302室") && !masked.contains(NEWCOMER), "masked before it is opened");
        let read = coordinator.post(&format!("{case}/reading"), &[]).await.text;
        assert!(read.contains(NEWCOMER) && read.contains(&child), "{read}");
        let done = coordinator.post(&format!("{case}/acceptance"), &[("version", "1")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}: {}", world.engine(), done.text);
        let q = world.store().reads();
        let home = residents::of_home(&q, &Reader::system(), world.homes[1]).await.unwrap();
        assert_eq!(home.len(), 2, "both live there now");
        assert!(home.iter().all(|r| r.source == "self-declaration"));
        assert!(ask(&number(40), &code).await.text.contains("已办理"));

        // What was typed is kept in the register alone, and the reading is on the newcomer's own page.
        let keys = "SELECT COUNT(*) FROM subject_key k JOIN declaration d
                    ON d.division_code = k.division_code AND d.declaration_id = k.subject_id WHERE k.division_code = $1";
        assert_eq!(world.count(keys).await, 0, "{}", world.engine());
        let (_, own) = world.enter(40, NEWCOMER).await;
        let readings = linli_declarations::own::readings(&q, &own, 5, 0).await.unwrap();
        assert_eq!(readings.len(), 1, "who opened the declaration");
        let requests = linli_declarations::requests::of_resident(&q, &own).await.unwrap();
        assert_eq!((requests.len(), requests[0].kind.as_str()), (1, "newcomer"));
    }
}

#[tokio::test]
async fn a_registered_person_a_stranger_and_a_registered_number_with_another_name_are_answered_alike() {
    for world in worlds().await {
        let mut shapes = Vec::new();
        for (seq, name) in [(1, NAME), (1, "不是她"), (77, "无此人")] {
            world.later_s(20 * 60);
            let client = Client::new(&world.app, &areas());
            let phone = mobile(90);
            let form = [("doc_kind", "resident"), ("doc_no", &*number(seq)), ("name", name), ("phone", &*phone)];
            let asked = client.post("/newcomers/codes", &form).await;
            let (_, code) = world.letter().await.expect("each gets a code on the mobile that was typed");
            let entered = client.post("/newcomers/visits", &[("code", &code)]).await;
            let filed = client.post("/newcomers/requests", &household(&[])).await;
            assert_eq!(filed.location(), "/newcomers/receipt", "{}", filed.text);
            shapes.push((shape(&asked), shape(&entered), shape(&filed)));
        }
        assert!(shapes.windows(2).all(|w| w[0] == w[1]), "{}", world.engine());
        let runs = "SELECT COUNT(*) FROM machine_run WHERE division_code = $1 AND kind LIKE '%entrance%'";
        assert_eq!(world.count(runs).await, 0, "nothing was looked up in the register");
    }
}

#[tokio::test]
async fn a_newcomer_who_is_registered_here_is_moved_and_one_of_another_grid_is_left_to_the_office() {
    for world in worlds().await {
        let client = arrive(&world, 1, NAME).await;
        assert_eq!(client.post("/newcomers/requests", &household(&[])).await.location(), "/newcomers/receipt");
        let coordinator = staff(&world, 0).await;
        let path = case(&coordinator).await;
        assert_eq!(accept(&coordinator, &path).await.status, StatusCode::SEE_OTHER, "{}", world.engine());
        let q = world.store().reads();
        let now = residents::find(&q, &Reader::system(), world.person).await.unwrap();
        assert_eq!(now.home_id, Some(world.homes[1]), "one main residence, the new one");
        let count = "SELECT COUNT(*) FROM resident WHERE division_code = $1";
        assert_eq!(world.count(count).await, 2, "nobody is registered twice");

        // To a home of the other grid, whose coordinator does not see where this person is registered.
        world.later_s(1200);
        let client = arrive(&world, 1, NAME).await;
        let elsewhere = [("address", ADDRESSES[2]), ("day", "2026-11-20"), ("local", "local")];
        assert_eq!(client.post("/newcomers/requests", &elsewhere).await.location(), "/newcomers/receipt");
        let other = staff(&world, 1).await;
        let path = case(&other).await;
        let refused = accept(&other, &path).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("街道人口办") && !refused.text.contains("新府中路"), "{}", refused.text);
        assert_eq!(coordinator.get(&path).await.status, StatusCode::NOT_FOUND, "the home's grid decides");
    }
}

#[tokio::test]
async fn mistakes_stand_at_their_fields_and_rows_come_and_go_without_scripts() {
    let world = worlds().await.remove(0);
    let client = arrive(&world, 40, NEWCOMER).await;
    let more = client.post("/newcomers/requests", &household(&[("more", "1")])).await;
    assert!(more.status == StatusCode::OK && more.text.contains("name=\"doc_no_1\""), "{}", more.text);
    let two = household(&[("name_1", "甲"), ("name_2", "慕容乙"), ("less", "1")]);
    let less = client.post("/newcomers/requests", &two).await.text;
    assert!(less.contains("value=\"慕容乙\"") && !less.contains("name=\"doc_no_2\""));
    for (extra, field) in [
        (vec![("name_1", "慕容小童"), ("doc_no_1", &*child())], "e-guardian_1"),
        (vec![("name_1", "慕容大人"), ("doc_no_1", &*number(44)), ("guardian_1", "true")], "e-guardian_1"),
        (vec![("name_1", "慕容大人"), ("doc_no_1", "12")], "e-doc_no_1"),
    ] {
        let wrong = client.post("/newcomers/requests", &household(&extra)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains(field) && wrong.text.contains(ADDRESSES[1]), "{field}: {}", wrong.text);
    }
    let nowhere = [("address", "香花桥街道无此路9号"), ("day", "2026-12-24")];
    let wrong = client.post("/newcomers/requests", &nowhere).await.text;
    assert!(wrong.contains("e-address") && wrong.contains("e-day"));
    let child = [("doc_kind", "resident"), ("doc_no", &*child()), ("name", "小童"), ("phone", &*mobile(3))];
    let refused = Client::new(&world.app, &areas()).post("/newcomers/codes", &child).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("e-doc_no"),
        "a child's guardian declares"
    );
}

#[tokio::test]
async fn one_visit_files_once_and_what_was_typed_at_the_entrance_is_sealed_and_gone_after_a_day() {
    for world in worlds().await {
        let client = arrive(&world, 40, NEWCOMER).await;
        assert_eq!(client.post("/newcomers/requests", &household(&[])).await.location(), "/newcomers/receipt");
        let again = client.post("/newcomers/requests", &household(&[])).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", world.engine());
        assert_eq!(client.get("/newcomers/form").await.location(), "/newcomers/receipt");
        let q = world.store().reads();
        let open =
            "SELECT COUNT(*) FROM task WHERE division_code = $1 AND state = 'open' AND subject_kind = 'declaration'";
        assert_eq!(world.count(open).await, 1);
        assert_eq!(client.post("/newcomers/leaving", &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(client.get("/newcomers/receipt").await.location(), "/newcomers/entrance");
        world.later_s(26 * 3600);
        linli_declarations::expire::expire(&world.app).await.unwrap();
        for table in ["door_visit", "door_source"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
            assert_eq!(world.count(&sql).await, 0, "{}: {table}", world.engine());
        }
        let kept = q.number("SELECT COUNT(*) FROM declaration WHERE division_code = $1", vals![q.division()]).await;
        assert_eq!(kept.unwrap(), 1, "what waits for its answer stays, registered or not");
    }
}
