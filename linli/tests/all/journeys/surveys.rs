//! Journey 6: who is asked is drawn in the open, and what they say gives two rates with their intervals.

use super::browser::{Browser, journey};

const SECRET: [(&str, &str); 2] =
    [("population-office", "seven lanterns over the river"), ("assessor", "a plum tree behind the school")];

async fn each_party(b: &Browser, round: &str, step: &str) {
    for (role, secret) in SECRET {
        b.sign_in(role).await;
        b.goto(round).await;
        b.fill("#f-secret", secret).await;
        b.turn(&format!("form[action$='/{step}'] button[type=submit]")).await;
        b.find(".flash").await;
    }
}

#[test]
fn a_survey_is_committed_drawn_answered_and_gives_both_rates_with_intervals() {
    journey("6-survey", async |b| {
        b.sign_in("population-office").await;
        b.goto("/surveys").await;
        b.shot("journey-6-rounds").await;
        // A round of one committee, whose few homes somebody can visit here.
        let committee = smallest(b).await;
        b.goto("/surveys").await;
        b.choose("#f-committee", &committee).await;
        b.turn("form[action='/surveys'] button[type=submit]").await;
        b.see("抽样框已定").await;
        let round = b.path().await;
        each_party(b, &round, "commitments").await;
        b.sign_in("population-office").await;
        b.goto(&round).await;
        b.turn("form[action$='/announcement'] button[type=submit]").await;
        b.see("已公告").await;
        each_party(b, &round, "openings").await;
        b.sign_in("population-office").await;
        b.goto(&round).await;
        b.see("已抽样").await;
        b.shot("journey-6-drawn").await;
        b.turn("form[action$='/assignments'] button[type=submit]").await;
        b.see("测查中").await;
        answer(b).await;
        b.sign_in("population-office").await;
        b.goto(&round).await;
        b.see("复测").await;
        b.shot("journey-6-second-interviews").await;
        b.turn("form[action$='/lock'] button[type=submit]").await;
        b.see("已锁定，待复核").await;
        b.shot("journey-6-locked").await;
        // Somebody else looks at the figures and signs them.
        b.sign_in("assessor").await;
        b.goto(&round).await;
        b.shot("journey-6-to-countersign").await;
        b.turn("form[action$='/countersignature'] button[type=submit]").await;
        b.see("已复核").await;
        both_rates_with_intervals(b).await;
        b.shot("journey-6-rates").await;
        the_receipt_repeats_the_draw(b).await;
    });
}

/// Whoever has the two files draws the same homes again, and finds out that a frame is another one.
async fn the_receipt_repeats_the_draw(b: &Browser) {
    let file = async |name: &str| String::from_utf8(b.download(&format!("dd a[href$='/{name}']")).await).unwrap();
    let (receipt, frame) = (file("receipt.json").await, file("frame.csv").await);
    linli_surveys::verify_files(&receipt, &frame).expect("the draw repeats");
    let mut fewer: Vec<&str> = frame.lines().collect();
    fewer.remove(1);
    let told = linli_surveys::verify_files(&receipt, &(fewer.join("\n") + "\n"));
    assert!(told.is_err(), "a home was left out of the frame, and the receipt does not say so");
}

/// Each rate lies in its interval, and the interval in what is possible.
async fn both_rates_with_intervals(b: &Browser) {
    b.find("svg.rate").await;
    let script = "const row = document.querySelector('tr:has(svg.rate)'); \
        const heads = [...row.closest('table').querySelectorAll('th')].map(h => h.innerText.trim()); \
        return [...row.querySelectorAll('td')].map((c, n) => [heads[n], c.querySelector('svg.rate')?.getAttribute('aria-label')])";
    let cells = b.script(script).await;
    for rate in ["登记率", "准确率"] {
        let cell = cells.as_array().unwrap().iter().find(|c| c[0] == rate).unwrap_or_else(|| panic!("{rate}: {cells}"));
        let label = cell[1].as_str().unwrap_or_else(|| panic!("{rate} has no interval: {cells}"));
        let numbers: Vec<f64> = label
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter_map(|p| p.trim_matches('.').parse().ok())
            .collect();
        let [value, low, high] = numbers[..] else { panic!("{rate}: {label}") };
        assert!((0.0..=100.0).contains(&low) && low <= value && value <= high && high <= 100.0, "{rate}: {label}");
        // Everybody was found registered and right.
        assert!((value - 100.0).abs() < 1e-9, "{rate}: {label}");
    }
}

/// The committee with the fewest homes to visit, but some.
async fn smallest(b: &Browser) -> String {
    b.goto("/fieldwork").await;
    let script = "return [...document.querySelectorAll('table')].flatMap(t => [...t.querySelectorAll('tbody tr')]) \
        .filter(r => r.querySelector('progress') && !r.querySelector('td div')) \
        .map(r => [Number(r.querySelector('progress').max), r.cells[0].innerText.trim()]) \
        .filter(r => r[0] > 2).sort((a, b) => a[0] - b[0])[0][1]";
    let name = b.script(script).await.as_str().unwrap().to_owned();
    b.goto("/surveys").await;
    let script = format!(
        "return [...document.querySelectorAll('#f-committee option')].find(o => o.text.includes('{name}')).value"
    );
    b.script(&script).await.as_str().unwrap().to_owned()
}

/// Everybody who may be given homes to ask at.
async fn surveyors(b: &Browser) -> Vec<String> {
    b.sign_in("system-admin").await;
    b.goto("/admin/accounts").await;
    b.fill("#f-q", "surveyor").await;
    b.click("form[action='/admin/accounts/search'] button").await;
    b.wait("only surveyors are left", async || !b.text_of("#list").await.contains("auditor")).await;
    let mut names = Vec::new();
    for link in b.find_all("#list tbody td a").await {
        names.push(link.text().await.unwrap());
    }
    names
}

/// Answers what each surveyor has been given.
async fn answer(b: &Browser) {
    let mut pictured = false;
    for surveyor in surveyors(b).await {
        b.sign_in(&surveyor).await;
        b.goto("/surveys/mine").await;
        while b.has("a.stop:not(.done)").await {
            if !pictured {
                b.shot("journey-6-mine").await;
            }
            b.click("a.stop:not(.done)").await;
            for choice in b.find_all(".choice label:first-child").await {
                choice.scroll_into_view().await.unwrap();
                choice.click().await.unwrap();
            }
            b.fill("#f-unregistered", "0").await;
            if !std::mem::replace(&mut pictured, true) {
                b.shot("journey-6-door").await;
            }
            b.click("button[form=answer]").await;
            b.wait("the list", async || b.path().await == "/surveys/mine").await;
        }
    }
    assert!(pictured, "somebody was given homes");
}
