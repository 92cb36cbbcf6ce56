//! Somebody appointed acts with the own number and code, is told apart from the resident, and is out at once when it is
//! taken back.

use http::StatusCode;
use linli_declarations::{Identity, Kind, own, representatives};
use linli_platform::{
    access::Role,
    testing::{self, Client},
};

use super::world::{NAME, World, areas, fact, mobile, number, worlds};

const FRIEND: &str = "百里代办";

fn friend() -> Identity {
    Identity { name: FRIEND.into(), doc_kind: "resident".into(), doc_no: number(50), phone: mobile(50) }
}

async fn counter(world: &World) -> Client {
    let at = world.grids[0].to_string();
    let account = testing::account(world.store(), "counter", &[(Role::Coordinator, &at)]).await;
    Client::signed_in(&world.app, &areas(), account).await
}

async fn appoint(world: &World, staff: &Client) {
    let path = format!("/declarations/counter/{}/representatives", world.person);
    let until = world.store().now().day().plus_days(90).to_string();
    let form = [
        ("name", FRIEND),
        ("doc_kind", "resident"),
        ("doc_no", &*number(50)),
        ("phone", &*mobile(50)),
        ("until", &*until),
    ];
    let done = staff.post(&path, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(staff.get(&path).await.text.contains("百***"));
}

/// The person appointed, on the own page of the resident.
async fn acts(world: &World) -> Client {
    let client = Client::new(&world.app, &areas());
    let form = [("doc_kind", "resident"), ("doc_no", &*number(50)), ("name", FRIEND)];
    assert_eq!(client.post("/acting/codes", &form).await.location(), "/acting/code");
    let (to, code) = world.letter().await.expect("the code goes to the mobile given at the counter");
    assert_eq!(to, mobile(50));
    assert_eq!(client.post("/acting/visits", &[("code", &code)]).await.location(), "/acting");
    let choice = client.get("/acting").await.text;
    assert!(choice.contains("欧***") && !choice.contains(NAME), "{choice}");
    let act = choice.split("action=\"").find(|l| l.starts_with("/acting/0")).unwrap().split('"').next().unwrap();
    assert_eq!(client.post(act, &[]).await.location(), "/me");
    client
}

#[tokio::test]
async fn what_somebody_appointed_reads_and_files_is_recorded_as_theirs_and_the_resident_sees_it() {
    for world in worlds().await {
        let staff = counter(&world).await;
        appoint(&world, &staff).await;
        let friend = acts(&world).await;
        assert!(friend.get("/me").await.text.contains("您正在受委托代办"));
        assert!(friend.post("/me/reading", &[]).await.text.contains(&number(1)));
        let form = [("kind", "correction"), ("field", "phone"), ("value", &*mobile(9))];
        assert_eq!(friend.post("/me/requests", &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(friend.post("/me/care", &[]).await.status, StatusCode::FORBIDDEN, "consent is the resident's own");

        let (_, own) = world.enter(1, NAME).await;
        let q = world.store().reads();
        let readings = own::readings(&q, &own, 5, 0).await.unwrap();
        assert_eq!((readings.len(), readings[0].role.as_str()), (1, "representative"), "{}", world.engine());
        let requests = linli_declarations::requests::of_resident(&q, &own).await.unwrap();
        assert_eq!(requests[0].channel, "representative");
        let (_, relative) = world.enter(2, "欧阳山").await;
        assert_eq!(own::readings_total(&q, &relative).await.unwrap(), 0);
        assert!(representatives::of_resident(&q, relative.resident).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_appointment_ends_at_once_when_it_is_taken_back_and_by_itself_after_its_last_day() {
    for world in worlds().await {
        let staff = counter(&world).await;
        appoint(&world, &staff).await;
        let friend = acts(&world).await;
        assert_eq!(friend.get("/me").await.status, StatusCode::OK);
        let (_, own) = world.enter(1, NAME).await;
        let id = representatives::of_resident(&world.store().reads(), own.resident).await.unwrap()[0].representative_id;
        let (_, relative) = world.enter(2, "欧阳山").await;
        let tx = world.store().begin(&relative.reader()).await.unwrap();
        assert!(
            representatives::end(&tx, own.resident, id).await.unwrap_err().is("not-found"),
            "not a relative's to end"
        );
        drop(tx);
        let tx = world.store().begin(&own.reader()).await.unwrap();
        representatives::end(&tx, own.resident, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(friend.get("/me").await.location(), "/me/entrance", "{}", world.engine());
        world.later_s(20 * 60);
        let asking = [("doc_kind", "resident"), ("doc_no", &*number(50)), ("name", FRIEND)];
        let again = Client::new(&world.app, &areas());
        assert_eq!(again.post("/acting/codes", &asking).await.location(), "/acting/code", "the answer is the same");
        assert!(world.letter().await.is_none());

        let staff_reader = world.coordinator(0);
        let tx = world.store().begin(&staff_reader).await.unwrap();
        let today = tx.now().day();
        for (until, code) in
            [(today.plus_days(-1), "representative-days"), (today.plus_days(400), "representative-days")]
        {
            assert!(representatives::appoint(&tx, world.person, &self::friend(), until).await.unwrap_err().is(code));
        }
        let own_number = Identity { doc_no: number(1), ..self::friend() };
        let refused = representatives::appoint(&tx, world.person, &own_number, today).await.unwrap_err();
        assert!(refused.is("representative-self"));
        representatives::appoint(&tx, world.person, &self::friend(), today).await.unwrap();
        let twice = representatives::appoint(&tx, world.person, &self::friend(), today).await.unwrap_err();
        assert!(twice.is("representative-repeated"));
        tx.commit().await.unwrap();
        let friend = acts(&world).await;
        world.later_s(24 * 3600);
        assert_eq!(friend.get("/me").await.location(), "/me/entrance");
        let asking = [("doc_kind", "resident"), ("doc_no", &*number(50)), ("name", FRIEND)];
        Client::new(&world.app, &areas()).post("/acting/codes", &asking).await;
        assert!(world.letter().await.is_none(), "the last day is over");
    }
}

#[tokio::test]
async fn another_grids_staff_appoint_nobody_and_what_was_appointed_goes_with_the_record() {
    for world in worlds().await {
        let stranger = world.store().begin(&world.coordinator(1)).await.unwrap();
        let today = stranger.now().day();
        let refused = representatives::appoint(&stranger, world.person, &friend(), today).await.unwrap_err();
        assert!(refused.is("not-found"), "{}", world.engine());
        drop(stranger);
        let tx = world.store().begin(&world.coordinator(0)).await.unwrap();
        representatives::appoint(&tx, world.person, &friend(), today).await.unwrap();
        tx.commit().await.unwrap();
        let (_, own) = world.enter(1, NAME).await;
        world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let tx = world.store().begin(&linli_platform::reader::Reader::system()).await.unwrap();
        let eraser = linli_platform::erasures::eraser(&world.app, "resident").unwrap();
        assert!(eraser.erase(&world.app, &tx, world.person.0).await.unwrap());
        tx.commit().await.unwrap();
        linli_declarations::expire::expire(&world.app).await.unwrap();
        for table in ["representative", "declaration"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
            assert_eq!(world.count(&sql).await, 0, "{}: {table}", world.engine());
        }
    }
}

#[tokio::test]
async fn whoever_was_appointed_is_opened_at_the_counter_on_the_residents_record() {
    for world in worlds().await {
        let staff = counter(&world).await;
        appoint(&world, &staff).await;
        let list = format!("/declarations/counter/{}/representatives", world.person);
        let page = staff.get(&list).await.text;
        let action = page.split("action=\"").find(|l| l.contains("/reading\"")).unwrap().split('"').next().unwrap();
        let opened = staff.post(action, &[]).await;
        assert!(opened.text.contains(FRIEND) && opened.text.contains(&number(50)), "{}", opened.text);
        let (_, own) = world.enter(1, NAME).await;
        let readings = own::readings(&world.store().reads(), &own, 5, 0).await.unwrap();
        assert_eq!(readings.len(), 1, "{}: the resident sees it", world.engine());
        let other = action.replace(&world.person.to_string(), &world.relative.to_string());
        assert_eq!(staff.post(&other, &[]).await.status, StatusCode::NOT_FOUND, "another's representative");
    }
}
