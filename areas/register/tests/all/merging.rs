//! Two records of one person made one, taken apart again, and a record that mixes two people split.

use http::StatusCode;
use linli_platform::{
    access::Role,
    basis,
    event::{NewEvent, SubjectRef},
    reader::Purpose,
    store::Query as _,
    testing::{self, Client},
    vals,
};
use linli_register::{
    ResidentId, Slice,
    codes::{CancelReason, Fact, Source},
    expire, history,
    merges::{self, Merge, Split},
    residents::{self, Change, Filter},
    transfers,
};

use super::world::{World, areas, mobile, number, worlds};

/// The same person twice: in homes 0 and 1, under two numbers.
async fn twice(w: &World) -> (ResidentId, ResidentId) {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let kept = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
    let mut again = w.person("王小明", 4, 1);
    (again.source, again.since_day) = (Source::Landlord, w.today().plus_days(-30));
    let absorbed = residents::register(&tx, again).await.unwrap();
    tx.commit().await.unwrap();
    (kept, absorbed)
}

fn of(kept: ResidentId, absorbed: ResidentId, take: &[Fact]) -> Merge {
    Merge { kept: (kept, 1), absorbed: (absorbed, 1), take: take.to_vec() }
}

async fn main_residences(w: &World, id: ResidentId) -> i64 {
    let sql = "SELECT COUNT(*) FROM residence WHERE division_code = $1 AND resident_id = $2 AND is_main = TRUE
               AND until_day IS NULL";
    let q = w.store().reads();
    q.number(sql, vals![q.division(), id]).await.unwrap()
}

#[tokio::test]
async fn a_merge_takes_the_facts_that_were_decided_and_leaves_one_main_residence() {
    for w in worlds().await {
        let (kept, absorbed) = twice(&w).await;
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        merges::merge(&tx, of(kept, absorbed, &[Fact::Document, Fact::Phone, Fact::Residence])).await.unwrap();
        tx.commit().await.unwrap();
        let (q, office) = (w.store().reads(), w.office());
        let row = residents::find(&q, &office, kept).await.unwrap();
        let ends = |seq| mobile(seq)[7..].to_owned();
        assert!(row.phone_masked.unwrap().ends_with(&ends(4)), "{}", w.engine());
        assert!(row.doc_masked.ends_with(&number(4)[16..]));
        assert_eq!(row.home_id, Some(w.homes[1]));
        assert_eq!((main_residences(&w, kept).await, main_residences(&w, absorbed).await), (1, 0));
        let list = residents::list(&q, &office, &Filter::default(), Slice::first(10)).await.unwrap();
        assert_eq!(list.total, 1, "one person, one line");
        let cancelled = Filter { cancelled: true, ..Filter::default() };
        assert_eq!(residents::list(&q, &office, &cancelled, Slice::first(10)).await.unwrap().total, 0);
        // What was taken says where the absorbed record had it from.
        let told = history::provenance(&q, &office, kept).await.unwrap();
        let source = |fact| told.iter().find(|p| p.fact == fact).unwrap().source.as_deref().unwrap().to_owned();
        assert_eq!((source(Fact::Phone).as_str(), source(Fact::Name).as_str()), ("landlord", "door-visit"));
        // The number that was taken over stands on one current record alone.
        let tx = w.store().begin(&office).await.unwrap();
        let again = residents::register(&tx, w.person("王小明", 4, 2)).await.unwrap_err();
        assert_eq!(again.code, "two-main-residences", "{}", w.engine());
    }
}

#[tokio::test]
async fn the_number_of_an_absorbed_record_is_found_and_not_registered_again() {
    for w in worlds().await {
        let (kept, absorbed) = twice(&w).await;
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        merges::merge(&tx, of(kept, absorbed, &[])).await.unwrap();
        tx.commit().await.unwrap();
        let found = residents::search(&w.app, &w.office(), &number(4), Slice::first(5)).await.unwrap();
        assert_eq!((found.total, found.rows[0].state.as_str()), (1, "merged"), "{}", w.engine());
        let tx = w.store().begin(&w.office()).await.unwrap();
        let again = residents::register(&tx, w.person("王小明", 4, 2)).await.unwrap_err();
        assert_eq!(again.code, "merged-already", "{}", w.engine());
    }
}

