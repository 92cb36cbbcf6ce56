//! Journey 2: somebody is found by whatever is known of them, and seen in full for a stated purpose alone.

use super::{
    browser::journey,
    files::number,
    registering::{first_address, registered},
};

#[test]
fn a_resident_is_found_masked_and_read_for_a_purpose_that_is_recorded() {
    journey("2-find", async |b| {
        let (name, doc, mobile) = ("欧阳若水", number(1985, 32), "15400000032");
        b.sign_in("population-office").await;
        let address = first_address(b).await;
        let record = registered(b, [name, &doc, mobile], &address).await;
        b.see("欧***").await;
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
