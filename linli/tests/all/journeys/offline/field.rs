//! A demonstration whose server can be stopped, and a phone on it.

use std::{path::PathBuf, process::Stdio, time::Duration};

use linli_platform::{store::Query as _, store::Store, vals};
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::super::{
    browser::{Browser, Wanted},
    town::{Town, free_port, town},
};
use crate::all::world::{Demo, Server};

/// The PIN of these journeys.
pub const PIN: &str = "493027185604";
/// Enough for somebody to have more than twelve homes.
const RESIDENTS: u32 = 1500;

/// The demonstration.
pub struct Field {
    demo: Demo,
    listen: String,
    server: Option<Server>,
    town: &'static Town,
}

impl Field {
    /// Builds it; every home is still to be visited. Nothing where no browser is wanted.
    pub async fn begin() -> Option<Field> {
        let shared = town()?;
        let demo = Demo::of(RESIDENTS).await;
        let file = demo.path().join("linli.db");
        let db = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
        // With a label and never visited, each of them belongs to the day, whatever day of the month it is.
        let due =
            "UPDATE home SET last_verified_day = NULL, last_visited_day = NULL, label = COALESCE(label, 'crowded')";
        db.execute_unprepared(due).await.unwrap();
        db.close().await.unwrap();
        let listen = format!("127.0.0.1:{}", free_port());
        let town = shared.apart(format!("http://{listen}"));
        Some(Field { demo, listen, server: None, town })
    }
    /// The server is there, or there again.
    pub fn start(&mut self) {
        self.server = Some(Server::start_at(self.demo.path(), &self.listen, "warn", Stdio::null()));
    }
    /// The server is gone, as after a power cut.
    pub fn stop(&mut self) {
        self.server.take().expect("it runs").kill();
    }
    /// What is in the database; the server is not to run.
    pub async fn store(&self) -> Store {
        self.demo.store().await
    }
    /// The sign-in name of the nth officer with at least so many homes; everybody else's journeys use others.
    pub async fn officer(&self, homes: i64, nth: i64) -> String {
        #[derive(sea_orm::FromQueryResult)]
        struct Found {
            sign_in_name: String,
        }
        let store = self.store().await;
        let sql = "SELECT a.sign_in_name FROM account a
             JOIN account_role r ON r.division_code = a.division_code AND r.account_id = a.account_id AND r.role = 'officer'
             JOIN home h ON h.division_code = r.division_code AND lower(hex(h.grid_id)) = replace(r.area, '-', '')
             JOIN address d ON d.division_code = h.division_code AND d.address_id = h.address_id AND d.state = 'current'
             WHERE a.division_code = $1 AND a.sign_in_name <> 'officer' AND h.kind <> 'workplace'
             GROUP BY a.sign_in_name HAVING COUNT(*) >= $2 ORDER BY a.sign_in_name LIMIT 1 OFFSET $3";
        let found: Option<Found> = store.reads().row(sql, vals![store.division(), homes, nth]).await.unwrap();
        found.expect("an officer with that many homes").sign_in_name
    }
    /// The database's file.
    pub fn file(&self) -> PathBuf {
        self.demo.path().join("linli.db")
    }
    /// A phone with the profile of this name.
    pub async fn phone(&self, name: &str) -> Browser {
        let phone = Browser::open(self.town, name, Wanted::default()).await;
        phone.width(390).await;
        phone
    }
    /// Where that phone keeps everything.
    pub fn profile(&self, name: &str) -> PathBuf {
        self.town.folder.join(name).join("profile")
    }
}

/// Cuts the network, or gives it back; what the browser keeps itself is there all the same.
pub async fn cut(b: &Browser, offline: bool) {
    b.protocol("Network.enable", json!({})).await;
    let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    b.protocol("Network.emulateNetworkConditions", conditions).await;
}

