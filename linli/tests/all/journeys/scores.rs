//! Journeys 7 and 8: a month's scores down to what they rest on; what each role has to do now.

use super::browser::journey;

#[test]
fn the_months_scores_rest_on_what_can_be_opened_and_the_bulletin_is_a_pdf() {
    journey("7-scores", async |b| {
        b.sign_in("assessor").await;
        b.goto("/assessment").await;
        // The latest month, which has no scores yet.
        let latest = "return [...document.querySelectorAll('.heading-actions a')].map(a => a.getAttribute('href')) \
            .filter(h => /^.assessment.[0-9-]{7}$/.test(h)).sort().pop()";
        b.goto(b.script(latest).await.as_str().unwrap()).await;
        b.click("form[action$='/computation'] button[type=submit]").await;
        b.see("草稿").await;
        let month = b.path().await;
        b.find("table td a[href*='/committees/']").await;
        b.shot("journey-7-ranking").await;
        let bulletin = b.download("a[href$='/bulletin.pdf']").await;
        assert!(bulletin.starts_with(b"%PDF"), "the bulletin is a PDF");
        b.goto(&month).await;
        b.click("table td a[href*='/committees/']").await;
        b.see("每一分的依据").await;
        b.shot("journey-7-committee").await;
        b.click("tr[id^='item-']:has(td.late) td a").await;
        assert_ne!(b.path().await, month);
        assert!(b.text_of("h1").await.len() > 1, "a deduction leads to what it rests on");
    });
}

#[test]
fn the_map_is_coloured_by_each_measure() {
    journey("8-map", async |b| {
        b.sign_in("population-office").await;
        for measure in ["coverage", "registration", "overdue"] {
            b.goto(&format!("/map?measure={measure}")).await;
            b.find(".grid-map path.leaflet-interactive").await;
            let colours = "return new Set([...document.querySelectorAll('.grid-map path')].map(p => getComputedStyle(p).fill)).size";
            assert!(b.script(colours).await.as_u64().unwrap() >= 1);
        }
        b.shot("journey-8-map").await;
    });
}

#[test]
fn every_role_is_told_what_to_do_now() {
    journey("8-overviews", async |b| {
        for role in linli_platform::access::Role::ALL {
            b.sign_in(role.code()).await;
            b.goto("/overview").await;
            b.see("现在该做什么").await;
            b.shot(&format!("journey-8-overview-{role}")).await;
        }
    });
}
