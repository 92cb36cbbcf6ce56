//! A day at the doors without network: the phone page in a real Chromium, its server stopped and its network cut.

mod asking;
mod ends;
mod field;
mod photo;
mod scan;
mod speed;

use linli_platform::{store::Query as _, vals};

use self::field::{
    Field, PIN, all_sent, choose, cut, finish, newcomer, next_home, open, pin, place, stored, take, unlock,
};
use super::{browser::Browser, files::number};

/// How many homes are worked through.
const HOMES: usize = 12;

fn walk(journey: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().unwrap().block_on(journey);
}

/// Somebody new: name, number, mobile; invented, with an area that was never given out.
fn newcomers() -> Vec<[String; 3]> {
    ["澹台望舒", "澹台听雪", "澹台采薇"]
        .iter()
        .enumerate()
        .map(|(n, name)| [(*name).to_owned(), number(1971 + n as i16, 71), format!("1540000071{n}")])
        .collect()
}

/// Works through twelve homes: everyone is settled, three people are new, one door stays shut.
async fn work(b: &Browser, new: &[[String; 3]]) -> usize {
    let mut moved = 0;
    for done in 0..HOMES {
        let people = next_home(b).await;
        if done == HOMES - 1 {
            b.click("#shut summary").await;
            b.click("#shut label:has(input[value='nobody-home'])").await;
            b.see("记录本次上门").await;
        } else {
            for (n, person) in people.iter().enumerate() {
                let gone = n == 0 && moved == 0;
                moved += usize::from(gone);
                choose(b, person, if gone { "moved-out" } else { "here" }).await;
            }
            if let Some([name, number, phone]) = new.get(done) {
                newcomer(b, name, number, phone).await;
            }
        }
        finish(b, done + 1).await;
    }
    moved
}

/// Nothing that was seen or typed stands in any file of the browser.
fn nothing_readable(b: &std::path::Path, planted: &[String], when: &str) {
    assert!(!scan::files_with(b, "linli-field").is_empty(), "the files of the phone's store are looked at");
    for value in planted {
        assert_eq!(scan::files_with(b, value), Vec::<String>::new(), "“{value}” can be read {when}");
    }
}

/// The addresses, the masked names and the rest that somebody could look for.
async fn planted(b: &Browser, new: &[[String; 3]]) -> Vec<String> {
    let addresses = b.script("return [...document.querySelectorAll('.stop b')].map(e => e.textContent)").await;
    let mut all: Vec<String> = addresses.as_array().unwrap().iter().map(|a| a.as_str().unwrap().to_owned()).collect();
    assert!(all.len() > HOMES, "{all:?}");
    all.extend(new.iter().flatten().cloned());
    all.push(PIN.to_owned());
    all
}

async fn counted(field: &Field, sql: &str, who: &str) -> i64 {
    let store = field.store().await;
    let account = crate::all::world::account(&store, who).await;
    store.reads().number(sql, vals![store.division(), account]).await.unwrap()
}

/// The visits that came from the phone of an account; the demonstration has others.
const FROM_PHONE: &str =
    "FROM visit v JOIN phone_entry p ON p.division_code = v.division_code AND p.entry_id = v.entry_id
    WHERE v.division_code = $1 AND p.account_id = $2 AND p.state = 'done'";

/// Nothing of a day is left in the phone's store.
async fn nothing_kept(b: &Browser) {
    for store in ["vault", "assignment", "draft"] {
        assert!(stored(b, store).await.is_empty(), "{store}");
    }
}

/// Everything is in the database, once.
async fn all_there_once(field: &Field, who: &str, new: usize, moved: usize) {
    for (what, of, expected) in [
        ("visits", "COUNT(*)", HOMES),
        ("homes", "COUNT(DISTINCT v.home_id)", HOMES),
        ("registered", "CAST(SUM(v.registered) AS BIGINT)", new),
        ("cancelled", "CAST(SUM(v.cancelled) AS BIGINT)", moved),
    ] {
        let counted = counted(field, &format!("SELECT {of} {FROM_PHONE}"), who).await;
        assert_eq!(counted, expected as i64, "{what}");
    }
}

