//! From the plan to the bulletin.

use linli_platform::{access::Action, clock::Month, reader::Reader};
use linli_supervision::{
    FindingKind, FindingState, Mode, NewFinding, bulletin_of, close, correct, find_finding, find_inspection, look,
    send_back, settle, withdraw,
};

use super::town::{day, hour, towns};

#[tokio::test]
async fn a_group_needs_an_officer_and_a_coordinator_from_elsewhere() {
    for town in towns().await {
        for (group, refused) in [
            (vec!["far-officer"], "inspection-coordinators"),
            (vec!["far-coordinator"], "inspection-officers"),
            (vec!["far-officer", "far-coordinator", "anna"], "inspection-own-grid"),
            (vec!["far-officer", "far-coordinator", "secretary"], "inspection-own-grid"),
            (vec![], "inspection-officers"),
        ] {
            let told = town.plan(&group).await.unwrap_err();
            assert!(told.is(refused), "{}: {group:?} {told:?}", town.test.engine);
        }
        let id = town.planned().await;
        let far = town.reader("far-officer", Action::InspectionRead).await;
        assert_eq!(find_inspection(&town.store().reads(), &far, id).await.unwrap().grids, 1);
    }
}

#[tokio::test]
async fn a_grid_learns_of_an_inspection_on_its_day() {
    for town in towns().await {
        let id = town.planned().await;
        let reads = town.store().reads();
        let leader = town.reader("leader", Action::InspectionRead).await;
        town.test.clock.set(hour("2026-11-15", 9));
        assert!(find_inspection(&reads, &leader, id).await.unwrap_err().is("not-found"), "{}", town.test.engine);
        let far = town.reader("far-coordinator", Action::InspectionRead).await;
        assert!(find_inspection(&reads, &far, id).await.is_ok(), "the group knows");
        let early = town.note(id, town.fault("notice-sign", 0)).await;
        assert!(early.unwrap_err().is("inspection-not-yet"));
        town.test.clock.set(hour("2026-11-16", 9));
        assert!(find_inspection(&reads, &leader, id).await.is_ok());
    }
}

#[tokio::test]
async fn a_fault_is_put_right_looked_at_again_sent_back_and_settled() {
    for town in towns().await {
        let id = town.planned().await;
        let fault = town.note(id, town.fault("unregistered", 3)).await.unwrap();
        let reads = town.store().reads();
        let leader = town.reader("leader", Action::FindingCorrect).await;
        let row = find_finding(&reads, &leader, fault).await.unwrap();
        assert_eq!(row.due_at, Some(day("2026-11-19").end()), "three working days: {}", town.test.engine);
        let open =
            "SELECT COUNT(*) FROM task WHERE division_code = $1 AND kind = 'finding-correction' AND state = 'open'";
        assert_eq!(town.count(open).await, 1);
        assert_eq!(
            town.count("SELECT COUNT(*) FROM basis WHERE division_code = $1").await,
            0,
            "it opens nobody's record"
        );

        let tx = town.store().begin(&town.reader("far-officer", Action::FindingCorrect).await).await.unwrap();
        assert!(
            correct(&tx, fault, 1, "改好了").await.unwrap_err().is("finding-own-grid"),
            "the group corrects nothing"
        );
        drop(tx);
        let tx = town.store().begin(&leader).await.unwrap();
        assert!(correct(&tx, fault, 1, "已联系 13900001111").await.unwrap_err().is("free-text-number"));
        correct(&tx, fault, 1, "三户已登记").await.unwrap();
        assert!(settle(&tx, fault, 2).await.unwrap_err().is("inspection-not-member"), "nobody settles the own fault");
        tx.commit().await.unwrap();
        assert_eq!(town.count(open).await, 0);

        let group = town.reader("far-coordinator", Action::InspectionRecord).await;
        let tx = town.store().begin(&group).await.unwrap();
        send_back(&town.app, &tx, fault, 2).await.unwrap();
        assert!(settle(&tx, fault, 3).await.unwrap_err().is("finding-not-corrected"));
        tx.commit().await.unwrap();
        assert_eq!(town.count(open).await, 1, "sent back, it is a task again");
        let tx = town.store().begin(&leader).await.unwrap();
        correct(&tx, fault, 3, "另一户也已登记").await.unwrap();
        tx.commit().await.unwrap();
        let tx = town.store().begin(&group).await.unwrap();
        settle(&tx, fault, 4).await.unwrap();
        tx.commit().await.unwrap();
        let row = find_finding(&reads, &leader, fault).await.unwrap();
        assert_eq!((row.state(), row.sent_back), (FindingState::Settled, 1));
    }
}

