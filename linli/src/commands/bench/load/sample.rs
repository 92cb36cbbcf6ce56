//! What is asked about: people, names, addresses and homes of a synthetic register.

use std::sync::Arc;

use linli_platform::{
    AppError, accounts,
    app::App,
    keys::WrappedKey,
    reader::{Reader, Scope},
    sealed::{Bind, KeyRow, Sealed},
    sessions,
    store::Query as _,
    vals,
    web::encode_query,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::pace::Kind;
use crate::failure::Outcome;

/// Whose sessions are used: the office and the station see everybody, the officer and the coordinator some grids.
const ROLES: [&str; 4] = ["population-office", "station", "officer", "coordinator"];
/// Those of them who register.
const WRITERS: [&str; 3] = ["population-office", "officer", "coordinator"];
/// So many people are asked about by each.
const EACH: usize = 500;

/// One question as a browser sends it.
pub struct Question {
    /// What it asks.
    pub kind: Kind,
    /// Where.
    pub path: String,
    /// The form, if it is posted.
    pub form: Option<String>,
    /// Whose session.
    pub cookie: Arc<str>,
}

/// Somebody to ask about.
struct Person {
    number: String,
    /// The first two characters of the name: what people type.
    name: String,
    home: Uuid,
    address: String,
}

/// Somebody who asks, and about whom.
struct Asker {
    role: &'static str,
    cookie: Arc<str>,
    people: Vec<Person>,
}

/// Everything that questions are made of.
pub struct Samples {
    /// Current residents of the register.
    pub residents: i64,
    askers: Vec<Asker>,
    /// What the numbers of those registered begin with, so that a kept register takes another run.
    series: u32,
}

#[derive(FromQueryResult)]
struct Row {
    resident_id: Uuid,
    name_sealed: Sealed,
    doc_sealed: Sealed,
    epoch: String,
    wrapped: WrappedKey,
    home_id: Uuid,
    text: String,
}

impl Samples {
    /// Draws people from all over each one's scope, and begins the sessions. The names and numbers of these invented
    /// people are opened by a recorded run, as for a comparison.
    pub async fn take(app: &App, seed: u64) -> Outcome<Samples> {
        let store = &app.store;
        let mut rng = StdRng::seed_from_u64(seed);
        let mut askers = Vec::new();
        for role in ROLES {
            let account = accounts::find_by_name(&store.reads(), role).await?.ok_or_else(AppError::not_found)?;
            let today = store.now().day();
            let reader = sessions::reader(app, account.account_id, role.to_owned(), today).await?;
            let tx = store.begin(&Reader::system()).await?;
            let token = sessions::begin(&tx, account.account_id).await?;
            tx.commit().await?;
            let cookie = format!("{}={token}", sessions::cookie_name(app.secure_cookies)).into();
            askers.push(Asker { role, cookie, people: people(app, &reader.scope, &mut rng).await? });
        }
        let sql = "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND state = 'current'";
        let residents = store.reads().number(sql, vals![store.division()]).await?;
        Ok(Samples { residents, askers, series: u32::from_le_bytes(store.rng().bytes()) })
    }

    /// A question of this kind.
    pub fn question(&self, kind: Kind, rng: &mut StdRng) -> Question {
        let asker = loop {
            let asker = &self.askers[rng.random_range(0..self.askers.len())];
            if kind != Kind::Registration || WRITERS.contains(&asker.role) {
                break asker;
            }
        };
        let person = &asker.people[rng.random_range(0..asker.people.len())];
        let searched = |text: &str| ("/residents/search".to_owned(), Some(format!("q={}", encode_query(text))));
        let (path, form) = match kind {
            Kind::Number => searched(&person.number),
            Kind::Name => searched(&person.name),
            Kind::Address => searched(&person.address),
            Kind::Household => (format!("/homes/{}", person.home), None),
            Kind::Registration => ("/residents".to_owned(), Some(newcomer(self.series, &person.address, rng))),
        };
        Question { kind, path, form, cookie: asker.cookie.clone() }
    }
}

/// Somebody whom nobody has: a document of another kind with a number drawn at random.
fn newcomer(series: u32, address: &str, rng: &mut StdRng) -> String {
    let name: String = (0..2).filter_map(|_| char::from_u32(0x4E00 + rng.random_range(0..5_000))).collect();
    let number: u64 = rng.random();
    format!(
        "name={}&doc_kind=other&doc_no=T{series:08X}{number:016X}&doc_confirmed=true&sex=female&birth=1990-01-01&local=elsewhere&address={}&source=door-visit",
        encode_query(&format!("测{name}")),
        encode_query(address)
    )
}

async fn people(app: &App, scope: &Scope, rng: &mut StdRng) -> Outcome<Vec<Person>> {
    let store = &app.store;
    let mut values = vals![store.division(), rng.random::<[u8; 32]>().to_vec()];
    let within = scope.sql("r.grid_id", &mut values);
    // In the order of the blind indexes, which is none that says anything; from somewhere in it.
    let sql = |side: &str| {
        format!(
            "SELECT r.resident_id, r.name_sealed, r.doc_sealed, k.epoch, k.wrapped, h.home_id, a.text FROM resident r
             JOIN subject_key k ON k.division_code = r.division_code AND k.subject_id = r.resident_id
             JOIN home h ON h.division_code = r.division_code AND h.home_id = r.home_id
             JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
             WHERE r.division_code = $1 AND {within} AND r.state = 'current' AND a.state = 'current'
             AND r.doc_blind {side} $2 ORDER BY r.doc_blind LIMIT {EACH}"
        )
    };
    let mut rows: Vec<Row> = store.reads().rows(&sql(">="), values.clone()).await?;
    if rows.len() < EACH {
        rows.extend(store.reads().rows::<Row>(&sql("<"), values).await?);
        rows.truncate(EACH);
    }
    let tx = store.begin(&Reader::system()).await?;
    let run = tx.machine_run("bench-load").await?;
    tx.commit().await?;
    let bind = |column, row| Bind { table: "resident", column, row };
    let mut people = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.resident_id;
        let key = KeyRow { subject_id: id, epoch: row.epoch, wrapped: row.wrapped };
        let fields = [(bind("name_sealed", id), &row.name_sealed), (bind("doc_sealed", id), &row.doc_sealed)];
        let opened = run.open(&key, &fields)?;
        let [name, number] = &opened[..] else { continue };
        people.push(Person {
            number: number.for_engine().to_owned(),
            name: name.for_engine().chars().take(2).collect(),
            home: row.home_id,
            address: row.text,
        });
    }
    if people.is_empty() { Err(AppError::not_found().into()) } else { Ok(people) }
}
