//! Two people at one record, corrections, and where each fact comes from.

use http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::{
    ResidentId, Told,
    codes::{CorrectionReason, Fact, Source},
    figures, history,
    residents::{self, Change},
};

use super::world::{World, areas, worlds};

async fn registered(w: &World) -> ResidentId {
    let tx = w.store().begin(&w.office()).await.unwrap();
    let id = residents::register(&tx, w.person("王小明", 2, 0)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn coordinator(w: &World, name: &str) -> Client {
    let account = testing::account(w.store(), name, &[(Role::Coordinator, &w.grids[0].to_string())]).await;
    Client::signed_in(&w.app, &areas(), account).await
}

#[tokio::test]
async fn the_second_of_two_editors_decides_on_each_fact_that_both_changed() {
    for w in worlds().await {
        let id = registered(&w).await;
        let (first, second) = (coordinator(&w, "first").await, coordinator(&w, "second").await);
        let change = format!("/residents/{id}/change");
        let theirs = [("version", "1"), ("base", "1"), ("phone", "13800001111"), ("source", "landlord")];
        assert_eq!(first.post(&change, &theirs).await.status, StatusCode::SEE_OTHER);

        let mine = [("version", "1"), ("base", "1"), ("phone", "13800002222"), ("local", "local")];
        let shown = second.post(&change, &mine).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", shown.text);
        assert!(shown.text.contains("138****1111") && shown.text.contains("13800002222"), "both sides are shown");
        assert!(shown.text.contains("出租人申报") && shown.text.contains("测试 first"), "who told it, who entered it");
        assert!(shown.text.contains("keep_phone") && !shown.text.contains("keep_local"), "only what both changed");
        let version = |version: &'static str, keep: &'static str| {
            [("version", version), ("base", "1"), ("phone", "13800002222"), ("local", "local"), ("keep_phone", keep)]
        };
        let undecided = second.post(&change, &version("2", "")).await;
        assert_eq!(undecided.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(undecided.text.contains("#f-keep_phone"), "the message leads to the fact: {}", undecided.text);
        assert_eq!(second.post(&change, &version("2", "theirs")).await.status, StatusCode::SEE_OTHER);
        let r = residents::find(&w.store().reads(), &w.office(), id).await.unwrap();
        assert_eq!(
            (r.phone_masked.as_deref(), r.is_local, r.version),
            (Some("138****1111"), true, 3),
            "{}",
            w.engine()
        );
        // Once more, now against the last change as well, and for the own value.
        assert_eq!(second.post(&change, &version("3", "mine")).await.status, StatusCode::SEE_OTHER);
        let r = residents::find(&w.store().reads(), &w.office(), id).await.unwrap();
        assert_eq!(r.phone_masked.as_deref(), Some("138****2222"));
    }
}

#[tokio::test]
async fn a_form_that_changes_nothing_of_the_others_still_shows_it_first() {
    for w in worlds().await.into_iter().take(1) {
        let id = registered(&w).await;
        let me = coordinator(&w, "me").await;
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        residents::move_to(&tx, id, 1, w.homes[1], w.today(), Source::Landlord).await.unwrap();
        tx.commit().await.unwrap();
        let first = me.post(&format!("/residents/{id}/cancellation"), &[("version", "1"), ("reason", "left")]).await;
        assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(first.text.contains("居住地址") && first.text.contains("出租人申报"), "{}", first.text);
        let address = ("address", "新府中路501弄12号301室");
        let moved = me.post(&format!("/residents/{id}/move"), &[("version", "1"), address]).await;
        assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(moved.text.contains("别人改过这些项"));
        let again = [("version", "2"), ("base", "1"), ("reason", "left")];
        let gone = me.post(&format!("/residents/{id}/cancellation"), &again).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
    }
}

#[tokio::test]
async fn each_fact_keeps_its_own_source_and_times() {
    for w in worlds().await {
        let id = registered(&w).await;
        let (seen, office) = (w.store().now().plus_hours(-5), w.office());
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let phone = Change { phone: Some("13800001234".into()), ..Change::default() };
        residents::change(&tx, id, 1, phone, Told::seen(Source::SelfDeclaration, seen)).await.unwrap();
        let employer = Change { employer: Some(Some(w.employer)), ..Change::default() };
        residents::change(&tx, id, 2, employer, Source::Roster).await.unwrap();
        let name = Change { name: Some("王晓明".into()), ..Change::default() };
        let reason = CorrectionReason::Mistyped;
        residents::correct(&tx, id, 3, name, reason, Source::DataCheck).await.unwrap();
        residents::move_to(&tx, id, 4, w.homes[1], w.today(), Source::Landlord).await.unwrap();
        tx.commit().await.unwrap();
        let told = history::provenance(&w.store().reads(), &office, id).await.unwrap();
        let of = |fact| told.iter().find(|p| p.fact == fact).unwrap();
        for (fact, source, version) in [
            (Fact::Name, "data-check", 4),
            (Fact::Document, "door-visit", 1),
            (Fact::Phone, "self-declaration", 2),
            (Fact::Employer, "roster", 3),
            (Fact::Residence, "landlord", 5),
            (Fact::Local, "door-visit", 1),
        ] {
            assert_eq!(
                (of(fact).source.as_deref(), of(fact).version),
                (Some(source), version),
                "{fact} {}",
                w.engine()
            );
        }
        assert_eq!(of(Fact::Phone).seen_at, Some(seen));
        assert!(of(Fact::Name).corrected && !of(Fact::Phone).corrected);
        let month = figures::month(&w.store().reads(), &office, w.today().month()).await.unwrap();
        assert_eq!(figures::total(&month).changes, 2, "registered, one change that was seen; a correction is none");
        let since = history::changed_since(&w.store().reads(), &office, id, 3).await.unwrap();
        let facts: Vec<Fact> = since.iter().map(|p| p.fact).collect();
        assert_eq!(facts, [Fact::Name, Fact::Residence]);
        let me = coordinator(&w, "me").await;
        let page = me.get(&format!("/residents/{id}")).await.text;
        for text in ["自主申报", "花名册", "数据核查", "出租人申报", "已更正", "录入有误"] {
            assert!(page.contains(text), "{text}");
        }
    }
}

#[tokio::test]
async fn a_home_put_right_is_no_move_and_the_residence_goes_on() {
    for w in worlds().await {
        let id = registered(&w).await;
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let since = w.today().plus_days(-40);
        let reason = CorrectionReason::Mistyped;
        let same = residents::correct_residence(&tx, id, 1, w.homes[0], None, reason, Source::DoorVisit).await;
        assert_eq!(same.unwrap_err().code, "nothing-changed", "{}", w.engine());
        let outside = residents::correct_residence(&tx, id, 1, w.homes[2], None, reason, Source::DoorVisit).await;
        assert_eq!(outside.unwrap_err().code, "not-found");
        residents::correct_residence(&tx, id, 1, w.homes[1], Some(since), reason, Source::DoorVisit).await.unwrap();
        tx.commit().await.unwrap();
        use linli_platform::{store::Query as _, vals};
        let q = w.store().reads();
        let sql = "SELECT COUNT(*) FROM residence WHERE division_code = $1 AND resident_id = $2 AND home_id = $3
                   AND from_day = $4 AND until_day IS NULL";
        let count = q.number(sql, vals![w.store().division(), id, w.homes[1], since]).await.unwrap();
        assert_eq!(count, 1, "{}", w.engine());
        assert_eq!(residents::find(&q, &w.office(), id).await.unwrap().home_id, Some(w.homes[1]));
        let me = coordinator(&w, "me").await;
        let form = [("version", "2"), ("nature", "mistold"), ("address", "新府中路501弄12号301室")];
        let put = me.post(&format!("/residents/{id}/move"), &form).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.text);
        let steps = history::of_resident(&q, &w.office(), id).await.unwrap();
        assert_eq!(steps[0].reason_key().as_deref(), Some("correction-mistold"));
    }
}
