//! Journey 2: somebody is found by whatever is known of them, and seen in full for a stated purpose alone.

use super::{browser::journey, files::number};

#[test]
fn a_resident_is_found_masked_and_read_for_a_purpose_that_is_recorded() {
    journey("2-find", async |b| {
        let (name, doc, mobile) = ("欧阳若水", number(1985, 32), "15400000032");
        b.sign_in("population-office").await;
        b.goto("/homes").await;
        let address = b.text_of("#list tbody tr td a").await;
        b.goto("/residents/new").await;
        b.fill("#f-name", name).await;
        b.fill("#f-doc_no", &doc).await;
        b.fill("#f-phone", mobile).await;
        b.fill("#f-address", &address).await;
        b.click("form[action='/residents'] button[type=submit]").await;
        b.see("欧***").await;
        let record = b.path().await;
        for known in ["oyrs", &doc, mobile, &address] {
            b.search(known).await;
            b.find(&format!("#list a[href='{record}']")).await;
            assert!(!b.text_of("#list").await.contains(&doc), "what is found by {known} is masked");
        }
        b.shot("journey-2-found").await;
        b.click(&format!("#list a[href='{record}']")).await;
        b.shot("journey-2-record").await;
        b.choose("#f-purpose", "counter-service").await;
        b.click("form[action$='/reading'] button[type=submit]").await;
        b.see(&doc).await;
        b.see(name).await;
        b.see("本次查阅已记录").await;
        b.goto(&format!("{record}/access")).await;
        b.see("本人到场办理").await;
        assert_eq!(b.find_all("tbody tr").await.len(), 1, "one reading, one line");
        b.shot("journey-2-who-looked").await;
    });
}
