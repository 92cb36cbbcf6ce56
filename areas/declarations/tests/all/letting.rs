//! Landlords and agents: terms first, their homes alone, and nobody's facts.

use http::StatusCode;
use linli_declarations::{Identity, LiaisonKind, letting};
use linli_platform::{
    access::Role,
    reader::Reader,
    store::Query as _,
    testing::{self, Client},
};
use linli_register::{doubts, residents};

use super::world::{ADDRESSES, AGENCY, LANDLORD, NAME, World, areas, mobile, number, worlds};

fn landlord() -> Identity {
    Identity { name: LANDLORD.into(), doc_kind: "resident".into(), doc_no: number(60), phone: mobile(60) }
}

async fn on_file(world: &World, home: usize) {
    let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
    letting::add(&tx, world.homes[home], LiaisonKind::Landlord, &landlord()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn enter(world: &World, seq: u16, name: &str) -> Client {
    let client = Client::new(&world.app, &areas());
    let form = [("doc_kind", "resident"), ("doc_no", &*number(seq)), ("name", name)];
    assert_eq!(client.post("/letting/codes", &form).await.location(), "/letting/code");
    let (_, code) = world.letter().await.expect("on file");
    assert_eq!(client.post("/letting/visits", &[("code", &code)]).await.location(), "/letting");
    client
}

async fn bound(world: &World) -> Client {
    let client = enter(world, 60, LANDLORD).await;
    assert_eq!(client.post("/letting/terms", &[("accept", "true")]).await.location(), "/letting");
    client
}

async fn staff(world: &World) -> Client {
    let at = world.grids[0].to_string();
    let account = testing::account(world.store(), "grid", &[(Role::Coordinator, &at)]).await;
    Client::signed_in(&world.app, &areas(), account).await
}

async fn accept(staff: &Client) -> StatusCode {
    let queue = staff.get("/declarations").await.text;
    let case = queue.split("href=\"").find(|l| l.starts_with("/declarations/0")).expect("a case waits");
    let case = case.split('"').next().unwrap();
    staff.post(&format!("{case}/reading"), &[]).await;
    staff.post(&format!("{case}/acceptance"), &[("version", "1")]).await.status
}

#[tokio::test]
async fn the_terms_come_before_the_first_use_and_again_when_they_change() {
    for world in worlds().await {
        on_file(&world, 0).await;
        let client = enter(&world, 60, LANDLORD).await;
        for path in ["/letting".to_owned(), format!("/letting/homes/{}", world.homes[0])] {
            assert_eq!(client.get(&path).await.location(), "/letting/terms", "{}", world.engine());
        }
        let unread = client.post("/letting/terms", &[]).await;
        assert!(unread.status == StatusCode::UNPROCESSABLE_ENTITY && unread.text.contains("e-accept"));
        client.post("/letting/terms", &[("accept", "true")]).await;
        assert_eq!(client.get("/letting").await.status, StatusCode::OK);
        let accepted = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'liaison.terms-accepted'";
        assert_eq!(world.count(accepted).await, 1);
    }
}

#[tokio::test]
async fn a_landlord_sees_the_own_homes_and_declarations_and_nothing_of_anybody() {
    for world in worlds().await {
        on_file(&world, 0).await;
        let client = bound(&world).await;
        let page = client.get("/letting").await.text;
        assert!(page.contains("新府中路501弄12号301室") && !page.contains("302室"), "only the homes on file");
        assert!(!page.contains("欧"), "nobody who lives there");
        let home = client.get(&format!("/letting/homes/{}", world.homes[0])).await.text;
        assert!(!home.contains("欧") && !home.contains(&number(1)[..6]));
        for other in [1, 2] {
            let path = format!("/letting/homes/{}", world.homes[other]);
            assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND, "{}", world.engine());
            let filed = client.post(&format!("{path}/tenancy-start"), &[("day", "2026-11-19")]).await;
            assert_eq!(filed.status, StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn a_tenants_leaving_puts_the_address_in_doubt_and_cancels_nobody() {
    for world in worlds().await {
        on_file(&world, 0).await;
        let (client, grid) = (bound(&world).await, staff(&world).await);
        let path = format!("/letting/homes/{}/tenant-out", world.homes[0]);
        let nameless = client.post(&path, &[("day", "2026-11-19")]).await;
        assert!(nameless.status == StatusCode::UNPROCESSABLE_ENTITY && nameless.text.contains("e-name"));
        let filed = client.post(&path, &[("name", NAME), ("day", "2026-11-19")]).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text);
        assert!(client.get(filed.location()).await.text.contains("待答复"));
        assert_eq!(accept(&grid).await, StatusCode::SEE_OTHER, "{}", world.engine());
        let q = world.store().reads();
        let person = residents::find(&q, &Reader::system(), world.person).await.unwrap();
        assert_eq!(person.state, "current");
        let doubt = doubts::of_resident(&q, &Reader::system(), world.person).await.unwrap();
        assert_eq!(doubt[0].cause, "landlord-report");
        assert!(doubts::of_resident(&q, &Reader::system(), world.relative).await.unwrap().is_empty());
        assert!(client.get(filed.location()).await.text.contains("工作人员会上门核实"));
        // A name that nobody has there: the case can only be refused.
        client.post(&path, &[("name", "无此人"), ("day", "2026-11-19")]).await;
        assert_eq!(accept(&grid).await, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn tenants_who_move_in_are_registered_with_the_landlord_as_source() {
    for world in worlds().await {
        on_file(&world, 1).await;
        let (client, grid) = (bound(&world).await, staff(&world).await);
        let path = format!("/letting/homes/{}/tenant-in", world.homes[1]);
        assert_eq!(client.post(&path, &[("day", "2026-11-19")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form =
            [("day", "2026-11-19"), ("name_1", "诸葛租客"), ("doc_no_1", &*number(61)), ("local_1", "elsewhere")];
        let filed = client.post(&path, &form).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text);
        assert!(client.get("/letting").await.text.contains("诸***"), "masked even to whoever declared");
        assert_eq!(accept(&grid).await, StatusCode::SEE_OTHER, "{}", world.engine());
        let q = world.store().reads();
        let home = residents::of_home(&q, &Reader::system(), world.homes[1]).await.unwrap();
        assert_eq!((home.len(), home[0].source.as_str()), (1, "landlord"));
        let start = format!("/letting/homes/{}/tenancy-start", world.homes[1]);
        assert_eq!(client.post(&start, &[("day", "2026-11-19")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(accept(&grid).await, StatusCode::SEE_OTHER);
        let row = linli_register::homes::find(&q, &Reader::system(), world.homes[1]).await.unwrap();
        assert_eq!(row.tenancy, "let");
        assert!(ADDRESSES[1].ends_with("302室"));
    }
}

#[tokio::test]
async fn whoever_the_register_does_not_name_is_not_put_on_file_and_a_change_of_landlord_ends_it() {
    for world in worlds().await {
        let other = Identity { name: "别的房东".into(), ..landlord() };
        let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
        let refused = letting::add(&tx, world.homes[0], LiaisonKind::Landlord, &other).await.unwrap_err();
        assert!(refused.is("liaison-other"), "{}", world.engine());
        let outside = letting::add(&tx, world.homes[2], LiaisonKind::Landlord, &landlord()).await.unwrap_err();
        assert!(outside.is("not-found"), "another grid's home");
        let agent = Identity { name: "房产小张".into(), doc_no: number(62), phone: mobile(62), ..landlord() };
        let id = letting::add(&tx, world.homes[0], LiaisonKind::Agent, &agent).await.unwrap();
        tx.commit().await.unwrap();
        let q = world.store().reads();
        let row = letting::find(&q, &world.coordinator(0), id).await.unwrap();
        assert_eq!(row.organisation.as_deref(), Some(AGENCY));
        assert!(letting::find(&q, &world.coordinator(1), id).await.unwrap_err().is("not-found"));
        on_file(&world, 0).await;
        let client = bound(&world).await;
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        tx.housekeeping("the register names another landlord");
        let sql = "UPDATE home SET landlord_masked = '别***' WHERE division_code = $1 AND home_id = $2";
        tx.execute(sql, linli_platform::vals![tx.division(), world.homes[0]]).await.unwrap();
        tx.commit().await.unwrap();
        let home = format!("/letting/homes/{}", world.homes[0]);
        assert_eq!(client.get(&home).await.status, StatusCode::NOT_FOUND, "{}", world.engine());
        let liaisons = letting::list(&q, &world.coordinator(0)).await.unwrap();
        let mine = liaisons.iter().find(|l| l.kind == "landlord").unwrap().liaison_id;
        let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
        letting::end(&tx, mine).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(client.get("/letting").await.location(), "/letting/entrance", "at once");
    }
}

#[tokio::test]
async fn a_landlord_is_opened_while_a_notice_waits_and_sees_who_looked() {
    for world in worlds().await {
        on_file(&world, 0).await;
        let q = world.store().reads();
        let id = letting::list(&q, &world.coordinator(0)).await.unwrap()[0].liaison_id;
        let (client, grid) = (bound(&world).await, staff(&world).await);
        let path = format!("/declarations/liaisons/{id}");
        let fields = [("purpose", "duty-notice")];
        let masked = grid.get(&path).await.text;
        assert!(!masked.contains(&number(60)) && !masked.contains(&format!("{path}/reading")), "nothing entitles yet");
        assert_eq!(grid.post(&format!("{path}/reading"), &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        grid.post(&format!("{path}/notices"), &[("kind", "tenants")]).await;
        assert!(grid.get(&path).await.text.contains(&format!("{path}/reading")), "{}", world.engine());
        let opened = grid.post(&format!("{path}/reading"), &fields).await;
        assert!(opened.text.contains(LANDLORD) && opened.text.contains(&number(60)), "{}", opened.text);
        assert!(opened.header("cache-control").contains("no-store"));
        let own = client.get("/letting").await.text;
        assert!(own.contains("送达义务告知书") && own.contains("社区综合协管员"), "{own}");
        let elsewhere =
            testing::account(world.store(), "elsewhere", &[(Role::Coordinator, &world.grids[1].to_string())]).await;
        let elsewhere = Client::signed_in(&world.app, &areas(), elsewhere).await;
        assert_eq!(elsewhere.post(&format!("{path}/reading"), &fields).await.status, StatusCode::NOT_FOUND);
        let receipt = own.split("action=\"").find(|l| l.starts_with("/letting/notices/")).unwrap();
        client.post(receipt.split('"').next().unwrap(), &[]).await;
        let late = grid.post(&format!("{path}/reading"), &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "it ends with the receipt");
    }
}
