use linli_platform::{
    clock::Day,
    event::{NewEvent, SubjectRef},
    vals,
};
use linli_register::{
    ResidenceId, Slice, Told,
    codes::{CancelReason, Label, Source},
    history, homes,
    homes::LabelChange,
    residents::{self, Change, Filter},
    transfers,
};

use super::world::{number, worlds};

#[tokio::test]
async fn a_number_on_a_current_record_is_not_registered_a_second_time() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let again = residents::register(&tx, w.person("王小明", 2, 2)).await.unwrap_err();
        assert_eq!(again.code, "two-main-residences", "{}", w.engine());
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_main_residence() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.office()).await.unwrap();
        let residence: ResidenceId = tx.new_id();
        let second = tx
            .insert_many(
                "residence",
                &["division_code", "residence_id", "resident_id", "home_id", "is_main", "from_day", "source"],
                vec![vals![w.store().division(), residence, id, w.homes[2], true, w.today(), "import"]],
            )
            .await;
        assert!(second.is_err(), "{}", w.engine());
    }
}

#[tokio::test]
async fn a_cancelled_number_can_be_registered_again() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        residents::cancel(&tx, id, 1, CancelReason::MovedAway, w.today(), Source::DoorVisit).await.unwrap();
        residents::register(&tx, w.person("王小明", 2, 2)).await.unwrap();
        tx.commit().await.unwrap();
        let household = homes::household(&w.store().reads(), &w.office(), w.homes[0]).await.unwrap();
        assert!(household.members.is_empty(), "{}", w.engine());
        let cancelled = Filter { cancelled: true, ..Filter::default() };
        let list = residents::list(&w.store().reads(), &w.office(), &cancelled, Slice::first(10)).await.unwrap();
        assert_eq!(list.total, 1);
        assert_eq!(list.rows[0].cancel_reason.as_deref(), Some("moved-away"));
    }
}

#[tokio::test]
async fn whoever_saw_an_older_version_cannot_overwrite_a_newer_one() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let phone = || Change { phone: Some("13800001234".into()), ..Change::default() };
        assert_eq!(residents::change(&tx, id, 1, phone(), Source::DoorVisit).await.unwrap(), 2);
        let stale = residents::change(&tx, id, 1, phone(), Source::DoorVisit).await.unwrap_err();
        assert_eq!(stale.code, "stale-version", "{}", w.engine());
        let stale = residents::move_to(&tx, id, 1, w.homes[1], w.today(), Source::DoorVisit).await.unwrap_err();
        assert_eq!(stale.code, "stale-version");
        tx.commit().await.unwrap();
        let row = residents::find(&w.store().reads(), &w.office(), id).await.unwrap();
        assert_eq!((row.version, row.phone_masked.as_deref()), (2, Some("138****1234")));
    }
}

#[tokio::test]
async fn a_move_ends_one_residence_and_begins_the_next() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let told = Told::seen(Source::DoorVisit, tx.now());
        residents::move_to(&tx, id, 1, w.homes[2], w.today(), told).await.unwrap();
        tx.commit().await.unwrap();
        let q = w.store().reads();
        assert!(homes::household(&q, &w.office(), w.homes[0]).await.unwrap().members.is_empty());
        assert_eq!(homes::household(&q, &w.office(), w.homes[2]).await.unwrap().members.len(), 1);
        use linli_platform::store::Query as _;
        let current =
            "SELECT COUNT(*) FROM residence WHERE division_code = $1 AND is_main = TRUE AND until_day IS NULL";
        assert_eq!(q.number(current, vals![w.store().division()]).await.unwrap(), 1, "{}", w.engine());
        let steps = history::of_resident(&q, &w.office(), id).await.unwrap();
        let kinds: Vec<&str> = steps.iter().map(|s| s.kind.as_str()).collect();
        assert_eq!(kinds, ["resident.moved", "resident.registered"]);
        assert_eq!(steps[0].source.as_deref(), Some("door-visit"));
    }
}

#[tokio::test]
async fn nobody_writes_outside_the_own_grids() {
    for w in worlds().await {
        let tx = w.store().begin(&w.coordinator(1)).await.unwrap();
        let out = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap_err();
        assert_eq!(out.code, "not-found", "{}", w.engine());
        let id = residents::register(&tx, w.person("李四", 4, 2)).await.unwrap();
        let out = residents::move_to(&tx, id, 1, w.homes[0], w.today(), Source::DoorVisit).await.unwrap_err();
        assert_eq!(out.code, "not-found");
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let change = Change { local: Some(true), ..Change::default() };
        assert_eq!(residents::change(&tx, id, 1, change, Source::DoorVisit).await.unwrap_err().code, "not-found");
        let gone = residents::cancel(&tx, id, 1, CancelReason::Left, w.today(), Source::DoorVisit).await.unwrap_err();
        assert_eq!(gone.code, "not-found");
    }
}

