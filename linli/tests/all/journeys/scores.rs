//! Journeys 7 and 8: a month's scores down to what they rest on; what each role has to do now.

use std::collections::{BTreeMap, BTreeSet};

use super::browser::{Browser, journey};

/// The item that is scored outside.
const OUTSIDE: &str = "item-outside-item";

/// A row of the ranking: group, rank within it, link, bonus, total, rank over all.
type Ranked = (String, i64, String, f64, f64, i64);

async fn ranking(b: &Browser) -> Vec<Ranked> {
    let script = "return [...document.querySelectorAll('section[aria-labelledby^=group-]')].flatMap(s => \
        [...s.querySelectorAll('tbody tr')].map(r => [s.getAttribute('aria-labelledby'), r.cells[0].innerText, \
        r.querySelector('a').getAttribute('href'), r.cells[3].innerText, r.cells[4].innerText, r.cells[5].innerText]))";
    let rows = b.script(script).await;
    let text = |v: &serde_json::Value| v.as_str().unwrap().trim().to_owned();
    let row = |r: &serde_json::Value| {
        let [rank, bonus, total, overall] = [1, 3, 4, 5].map(|n: usize| text(&r[n]));
        let (bonus, total) = (bonus.parse().unwrap(), total.parse().unwrap());
        (text(&r[0]), rank.parse().unwrap(), text(&r[2]), bonus, total, overall.parse().unwrap())
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn the_months_scores_rest_on_what_can_be_opened_and_the_bulletin_is_a_pdf() {
    journey("7-scores", async |b| {
        b.sign_in("assessor").await;
        b.goto("/assessment").await;
        // The latest month, which has no scores yet.
        let latest = "return [...document.querySelectorAll('.heading-actions a')].map(a => a.getAttribute('href')) \
            .filter(h => /^.assessment.[0-9-]{7}$/.test(h)).sort().pop()";
        b.goto(b.script(latest).await.as_str().unwrap()).await;
        b.turn("form[action$='/computation'] button[type=submit]").await;
        b.see("草稿").await;
        let month = b.path().await;
        b.find("table td a[href*='/committees/']").await;
        b.shot("journey-7-ranking").await;
        let rows = ranking(b).await;
        assert_eq!(rows.len(), 35, "every committee has a score");
        for group in ["group-A", "group-B", "group-C", "group-D"] {
            let own: Vec<_> = rows.iter().filter(|r| r.0 == group).collect();
            assert!(!own.is_empty(), "{group}");
            for row in &own {
                let behind = own.iter().filter(|other| other.4 > row.4).count() as i64;
                assert_eq!(row.1, behind + 1, "{group}: the rank is that of the total");
            }
        }
        for row in &rows {
            let behind = rows.iter().filter(|other| other.4 > row.4).count() as i64;
            assert_eq!(row.5, behind + 1, "the rank over all is that of the total");
        }
        let bulletin = b.download("a[href$='/bulletin.pdf']").await;
        assert!(bulletin.starts_with(b"%PDF-") && bulletin.len() > 10_000, "the bulletin is a PDF with its letters");
        every_deduction_leads_to_what_it_rests_on(b, &month, &rows[0]).await;
        // A month that the assessors have entered numbers for, and who lost most in it.
        b.goto(&month).await;
        b.turn(".heading-actions a[href^='/assessment/']:first-child").await;
        let month = b.path().await;
        let rows = ranking(b).await;
        let least = rows.iter().min_by(|one, other| one.4.total_cmp(&other.4)).expect("the month was scored");
        every_deduction_leads_to_what_it_rests_on(b, &month, least).await;
        an_objection_changes_a_score(b, &month).await;
    });
}

/// A committee's secretary objects to a number of the published month; the assessors uphold it and put the number right,
/// and the month computed again gives other points. Until it is answered, nothing can be computed or become final.
async fn an_objection_changes_a_score(b: &Browser, month: &str) {
    b.sign_in("committee-secretary").await;
    b.goto(month).await;
    let own = "const done = arguments[0]; const links = [...document.querySelectorAll(\"td a[href*='/committees/']\")]; \
        Promise.all(links.map(l => fetch(l.href).then(r => r.text()).then(t => t.includes('/objections\"') ? l.pathname : ''))) \
        .then(all => done(all.filter(p => p)))";
    let own = b.script_later(own).await;
    let [committee] = &own.as_array().unwrap()[..] else { panic!("one committee is the secretary's: {own}") };
    let committee = committee.as_str().unwrap();
    b.goto(committee).await;
    let (deducted, total) = outside_and_total(b).await;
    b.choose("#f-item", "outside-item").await;
    b.choose("#f-reason", "figure-wrong").await;
    b.turn("form[action$='/objections'] button[type=submit]").await;
    b.see("待答复").await;
    b.shot("journey-7-objection").await;
    b.sign_in("assessor").await;
    b.goto(month).await;
    b.turn("form[action$='/computation'] button[type=submit]").await;
    b.see("异议没有答复").await;
    b.goto(month).await;
    b.choose("section[aria-labelledby=objections] select", "upheld").await;
    b.turn("section[aria-labelledby=objections] form[action$='/answer'] button").await;
    b.find("section[aria-labelledby=objections] .ok").await;
    b.goto(&format!("{month}/entries")).await;
    let field = format!("[id='f-{}.outside']", committee.rsplit('/').next().unwrap());
    b.fill(&field, "10").await;
    b.turn("form[action$='/entries'] button[type=submit]").await;
    b.find(".flash").await;
    b.goto(month).await;
    for step in ["computation", "publication"] {
        b.turn(&format!("form[action$='/{step}'] button[type=submit]")).await;
        b.find(".flash").await;
    }
    b.goto(committee).await;
    let (deducted_now, total_now) = outside_and_total(b).await;
    assert!(deducted > 0.0 && deducted_now == 0.0, "{deducted} became {deducted_now}");
    assert!((total_now - total - deducted).abs() < 1e-9, "{total} became {total_now}");
    assert_eq!(b.text_of("section[aria-labelledby=object] .ok").await, "成立");
}

/// What the item scored outside costs, and the total.
async fn outside_and_total(b: &Browser) -> (f64, f64) {
    let number = |text: &str| text.split_whitespace().next().unwrap().replace('−', "").parse::<f64>().unwrap();
    let deducted = b.text_of(&format!("tr[id={OUTSIDE}] td:nth-child(3)")).await;
    (number(&deducted), number(&b.text_of(".figure").await))
}

/// The lines of a committee add up to its total, and each that costs points names its clause, what was found, and
/// leads there; items that are a number of the assessors alone (boundary 13) say so.
async fn every_deduction_leads_to_what_it_rests_on(b: &Browser, month: &str, ranked: &Ranked) {
    let (_, _, committee, bonus, total, _) = ranked;
    b.goto(committee).await;
    b.see("每一分的依据").await;
    b.shot("journey-7-committee").await;
    let script = "return [...document.querySelectorAll('tr[id^=item-]')].map(r => [r.id, r.cells[1].innerText, \
        r.cells[2].innerText, r.cells[3].innerText, r.querySelector('small').innerText, \
        r.querySelector('td a') ? r.querySelector('td a').getAttribute('href') : ''])";
    let lines = b.script(script).await;
    let lines = lines.as_array().unwrap();
    let text = |line: &serde_json::Value, n: usize| line[n].as_str().unwrap().trim().to_owned();
    let points = |line: &serde_json::Value, n: usize| text(line, n).replace('−', "").parse::<f64>().unwrap();
    let basic: f64 = lines.iter().map(|l| points(l, 1)).sum();
    assert!((basic - 85.0).abs() < 1e-9, "85 basic points: {basic}");
    let deducted: f64 = lines.iter().map(|l| points(l, 2)).sum();
    assert!((basic - deducted + bonus - total).abs() < 1e-9, "{basic} less {deducted} plus {bonus} is not {total}");
    assert!(lines.iter().all(|l| !text(l, 3).is_empty() && !text(l, 4).is_empty()), "found and clause: {lines:?}");
    let costly: Vec<_> = lines.iter().filter(|l| points(l, 2) > 0.0).collect();
    assert!(!costly.is_empty(), "something was deducted in the demonstration");
    for line in costly {
        let href = text(line, 5);
        if text(line, 0) == OUTSIDE && href.is_empty() {
            continue;
        }
        assert!(!href.is_empty(), "a deduction leads to what it rests on: {line:?}");
        b.goto(&href).await;
        assert_ne!(b.path().await, month);
        assert!(b.text_of("h1").await.len() > 1 && !b.has(".error-text").await, "{href}");
    }
}

/// A grid on the map: its colour there, its tone and value in the map's data, tone and figure in the table beside.
struct Grid {
    fill: String,
    tone: String,
    value: String,
    beside: (String, String),
}

/// The grids of the map in one measure, which stands in this column of the table.
async fn grids(b: &Browser, measure: &str, column: usize) -> (Vec<Grid>, BTreeMap<String, String>) {
    b.goto(&format!("/map?measure={measure}")).await;
    b.find(".grid-map path.leaflet-interactive").await;
    let script = format!(
        "const style = getComputedStyle(document.documentElement); \
         const colour = name => {{ const box = document.createElement('i'); box.style.color = style.getPropertyValue(name); \
           document.body.append(box); const shown = getComputedStyle(box).color; box.remove(); return shown; }}; \
         return fetch('/map.geojson?measure={measure}').then(r => r.json()).then(m => ({{ \
           fills: [...document.querySelectorAll('.grid-map path.leaflet-interactive')].map(p => getComputedStyle(p).fill), \
           features: m.features.map(f => [f.properties.grid_id, f.properties.tone, f.properties.value]), \
           rows: [...document.querySelectorAll('details tbody tr')].map(r => \
             [r.querySelector('a').getAttribute('href').split('/').pop(), r.cells[{column}].className, r.cells[{column}].textContent]), \
           tokens: {{ ok: colour('--leaf'), soon: colour('--amber'), late: colour('--zhu'), '': colour('--ink-3') }} }}))"
    );
    let all = b.script(&script).await;
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let rows: BTreeMap<String, (String, String)> =
        all["rows"].as_array().unwrap().iter().map(|r| (text(&r[0]), (text(&r[1]), text(&r[2])))).collect();
    let (fills, features) = (all["fills"].as_array().unwrap(), all["features"].as_array().unwrap());
    assert_eq!(fills.len(), features.len(), "each grid is drawn once");
    let grid = |(fill, feature): (&serde_json::Value, &serde_json::Value)| Grid {
        fill: text(fill),
        tone: text(&feature[1]),
        value: text(&feature[2]),
        beside: rows[&text(&feature[0])].clone(),
    };
    let tokens = all["tokens"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), text(v))).collect();
    (fills.iter().zip(features).map(grid).collect(), tokens)
}

