//! The phones: accounts with a session each, and an outbox that was sealed at the door.

use std::{collections::HashMap, sync::Arc};

use linli_fieldwork::{
    DeviceId, EntryId,
    phone::{
        entry::{Entry, Envelope, Newcomer, Person},
        keys,
        seal::{self, Place},
    },
};
use linli_platform::{
    AppError,
    accounts::{self, NewAccount},
    app::App,
    clock::At,
    ids::{AccountId, GridId},
    reader::Reader,
    sessions,
    store::Query as _,
    vals,
};
use linli_register::{HomeId, ResidentId};
use linli_team::{NewStaff, Post};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sea_orm::FromQueryResult;

use super::Field;
use crate::failure::Outcome;

/// One home in so many is visited once, and somebody new is met there.
const NEWCOMER_IN: usize = 20;
/// At one door in so many nobody opens.
const ABSENT_IN: u32 = 10;

/// A phone with its session and what waits on it.
pub(super) struct Phone {
    pub device: DeviceId,
    pub cookie: Arc<str>,
    pub outbox: Vec<Envelope>,
}

/// All of them.
pub(super) struct Phones {
    pub phones: Vec<Phone>,
    pub newcomers: usize,
    pub absent: usize,
    pub prepared_at: At,
}

#[derive(FromQueryResult)]
struct Member {
    grid_id: GridId,
    home_id: HomeId,
    resident_id: ResidentId,
    version: i64,
}

/// A home and who is registered there.
type Household = (HomeId, Vec<(ResidentId, i64)>);

impl Phones {
    /// How many entries wait on all of them.
    pub fn entries(&self) -> usize {
        self.phones.iter().map(|p| p.outbox.len()).sum()
    }

    /// Hires the people, gives each a phone and a session, and seals what they entered.
    pub async fn prepare(app: &App, options: &Field) -> Outcome<Phones> {
        let mut grids: Vec<(GridId, Vec<Household>)> = households(app).await?.into_iter().collect();
        grids.sort_by_key(|(grid, _)| *grid);
        // A grid without a visited home has no phone.
        grids.retain(|(_, homes)| homes.len() >= 2);
        let of: Vec<GridId> = grids.iter().map(|(grid, _)| *grid).collect();
        let mut phones = phones(app, options.phones as usize, &of).await?;
        let key = keys::current(app)?;
        let mut rng = StdRng::seed_from_u64(options.seed);
        let mut maker = Maker { app, newcomers: 0, absent: 0, once: HashMap::new() };
        for (n, phone) in phones.iter_mut().enumerate() {
            let (_, homes) = &grids[n % grids.len()];
            for _ in 0..options.visits {
                let entry = maker.visit(n % grids.len(), homes, &mut rng);
                let clear = serde_json::to_vec(&entry).map_err(AppError::from)?;
                let place = Place { entry: entry.entry_id, key: &key.key_id, device: phone.device };
                let (enc, ct) = seal::seal(key.pair.public(), &clear, &place).map_err(AppError::internal)?;
                phone.outbox.push(Envelope {
                    entry_id: entry.entry_id.to_string(),
                    key_id: key.key_id.clone(),
                    enc: seal::encoded(&enc),
                    ct: seal::encoded(&ct),
                });
            }
        }
        let (newcomers, absent) = (maker.newcomers, maker.absent);
        Ok(Phones { phones, newcomers, absent, prepared_at: app.store.now() })
    }
}

async fn households(app: &App) -> Outcome<HashMap<GridId, Vec<Household>>> {
    let q = app.store.reads();
    let sql = "SELECT h.grid_id, h.home_id, r.resident_id, r.version FROM home h
               JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
               JOIN resident r ON r.division_code = h.division_code AND r.home_id = h.home_id AND r.state = 'current'
               WHERE h.division_code = $1 AND h.grid_id IS NOT NULL AND a.state = 'current'
               ORDER BY h.home_id, r.resident_id";
    let mut all: HashMap<GridId, Vec<Household>> = HashMap::new();
    for row in q.rows::<Member>(sql, vals![q.division()]).await? {
        let homes = all.entry(row.grid_id).or_default();
        match homes.last_mut().filter(|(home, _)| *home == row.home_id) {
            Some((_, people)) => people.push((row.resident_id, row.version)),
            None => homes.push((row.home_id, vec![(row.resident_id, row.version)])),
        }
    }
    Ok(all)
}

