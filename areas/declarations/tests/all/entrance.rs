//! The entrance: number, name and code together; nothing is told of anybody; guesses and askings are counted.

use linli_declarations::entrance::{self, ASKS_A_DAY, ASKS_A_QUARTER, CODE_S, Refused, SESSION_S, TRIES};
use linli_platform::{reader::Purpose, store::Query as _, vals};
use linli_register::residents;
use sea_orm::FromQueryResult;

use super::world::{NAME, mobile, number, office, worlds};

#[tokio::test]
async fn number_and_name_together_bring_a_code_to_the_registered_mobile_and_the_code_opens_the_own_record() {
    for world in worlds().await {
        let token = world.ask(1, NAME).await.unwrap();
        let (to, code) = world.letter().await.unwrap();
        assert_eq!(to, mobile(1), "{}", world.engine());
        let session = entrance::enter(&world.app, &token, &code).await.unwrap().unwrap().session;
        let own = entrance::load(world.store(), &session).await.unwrap().unwrap();
        assert_eq!(own.resident, world.person);
        assert!(entrance::enter(&world.app, &token, &code).await.unwrap().is_none(), "a code is used once");
    }
}

#[tokio::test]
async fn whoever_is_not_registered_or_gives_another_name_is_answered_alike_and_gets_no_code() {
    for world in worlds().await {
        for (seq, name) in [(1, "欧阳山"), (7, NAME), (2, NAME)] {
            let token = world.ask(seq, name).await.expect("the answer is the same");
            assert_eq!(token.len(), 43);
            assert!(world.letter().await.is_none(), "{}: {seq}", world.engine());
            for code in ["000000", "123456"] {
                assert!(entrance::enter(&world.app, &token, code).await.unwrap().is_none());
            }
        }
        let runs = "SELECT COUNT(*) FROM machine_run WHERE division_code = $1 AND kind = 'own-entrance'";
        assert_eq!(world.count(runs).await, 3, "each comparison is on record, whoever was asked for");
    }
}

#[tokio::test]
async fn somebody_without_a_mobile_on_the_register_gets_no_code() {
    for world in worlds().await {
        let tx = world.store().begin(&office(world.store())).await.unwrap();
        let without = residents::Change { phone: Some(String::new()), ..residents::Change::default() };
        let source = linli_register::codes::Source::Counter;
        residents::change(&tx, world.person, 1, without, source).await.unwrap();
        tx.commit().await.unwrap();
        assert!(world.ask(1, NAME).await.is_ok());
        assert!(world.letter().await.is_none());
    }
}

#[tokio::test]
async fn after_five_wrong_guesses_the_right_code_does_not_open_either() {
    for world in worlds().await {
        let token = world.ask(1, NAME).await.unwrap();
        let (_, code) = world.letter().await.unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..TRIES {
            assert!(entrance::enter(&world.app, &token, wrong).await.unwrap().is_none());
        }
        assert!(entrance::enter(&world.app, &token, &code).await.unwrap().is_none(), "{}", world.engine());
        let locked = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = 'own-entrance.locked'";
        assert_eq!(world.count(locked).await, 1);
    }
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes_and_a_visit_for_twenty() {
    for world in worlds().await {
        let token = world.ask(1, NAME).await.unwrap();
        let (_, code) = world.letter().await.unwrap();
        world.later_s(CODE_S);
        assert!(entrance::enter(&world.app, &token, &code).await.unwrap().is_none(), "{}", world.engine());
        let (session, own) = world.enter(1, NAME).await;
        world.later_s(SESSION_S - 1);
        assert!(entrance::load(world.store(), &session).await.unwrap().is_some());
        world.later_s(1);
        assert!(entrance::load(world.store(), &session).await.unwrap().is_none());
        let refused = linli_declarations::own::open(world.store(), &own).await.unwrap_err();
        assert!(refused.is("not-found"), "the basis ends with the visit");
    }
}

#[tokio::test]
async fn askings_are_limited_by_time_whether_or_not_the_number_is_registered() {
    for world in worlds().await {
        for (seq, name) in [(1, NAME), (8, "无此人")] {
            for _ in 0..ASKS_A_QUARTER {
                assert!(world.ask(seq, name).await.is_ok());
            }
            assert_eq!(world.ask(seq, name).await, Err(Refused::TooOften), "{}: {seq}", world.engine());
        }
        for _ in ASKS_A_QUARTER..ASKS_A_DAY {
            world.later_s(16 * 60);
            assert!(world.ask(1, NAME).await.is_ok());
        }
        world.later_s(16 * 60);
        assert_eq!(world.ask(1, NAME).await, Err(Refused::TooOften), "ten a day");
        world.later_s(24 * 3600);
        assert!(world.ask(1, NAME).await.is_ok(), "the lock ends by itself");
    }
}

#[tokio::test]
async fn a_visit_opens_the_own_record_and_nobody_elses_not_even_a_relatives() {
    for world in worlds().await {
        let (_, own) = world.enter(1, NAME).await;
        let open = linli_declarations::own::open(world.store(), &own).await.unwrap();
        assert_eq!(open.doc.text(), number(1));
        // The relative is on the own page at the same time: that opens nothing for this person.
        let (_, other) = world.enter(2, "欧阳山").await;
        let tx = world.store().begin(&own.reader()).await.unwrap();
        for purpose in [Purpose::OwnRecord, Purpose::CounterService, Purpose::FieldVerification] {
            let refused = residents::open(&tx, other.resident, purpose).await.unwrap_err();
            assert!(refused.is("not-found"), "{}: {purpose} {refused}", world.engine());
        }
        drop(tx);
        let staff = world.store().begin(&world.coordinator(0)).await.unwrap();
        let refused = residents::open(&staff, world.person, Purpose::OwnRecord).await.unwrap_err();
        assert!(refused.is("not-found"), "staff do not read by a resident's visit");
        let readings = linli_declarations::own::readings(&world.store().reads(), &own, 10, 0).await.unwrap();
        assert_eq!(readings.len(), 1);
        assert_eq!((readings[0].role.as_str(), readings[0].purpose.as_str()), ("resident", "own-record"));
        assert_eq!(readings[0].opened(), ["name", "doc", "facts", "phone"]);
    }
}

#[tokio::test]
async fn neither_code_nor_number_nor_token_stands_in_the_store() {
    #[derive(FromQueryResult)]
    struct Row {
        token_hash: Vec<u8>,
        code_mac: Vec<u8>,
        doc_blind: Vec<u8>,
    }
    for world in worlds().await {
        let token = world.ask(1, NAME).await.unwrap();
        let (_, code) = world.letter().await.unwrap();
        let q = world.store().reads();
        let sql = "SELECT token_hash, code_mac, doc_blind FROM own_attempt WHERE division_code = $1";
        let rows: Vec<Row> = q.rows(sql, vals![q.division()]).await.unwrap();
        for value in rows.iter().flat_map(|r| [&r.token_hash, &r.code_mac, &r.doc_blind]) {
            for secret in [token.as_bytes(), code.as_bytes(), number(1).as_bytes()] {
                assert!(!value.windows(secret.len()).any(|w| w == secret));
            }
        }
        let again = world.ask(1, NAME).await.unwrap();
        let (_, other) = world.letter().await.unwrap();
        assert!(
            entrance::enter(&world.app, &again, &code).await.unwrap().is_none() || code == other,
            "bound to its asking"
        );
    }
}