#[tokio::test]
async fn a_repeat_goes_up_the_second_time_and_what_is_serious_at_once() {
    for town in towns().await {
        let id = town.planned().await;
        let reads = town.store().reads();
        let seen = async |finding| find_finding(&reads, &Reader::system(), finding).await.unwrap();
        let once = town.note(id, town.fault("notice-sign", 0)).await.unwrap();
        assert_eq!((seen(once).await.time_found, seen(once).await.raised), (1, false), "{}", town.test.engine);
        let second_sign = town.note(id, town.fault("notice-sign", 0)).await.unwrap();
        assert_eq!((seen(second_sign).await.time_found, seen(second_sign).await.raised), (1, false), "of the same day");
        let next = town.planned().await;
        let again = town.note(next, town.fault("notice-sign", 0)).await.unwrap();
        assert_eq!((seen(again).await.time_found, seen(again).await.raised), (2, true));
        let other = town.note(id, town.fault("ledgers", 0)).await.unwrap();
        assert!(!seen(other).await.raised, "another item is no repeat");
        let broken = town.note(id, town.fault("confidentiality", 0)).await.unwrap();
        assert!(seen(broken).await.raised && seen(broken).await.serious, "the pack's item is serious by itself");
        let held = town.note(id, NewFinding { serious: true, ..town.fault("ledgers", 0) }).await.unwrap();
        assert!(seen(held).await.serious);
        let praise = NewFinding { kind: FindingKind::Praise, serious: true, ..town.fault("notice-sign", 0) };
        let praise = seen(town.note(id, praise).await.unwrap()).await;
        assert_eq!((praise.state(), praise.raised, praise.due_at), (FindingState::Noted, false, None));
        let client = town.client("task-force").await;
        assert!(client.get("/notices").await.text.contains("督查问题已上报"));
    }
}

#[tokio::test]
async fn a_finding_counts_records_where_its_item_does_and_names_nobody() {
    for town in towns().await {
        let id = town.planned().await;
        for (new, refused) in [
            (town.fault("unregistered", 0), "finding-records"),
            (town.fault("notice-sign", 2), "finding-records"),
            (town.fault("unregistered", 10_001), "finding-records"),
            (town.fault("whatever", 0), "finding-item"),
            (NewFinding { grid: town.grids[2], ..town.fault("notice-sign", 0) }, "finding-grid"),
            (NewFinding { words: "电话 13900001111".into(), ..town.fault("notice-sign", 0) }, "free-text-number"),
            (NewFinding { words: "重点人员".into(), ..town.fault("notice-sign", 0) }, "free-text-word"),
            (NewFinding { words: " ".into(), ..town.fault("notice-sign", 0) }, "finding-words"),
        ] {
            let told = town.note(id, new.clone()).await.unwrap_err();
            assert!(told.is(refused), "{}: {new:?} {told:?}", town.test.engine);
        }
    }
}

#[tokio::test]
async fn a_full_check_is_closed_once_every_item_of_every_grid_was_looked_at() {
    for town in towns().await {
        let id = town.plan_of(Mode::Full, &["far-officer", "far-coordinator"]).await.unwrap();
        town.note(id, town.fault("ledgers", 0)).await.unwrap();
        let officer = town.reader("far-officer", Action::InspectionRecord).await;
        let pack = &town.app.pack;
        let tx = town.store().begin(&officer).await.unwrap();
        let told = close(&town.app, &tx, id, 1, "总体较好").await.unwrap_err();
        assert!(told.is("inspection-unlooked"), "{}: {told:?}", town.test.engine);
        let mut items: Vec<String> =
            pack.work.checklist.iter().map(|i| i.id.clone()).filter(|i| i != "ledgers").collect();
        assert!(look(&tx, pack, id, town.grids[1], &items).await.unwrap_err().is("finding-grid"));
        assert!(look(&tx, pack, id, town.grids[0], &["conduct".into()]).await.unwrap_err().is("finding-item"));
        let last = items.pop().unwrap();
        look(&tx, pack, id, town.grids[0], &items).await.unwrap();
        assert!(close(&town.app, &tx, id, 1, "总体较好").await.unwrap_err().is("inspection-unlooked"));
        items.push(last);
        look(&tx, pack, id, town.grids[0], &items).await.unwrap();
        assert_eq!(
            close(&town.app, &tx, id, 1, "总体较好").await.unwrap(),
            1,
            "the item with a fault was looked at too"
        );
        tx.commit().await.unwrap();
        let tx = town.store().begin(&town.reader("anna", Action::InspectionRecord).await).await.unwrap();
        assert!(look(&tx, pack, id, town.grids[0], &items).await.unwrap_err().is("inspection-not-member"));
    }
}

