//! What holds on every page: without scripts, in both languages.

use super::{
    browser::{Wanted, journey, journey_with},
    files::number,
};

#[test]
fn without_scripts_somebody_signs_in_searches_and_registers() {
    journey_with("without-scripts", Wanted { without_scripts: true }, async |b| {
        b.sign_in("population-office").await;
        b.goto("/homes").await;
        let address = b.text_of("#list tbody tr td a").await;
        b.goto("/residents/new").await;
        b.fill("#f-name", "上官静言").await;
        b.fill("#f-doc_no", &number(1979, 52)).await;
        b.fill("#f-address", &address).await;
        b.click("form[action='/residents'] button[type=submit]").await;
        b.see("上***").await;
        b.search(&number(1979, 52)).await;
        b.see("上***").await;
    });
}

#[test]
fn the_language_can_be_switched() {
    journey("language", async |b| {
        b.goto("/sign-in").await;
        b.see("登录").await;
        b.press("English").await;
        b.see("Sign in").await;
        b.shot("sign-in-en").await;
        b.press("中文").await;
        b.see("登录").await;
        b.sign_in("population-office").await;
        b.goto("/residents").await;
        b.see("实有人口").await;
    });
}
