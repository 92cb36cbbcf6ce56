//! Homes and employers are changed fact by fact; two editors see each other, and each fact keeps its source.

use http::StatusCode;
use linli_platform::{
    access::Role,
    testing::{self, Client},
};
use linli_register::{
    Told,
    codes::{CorrectionReason, HomeFact, Source, Tenancy},
    employer_change::{self, EmployerChange},
    employers,
    home_change::{self, HomeChange},
    homes,
};

use super::world::{World, areas, worlds};

async fn client(w: &World, name: &str, role: Role, area: &str) -> Client {
    let account = testing::account(w.store(), name, &[(role, area)]).await;
    Client::signed_in(&w.app, &areas(), account).await
}

async fn coordinator(w: &World, name: &str) -> Client {
    client(w, name, Role::Coordinator, &w.grids[0].to_string()).await
}

#[tokio::test]
async fn each_fact_of_a_home_keeps_its_own_source_times_and_writer() {
    for w in worlds().await {
        let (home, seen) = (w.homes[0], w.store().now().plus_hours(-5));
        let tx = w.store().begin(&w.coordinator(0)).await.unwrap();
        let let_out = HomeChange {
            tenancy: Some(Tenancy::Let),
            landlord: Some(Some("周房东".into())),
            landlord_phone: Some(Some("13900002222".into())),
            ..HomeChange::default()
        };
        let v = home_change::change(&tx, home, 1, let_out, None, Told::seen(Source::Landlord, seen)).await.unwrap();
        let owner = HomeChange { owner: Some(Some("吴业主".into())), ..HomeChange::default() };
        let reason = Some(CorrectionReason::Mistyped);
        let v = home_change::change(&tx, home, v, owner, reason, Source::DataCheck).await.unwrap();
        assert_eq!(v, 3, "{}", w.engine());
        let stale = HomeChange { places: Some(Some(4)), ..HomeChange::default() };
        let stale = home_change::change(&tx, home, 1, stale, None, Source::DoorVisit).await;
        assert_eq!(stale.unwrap_err().code, "stale-version");
        tx.commit().await.unwrap();
        let q = w.store().reads();
        let row = homes::find(&q, &w.office(), home).await.unwrap();
        assert_eq!((row.landlord_masked.as_deref(), row.owner_masked.as_deref()), (Some("周**"), Some("吴**")));
        let told = home_change::provenance(&q, &w.office(), home).await.unwrap();
        let of = |fact: HomeFact| told.iter().find(|p| p.fact == fact.code()).unwrap();
        for (fact, source, version, corrected) in [
            (HomeFact::Kind, "import", 1, false),
            (HomeFact::Tenancy, "landlord", 2, false),
            (HomeFact::LandlordPhone, "landlord", 2, false),
            (HomeFact::Owner, "data-check", 3, true),
        ] {
            let p = of(fact);
            assert_eq!((p.source.as_deref(), p.version, p.corrected), (Some(source), version, corrected), "{fact}");
        }
        assert_eq!(of(HomeFact::Tenancy).seen_at, Some(seen));
        let since = home_change::changed_since(&q, &w.office(), home, 2).await.unwrap();
        assert_eq!(since.iter().map(|p| p.fact).collect::<Vec<_>>(), ["home-owner"]);
        let me = coordinator(&w, "me").await;
        let page = me.get(&format!("/homes/{home}")).await.text;
        for text in ["出租人申报", "数据核查", "已更正", "周**", "房屋更正"] {
            assert!(page.contains(text), "{text}");
        }
        assert!(!page.contains("周房东") && !page.contains("13900002222"), "masked");
    }
}

