//! Journeys at the entrances without an account: a newcomer declares and follows it, a landlord declares a tenant, and
//! somebody appointed acts for a resident.

use super::{
    browser::{Browser, Wanted, journey, journey_with},
    files::number,
    registering::first_address,
};

/// One at a time asks for a code and enters it: codes are known by the end of the mobile alone.
static ASKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Asks at an entrance for a code and enters with it. `end` is the end of the mobile that the code goes to.
pub async fn enter(b: &Browser, door: &str, (name, doc): (&str, &str), mobile: Option<&str>, end: &str) {
    let _alone = ASKING.lock().await;
    b.goto(&format!("/{door}/entrance")).await;
    b.fill("#f-doc_no", doc).await;
    b.fill("#f-name", name).await;
    if let Some(mobile) = mobile {
        b.fill("#f-phone", mobile).await;
    }
    b.click(&format!("form[action='/{door}/codes'] button[type=submit]")).await;
    b.find("#f-code").await;
    b.fill("#f-code", &b.town.code_for(end)).await;
    b.click(&format!("form[action='/{door}/visits'] button[type=submit]")).await;
    b.wait("the entrance to open", async || !b.path().await.ends_with("/code")).await;
}

/// The address of a home of the shown grid.
pub async fn address(b: &Browser) -> String {
    b.sign_in("coordinator").await;
    first_address(b).await
}

/// Somebody of the demonstration at an entrance: name and number.
pub fn known(b: &Browser, door: &str) -> (String, String) {
    let done = std::fs::read_to_string(b.town.folder.join("demo/demo.json")).unwrap();
    let done: serde_json::Value = serde_json::from_str(&done).unwrap();
    let others = done["resident"]["others"].as_array().unwrap().clone();
    let one = others.into_iter().find(|o| o[0] == door).unwrap_or_else(|| panic!("the demonstration has one: {door}"));
    let text = |n: usize| one[n].as_str().unwrap().to_owned();
    (text(1), text(2))
}

/// The end of the mobile of the landlord on file, as staff see it masked.
pub async fn landlords_mobile(b: &Browser) -> String {
    b.sign_in("coordinator").await;
    b.goto("/declarations/liaisons").await;
    let masked = b.text_of("main table tbody tr td:nth-child(3)").await;
    masked[masked.len() - 4..].to_owned()
}

/// Behind the entrance of landlords, with the terms accepted.
pub async fn enter_as_landlord(b: &Browser) {
    let end = landlords_mobile(b).await;
    let (name, doc) = known(b, "letting");
    enter(b, "letting", (&name, &doc), None, &end).await;
    if b.path().await == "/letting/terms" {
        b.click("#f-accept").await;
        b.press("同意并继续").await;
    }
    b.see("负责的房屋").await;
}

/// Whatever waits in the queue with this text is opened and accepted by the coordinator.
async fn accepted(b: &Browser, text: &str) {
    b.goto("/declarations").await;
    b.press(text).await;
    b.press("查看申报内容").await;
    b.find("form[action$='/acceptance'] button[type=submit]").await;
    b.click("form[action$='/acceptance'] button[type=submit]").await;
    b.wait("the queue", async || b.path().await == "/declarations").await;
}

#[test]
fn a_newcomer_declares_with_a_child_takes_the_receipt_and_follows_it() {
    journey("10-newcomer", async |b| {
        let address = address(b).await;
        let (name, doc) = ("慕容初至", number(1986, 301));
        enter(b, "newcomers", (name, &doc), Some("15400000311"), "0311").await;
        assert!(!b.text().await.contains(&doc), "what was typed at the entrance is masked");
        b.shot("newcomer-form").await;
        b.fill("#f-address", "火星路 1 号").await;
        b.press("增加一名").await;
        b.find("#f-name_1").await;
        assert_eq!(b.chosen("#f-address").await, "火星路 1 号", "what was typed is kept");
        b.fill("#f-name_1", "慕容小至").await;
        b.fill("#f-doc_no_1", &number(2019, 303)).await;
        b.press("提交申报").await;
        b.see("请先改正以下内容").await;
        assert!(b.has("#e-address").await && b.has("#e-guardian_1").await, "the messages stand at their fields");
        b.shot("newcomer-form-wrong").await;
        b.fill("#f-address", &address).await;
        b.click("#f-guardian_1").await;
        b.press("提交申报").await;
        b.see("回执码").await;
        b.shot("newcomer-receipt").await;
        let code = b.text_of(".code b").await;
        let paper = b.download("form[action='/newcomers/receipts'] button").await;
        assert!(paper.starts_with(b"%PDF"), "a receipt as PDF");
        b.press("退出").await;
        b.see("已退出，本机不留信息").await;

        b.goto("/newcomers/state").await;
        b.fill("#f-doc_no", &doc).await;
        b.fill("#f-code", &code).await;
        b.press("查询申报办到哪一步").await;
        b.see("待答复").await;
        assert!(!b.text().await.contains(name), "how it stands names nobody");
        b.shot("newcomer-state").await;
        // The coordinator's session is still there: it is another one.
        accepted(b, "新来人员登记").await;
    });
}

#[test]
fn a_landlord_accepts_the_terms_and_declares_that_a_tenant_has_left() {
    journey_with("11-letting", Wanted { without_scripts: true }, async |b| {
        enter_as_landlord(b).await;
        b.shot("letting").await;
        b.press("保密须知").await;
        b.see("同意").await;
        b.shot("letting-terms").await;
        b.goto("/letting").await;
        b.click("a[href^='/letting/homes/']").await;
        b.shot("letting-home").await;
        b.press("承租人搬离").await;
        b.press("提交申报").await;
        b.fill("#f-name", "诸葛旧客").await;
        b.press("提交申报").await;
        b.see("待答复").await;
        assert!(!b.text().await.contains("诸葛旧客"), "masked even to whoever declared");
        b.shot("letting-declaration").await;
        let declared = b.path().await;
        b.goto("/letting").await;
        b.press("签收").await;
        b.see("已签收").await;
        b.goto(&declared).await;
        b.see("待答复").await;
    });
}

#[test]
fn somebody_appointed_acts_for_a_resident_and_leaves() {
    journey("12-acting", async |b| {
        let (name, doc) = known(b, "acting");
        enter(b, "acting", (&name, &doc), None, "0301").await;
        b.shot("acting").await;
        b.click("form[action^='/acting/0'] button[type=submit]").await;
        b.see("我的登记").await;
        b.shot("acting-own").await;
        b.goto("/me/readings").await;
        b.see("谁看过").await;
        b.goto("/acting").await;
        b.press("退出").await;
        b.see("已退出，本机不留信息").await;
        b.goto("/acting").await;
        b.see("获取验证码").await;
    });
}