#[tokio::test]
async fn an_inspection_is_called_off_only_before_anything_was_noted() {
    for town in towns().await {
        let (first, second) = (town.planned().await, town.planned().await);
        let officer = town.reader("far-officer", Action::InspectionRecord).await;
        let tx = town.store().begin(&officer).await.unwrap();
        look(&tx, &town.app.pack, second, town.grids[0], &["meetings".into()]).await.unwrap();
        tx.commit().await.unwrap();
        let tx = town.store().begin(&town.reader("task-force", Action::InspectionPlan).await).await.unwrap();
        assert!(withdraw(&tx, second, 1).await.unwrap_err().is("inspection-begun"), "{}", town.test.engine);
        withdraw(&tx, first, 1).await.unwrap();
        assert!(withdraw(&tx, first, 2).await.unwrap_err().is("inspection-closed"));
        tx.commit().await.unwrap();
        assert!(town.note(first, town.fault("ledgers", 0)).await.unwrap_err().is("inspection-closed"));
        assert!(town.client("far-coordinator").await.get("/notices").await.text.contains("的督查已取消"));
    }
}

#[tokio::test]
async fn a_committee_that_was_inspected_without_a_finding_stands_in_the_bulletin() {
    for town in towns().await {
        let id = town.planned().await;
        let month: Month = "2026-11".parse().unwrap();
        let (reads, secretary) = (town.store().reads(), town.reader("secretary", Action::InspectionRead).await);
        assert!(bulletin_of(&reads, &secretary, month).await.unwrap().is_empty(), "{}", town.test.engine);
        let tx = town.store().begin(&town.reader("far-officer", Action::InspectionRecord).await).await.unwrap();
        close(&town.app, &tx, id, 1, "没有问题").await.unwrap();
        tx.commit().await.unwrap();
        let lines = bulletin_of(&reads, &secretary, month).await.unwrap();
        assert_eq!(lines.iter().map(|l| (l.inspections, l.faults)).collect::<Vec<_>>(), [(1, 0)]);
    }
}

#[tokio::test]
async fn the_bulletin_counts_by_committee_and_within_the_readers_grids() {
    for town in towns().await {
        let id = town.planned().await;
        town.note(id, town.fault("unregistered", 3)).await.unwrap();
        town.note(id, town.fault("unregistered", 2)).await.unwrap();
        let praise = NewFinding { kind: FindingKind::Praise, ..town.fault("meetings", 0) };
        town.note(id, praise).await.unwrap();
        let officer = town.reader("far-officer", Action::InspectionRecord).await;
        let tx = town.store().begin(&officer).await.unwrap();
        assert_eq!(close(&town.app, &tx, id, 1, "登记有漏，会议开得好。").await.unwrap(), 2);
        tx.commit().await.unwrap();
        let late = town.note(id, town.fault("ledgers", 0)).await.unwrap_err();
        assert!(late.is("inspection-closed"), "{}", town.test.engine);
        town.test.clock.set(hour("2026-11-23", 9));
        let reads = town.store().reads();
        let month: Month = "2026-11".parse().unwrap();
        let lines = bulletin_of(&reads, &town.reader("secretary", Action::InspectionRead).await, month).await.unwrap();
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!((line.inspections, line.faults, line.records, line.repeats), (1, 2, 5, 0));
        assert_eq!((line.settled, line.late, line.praise), (0, 2, 1));
        let far = town.reader("far-officer", Action::InspectionRead).await;
        assert!(bulletin_of(&reads, &far, month).await.unwrap().is_empty(), "another committee's");
    }
}
