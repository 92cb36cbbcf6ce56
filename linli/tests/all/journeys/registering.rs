//! Somebody is registered at the counter: the same steps for every journey that needs a record.

use super::browser::Browser;

/// The address of the first home that whoever is signed in sees.
pub async fn first_address(b: &Browser) -> String {
    b.goto("/homes").await;
    b.text_of("#list tbody tr td a").await
}

/// Fills in the page of somebody new, up to the button.
pub async fn filled(b: &Browser, [name, doc, mobile]: [&str; 3], address: &str) {
    b.goto("/residents/new").await;
    b.fill("#f-name", name).await;
    b.fill("#f-doc_no", doc).await;
    b.fill("#f-phone", mobile).await;
    b.fill("#f-address", address).await;
}

/// Sends it; the path of the record, once it is there.
pub async fn sent(b: &Browser) -> String {
    b.click("form[action='/residents'] button[type=submit]").await;
    let record = async || b.path().await.strip_prefix("/residents/").is_some_and(|id| id != "new");
    b.wait("the record", record).await;
    b.path().await
}

/// Both: the path of the record.
pub async fn registered(b: &Browser, who: [&str; 3], address: &str) -> String {
    filled(b, who, address).await;
    sent(b).await
}