#[tokio::test]
async fn the_second_of_two_editors_of_a_home_decides_on_what_both_changed() {
    for w in worlds().await.into_iter().take(1) {
        let home = w.homes[0];
        let (first, second) = (coordinator(&w, "first").await, coordinator(&w, "second").await);
        let change = format!("/homes/{home}/change");
        let form = second.get(&change).await;
        assert!(form.text.contains("name=\"was_home-kind\" value=\"flat\""), "{}", form.text);
        let theirs = [
            ("version", "1"),
            ("was_home-kind", "flat"),
            ("home-kind", "shared-let"),
            ("was_home-places", ""),
            ("home-places", "12"),
            ("home-landlord", "周房东"),
            ("source", "landlord"),
        ];
        let saved = first.post(&change, &theirs).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let mine = |version: &'static str, keep: &'static str| {
            [
                ("version", version),
                ("base", "1"),
                ("was_home-kind", "flat"),
                ("home-kind", "dormitory"),
                ("was_home-places", ""),
                ("home-places", ""),
                ("was_home-agent", ""),
                ("home-agent", "安居房屋中介"),
                ("keep_home-kind", keep),
            ]
        };
        let shown = second.post(&change, &mine("1", "")).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.text.contains("合租房") && shown.text.contains("集体宿舍"), "both sides: {}", shown.text);
        assert!(shown.text.contains("出租人申报") && shown.text.contains("测试 first"), "who told it, who entered it");
        assert!(shown.text.contains("keep_home-kind") && !shown.text.contains("keep_home-places"));
        let undecided = second.post(&change, &mine("2", "")).await;
        assert_eq!(undecided.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(undecided.text.contains("#f-keep_home-kind"));
        let saved = second.post(&change, &mine("2", "theirs")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let h = homes::find(&w.store().reads(), &w.office(), home).await.unwrap();
        assert_eq!(
            (h.kind.as_str(), h.places, h.agent_name.as_deref()),
            ("shared-let", Some(12), Some("安居房屋中介"))
        );
        assert_eq!(h.landlord_masked.as_deref(), Some("周**"), "what was not typed stays");
        let gone = [("version", "3"), ("drop_home-landlord", "true")];
        assert_eq!(second.post(&change, &gone).await.status, StatusCode::SEE_OTHER);
        let h = homes::find(&w.store().reads(), &w.office(), home).await.unwrap();
        assert_eq!(h.landlord_masked, None);
    }
}

#[tokio::test]
async fn a_form_for_a_home_that_failed_keeps_what_was_typed_and_says_where() {
    for w in worlds().await.into_iter().take(1) {
        let me = coordinator(&w, "me").await;
        let change = format!("/homes/{}/change", w.homes[0]);
        for (field, typed) in [
            ("home-places", "99999999"),
            ("home-places", "viele"),
            ("home-landlord-phone", "139"),
            ("home-agent", "王小明"),
            ("home-employer", "11110000"),
            ("home-owner", &"长".repeat(60)),
        ] {
            let answer = me.post(&change, &[("version", "1"), (field, typed)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(answer.text.contains(&format!("#f-{field}")), "{field}: {}", answer.text);
            assert!(answer.text.contains(typed), "{field} keeps what was typed");
        }
        let nothing = me.post(&change, &[("version", "1")]).await;
        assert!(nothing.text.contains("没有要变更的内容"), "{}", nothing.text);
        let outside = format!("/homes/{}/change", w.homes[2]);
        assert_eq!(me.get(&outside).await.status, StatusCode::NOT_FOUND);
        let written = me.post(&outside, &[("version", "1"), ("home-places", "3")]).await;
        assert_eq!(written.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_employer_is_entered_changed_closed_and_opened_again() {
    for w in worlds().await {
        let me = coordinator(&w, "me").await;
        let wrong = "91990101MA0LN001XM";
        let new = [("org_code", wrong), ("name", "香花物流有限公司"), ("address", "新府中路501弄12号301室")];
        let wrong = me.post("/employers", &new).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "the code's check digit is wrong");
        assert!(wrong.text.contains("#f-org_code") && wrong.text.contains("香花物流有限公司"));
        // The area 990101 was never given to anybody.
        let code = "91990101MA0LN001XL";
        let typed = |address: &'static str| {
            vec![("name", "香花物流有限公司"), ("address", address), ("staff", "12"), ("liaison", "钱联络")]
        };
        let mut elsewhere = typed("大盈村3组12号");
        elsewhere.push(("org_code", code));
        let refused = me.post("/employers", &elsewhere).await;
        assert!(refused.text.contains("#f-address"), "another grid's address: {}", refused.text);
        let mut own = typed("新府中路501弄12号301室");
        own.push(("org_code", code));
        let made = me.post("/employers", &own).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let page = made.location().to_owned();
        let twice = me.post("/employers", &own).await;
        assert!(twice.text.contains("这个单位已经登记"), "{}", twice.text);
        let change = [
            ("version", "1"),
            ("was_employer-staff", "12"),
            ("employer-staff", "60"),
            ("was_employer-roster", "false"),
            ("employer-roster", "true"),
            ("was_employer-name", "香花物流有限公司"),
            ("employer-name", "香花物流有限公司"),
            ("source", "employer"),
        ];
        let changed = me.post(&format!("{page}/change"), &change).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
        let shown = me.get(&page).await.text;
        assert!(shown.contains("用人单位申报") && shown.contains("单位变更") && !shown.contains("钱联络"), "{shown}");
        assert_eq!(me.post(&format!("{page}/closure"), &[("version", "2")]).await.status, StatusCode::SEE_OTHER);
        assert!(!me.get("/employers").await.text.contains("香花物流"), "closed ones are not listed");
        assert!(me.get("/employers?closed=1").await.text.contains("香花物流"));
        let again = me.post(&format!("{page}/closure"), &[("version", "3")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", w.engine());
        assert_eq!(me.post(&format!("{page}/reopening"), &[("version", "3")]).await.status, StatusCode::SEE_OTHER);
        assert!(me.get("/employers").await.text.contains("香花物流"));
    }
}

#[tokio::test]
async fn who_works_at_an_employer_is_counted_within_the_scope() {
    for w in worlds().await {
        let tx = w.store().begin(&w.office()).await.unwrap();
        for (seq, home) in [(2, 0), (4, 2), (6, 2)] {
            let mut person = w.person("王小明", seq, home);
            person.employer_id = Some(w.employer);
            linli_register::residents::register(&tx, person).await.unwrap();
        }
        tx.commit().await.unwrap();
        let q = w.store().reads();
        let all = employers::find(&q, &w.office(), w.employer).await.unwrap();
        let own = employers::find(&q, &w.coordinator(1), w.employer).await.unwrap();
        assert_eq!((all.staff_registered, own.staff_registered), (3, 2), "{}", w.engine());
    }
}

#[tokio::test]
async fn a_liaison_sees_the_own_employer_and_changes_nothing_of_it() {
    for w in worlds().await {
        let mut liaison = testing::in_grids(w.store(), Role::Coordinator, &[w.grids[0]]);
        liaison.employers = vec![w.employer.0];
        assert!(employers::find(&w.store().reads(), &liaison, w.employer).await.is_ok());
        let tx = w.store().begin(&liaison).await.unwrap();
        let change = EmployerChange { staff: Some(5), ..EmployerChange::default() };
        let refused = employer_change::change(&tx, w.employer, 1, change, None, Source::Employer).await;
        assert_eq!(refused.unwrap_err().code, "not-found", "{}", w.engine());
    }
}
