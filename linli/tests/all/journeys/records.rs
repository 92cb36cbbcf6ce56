//! A record in several hands: edited by two people, merged and taken apart, handed over, refused and offered again.

use super::{
    browser::{Browser, journey},
    files::number,
    registering,
};

/// Registers somebody at the first home of the coordinator who is signed in; the path of the record.
async fn registered(b: &Browser, name: &str, doc_no: &str, mobile: &str) -> String {
    let address = registering::first_address(b).await;
    registering::registered(b, [name, doc_no, mobile], &address).await
}

#[test]
fn two_browsers_edit_one_resident_and_the_second_decides_on_what_both_changed() {
    journey("two-editors", async |b| {
        b.sign_in("coordinator").await;
        let record = registered(b, "司徒安然", &number(1983, 62), "15400000062").await;
        let other = b.another("two-editors-second").await;
        other.sign_in("population-office").await;
        b.goto(&format!("{record}/change")).await;
        other.goto(&format!("{record}/change")).await;
        other.fill("#f-phone", "15400000063").await;
        other.click("form[action$='/change'] button[type=submit]").await;
        other.see("已变更").await;
        b.fill("#f-phone", "15400000064").await;
        b.choose("#f-local", "local").await;
        b.click("form[action$='/change'] button[type=submit]").await;
        b.see("别人刚改过这条登记").await;
        assert!(b.shows("154****0063").await && b.shows("15400000064").await, "both sides are shown");
        b.shot("journey-two-editors").await;
        b.click("form[action$='/change'] button[type=submit]").await;
        b.find(".error-summary a[href='#f-keep_phone']").await;
        b.click("input[name=keep_phone][value=theirs]").await;
        b.click("form[action$='/change'] button[type=submit]").await;
        b.see("已变更").await;
        assert!(b.shows("154****0063").await && b.shows("本地户籍").await, "theirs and mine");
        b.shot("journey-record-facts").await;
        other.close().await;
    });
}

#[test]
fn a_merge_is_made_and_undone() {
    journey("merge", async |b| {
        b.sign_in("coordinator").await;
        let twin = registered(b, "东方既白", &number(1986, 66), "15400000066").await;
        let record = registered(b, "东方既白", &number(1986, 68), "15400000068").await;
        b.goto(&format!("{record}/merge")).await;
        b.see("姓名相同").await;
        b.shot("journey-merge-proposed").await;
        b.click(&format!("#list a[href$='/merge/{}']", twin.rsplit('/').next().unwrap())).await;
        b.click("input[name=take_phone][value=other]").await;
        b.shot("journey-merge").await;
        b.click("form[action*='/merge/'] button[type=submit]").await;
        b.see("已并入的登记").await;
        assert!(b.shows("154****0066").await);
        b.goto(&twin).await;
        b.see("这条登记已合并").await;
        b.goto(&record).await;
        b.press("撤销合并").await;
        b.see("已撤销合并").await;
        assert!(b.shows("154****0068").await, "its own again");
        b.goto(&twin).await;
        b.see("154****0066").await;
    });
}

#[test]
fn a_refused_transfer_is_offered_again() {
    journey("transfer", async |b| {
        b.sign_in("coordinator").await;
        let record = registered(b, "端木清和", &number(1988, 72), "15400000072").await;
        let page = b.text().await;
        let mut to = String::new();
        for grid in b.find_all("#f-grid option").await {
            if !page.contains(&format!("微网格：{}", grid.text().await.unwrap())) {
                to = grid.prop("value").await.unwrap().unwrap_or_default();
            }
        }
        let offer = async || {
            b.choose("#f-grid", &to).await;
            b.click("form[action$='/transfer'] button[type=submit]").await;
            b.see("已发出移交").await;
        };
        offer().await;
        let other = b.another("transfer-second").await;
        other.sign_in("population-office").await;
        other.goto("/transfers").await;
        let asked = other.text_of("#list").await;
        assert!(asked.contains("端***") && !asked.contains("端木清和"), "masked: {asked}");
        let row = format!("tr:has(a[href='{record}'])");
        other.click(&format!("{row} details summary")).await;
        other.click(&format!("{row} form[action$='/refusal'] button[type=submit]")).await;
        other.see("已退回").await;
        b.goto("/transfers").await;
        b.find(&format!("{row} a[href='{record}#transfer']")).await;
        b.shot("journey-transfers").await;
        b.goto(&format!("{record}#transfer")).await;
        offer().await;
        b.goto("/transfers").await;
        b.find(&format!("{row} form[action$='/withdrawal']")).await;
        other.close().await;
    });
}
