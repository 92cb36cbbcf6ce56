//! A resident's journey: from the link of the grid's sign to the answered correction, with who looked and the proof.

use super::{
    browser::{Browser, Wanted, journey, journey_with},
    files::number,
    registering::{first_address, registered},
};

const MOBILE: &str = "15400000071";

/// Registers somebody of the shown grid, as the coordinator; the path of the record.
pub async fn register(b: &Browser, name: &str, doc: &str, mobile: &str) -> String {
    b.sign_in("coordinator").await;
    let address = first_address(b).await;
    registered(b, [name, doc, mobile], &address).await
}

/// Enters the own page by number, name and the code that was sent.
pub async fn enter(b: &Browser, name: &str, doc: &str, end: &str) {
    b.fill("#f-doc_no", doc).await;
    b.fill("#f-name", name).await;
    b.click("form[action='/me/codes'] button[type=submit]").await;
    b.find("#f-code").await;
    b.fill("#f-code", &b.town.code_for(end)).await;
    b.click("form[action='/me/visits'] button[type=submit]").await;
    b.see("我的登记").await;
}

#[test]
fn a_resident_walks_from_the_sign_to_the_answered_correction() {
    journey("9-own-page", async |b| {
        let (name, doc) = ("慕容听雨", number(1988, 71));
        register(b, name, &doc, MOBILE).await;
        b.goto("/declarations/signs").await;
        let sign = b.text_of(".qr + p a").await;
        b.shot("own-signs").await;
        let sign = format!("/me/at/{}", sign.rsplit('/').next().unwrap());
        b.goto(&sign).await;
        b.see("进入本人登记").await;
        b.shot("own-sign").await;
        b.press("进入本人登记").await;
        b.see("获取验证码").await;
        b.shot("own-entrance").await;
        // Somebody who gives another name sees the same page and gets nothing.
        b.fill("#f-doc_no", &doc).await;
        b.fill("#f-name", "慕容别人").await;
        b.click("form[action='/me/codes'] button[type=submit]").await;
        b.find("#f-code").await;
        b.fill("#f-code", "000000").await;
        b.click("form[action='/me/visits'] button[type=submit]").await;
        b.see("验证码不对或已失效").await;
        b.shot("own-code").await;
        b.press("重新获取验证码").await;
        enter(b, name, &doc, "0071").await;
        assert!(!b.text().await.contains(&doc), "masked at first");
        b.press("显示完整信息").await;
        b.see(&doc).await;
        b.see("本次查看已记入").await;
        b.shot("own-record").await;

        b.press("这里不对，请更正").await;
        b.press("手机号码").await;
        b.fill("#f-value", "154000").await;
        b.press("申请更正").await;
        b.see("请先改正以下内容").await;
        assert_eq!(b.chosen("#f-value").await, "154000", "what was typed is kept");
        b.shot("own-correction-wrong").await;
        b.fill("#f-value", "15400000072").await;
        b.press("申请更正").await;
        b.see("待答复").await;
        b.see("154****0072").await;
        b.shot("own-request").await;
        let request = b.path().await;

        // The coordinator's session is still there: it is another one.
        b.goto("/declarations").await;
        b.shot("declarations").await;
        b.press("更正 · 手机号码").await;
        assert!(!b.text().await.contains("15400000072"), "masked until it is opened");
        b.press("查看申报内容").await;
        b.see("15400000072").await;
        b.see(MOBILE).await;
        b.shot("declaration").await;
        b.choose("#f-reason", "evidence-missing").await;
        b.press("不予办理并告知理由").await;
        b.see("已答复不予办理").await;

        b.goto(&request).await;
        b.see("没有能证明的材料").await;
        b.see("12345").await;
        b.shot("own-answer").await;
        b.goto("/me/readings").await;
        b.see("社区综合协管员").await;
        b.see("办理更正、删除申请").await;
        b.wait("the log", async || {
            b.goto("/me/readings").await;
            b.find_all(".read small a").await.len() >= 2
        })
        .await;
        b.shot("own-readings").await;
        b.click(".read small a").await;
        b.see("已在公开日志中留证").await;
        b.shot("own-proof").await;
        let proof = b.download("a[href$='/proof.json']").await;
        let proof: serde_json::Value = serde_json::from_slice(&proof).unwrap();
        assert_eq!(proof["format"], "linli-log-proof/1");

        b.goto("/me").await;
        b.press("其他申报和凭证").await;
        b.shot("own-more").await;
        let receipt = b.download("form[action='/me/receipts'] button").await;
        assert!(receipt.starts_with(b"%PDF"), "a receipt as PDF");
        b.press("退出").await;
        b.see("已退出").await;
        b.goto("/me").await;
        b.see("获取验证码").await;
        b.goto("/verify/AAAAAAAAAAAAAAAAAAAAAA").await;
        b.see("没有这张凭证").await;
    });
}

#[test]
fn the_own_page_works_without_scripts() {
    journey_with("9-own-page-plain", Wanted { without_scripts: true }, async |b| {
        let (name, doc) = ("慕容无声", number(1979, 73));
        register(b, name, &doc, "15400000073").await;
        b.goto("/me/entrance").await;
        enter(b, name, &doc, "0073").await;
        b.goto("/me/requests/new?kind=move-out").await;
        b.press("提交申报").await;
        b.see("待答复").await;
        b.press("撤回").await;
        b.see("已撤回").await;
    });
}