#[tokio::test]
async fn a_hand_over_moves_nobody_before_it_is_accepted() {
    for w in worlds().await {
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let offer = transfers::offer(&tx, id, w.grids[1], tx.now().plus_hours(72)).await.unwrap();
        let twice = transfers::offer(&tx, id, w.grids[1], tx.now().plus_hours(72)).await.unwrap_err();
        assert_eq!(twice.code, "transfer-open");
        tx.commit().await.unwrap();
        let there = w.coordinator(1);
        assert!(residents::find(&w.store().reads(), &there, id).await.is_err());
        assert_eq!(residents::find(&w.store().reads(), &w.coordinator(0), id).await.unwrap().home_id, Some(w.homes[0]));
        assert_eq!(transfers::list(&w.store().reads(), &there).await.unwrap().len(), 1);
        let tx = w.store().begin(&there).await.unwrap();
        transfers::accept(&tx, offer, 1, w.homes[2], w.today(), Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            residents::find(&w.store().reads(), &there, id).await.unwrap().home_id,
            Some(w.homes[2]),
            "{}",
            w.engine()
        );
    }
}

#[tokio::test]
async fn a_refused_hand_over_can_be_offered_again() {
    for w in worlds().await {
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        let offer = transfers::offer(&tx, id, w.grids[1], tx.now().plus_hours(72)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(1)).await.unwrap();
        assert_eq!(transfers::refuse(&tx, offer, 1, "because").await.unwrap_err().code, "refusal-unknown");
        transfers::refuse(&tx, offer, 1, "not-found-there").await.unwrap();
        tx.commit().await.unwrap();
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        transfers::offer(&tx, id, w.grids[1], tx.now().plus_hours(72)).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_label_is_set_by_officer_or_coordinator_with_a_reason_and_care_needs_consent() {
    for w in worlds().await {
        let set = |label, consent: Option<Day>| LabelChange {
            label,
            reason: "ten-or-more".into(),
            care_consent_day: consent,
            seen_at: None,
        };
        let tx = w.store().begin(&w.office()).await.unwrap();
        let not_yours = homes::set_label(&tx, w.homes[0], 1, set(Some(Label::Crowded), None)).await.unwrap_err();
        assert_eq!(not_yours.code, "label-not-yours");
        drop(tx);
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        homes::set_label(&tx, w.homes[0], 1, set(Some(Label::Crowded), None)).await.unwrap();
        let care = homes::set_label(&tx, w.homes[0], 2, set(Some(Label::Care), None)).await.unwrap_err();
        assert_eq!(care.code, "care-consent-missing");
        homes::set_label(&tx, w.homes[0], 2, set(Some(Label::Care), Some(w.today()))).await.unwrap();
        let free = LabelChange { reason: "王小明住这里".into(), ..set(None, None) };
        assert_eq!(homes::set_label(&tx, w.homes[0], 3, free).await.unwrap_err().code, "label-reason");
        tx.commit().await.unwrap();
        let home = homes::find(&w.store().reads(), &w.office(), w.homes[0]).await.unwrap();
        assert_eq!(home.label.as_deref(), Some("care"), "{}", w.engine());
        assert!(home.label_at.is_some());
    }
}

#[tokio::test]
async fn a_changed_number_must_be_right_and_nobody_elses() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
        residents::register(&tx, w.person("李四", 4, 2)).await.unwrap();
        let doc =
            |no: String| Change { doc: Some((cn_identity::DocumentKind::Resident, no, false)), ..Change::default() };
        let taken = residents::change(&tx, id, 1, doc(number(4)), Source::Counter).await.unwrap_err();
        assert_eq!(taken.code, "two-main-residences");
        let bad = residents::change(&tx, id, 1, doc("1".into()), Source::Counter).await.unwrap_err();
        assert_eq!(bad.code, "number-length");
        assert_eq!(residents::change(&tx, id, 1, doc(number(6)), Source::Counter).await.unwrap(), 2, "{}", w.engine());
        let nothing = residents::change(&tx, id, 2, Change::default(), Source::Counter).await.unwrap_err();
        assert_eq!(nothing.code, "nothing-changed");
        tx.event(NewEvent::new("test.ended", SubjectRef::new("resident", id, None))).await.unwrap();
        tx.commit().await.unwrap();
    }
}
