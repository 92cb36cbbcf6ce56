//! A passkey of a virtual device, in a real Chromium: added, used three ways, taken away.

use super::browser::{Browser, journey};

/// Nobody else's journey signs in as this one: after the password it is asked for its passkey.
const WHO: &str = "operation-centre";

async fn sign_out(b: &Browser) {
    b.script("document.querySelector(\"form[action='/sign-out']\").requestSubmit()").await;
    b.wait("being signed out", async || b.path().await == "/sign-in").await;
}

#[test]
fn a_passkey_is_added_signs_in_shows_again_who_it_is_and_is_taken_away() {
    journey("passkey", async |b| {
        b.goto("/sign-in/passkey").await;
        b.see("通行密钥只在这个地址有效").await;
        b.shot("passkey-other-address").await;

        b.go_by_name();
        b.plug_in_device().await;
        b.sign_in(WHO).await;
        b.goto("/account").await;
        b.press("通行密钥").await;
        b.see("您还没有通行密钥").await;
        b.shot("passkeys-none").await;
        b.fill("#f-name", "值班室电脑").await;
        b.click("form[action='/account/passkeys'] button[type=submit]").await;
        b.see("已添加通行密钥").await;
        assert_eq!(b.find_all(".recovery code").await.len(), 10, "recovery codes, once");
        b.press("已经保存好了").await;
        b.see("值班室电脑").await;
        b.shot("passkeys").await;
        b.fill("#f-name", "再来一个").await;
        b.click("form[action='/account/passkeys'] button[type=submit]").await;
        b.see("此设备已有您账号的通行密钥").await;

        sign_out(b).await;
        b.shot("sign-in-with-passkey").await;
        b.press("用通行密钥登录").await;
        b.wait("signing in by itself", async || b.path().await == "/overview").await;
        b.goto("/account/sessions").await;
        b.see("登录 通行密钥").await;

        b.goto("/account/proof?next=/account/passkeys").await;
        b.press("使用通行密钥").await;
        b.wait("the proof", async || b.path().await == "/account/passkeys").await;
        b.goto("/account/sessions").await;
        b.see("再次确认身份").await;

        sign_out(b).await;
        b.sign_in(WHO).await;
        assert_eq!(b.path().await, "/sign-in/code", "the password alone opens nothing");
        b.shot("code-or-passkey").await;
        b.press("使用通行密钥").await;
        b.wait("the second factor", async || b.path().await == "/overview").await;

        b.goto("/account/passkeys").await;
        b.click("form[action$='/removal'] button[type=submit]").await;
        b.see("已删除通行密钥").await;
        b.see("您还没有通行密钥").await;
        sign_out(b).await;
        b.press("用通行密钥登录").await;
        b.see("此通行密钥未被接受").await;
        b.shot("passkey-refused").await;
    });
}
