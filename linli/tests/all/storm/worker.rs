//! One screen: somebody who searches, reads, registers, visits and labels, and notes what was answered.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use linli_platform::{
    store::{Query as _, Store},
    vals,
};
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::Storm;
use crate::all::world::account;

/// So many records are opened, those registered meanwhile among them: no account may open 60 people's within an hour.
const OPENED: usize = 40;
/// Beginnings of names and pinyin.
const NAMES: [&str; 6] = ["zh", "王明", "lim", "李小", "chenx", "wx"];

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    text: String,
}

/// What there is to work with.
pub struct Known {
    /// Records of the coordinator's grid.
    pub people: Vec<Uuid>,
    /// Its homes, and where they are; and where others are.
    pub homes: Vec<Uuid>,
    pub own_addresses: Vec<String>,
    pub addresses: Vec<String>,
}

/// People and homes of the coordinator's grid, and addresses at which somebody can be registered.
pub async fn known(store: &Store) -> Known {
    let coordinator = account(store, "coordinator").await;
    let held = linli_platform::accounts::roles_of(&store.reads(), coordinator).await.unwrap();
    let grid: Uuid = held[0].area.parse().unwrap();
    let people: Vec<Row> = store
        .reads()
        .rows(
            "SELECT resident_id AS id, '' AS text FROM resident
             WHERE division_code = $1 AND grid_id = $2 AND state = 'current' ORDER BY resident_id LIMIT 20",
            vals![store.division(), grid],
        )
        .await
        .unwrap();
    let homes = async |own: &str| -> Vec<Row> {
        let sql = format!(
            "SELECT h.home_id AS id, a.text FROM home h JOIN address a
             ON a.division_code = h.division_code AND a.address_id = h.address_id
             WHERE h.division_code = $1 AND a.state = 'current' AND h.grid_id {own} $2 ORDER BY h.home_id"
        );
        store.reads().rows(&sql, vals![store.division(), grid]).await.unwrap()
    };
    let (own, others) = (homes("=").await, homes("<>").await);
    Known {
        people: people.iter().map(|r| r.id).collect(),
        homes: own.iter().map(|r| r.id).collect(),
        own_addresses: own.into_iter().map(|r| r.text).collect(),
        addresses: others.into_iter().map(|r| r.text).collect(),
    }
}

/// What came back, whole or in part.
struct Told {
    /// Nothing where the answer did not even begin.
    status: Option<StatusCode>,
    location: String,
    text: String,
    whole: bool,
}

/// One person at a screen.
struct Screen {
    storm: Arc<Storm>,
    name: &'static str,
    cookie: String,
    client: Client,
    rng: StdRng,
    number: u64,
    made: u64,
}

/// Works until all questions are asked.
pub async fn work(storm: Arc<Storm>, name: &'static str, cookie: String, number: u64) {
    let client = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(60)).build().unwrap();
    let mut screen = Screen { storm, name, cookie, client, rng: StdRng::seed_from_u64(number), number, made: 0 };
    while screen.storm.next() {
        let writes = screen.name != "station";
        match screen.rng.random_range(0..100) {
            0..22 => screen.search().await,
            22..36 => screen.look("home").await,
            36..48 => screen.look("resident").await,
            48..68 => screen.open().await,
            68..84 if writes => screen.register().await,
            84..94 if screen.name == "coordinator" => screen.visit().await,
            _ if screen.name == "coordinator" => screen.label().await,
            _ => screen.open().await,
        }
    }
}

