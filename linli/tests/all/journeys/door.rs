//! Journeys 4 and 5: at the door everybody is checked, and the month's figures move at once.

use super::{
    browser::{Browser, journey},
    files::number,
};

/// Who entered and what of the month, as the office reads it: homes checked, and changes.
async fn figures(b: &Browser) -> (String, u32, String) {
    b.sign_in("population-office").await;
    b.goto("/fieldwork").await;
    let cards = b.find_all(".stat").await;
    let mut texts = Vec::new();
    for card in cards {
        texts.push(card.text().await.unwrap());
    }
    assert_eq!(texts.len(), 3, "coverage, 24 hours, 20 %");
    let done = texts[0].rsplit_once("已完成 ").map_or("", |(_, rest)| rest);
    let done = done.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
    (texts[1].clone(), done, texts[2].clone())
}

#[test]
fn the_coordinator_checks_everybody_at_the_door_and_the_figures_move_at_once() {
    journey("4-door", async |b| {
        let (changes_before, verified_before, share_before) = figures(b).await;
        b.sign_in("coordinator").await;
        b.width(390).await;
        b.goto("/field").await;
        b.shot("journey-4-today").await;
        b.width(390).await;
        b.click("a.stop:not(.done)").await;
        let home = b.path().await;
        b.shot("journey-4-door").await;
        b.width(390).await;
        // Asked too early, the one button leads to whoever is missing.
        if b.has(".people .person").await {
            b.click("#finish").await;
            b.find(".person.missing").await;
        }
        for choice in b.find_all(".people .choice label:first-child").await {
            choice.scroll_into_view().await.unwrap();
            choice.click().await.unwrap();
        }
        b.press("登记新来的人").await;
        b.fill("#f-n0-name", "慕容晚舟").await;
        b.fill("#f-n0-doc_no", &number(1996, 42)).await;
        b.fill("#f-n0-phone", "15400000042").await;
        b.shot("journey-4-newcomer").await;
        b.width(390).await;
        b.click("#finish").await;
        b.wait("the day's list", async || b.path().await != home && !b.path().await.ends_with("/visit")).await;
        b.find(&format!("a.stop.done[href='{home}']")).await;
        b.shot("journey-4-done").await;

        // What was registered at the door says when it was seen and when it was entered.
        b.search(&number(1996, 42)).await;
        b.click("#list tbody td a").await;
        b.see("慕***").await;
        b.see("采集时间").await;
        b.see("录入时间").await;

        let (changes, verified, share) = figures(b).await;
        assert!(verified > verified_before, "coverage moves at once: {verified_before}, {verified}");
        assert_ne!(changes, changes_before, "the changes within 24 hours count the new one");
        assert_ne!(share, share_before, "the share of full-time grid workers moves with every change of another");
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
