//! A server that was restored from a backup: a new epoch, and phones send again what it lost.

use linli_fieldwork::phone::epoch;
use linli_platform::{access::Role, reader::Reader, store::Query, vals};

use super::rig::{Rig, rigs};

/// What a backup of before these entries knows of them: nothing. The keys lie elsewhere and stay.
async fn restore(rig: &Rig) {
    let store = rig.world.store();
    let tx = store.begin(&Reader::system()).await.unwrap();
    for table in ["phone_entry", "visit_note", "visit"] {
        tx.execute(&format!("DELETE FROM {table} WHERE division_code = $1"), vals![tx.division()]).await.unwrap();
    }
    tx.execute(
        "INSERT INTO setting (division_code, name, value) VALUES ($1, $2, $3)",
        vals![tx.division(), epoch::SETTING, "another"],
    )
    .await
    .unwrap();
    tx.housekeeping("a test restores");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_a_restored_server_lost_is_taken_again_and_what_it_still_has_is_not_done_twice() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let mut phone = rig.phone(one).await;
        let mut entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        entry.notes = vec!["knock".into(), "unheard-of".into()];
        let kept = rig.sealed(&phone, &entry);
        assert_eq!(rig.send(&phone, &kept).await.state, "done");
        assert_eq!(epoch::current(&rig.world.store().reads()).await.unwrap(), "first");
        restore(&rig).await;
        assert_eq!(rig.world.count("visit").await, 0);
        assert_eq!(epoch::current(&rig.world.store().reads()).await.unwrap(), "another");
        for _ in 0..2 {
            assert_eq!(rig.send(&phone, &kept).await.state, "done");
        }
        assert_eq!((rig.world.count("visit").await, rig.world.count("visit_note").await), (1, 1));
        rig.take(&mut phone).await;
        assert_eq!(phone.assignment["epoch"], "another", "{}", rig.world.test.engine);
    }
}

#[tokio::test]
async fn an_entry_with_a_visit_whose_result_was_forgotten_is_known_by_the_visit() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let mut entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        entry.newcomers = vec![rig.newcomer(41)];
        let kept = rig.sealed(&phone, &entry);
        assert_eq!(rig.send(&phone, &kept).await.state, "done");
        let tx = rig.world.store().begin(&Reader::system()).await.unwrap();
        tx.execute("DELETE FROM phone_entry WHERE division_code = $1", vals![tx.division()]).await.unwrap();
        tx.housekeeping("a test forgets");
        tx.commit().await.unwrap();
        assert_eq!(rig.send(&phone, &kept).await.state, "done");
        assert_eq!((rig.world.count("visit").await, rig.members_of(rig.world.homes[0]).await.len()), (1, 3));
    }
}

#[tokio::test]
async fn an_entry_of_two_months_ago_opens_and_one_of_four_months_ago_does_not() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(one).await;
        let (first, second) =
            (rig.entry(&phone, rig.world.homes[0], "here").await, rig.entry(&phone, rig.world.homes[0], "here").await);
        let (first, second) = (rig.sealed(&phone, &first), rig.sealed(&phone, &second));
        rig.later(60 * 24 * 3600);
        assert_eq!(rig.send(&phone, &first).await.state, "done");
        rig.later(60 * 24 * 3600);
        let answer = rig.send(&phone, &second).await;
        assert_eq!((answer.state, answer.reason.as_deref()), ("refused", Some("unknown-key")));
    }
}