impl Screen {
    /// Asks where the server is now; after a cut, waits until it is somewhere else.
    async fn ask(&mut self, kind: &'static str, path: &str, form: Option<String>) -> Told {
        let address = self.storm.address.borrow().clone();
        let url = format!("{address}{path}");
        let request = match form {
            None => self.client.get(url),
            Some(form) => {
                self.client.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
            }
        };
        let mut told = Told { status: None, location: String::new(), text: String::new(), whole: false };
        if let Ok(mut answer) = request.header(header::COOKIE, &self.cookie).send().await {
            told.status = Some(answer.status());
            let location = answer.headers().get(header::LOCATION).and_then(|l| l.to_str().ok());
            told.location = location.unwrap_or_default().to_owned();
            let mut bytes = Vec::new();
            told.whole = loop {
                match answer.chunk().await {
                    Ok(Some(part)) => bytes.extend_from_slice(&part),
                    Ok(None) => break true,
                    Err(_) => break false,
                }
            };
            told.text = String::from_utf8_lossy(&bytes).into_owned();
        }
        self.note(kind, path, &told);
        if !told.whole {
            let mut at = self.storm.address.clone();
            // The last server is not killed any more; then the wait is over at once.
            let _ = tokio::time::timeout(Duration::from_secs(60), at.wait_for(|now| *now != address)).await;
        }
        told
    }

    fn note(&self, kind: &'static str, path: &str, told: &Told) {
        let mut notes = self.storm.notes();
        if told.whole {
            *notes.answers.entry(kind).or_default() += 1;
        } else {
            notes.cut += 1;
        }
        if let Some(status) = told.status
            && (status.is_server_error() || matches!(status.as_u16(), 401 | 403 | 429))
        {
            notes.strange.push(format!("{} {path}: {status}", self.name));
        }
        // What was typed comes back in a form; nothing else may hold a number in clear, and no reading without one.
        let clear = clear_number(&told.text);
        match (kind, clear) {
            ("opened", Some(_)) => {
                let record: Uuid = path.split('/').nth(2).unwrap().parse().unwrap();
                *notes.opened.entry((self.name, record)).or_default() += 1;
            }
            ("registered", _) | (_, None) => {}
            (_, Some(number)) => notes.leaks.push(format!("{} {path} shows {number}", self.name)),
        }
    }

    async fn search(&mut self) {
        let name = NAMES[self.rng.random_range(0..NAMES.len())];
        let form = format!("q={}", linli_platform::web::encode_query(name));
        self.ask("searched", "/residents/search", Some(form)).await;
    }

    async fn look(&mut self, what: &'static str) {
        let path = match what {
            "home" => format!("/homes/{}", self.some_home()),
            _ => format!("/residents/{}", self.somebody()),
        };
        self.ask("looked", &path, None).await;
    }

    async fn open(&mut self) {
        let path = format!("/residents/{}/reading", self.somebody());
        self.ask("opened", &path, Some("purpose=counter-service".into())).await;
    }

    /// Registers somebody whom nobody has: passports of an invented series. What was cut off is sent again once, as a
    /// person would.
    async fn register(&mut self) {
        self.made += 1;
        let number = format!("ZZ98{:05}", self.number * 16_000 + self.made);
        let name = format!("测{}", char::from_u32(0x4E00 + (self.made % 900) as u32).unwrap());
        let typed = |text: &str| linli_platform::web::encode_query(text);
        let storm = self.storm.clone();
        let places = if self.name == "coordinator" { &storm.own_addresses } else { &storm.addresses };
        let place = &places[self.rng.random_range(0..places.len())];
        let form = format!(
            "name={}&doc_kind=passport&doc_no={number}&doc_confirmed=true&sex=female&birth=1990-01-01&local=elsewhere&address={}&source=door-visit",
            typed(&name),
            typed(place)
        );
        let mut told = self.ask("registered", "/residents", Some(form.clone())).await;
        if !told.whole {
            told = self.ask("registered", "/residents", Some(form)).await;
        }
        let mut notes = self.storm.notes();
        match told.status {
            Some(StatusCode::SEE_OTHER) => {
                let record: Uuid = told.location.rsplit('/').next().unwrap().parse().unwrap();
                notes.registered.push((number, record));
                drop(notes);
                let mut people = self.storm.people.lock().unwrap();
                // Everybody may open those of the coordinator's grid.
                if people.len() < OPENED && self.name == "coordinator" {
                    people.push(record);
                }
            }
            // The first time it had been written after all: the second was refused.
            Some(StatusCode::UNPROCESSABLE_ENTITY) | None => notes.uncertain.push(number),
            Some(other) => notes.strange.push(format!("{} registers: {other}", self.name)),
        }
    }

