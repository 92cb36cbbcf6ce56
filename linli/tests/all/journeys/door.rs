//! Journeys 4 and 5: at the door everybody is checked, and the month's figures move at once.

use linli_platform::clock::{At, Clock};

use super::{
    browser::{Browser, journey},
    files::number,
    registering::registered,
};

/// The month as the office reads it on its page.
#[derive(Debug)]
struct Figures {
    /// Homes checked, of how many, and the share as it is shown.
    homes: (u32, u32, String),
    /// Changes of the month, and the share entered within 24 hours as it is shown.
    changes: (u32, String),
    /// The share of full-time grid workers, in percent.
    share: f64,
}

/// The numbers in a text, in order.
fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    parts.filter_map(|p| p.trim_matches('.').parse().ok()).collect()
}

async fn figures(b: &Browser) -> Figures {
    b.sign_in("population-office").await;
    b.goto("/fieldwork").await;
    let mut texts = Vec::new();
    for card in b.find_all(".stat .figure").await {
        texts.push(card.text().await.unwrap());
    }
    assert_eq!(texts.len(), 3, "coverage, 24 hours, 20 %: {texts:?}");
    let shown = |text: &str| text.split('%').next().unwrap().trim().to_owned();
    let (coverage, timely, share) = (numbers(&texts[0]), numbers(&texts[1]), numbers(&texts[2]));
    let (done, all) = (coverage[coverage.len() - 2] as u32, coverage[coverage.len() - 1] as u32);
    Figures {
        homes: (done, all, shown(&texts[0])),
        changes: (*timely.last().unwrap() as u32, shown(&texts[1])),
        share: share[0],
    }
}

/// The instant behind a heading of a record, as it is shown.
async fn instant(b: &Browser, heading: &str) -> At {
    let text = b.text().await;
    let (_, after) = text.split_once(heading).unwrap_or_else(|| panic!("no {heading}: {text}"));
    let digits: Vec<i64> = numbers(&after.chars().take(40).collect::<String>()).into_iter().map(|n| n as i64).collect();
    let [year, month, day, hour, minute] = digits[..5] else { panic!("{heading} is no instant: {after}") };
    let day: linli_platform::clock::Day = format!("{year:04}-{month:02}-{day:02}").parse().unwrap();
    day.start().plus_s(hour * 3600 + minute * 60)
}

/// The task of the coordinator's that leads to a home with an address that is written nowhere else.
async fn a_home_with_a_task(b: &Browser) -> (String, String, String) {
    b.sign_in("coordinator").await;
    b.goto("/tasks?kind=home-verification").await;
    let task = b.attr("#list tbody td a", "href").await;
    let address = b.text_of("#list tbody td:nth-child(3)").await;
    b.goto(&task).await;
    (task, b.attr("a[href^='/field/homes/']", "href").await, address)
}

#[test]
fn the_coordinator_checks_everybody_at_the_door_and_the_figures_move_at_once() {
    journey("4-door", async |b| {
        let (task, home, address) = a_home_with_a_task(b).await;
        b.sign_in("population-office").await;
        let moved = registered(b, ["慕容留步", &number(1961, 41), "15400000041"], &address).await;
        let changed = registered(b, ["慕容改号", &number(1962, 43), "15400000043"], &address).await;
        let before = figures(b).await;

        // From the task to the door, on a phone.
        b.sign_in("coordinator").await;
        b.width(390).await;
        b.goto("/field/online").await;
        b.shot("journey-4-today").await;
        b.width(390).await;
        b.goto(&task).await;
        b.click("a[href^='/field/homes/']").await;
        assert_eq!(b.path().await, home);
        b.shot("journey-4-door").await;
        b.width(390).await;
        // Asked too early, the one button leads to whoever is missing.
        b.click("#finish").await;
        b.find(".person.missing").await;
        for choice in b.find_all(".people .choice label:first-child").await {
            choice.scroll_into_view().await.unwrap();
            choice.click().await.unwrap();
        }
        let of = |record: &str| record.rsplit('/').next().unwrap().to_owned();
        b.click(&format!("label:has(input[name='c-{}'][value='gone'])", of(&moved))).await;
        b.click(&format!("label:has(input[name='c-{}'][value='changed'])", of(&changed))).await;
        b.choose(&format!("#f-f-{}", of(&changed)), "phone").await;
        b.fill(&format!("#f-x-{}", of(&changed)), "15400000044").await;
        b.press("登记新来的人").await;
        b.fill("#f-n0-name", "慕容晚舟").await;
        b.fill("#f-n0-doc_no", &number(1996, 42)).await;
        b.fill("#f-n0-phone", "15400000042").await;
        b.shot("journey-4-newcomer").await;
        b.width(390).await;
        b.click("#finish").await;
        b.wait("the day's list", async || b.path().await != home && !b.path().await.ends_with("/visit")).await;
        // Where a rule asks for a photo, there is none to be taken here.
        if b.path().await.ends_with("/photo") {
            b.click("a.quiet").await;
        }
        b.find(&format!("a.stop.done[href='{home}']")).await;
        b.shot("journey-4-done").await;
        b.goto(&task).await;
        b.see("已办结").await;

        // What was registered at the door says when it was seen and when it was entered.
        b.search(&number(1996, 42)).await;
        b.click("#list tbody td a").await;
        b.see("慕***").await;
        let (seen, entered, now) = (instant(b, "采集时间").await, instant(b, "录入时间").await, Clock::system().now());
        assert!(seen <= entered && entered <= now, "{seen:?} {entered:?} {now:?}");
        assert!(seen > now.plus_s(-900), "seen at this visit: {seen:?}, now {now:?}");
        b.search("15400000044").await;
        b.find(&format!("#list a[href='{changed}']")).await;
        b.sign_in("population-office").await;
        b.goto(&moved).await;
        b.see("已注销").await;

        let after = figures(b).await;
        assert!(after.homes.0 > before.homes.0, "coverage moves at once: {before:?}, {after:?}");
        assert!(after.changes.0 >= before.changes.0 + 3, "one new, one changed, one gone: {before:?}, {after:?}");
        let percent = |n: u32, of: u32| f64::from(n) * 100.0 / f64::from(of);
        let shown: f64 = after.homes.2.parse().unwrap();
        assert!(
            (shown - percent(after.homes.0, after.homes.1)).abs() <= 1.0,
            "the share is that of the homes: {after:?}"
        );
        assert!((0.0..=100.0).contains(&after.changes.1.parse::<f64>().unwrap()), "{after:?}");
        assert!(
            after.share < before.share,
            "what others change makes the grid workers' share smaller: {before:?}, {after:?}"
        );
        b.shot("journey-5-figures").await;
    });
}

#[test]
fn the_door_can_be_worked_by_keyboard() {
    journey("4-keyboard", async |b| {
        b.sign_in("grid-worker").await;
        b.width(390).await;
        b.goto("/homes").await;
        let home = b.attr("#list tbody td a", "href").await;
        b.goto(&format!("/field{home}")).await;
        b.find("#finish").await;
        let on_button = "return document.activeElement.id === 'finish'";
        for _ in 0..80 {
            if b.script(on_button).await == true {
                break;
            }
            b.tab().await;
        }
        assert_eq!(b.script(on_button).await, true, "the tabulator reaches the main button");
        let outline = b.script("return getComputedStyle(document.activeElement).outlineStyle").await;
        assert_eq!(outline, "solid", "the focus is seen");
    });
}