/// The tone that a figure has by the rule of its measure; `None` so near to a border that rounding decides.
fn tone_of(measure: &str, figure: &str) -> Option<&'static str> {
    let digits: String = figure.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let Ok(value) = digits.parse::<f64>() else { return Some("") };
    let (good, fair) = match measure {
        // Overdue: none, up to three, more.
        "overdue" => {
            return Some(if value < 0.5 {
                "ok"
            } else if value < 3.5 {
                "soon"
            } else {
                "late"
            });
        }
        "registration" => (98.0, 96.0),
        _ => {
            let today = linli_platform::clock::Clock::system().today();
            let passed = f64::from(today.0.day()) * 100.0 / f64::from(today.0.days_in_month());
            (passed, passed * 0.75)
        }
    };
    if (value - good).abs() < 1.0 || (value - fair).abs() < 1.0 {
        return None;
    }
    Some(if value >= good {
        "ok"
    } else if value >= fair {
        "soon"
    } else {
        "late"
    })
}

#[test]
fn the_map_is_coloured_by_the_figures_that_stand_beside_it() {
    journey("8-map", async |b| {
        b.sign_in("population-office").await;
        let mut tones = BTreeSet::new();
        for (measure, column) in [("coverage", 2), ("registration", 3), ("overdue", 4)] {
            let (grids, tokens) = grids(b, measure, column).await;
            assert!(grids.len() >= 35, "a grid in each committee at least: {}", grids.len());
            for grid in grids {
                let place = format!("{measure}: {} {} {} {:?}", grid.fill, grid.tone, grid.value, grid.beside);
                assert_eq!(grid.tone, grid.beside.0, "the table has the tone of the map: {place}");
                assert_eq!(grid.fill, tokens[&grid.tone], "the colour is that of the tone: {place}");
                let digits = |t: &str| t.chars().filter(char::is_ascii_digit).collect::<String>();
                assert_eq!(digits(&grid.value), digits(&grid.beside.1), "the map tells the table's figure: {place}");
                let wanted = tone_of(measure, &grid.beside.1);
                assert!(wanted.is_none_or(|tone| tone == grid.tone), "{wanted:?} by the rule: {place}");
                tones.insert(grid.tone);
            }
            b.shot(&format!("journey-8-map-{measure}")).await;
        }
        assert!(tones.len() > 1, "the demonstration is not of one colour: {tones:?}");
    });
}

#[test]
fn every_role_is_told_what_to_do_now_and_each_way_can_be_gone() {
    journey("8-overviews", async |b| {
        for role in linli_platform::access::Role::ALL {
            b.sign_in(role.code()).await;
            b.goto("/overview").await;
            b.see("现在该做什么").await;
            b.shot(&format!("journey-8-overview-{role}")).await;
            let script = "return Promise.all([...new Set([...document.querySelectorAll('#main a[href^=\"/\"], #menu a[href^=\"/\"]')] \
                .map(a => a.getAttribute('href').split('#')[0]))].map(h => fetch(h).then(r => [h, r.status])))";
            let ways = b.script(script).await;
            let closed: Vec<_> = ways.as_array().unwrap().iter().filter(|w| w[1] != 200).collect();
            assert!(closed.is_empty(), "{role}: {closed:?}");
        }
    });
}