/// Opens the page and waits until it stands.
pub async fn open(b: &Browser) {
    b.goto("/field").await;
    b.find("html[data-ready]").await;
}

/// Waits until the browser has everything that the page needs without network.
pub async fn kept(b: &Browser) {
    let there = "const done = arguments[arguments.length - 1];
        navigator.serviceWorker.ready.then(r => done(r.active !== null), e => done(String(e)))";
    assert_eq!(b.script_later(there).await, true, "the service worker keeps the shell");
}

/// Types the PIN on the page's pad and confirms.
pub async fn pin(b: &Browser) {
    b.find(".pin").await;
    b.keys(PIN).await;
    b.click(".pin .btn").await;
}

/// Takes the day's work onto the phone.
pub async fn take(b: &Browser, who: &str) {
    b.sign_in(who).await;
    open(b).await;
    kept(b).await;
    b.click("#foot .btn").await;
    pin(b).await;
    b.see("再输一次").await;
    pin(b).await;
    b.find(".stop").await;
}

/// Opens the locked page.
pub async fn unlock(b: &Browser) {
    open(b).await;
    pin(b).await;
    b.wait("the day", async || b.has(".ring").await).await;
}

/// Where one is at the thumb.
pub async fn place(b: &Browser, place: &str) {
    b.click(&format!("nav a[href='#{place}']")).await;
    b.find(&format!("nav a[href='#{place}'][aria-current]")).await;
}

/// Opens the first home that is not visited yet; the people who live there, by their records.
pub async fn next_home(b: &Browser) -> Vec<String> {
    b.click("#main .stop").await;
    b.find("#finish").await;
    let script = "return [...new Set([...document.querySelectorAll('.people input')].map(i => i.dataset.of))]";
    let people = b.script(script).await;
    people.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// Settles somebody.
pub async fn choose(b: &Browser, person: &str, choice: &str) {
    b.click(&format!("label:has(input[data-of='{person}'][value='{choice}'])")).await;
    b.wait("the choice", async || b.has(&format!("input[data-of='{person}'][value='{choice}']:checked")).await).await;
}

/// Enters somebody new.
pub async fn newcomer(b: &Browser, name: &str, number: &str, phone: &str) {
    b.click("#add").await;
    b.fill("#n-name", name).await;
    b.fill("#n-doc_no", number).await;
    b.fill("#n-phone", phone).await;
    b.see("号码正确").await;
    b.click("#save").await;
    b.see(name).await;
}

/// Finishes the visit; the list is there again with so many done. Where a rule asks for a photo that was not taken, it is
/// said that none can be taken now.
pub async fn finish(b: &Browser, done: usize) {
    if b.has("#photo-file").await && !b.has("#photo img").await {
        b.click("#photo label.form-check").await;
    }
    b.click("#finish").await;
    b.find(&format!(".ring[aria-label*='已走访 {done} 户']")).await;
}

/// Waits until everything is acknowledged.
pub async fn all_sent(b: &Browser) {
    b.wait("everything to be sent", async || waiting(b).await == 0).await;
}

/// How many sealed entries wait.
pub async fn waiting(b: &Browser) -> i64 {
    stored(b, "outbox").await.len() as i64
}

/// The rows of a store of the phone, with bytes as text of one character each.
pub async fn stored(b: &Browser, store: &str) -> Vec<serde_json::Value> {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const request = indexedDB.open('linli-field');
         request.onsuccess = () => {{
           const all = request.result.transaction('{store}').objectStore('{store}').getAll();
           all.onsuccess = () => {{ request.result.close(); done(JSON.parse(JSON.stringify(all.result, (k, v) =>
             v instanceof Uint8Array ? new TextDecoder('latin1').decode(v) : v))); }};
         }};"
    );
    b.script_later(&script).await.as_array().unwrap().clone()
}

/// Some time, for what happens by itself.
pub async fn a_while() {
    tokio::time::sleep(Duration::from_millis(400)).await;
}