#[tokio::test]
async fn an_undone_merge_leaves_both_records_as_they_were_and_loses_no_later_change() {
    for w in worlds().await {
        let (kept, absorbed) = twice(&w).await;
        let (q, office) = (w.store().reads(), w.office());
        let before =
            (residents::find(&q, &office, kept).await.unwrap(), residents::find(&q, &office, absorbed).await.unwrap());
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let take = [Fact::Name, Fact::Document, Fact::Phone, Fact::Residence, Fact::Employer];
        let merge = merges::merge(&tx, of(kept, absorbed, &take)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let later = Change { phone: Some("13800007777".into()), ..Change::default() };
        residents::change(&tx, kept, 2, later, Source::SelfDeclaration).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        merges::undo(&tx, merge, 1).await.unwrap();
        tx.commit().await.unwrap();
        let after =
            (residents::find(&q, &office, kept).await.unwrap(), residents::find(&q, &office, absorbed).await.unwrap());
        for (b, a) in [(&before.0, &after.0), (&before.1, &after.1)] {
            assert_eq!((&b.doc_masked, b.home_id, b.grid_id), (&a.doc_masked, a.home_id, a.grid_id), "{}", w.engine());
            assert_eq!((b.birth_year, &b.sex, &b.state), (a.birth_year, &a.sex, &a.state));
        }
        assert_eq!(after.0.phone_masked.as_deref(), Some("138****7777"), "a later change stays");
        assert_eq!(after.1.phone_masked, before.1.phone_masked);
        assert_eq!((main_residences(&w, kept).await, main_residences(&w, absorbed).await), (1, 1));
        let told = history::provenance(&q, &office, kept).await.unwrap();
        let document = told.iter().find(|p| p.fact == Fact::Document).unwrap();
        assert_eq!((document.source.as_deref(), document.version), (Some("door-visit"), 1), "its own again");
        // The sealed values open again as each record's own.
        let counter = w.coordinator(0);
        let tx = w.store().begin(&counter).await.unwrap();
        for (id, seq) in [(kept, 2), (absorbed, 4)] {
            linli_register::counter::open(&tx, id).await.unwrap();
            let open = residents::open(&tx, id, Purpose::CounterService).await.unwrap();
            assert_eq!((open.name.text(), open.doc.text()), ("王小明", number(seq).as_str()), "{}", w.engine());
        }
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        assert_eq!(merges::undo(&tx, merge, 2).await.unwrap_err().code, "merge-undone");
        // And merged again.
        let again = Merge { kept: (absorbed, 3), absorbed: (kept, 4), take: Vec::new() };
        merges::merge(&tx, again).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_merge_gives_nobody_a_right_and_hides_no_reading() {
    for w in worlds().await {
        let (kept, absorbed) = twice(&w).await;
        let reader = w.coordinator(0);
        let tx = w.store().begin(&reader).await.unwrap();
        let subject = SubjectRef::new("resident", absorbed, Some(w.grids[0]));
        let task: uuid::Uuid = tx.new_id();
        basis::open(&tx, subject, Purpose::DataCheck, task, Some(reader.account), None).await.unwrap();
        tx.event(NewEvent::new("resident.counter-opened", subject)).await.unwrap();
        residents::open(&tx, absorbed, Purpose::DataCheck).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&reader).await.unwrap();
        let merge = merges::merge(&tx, of(kept, absorbed, &[])).await.unwrap();
        tx.commit().await.unwrap();
        let q = w.store().reads();
        let read = history::readings(&q, &w.office(), kept).await.unwrap();
        assert_eq!(read.len(), 1, "who read the absorbed record read this person {}", w.engine());
        let tx = w.store().begin(&reader).await.unwrap();
        let refused = residents::open(&tx, kept, Purpose::DataCheck).await.unwrap_err();
        assert_eq!(refused.code, "basis-missing", "a task on the one is none on the other");
        drop(tx);
        let tx = w.store().begin(&reader).await.unwrap();
        merges::undo(&tx, merge, 1).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(history::readings(&q, &w.office(), kept).await.unwrap().len(), 0);
        assert_eq!(history::readings(&q, &w.office(), absorbed).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_is_under_way_outside_the_grid_or_gone_is_not_merged() {
    for w in worlds().await {
        let (kept, absorbed) = twice(&w).await;
        let tx = w.store().begin(&w.office()).await.unwrap();
        let elsewhere = residents::register(&tx, w.person("李四", 6, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        assert_eq!(merges::merge(&tx, of(kept, kept, &[])).await.unwrap_err().code, "merge-same");
        assert_eq!(merges::merge(&tx, of(kept, elsewhere, &[])).await.unwrap_err().code, "not-found", "{}", w.engine());
        let stale = Merge { kept: (kept, 9), ..of(kept, absorbed, &[]) };
        assert_eq!(merges::merge(&tx, stale).await.unwrap_err().code, "stale-version");
        transfers::offer(&tx, absorbed, w.grids[1], tx.now().plus_hours(48)).await.unwrap();
        assert_eq!(merges::merge(&tx, of(kept, absorbed, &[])).await.unwrap_err().code, "transfer-open");
        drop(tx);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let merge = merges::merge(&tx, of(kept, absorbed, &[])).await.unwrap();
        residents::cancel(&tx, kept, 2, CancelReason::Left, w.today(), Source::DoorVisit).await.unwrap();
        assert_eq!(merges::undo(&tx, merge, 1).await.unwrap_err().code, "merge-kept-gone");
        tx.commit().await.unwrap();
        // With the person's record, what was merged into it goes too.
        w.test.clock.set(w.today().plus_days(25 * 31).start());
        assert_eq!(expire::expire(&w.app).await.unwrap(), 1);
        let q = w.store().reads();
        let left = "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND resident_id IN ($2, $3)";
        assert_eq!(q.number(left, vals![q.division(), kept, absorbed]).await.unwrap(), 0, "{}", w.engine());
    }
}

#[tokio::test]
async fn duplicates_are_proposed_with_reasons_and_masked() {
    for w in worlds().await {
        let (kept, absorbed) = twice(&w).await;
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::register(&tx, w.person("李四", 6, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let found = merges::candidates(&w.app, &w.coordinator(0), kept).await.unwrap();
        assert_eq!(found.len(), 1, "{}", w.engine());
        assert_eq!(found[0].resident.resident_id, absorbed);
        assert_eq!(
            (found[0].reasons.as_slice(), found[0].resident.name_masked.as_str()),
            (["same-name"].as_slice(), "王**")
        );
    }
}

#[tokio::test]
async fn a_record_that_mixes_two_people_is_split_and_both_see_who_read_it_before() {
    for w in worlds().await {
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let mixed = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        linli_register::counter::open(&tx, mixed).await.unwrap();
        residents::open(&tx, mixed, Purpose::CounterService).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        // The number and the mobile were the other's.
        let own = Change {
            doc: Some((cn_identity::DocumentKind::Resident, number(8), false)),
            phone: Some(String::new()),
            ..Change::default()
        };
        let split = Split { from: (mixed, 1), own, other: w.person("王小敏", 2, 0) };
        let other = merges::split(&tx, split).await.unwrap();
        tx.commit().await.unwrap();
        let q = w.store().reads();
        let both = (
            residents::find(&q, &w.office(), mixed).await.unwrap(),
            residents::find(&q, &w.office(), other).await.unwrap(),
        );
        assert_eq!((both.0.phone_masked.is_none(), both.1.phone_masked.is_some()), (true, true), "{}", w.engine());
        assert_eq!((main_residences(&w, mixed).await, main_residences(&w, other).await), (1, 1));
        for id in [mixed, other] {
            assert_eq!(history::readings(&q, &w.office(), id).await.unwrap().len(), 1, "who read it before the split");
        }
        let corrected = &history::of_resident(&q, &w.office(), mixed).await.unwrap();
        assert!(corrected.iter().any(|s| s.reason_key().as_deref() == Some("correction-others-fact")));
    }
}

#[tokio::test]
async fn merging_undoing_and_splitting_work_by_pages() {
    for w in worlds().await.into_iter().take(1) {
        let (kept, absorbed) = twice(&w).await;
        let account = testing::account(w.store(), "me", &[(Role::Coordinator, &w.grids[0].to_string())]).await;
        let me = Client::signed_in(&w.app, &areas(), account).await;
        let proposed = me.get(&format!("/residents/{kept}/merge")).await;
        assert!(proposed.text.contains(&format!("/residents/{kept}/merge/{absorbed}")), "{}", proposed.text);
        let short = me.post(&format!("/residents/{kept}/merge"), &[("q", "王")]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "a surname lists nobody");
        let searched = me.post(&format!("/residents/{kept}/merge"), &[("q", &number(4))]).await;
        assert!(searched.text.contains(&absorbed.to_string()));
        let form = me.get(&format!("/residents/{kept}/merge/{absorbed}")).await;
        assert!(form.text.contains("take_phone") && form.text.contains("出租人申报"), "{}", form.text);
        assert!(!form.text.contains("王小明") && !form.text.contains(&number(4)), "masked");
        let path = format!("/residents/{kept}/merge/{absorbed}");
        let stale = me.post(&path, &[("version", "7"), ("other_version", "1")]).await;
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sent = [("version", "1"), ("other_version", "1"), ("take_phone", "other")];
        assert_eq!(me.post(&path, &sent).await.status, StatusCode::SEE_OTHER);
        let record = me.get(&format!("/residents/{kept}")).await.text;
        assert!(record.contains("已并入的登记") && record.contains("撤销合并"), "{record}");
        assert!(me.get(&format!("/residents/{absorbed}")).await.text.contains("这条登记已合并"));
        let undo = record.split("action=\"/merges/").nth(1).unwrap().split('"').next().unwrap();
        let undone = me.post(&format!("/merges/{undo}"), &[("version", "1"), ("kept", &kept.to_string())]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
        let split = format!("/residents/{kept}/split");
        assert_eq!(me.get(&split).await.status, StatusCode::OK);
        let bad = me.post(&split, &[("version", "3"), ("name", "王小敏"), ("doc_no", "12")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("王小敏") && bad.text.contains("#f-doc_no"), "kept as typed");
        let no = number(8);
        let form = [
            ("version", "3"),
            ("name", "王小敏"),
            ("doc_kind", "resident"),
            ("doc_no", &no),
            ("local", "elsewhere"),
            ("address", "新府中路501弄12号301室"),
        ];
        let made = me.post(&split, &form).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        assert!(me.get(made.location()).await.text.contains("从另一条登记拆分出来"));
    }
}