/// Grid workers with an agreement, each with a phone and a session.
async fn phones(app: &App, count: usize, grids: &[GridId]) -> Outcome<Vec<Phone>> {
    let today = app.store.now().day();
    let tx = app.store.begin(&Reader::system()).await?;
    let new = (0..count).map(|n| NewAccount {
        sign_in_name: format!("bench{n}"),
        display_name: format!("测量{n}"),
        password_hash: "-".into(),
        roles: Vec::new(),
        must_change: false,
    });
    let accounts: Vec<AccountId> = accounts::create_many(&tx, new.collect()).await?;
    let staff = accounts.iter().enumerate().map(|(n, account)| NewStaff {
        name: format!("测量{n}"),
        mobile: None,
        post: Post::GridWorker,
        areas: vec![grids[n % grids.len()].to_string()],
        grid: None,
        account: Some(*account),
        from_day: today,
        until_day: None,
        agreement_day: Some(today),
        trained_day: Some(today),
    });
    linli_team::bulk(&tx, staff.collect()).await?;
    let mut phones = Vec::with_capacity(count);
    let mut rows = Vec::with_capacity(count);
    for account in accounts {
        let device: DeviceId = tx.new_id();
        rows.push(vals![tx.division(), device, account, "phone", tx.now(), tx.now()]);
        let token = sessions::begin(&tx, account).await?;
        let cookie = format!("{}={token}", sessions::cookie_name(app.secure_cookies)).into();
        phones.push(Phone { device, cookie, outbox: Vec::new() });
    }
    let columns = ["division_code", "device_id", "account_id", "label", "made_at", "seen_at"];
    tx.insert_many("phone_device", &columns, rows).await?;
    tx.commit().await?;
    Ok(phones)
}

/// Makes visits that do not hinder each other: where somebody new was met, nobody else comes by.
struct Maker<'a> {
    app: &'a App,
    newcomers: usize,
    absent: usize,
    /// By grid, how many of its homes with a newcomer were visited.
    once: HashMap<usize, usize>,
}

impl Maker<'_> {
    fn visit(&mut self, grid: usize, homes: &[Household], rng: &mut StdRng) -> Entry {
        let with_newcomer = homes.len() / NEWCOMER_IN;
        let met = self.once.entry(grid).or_default();
        let meets = *met < with_newcomer && rng.random_range(0..NEWCOMER_IN) == 0;
        let place = if meets { *met } else { rng.random_range(with_newcomer..homes.len()) };
        *met += usize::from(meets);
        let absent = !meets && rng.random_range(0..ABSENT_IN) == 0;
        self.absent += usize::from(absent);
        self.newcomers += usize::from(meets);
        let (home, people) = &homes[place];
        let here = |(id, version): &(ResidentId, i64)| Person {
            resident_id: *id,
            version: *version,
            choice: "here".into(),
            day: None,
            changes: None,
        };
        let now = self.app.store.now();
        Entry {
            v: 1,
            entry_id: self.app.store.new_id::<EntryId>(),
            kind: "visit".into(),
            made_at: now,
            assignment_made_at: Some(now),
            home_id: *home,
            outcome: if absent { "nobody-home" } else { "verified" }.into(),
            next_day: None,
            people: if absent { Vec::new() } else { people.iter().map(here).collect() },
            newcomers: if meets { vec![newcomer(rng)] } else { Vec::new() },
            tasks: Vec::new(),
            notes: Vec::new(),
            hazards: Vec::new(),
            hazards_gone: Vec::new(),
            photo: None,
            corrects: None,
        }
    }
}

/// Somebody whom nobody has: a document of another kind with a number drawn at random.
fn newcomer(rng: &mut StdRng) -> Newcomer {
    Newcomer {
        name: "测新来".into(),
        doc_kind: "other".into(),
        doc_no: format!("T{:016X}", rng.random::<u64>()),
        confirmed: true,
        sex: Some("female".into()),
        birth: "1990-01-01".parse().ok(),
        ..Newcomer::default()
    }
}
