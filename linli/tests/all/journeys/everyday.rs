//! What holds on every page: without scripts, in both languages, by keyboard.

use super::browser::{Wanted, journey, journey_with};

#[test]
fn without_scripts_somebody_signs_in() {
    journey_with("without-scripts", Wanted { without_scripts: true }, async |b| {
        b.sign_in("population-office").await;
        b.goto("/account").await;
        b.see("人口办").await;
    });
}

#[test]
fn the_language_can_be_switched() {
    journey("language", async |b| {
        b.goto("/sign-in").await;
        b.see("登录").await;
        b.press("English").await;
        b.see("Sign in").await;
        b.press("中文").await;
        b.see("登录").await;
        b.shot("sign-in").await;
    });
}
