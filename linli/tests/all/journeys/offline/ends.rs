//! What can be read in the browser's files once the page locked by itself, once the day is over, once the phone was
//! revoked, and where only the phone's own passkey opens the day: nothing.

use serde_json::json;

use super::{
    field::{Field, PIN, a_while, cut, finish, next_home, open, take, unlock, waiting},
    nothing_kept, nothing_readable, walk,
};
use crate::all::journeys::browser::Browser;

/// Its clock runs on, as when nobody touched the phone for so long.
async fn later(b: &Browser, minutes: u32) {
    let script = format!("const real = Date.now.bind(Date); Date.now = () => real() + {minutes} * 60_000");
    b.script(&script).await;
}

/// The addresses that were on the screen, the PIN, and what was typed and not finished.
async fn seen(b: &Browser, typed: &str) -> Vec<String> {
    let addresses = b.script("return [...document.querySelectorAll('.stop b')].map(e => e.textContent)").await;
    let mut all: Vec<String> = addresses.as_array().unwrap().iter().map(|a| a.as_str().unwrap().to_owned()).collect();
    assert!(all.len() > 3, "{all:?}");
    all.extend([PIN.to_owned(), typed.to_owned()]);
    all
}

/// Somebody is begun and not finished.
async fn begin_somebody(b: &Browser, name: &str) {
    next_home(b).await;
    b.click("#add").await;
    b.fill("#n-name", name).await;
    a_while().await;
}

#[test]
fn a_page_that_nobody_touches_locks_and_a_day_that_is_over_is_gone_from_the_phone() {
    walk(async {
        let Some(mut field) = Field::begin().await else { return };
        let who = field.officer(6, 1).await;
        field.start();
        let phone = field.phone("field-idle").await;
        take(&phone, &who).await;
        let planted = seen(&phone, "澹台拾遗").await;
        begin_somebody(&phone, "澹台拾遗").await;
        let profile = field.profile("field-idle");

        later(&phone, 6).await;
        phone.see("已锁定").await;
        assert!(!phone.shows("澹台拾遗").await && !phone.has(".stop").await, "nothing stays on the screen");
        a_while().await;
        nothing_readable(&profile, &planted, "after five minutes without a touch");

        unlock(&phone).await;
        later(&phone, 24 * 60).await;
        phone.see("昨天的名单已经删去").await;
        nothing_kept(&phone).await;
        phone.close().await;
        nothing_readable(&profile, &planted, "after the day's end");
        field.stop();
    });
}

#[test]
fn a_revoked_phone_drops_the_day_at_its_first_contact_and_keeps_what_is_sealed() {
    walk(async {
        let Some(mut field) = Field::begin().await else { return };
        let who = field.officer(6, 2).await;
        field.start();
        let phone = field.phone("field-lost").await;
        take(&phone, &who).await;
        let planted = seen(&phone, "澹台忘川").await;
        cut(&phone, true).await;
        next_home(&phone).await;
        phone.click("#shut summary").await;
        phone.click("#shut label:has(input[value='nobody-home'])").await;
        phone.see("记录本次上门").await;
        finish(&phone, 1).await;
        begin_somebody(&phone, "澹台忘川").await;
        let profile = field.profile("field-lost");

        let leader = field.phone("field-leader").await;
        leader.width(1440).await;
        leader.sign_in("population-office").await;
        leader.goto("/field/devices").await;
        leader.click("form[action$='/revocation'] button").await;
        leader.see("终端已停用").await;
        leader.close().await;

        cut(&phone, false).await;
        open(&phone).await;
        phone.see("这部手机已被停用，名单已删去").await;
        nothing_kept(&phone).await;
        assert_eq!(waiting(&phone).await, 1, "what was sealed stays, for nobody to read here");
        phone.shot("field-revoked").await;
        phone.close().await;
        nothing_readable(&profile, &planted, "after a revocation");
        field.stop();
    });
}

#[test]
fn the_phones_own_passkey_alone_opens_the_day_and_no_file_of_it_does() {
    walk(async {
        let Some(mut field) = Field::begin().await else { return };
        let who = field.officer(6, 1).await;
        field.start();
        let mut phone = field.phone("field-passkey").await;
        phone.go_by_name();
        phone.protocol("WebAuthn.enable", json!({})).await;
        let device = json!({ "options": {
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "hasPrf": true, "isUserVerified": true, "automaticPresenceSimulation": true,
        } });
        phone.protocol("WebAuthn.addVirtualAuthenticator", device).await;
        phone.sign_in(&who).await;
        open(&phone).await;
        phone.click("#foot .btn").await;
        phone.press("只用这部手机的指纹或面容").await;
        phone.find(".stop").await;
        let planted = seen(&phone, "澹台知秋").await;
        begin_somebody(&phone, "澹台知秋").await;
        let kept = super::stored(&phone, "vault").await;
        assert!(kept[0]["passkey"].is_object() && kept[0]["wrapped"].is_null(), "no PIN to guess: {kept:?}");

        open(&phone).await;
        phone.see("已锁定").await;
        assert!(!phone.has(".pin").await, "there is no PIN to type");
        a_while().await;
        nothing_readable(&field.profile("field-passkey"), &planted, "while the passkey's page is locked");
        phone.shot("field-passkey-locked").await;
        phone.press("用指纹或面容打开").await;
        phone.see("未填完").await;

        // Whoever cannot show the passkey does not come in.
        open(&phone).await;
        phone.see("已锁定").await;
        phone.protocol("WebAuthn.disable", json!({})).await;
        phone.protocol("WebAuthn.enable", json!({})).await;
        let other = json!({ "options": {
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "hasPrf": true, "isUserVerified": false, "automaticPresenceSimulation": true,
        } });
        phone.protocol("WebAuthn.addVirtualAuthenticator", other).await;
        phone.press("用指纹或面容打开").await;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert!(!phone.has(".ring").await, "another device's passkey opens nothing");
        phone.close().await;
        field.stop();
    });
}
