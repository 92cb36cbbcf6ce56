//! Two phones on one home, and a home that was given to somebody else meanwhile.

use linli_fieldwork::phone::{conflict, entry::Changes};
use linli_platform::access::Role;

use super::rig::rigs;

#[tokio::test]
async fn two_phones_that_find_everybody_at_home_are_two_visits_and_no_conflict() {
    for rig in rigs().await {
        let (one, two) = (
            rig.colleague("one", &[(Role::Coordinator, 0)]).await,
            rig.colleague("two", &[(Role::GridWorker, 0)]).await,
        );
        let (a, b) = (rig.phone(one).await, rig.phone(two).await);
        for phone in [&a, &b] {
            let entry = rig.entry(phone, rig.world.homes[0], "here").await;
            let answer = rig.send(phone, &rig.sealed(phone, &entry)).await;
            assert_eq!((answer.state, answer.reason), ("done", None), "{}", rig.world.test.engine);
        }
        assert_eq!(rig.world.count("visit").await, 2);
    }
}

#[tokio::test]
async fn what_the_second_phone_says_of_a_record_that_the_first_changed_waits_and_names_the_field() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let two = rig.colleague("two", &[(Role::GridWorker, 0)]).await;
        let (a, b) = (rig.phone(one).await, rig.phone(two).await);
        let mut entries = Vec::new();
        for (phone, number) in [(&a, "19900001111"), (&b, "19900002222")] {
            let mut entry = rig.entry(phone, rig.world.homes[0], "here").await;
            entry.people[0].choice = "changed".into();
            entry.people[0].changes = Some(Changes { phone: Some(number.into()), ..Changes::default() });
            entries.push((phone, entry));
        }
        let [(_, first), (_, second)] = &entries[..] else { panic!("two entries") };
        assert_eq!(rig.send(&a, &rig.sealed(&a, first)).await.state, "done");
        let answer = rig.send(&b, &rig.sealed(&b, second)).await;
        assert_eq!((answer.state, answer.reason.as_deref()), ("conflict", Some("changed-meanwhile")));
        assert_eq!(answer.fields.len(), 1);
        assert_eq!((answer.fields[0].about.as_str(), answer.fields[0].field.as_str()), ("person", "phone"));
        assert_eq!(answer.fields[0].id, Some(second.people[0].resident_id.0), "{}", rig.world.test.engine);
        // Nothing of the second was written, and somebody sees that it waits.
        assert_eq!(rig.world.count("visit").await, 1);
        let leader = rig.reader(rig.colleague("leader", &[(Role::GridLeader, 0)]).await).await;
        let waiting = conflict::list(&rig.world.store().reads(), &leader, true).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!(Some(waiting[0].conflict_id), answer.conflict_id);
        let elsewhere = rig.reader(rig.colleague("other", &[(Role::GridLeader, 1)]).await).await;
        assert!(conflict::list(&rig.world.store().reads(), &elsewhere, true).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn somebody_who_moved_in_meanwhile_makes_the_entry_wait_and_somebody_forgotten_refuses_it() {
    for rig in rigs().await {
        let one = rig.colleague("one", &[(Role::Coordinator, 0)]).await;
        let (a, b) = (rig.phone(one).await, rig.phone(one).await);
        let late = rig.entry(&b, rig.world.homes[0], "here").await;
        rig.later(5);
        let mut with = rig.entry(&a, rig.world.homes[0], "here").await;
        with.newcomers = vec![rig.newcomer(31)];
        assert_eq!(rig.send(&a, &rig.sealed(&a, &with)).await.state, "done");
        let answer = rig.send(&b, &rig.sealed(&b, &late)).await;
        assert_eq!((answer.state, answer.reason.as_deref()), ("conflict", Some("people-changed")));
        let mut forgot = rig.entry(&a, rig.world.homes[2], "here").await;
        forgot.home_id = rig.world.homes[0];
        forgot.people.clear();
        rig.later(5);
        forgot.assignment_made_at = Some(rig.now());
        let answer = rig.send(&a, &rig.sealed(&a, &forgot)).await;
        assert_eq!((answer.state, answer.reason.as_deref()), ("refused", Some("unsettled")));
        assert_eq!(answer.fields.len(), 3, "{}", rig.world.test.engine);
        assert_eq!(rig.world.count("visit").await, 1);
    }
}

#[tokio::test]
async fn an_entry_of_a_home_that_was_given_to_a_colleague_goes_to_that_colleague() {
    for rig in rigs().await {
        let today = rig.now().day();
        let leaving = rig.colleague("leaving", &[(Role::Coordinator, 0), (Role::Coordinator, 1)]).await;
        let coming = rig.colleague("coming", &[(Role::Coordinator, 0)]).await;
        let phone = rig.phone(leaving).await;
        let entry = rig.entry(&phone, rig.world.homes[0], "here").await;
        let envelope = rig.sealed(&phone, &entry);
        rig.ends(leaving, 0, today.plus_days(1)).await;
        rig.later(24 * 3600);
        let answer = rig.send(&phone, &envelope).await;
        assert_eq!((answer.state, answer.reason.as_deref()), ("conflict", Some("handed-over")));
        assert_eq!(rig.world.count("visit").await, 0, "not silently applied");
        let reads = rig.world.store().reads();
        let sees = async |account| conflict::list(&reads, &rig.reader(account).await, true).await.unwrap().len();
        assert_eq!((sees(coming).await, sees(leaving).await), (1, 0), "{}", rig.world.test.engine);
        // Sent again it gets the same answer, and there is still one.
        assert_eq!(rig.send(&phone, &envelope).await, answer);
        assert_eq!(rig.world.count("phone_conflict").await, 1);
    }
}

#[tokio::test]
async fn a_home_that_never_was_the_senders_is_refused_whether_it_exists_or_not() {
    for rig in rigs().await {
        let stranger = rig.colleague("stranger", &[(Role::Coordinator, 1)]).await;
        let phone = rig.phone(stranger).await;
        for home in [rig.world.homes[0], rig.world.store().new_id()] {
            let entry = rig.entry(&phone, home, "here").await;
            let answer = rig.send(&phone, &rig.sealed(&phone, &entry)).await;
            assert_eq!((answer.state, answer.reason.as_deref()), ("refused", Some("not-your-home")));
        }
        assert_eq!((rig.world.count("visit").await, rig.world.count("phone_conflict").await), (0, 0));
    }
}
