//! What is over its time goes, and nothing before.

use linli_declarations::{Channel, Identity, Kind, LiaisonKind, content::Content, expire, letting, receipt, requests};
use linli_platform::reader::Reader;
use serde_json::json;

use super::world::{ADDRESSES, LANDLORD, NAME, World, fact, mobile, number, worlds};

#[tokio::test]
async fn answered_requests_go_after_the_months_of_the_pack_and_codes_and_visits_after_a_day() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let taken_back = world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        let waiting = world.file(&own, Kind::Correction, fact("name", "欧阳若冰")).await.unwrap();
        let tx = world.store().begin(&own.reader()).await.unwrap();
        requests::withdraw(&tx, &own, taken_back).await.unwrap();
        tx.commit().await.unwrap();
        let (cases, keys) = (
            "SELECT COUNT(*) FROM declaration WHERE division_code = $1",
            "SELECT COUNT(*) FROM subject_key WHERE division_code = $1",
        );
        let entrance = "SELECT (SELECT COUNT(*) FROM own_attempt WHERE division_code = $1)
                        + (SELECT COUNT(*) FROM own_session WHERE division_code = $1)";
        let before = world.count(keys).await;
        expire::expire(&world.app).await.unwrap();
        assert_eq!((world.count(cases).await, world.count(entrance).await), (2, 2), "{}", world.engine());
        world.later_s(26 * 3600);
        expire::expire(&world.app).await.unwrap();
        assert_eq!((world.count(cases).await, world.count(entrance).await), (2, 0));
        world.later_s(370 * 24 * 3600);
        expire::expire(&world.app).await.unwrap();
        assert_eq!(world.count(cases).await, 1, "what waits for its answer stays");
        assert_eq!(world.count(keys).await, before - 1, "its key is gone with it");
        assert!(requests::find(&world.store().reads(), &own, waiting).await.is_ok());
        assert!(
            linli_platform::log::verify(world.store(), None).await.unwrap().is_ok(),
            "the log can still be checked"
        );
    }
}

#[tokio::test]
async fn what_an_erased_person_asked_for_goes_with_the_record() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        world.file(&own, Kind::Correction, fact("phone", &mobile(9))).await.unwrap();
        receipt::issue(&world.app, &world.t(), &own, "https://linli.test").await.unwrap();
        let keys = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1";
        let before = world.count(keys).await;
        let tx = world.store().begin(&Reader::system()).await.unwrap();
        let eraser = linli_platform::erasures::eraser(&world.app, "resident").unwrap();
        assert!(eraser.erase(&world.app, &tx, world.person.0).await.unwrap(), "{}", world.engine());
        tx.commit().await.unwrap();
        // In that very transaction: no job has run since.
        assert_eq!(world.count(keys).await, before - 2, "the record's key and the request's");
        for table in ["declaration", "own_receipt", "own_session", "own_attempt"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
            assert_eq!(world.count(&sql).await, 0, "{}: {table}", world.engine());
        }
        assert!(world.ask(1, NAME).await.is_ok(), "the entrance answers as for anybody");
        assert!(world.letter().await.is_none());
    }
}

/// Declared by a landlord for the homes on file.
async fn landlord_declares(world: &World, contents: Vec<(Kind, Content)>) {
    let reader = world.coordinator(0);
    let tx = world.store().begin(&reader).await.unwrap();
    let who = Identity { name: LANDLORD.into(), doc_kind: "resident".into(), doc_no: number(60), phone: mobile(60) };
    let id = letting::add(&tx, world.homes[0], LiaisonKind::Landlord, &who).await.unwrap();
    let liaison = letting::find(&tx, &reader, id).await.unwrap();
    for (kind, content) in contents {
        letting::file(&world.app, &tx, &liaison, (kind, &content), Channel::Letting).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_others_declared_about_an_erased_person_goes_with_the_record_and_the_others_stay() {
    for world in worlds().await {
        let content = |value: serde_json::Value| -> Content { serde_json::from_value(value).unwrap() };
        let day = world.store().now().day().to_string();
        let member = |name: &str, seq: u16| {
            json!({ "name": name, "doc_kind": "resident", "doc_no": number(seq), "phone": "", "sex": null, "birth": null,
                    "local": false, "home": world.homes[0], "day": day, "guardian": false })
        };
        // A relative names the person, and somebody else of the household.
        let named = |name: &str, seq: u16| {
            let person = json!({ "name": name, "doc_kind": "resident", "doc_no": number(seq), "guardian": false });
            content(json!({ "what": "for-other", "person": person, "from": world.homes[0],
                            "asks": { "what": "move-out", "day": day } }))
        };
        let (_, relative) = world.enter(2, "欧阳山").await;
        let about = world.file(&relative, Kind::LeaveAlong, named(NAME, 1)).await.unwrap();
        let other = world.file(&relative, Kind::LeaveAlong, named("欧阳川", 70)).await.unwrap();
        // The landlord names the person among tenants, and by name alone as one who has left.
        let members = [member("端木外客", 71), member(NAME, 1)];
        let tenants = json!({ "what": "household", "address": ADDRESSES[0], "members": members });
        let out = |name: &str| {
            let address = ADDRESSES[0];
            content(
                json!({ "what": "tenant-out", "home": world.homes[0], "address": address, "name": name, "day": day }),
            )
        };
        let all =
            vec![(Kind::TenantIn, content(tenants)), (Kind::TenantOut, out(NAME)), (Kind::TenantOut, out("欧阳山"))];
        landlord_declares(&world, all).await;
        let cases = "SELECT COUNT(*) FROM declaration WHERE division_code = $1";
        let masked =
            "SELECT COUNT(*) FROM declaration WHERE division_code = $1 AND content_masked LIKE '%端***%欧***%'";
        let noted =
            "SELECT COUNT(*) FROM task WHERE division_code = $1 AND state = 'open' AND note_masked LIKE '%欧***%'";
        let named_by_tasks = world.count(noted).await;
        assert_eq!((world.count(cases).await, world.count(masked).await), (5, 1), "{}", world.engine());

        let tx = world.store().begin(&Reader::system()).await.unwrap();
        let eraser = linli_platform::erasures::eraser(&world.app, "resident").unwrap();
        assert!(eraser.erase(&world.app, &tx, world.person.0).await.unwrap(), "{}", world.engine());
        tx.commit().await.unwrap();

        assert_eq!((world.count(cases).await, world.count(masked).await), (3, 0), "{}", world.engine());
        let others = "SELECT COUNT(*) FROM declaration WHERE division_code = $1 AND kind = 'tenant-in'
                      AND content_masked LIKE '%端***%'";
        assert_eq!(world.count(others).await, 1, "{}", world.engine());
        assert!(world.count(noted).await < named_by_tasks, "{}", world.engine());
        let q = world.store().reads();
        assert!(requests::find(&q, &relative, about).await.is_err());
        assert!(requests::find(&q, &relative, other).await.is_ok());
        let keys = "SELECT COUNT(*) FROM subject_key k WHERE division_code = $1 AND subject_id IN
                    (SELECT declaration_id FROM declaration)";
        assert_eq!(world.count(keys).await, 3, "what is left can be read");
        assert!(
            linli_platform::log::verify(world.store(), None).await.unwrap().is_ok(),
            "the log can still be checked"
        );
        let again = world.store().begin(&Reader::system()).await.unwrap();
        assert!(!eraser.erase(&world.app, &again, world.person.0).await.unwrap());
    }
}