    /// A visit with an id of its own; sent again until it is acknowledged, as a phone does.
    async fn visit(&mut self) {
        let home = self.some_home();
        let entry = Uuid::from_u128((u128::from(self.rng.next_u64()) << 64) | u128::from(self.rng.next_u64()));
        let entry = uuid::Builder::from_u128(entry.as_u128()).with_version(uuid::Version::Random).into_uuid();
        let now = linli_platform::clock::Clock::system().now().0;
        let form = format!("entry_id={entry}&seen_at={now}&outcome=nobody-home");
        for attempt in 0..5 {
            let told = self.ask("visited", &format!("/field/homes/{home}/visit"), Some(form.clone())).await;
            let mut notes = self.storm.notes();
            match told.status {
                Some(StatusCode::SEE_OTHER) => {
                    notes.visits.push(entry);
                    return;
                }
                None if self.storm.asked.load(Ordering::Relaxed) < self.storm.total => notes.sent_again += 1,
                None => return,
                Some(other) => {
                    notes.strange.push(format!("{} visits, attempt {attempt}: {other}", self.name));
                    return;
                }
            }
        }
    }

    /// Takes the label of a home away, on the version that was just seen.
    async fn label(&mut self) {
        let home = self.some_home();
        let page = self.ask("looked", &format!("/homes/{home}"), None).await;
        let between = |from: &str, to: &str| {
            let rest = page.text.split_once(from)?.1;
            Some(rest.split_once(to)?.0.to_owned())
        };
        let version = between("name=\"version\" value=\"", "\"").and_then(|v| v.parse::<i64>().ok());
        let Some(version) = version.filter(|_| page.whole) else { return };
        let reasons = page.text.split_once("name=\"reason\"").map_or("", |(_, rest)| rest);
        let reason =
            reasons.split("<option value=\"").skip(1).filter_map(|o| o.split('"').next()).find(|r| !r.is_empty());
        let form = format!("version={version}&label=&reason={}&consent=", reason.unwrap());
        let told = self.ask("labelled", &format!("/homes/{home}/label"), Some(form)).await;
        if told.status == Some(StatusCode::SEE_OTHER) {
            self.storm.notes().labels.push((home, version + 1));
        }
    }

    fn some_home(&mut self) -> Uuid {
        self.storm.homes[self.rng.random_range(0..self.storm.homes.len())]
    }

    fn somebody(&mut self) -> Uuid {
        let people = self.storm.people.lock().unwrap();
        people[self.rng.random_range(0..people.len())]
    }
}

/// A document number or mobile in clear, standing alone in a text.
fn clear_number(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| {
        let digits = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
        match word.len() {
            18 => digits(&word[..17]) && word.ends_with(|c: char| c.is_ascii_digit() || c == 'X'),
            11 => digits(word) && word.starts_with('1'),
            9 => word.starts_with("ZZ98") && digits(&word[4..]),
            _ => false,
        }
    })
}

#[test]
fn numbers_in_clear_are_told_from_masked_ones_and_from_ids() {
    assert_eq!(clear_number("<dd>护照 ZZ9800001</dd>"), Some("ZZ9800001"));
    assert_eq!(clear_number("<dd>100101199003071234</dd>"), Some("100101199003071234"));
    assert_eq!(clear_number("tel 15400000001."), Some("15400000001"));
    for masked in
        ["1001**********1234", "154****0001", "ZZ*****01", "01932c00-0000-7000-8000-123456789012", "1795140000000000"]
    {
        assert_eq!(clear_number(masked), None, "{masked}");
    }
}