/// What was acknowledged waits again, as after a restored server or a lost answer.
async fn replay(b: &Browser) {
    let moved = b
        .script_later(
            "const done = arguments[arguments.length - 1];
             const request = indexedDB.open('linli-field');
             request.onsuccess = () => {
               const tx = request.result.transaction(['kept', 'outbox'], 'readwrite');
               const all = tx.objectStore('kept').getAll();
               all.onsuccess = () => all.result.forEach(row => tx.objectStore('outbox').put({ ...row, state: 'waiting' }));
               tx.oncomplete = () => { request.result.close(); done(all.result.length); };
             };",
        )
        .await;
    assert_eq!(moved, HOMES as u64);
}

#[test]
fn twelve_homes_and_new_people_without_network_survive_closing_and_arrive_once() {
    walk(async {
        let Some(mut field) = Field::begin().await else { return };
        let who = field.officer(HOMES as i64 + 2, 0).await;
        field.start();
        let new = newcomers();
        let phone = field.phone("field-day").await;
        take(&phone, &who).await;
        let planted = planted(&phone, &new).await;
        phone.shot("field-today").await;
        phone.width(390).await;

        // No server and no network: the page opens from what the browser keeps, and asks for the PIN.
        field.stop();
        cut(&phone, true).await;
        unlock(&phone).await;
        phone.see("离线").await;
        let moved = work(&phone, &new).await;
        assert_eq!(field::waiting(&phone).await, HOMES as i64);
        // One more is begun and not finished.
        next_home(&phone).await;
        phone.click("#add").await;
        phone.fill("#n-name", &new[0][0]).await;
        field::a_while().await;
        let profile = field.profile("field-day");
        phone.close().await;
        nothing_readable(&profile, &planted, "in the files of a closed browser");

        let phone = field.phone("field-day").await;
        cut(&phone, true).await;
        unlock(&phone).await;
        phone.see("未填完").await;
        phone.find(&format!(".ring[aria-label*='已走访 {HOMES} 户']")).await;
        place(&phone, "me").await;
        phone.press("现在锁定").await;
        phone.find(".pin").await;
        field::a_while().await;
        nothing_readable(&profile, &planted, "while the page is locked");

        // The network is back; the session ended long ago, so it takes signing in once more.
        field.start();
        cut(&phone, false).await;
        phone.sign_in(&who).await;
        unlock(&phone).await;
        all_sent(&phone).await;
        place(&phone, "entries").await;
        phone.see("已入库").await;
        phone.shot("field-entries").await;
        phone.width(390).await;
        let kept = stored(&phone, "kept").await;
        assert!(kept.iter().all(|row| row["state"] == "done"), "{kept:?}");
        field.stop();
        all_there_once(&field, &who, new.len(), moved).await;

        field.start();
        replay(&phone).await;
        open(&phone).await;
        pin(&phone).await;
        all_sent(&phone).await;
        field.stop();
        all_there_once(&field, &who, new.len(), moved).await;
        field.start();
        let office = field.phone("field-office").await;
        office.width(1440).await;
        office.sign_in("population-office").await;
        for [_, number, _] in &new {
            office.search(number).await;
            assert_eq!(office.find_all("#list tbody tr").await.len(), 1, "registered once");
        }
        office.close().await;

        // After signing out nothing of the day is there, and nothing of it can be read.
        place(&phone, "me").await;
        phone.press("结束今天").await;
        phone.press("结束并退出登录").await;
        phone.wait("being signed out", async || phone.path().await == "/sign-in").await;
        nothing_kept(&phone).await;
        phone.close().await;
        nothing_readable(&profile, &planted, "after signing out");
    });
}
