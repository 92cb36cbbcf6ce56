//! Two grids: in the first a home of two people and an empty one, in the second a home of one. Areas of resident
//! numbers are 990101, which was never issued.

use std::sync::Arc;

use cn_identity::{DocumentKind, make::resident_number};
use futures::future::BoxFuture;
use linli_fieldwork::{
    EntryId,
    visit::{Choice, NewVisit, Recorded, Settled, VisitError, VisitOutcome, record},
};
use linli_platform::{
    access::Role,
    app::{AccountScope, App, AppParts, Caches, ScopeSource, Typesetter},
    event::SubjectRef,
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Migration, Query, Store},
    testing::{self, TestStore},
    texts::Texts,
    vals,
};
use linli_register::{
    HomeId, ResidentId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Label, Source},
    homes::{self, NewHome},
    residents::{self, Entered, MaskedResident, NewResident},
};
use linli_territory::store::grids::{self, NewGrid};
use linli_work::{
    TaskId, TaskKind,
    tasks::{self, NewTask},
};

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_team::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all.extend(linli_fieldwork::migrations());
    all
}

pub struct World {
    pub test: TestStore,
    pub app: App,
    pub grids: [GridId; 2],
    /// Two people; empty and labelled crowded; one person in the other grid.
    pub homes: Vec<HomeId>,
    pub residents: Vec<ResidentId>,
}

pub async fn worlds() -> Vec<World> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        all.push(found(test).await);
    }
    all
}

async fn found(test: TestStore) -> World {
    let store = test.store.clone();
    let grids: [GridId; 2] = [store.new_id(), store.new_id()];
    let tx = store.begin(&office(&store)).await.unwrap();
    let address = |text: &str, grid, lon| NewAddress {
        address_id: None,
        text: text.into(),
        committee_code: "310118003001".into(),
        grid_id: Some(grid),
        lon: Some(lon),
        lat: Some(31.2),
        source: Source::Import,
    };
    let written = vec![
        address("新府中路501弄12号301室", grids[0], 121.1001),
        address("新府中路501弄12号302室", grids[0], 121.1002),
        address("大盈村3组12号", grids[1], 121.2),
    ];
    let addresses = addresses::insert_many(&tx, written).await.unwrap();
    let new = addresses
        .iter()
        .enumerate()
        .map(|(n, a)| NewHome { label: (n == 1).then_some(Label::Crowded), ..NewHome::at(*a, HomeKind::Flat) });
    let homes = homes::insert_many(&tx, new.collect()).await.unwrap();
    let app = app(&store, &[], Texts::new(&[]).unwrap());
    let mut world = World { test, app, grids, homes, residents: Vec::new() };
    let people = [(0, 0), (1, 0), (2, 2)].map(|(n, home)| world.person(n, home)).to_vec();
    world.residents = residents::register_many(&tx, people, Entered::Now).await.unwrap();
    tx.commit().await.unwrap();
    world
}

pub fn office(store: &Store) -> Reader {
    testing::reader(store, &[Role::PopulationOffice], Scope::Division)
}

impl World {
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    pub fn coordinator(&self, grid: usize) -> Reader {
        testing::in_grids(self.store(), Role::Coordinator, &[self.grids[grid]])
    }
    /// Somebody who is not registered yet.
    pub fn person(&self, n: u16, home: usize) -> NewResident {
        NewResident {
            resident_id: None,
            name: format!("张测{n}"),
            doc_kind: DocumentKind::Resident,
            doc_no: resident_number("990101", (1990, 3, 7), n + 11).as_str().to_owned(),
            doc_confirmed: false,
            phone: Some(format!("1990000{n:04}")),
            sex: None,
            birth: None,
            local: false,
            home_id: self.homes[home],
            employer_id: None,
            since_day: self.store().now().day(),
            source: Source::Import,
            seen_at: None,
            entered_at: None,
        }
    }
    pub async fn members(&self, home: usize) -> Vec<MaskedResident> {
        residents::of_home(&self.store().reads(), &Reader::system(), self.homes[home]).await.unwrap()
    }
    /// A visit to a home an hour ago in which everybody has the same choice.
    pub async fn visit(&self, home: usize, choice: Choice) -> NewVisit {
        let settled =
            |m: MaskedResident| Settled { resident_id: m.resident_id, version: m.version, choice: choice.clone() };
        NewVisit {
            entry_id: self.store().new_id::<EntryId>(),
            home_id: self.homes[home],
            seen_at: self.store().now().plus_hours(-1),
            outcome: VisitOutcome::Verified,
            people: self.members(home).await.into_iter().map(settled).collect(),
            newcomers: Vec::new(),
            tasks: Vec::new(),
            next_day: None,
            visitor: None,
        }
    }
    /// Records a visit and commits, or writes nothing.
    pub async fn record(&self, reader: &Reader, visit: NewVisit) -> Result<Recorded, VisitError> {
        let tx = self.store().begin(reader).await.unwrap();
        let recorded = record(&tx, visit).await?;
        tx.commit().await.unwrap();
        Ok(recorded)
    }
    /// Writes the grids down as grids, the first one with a square for a boundary.
    pub async fn territory(&self) {
        let tx = self.store().begin(&Reader::system()).await.unwrap();
        linli_territory::setup_from_pack(&tx, &self.app.pack).await.unwrap();
        let grid = |n: usize| NewGrid {
            grid_id: Some(self.grids[n]),
            code: format!("W{n}"),
            name: format!("第{}微网格", n + 1),
            committee_code: "310118003001".into(),
        };
        grids::open(&tx, vec![grid(0), grid(1)], self.store().now().day()).await.unwrap();
        tx.commit().await.unwrap();
    }
    /// A boundary for each grid, side by side and in effect since today.
    pub async fn boundaries(&self) {
        let tx = self.store().begin(&Reader::system()).await.unwrap();
        tx.housekeeping("boundaries of a test");
        let (set, today) = (self.store().new_id::<uuid::Uuid>(), self.store().now().day());
        tx.execute(
            "INSERT INTO boundary_set (division_code, set_id, file_name, datum, state, takes_effect_day, grid_count, made_at,
             account_id, version) VALUES ($1, $2, 'test', 'wgs84', 'in-effect', $3, 2, $4, $2, 1)",
            vals![tx.division(), set, today, tx.now()],
        )
        .await
        .unwrap();
        for (n, west) in [(0, 121.095), (1, 121.110)] {
            let east = west + 0.015;
            let ring = format!("[[{west},31.19],[{east},31.19],[{east},31.21],[{west},31.21],[{west},31.19]]");
            let shape = format!("{{\"type\":\"MultiPolygon\",\"coordinates\":[[{ring}]]}}");
            tx.execute(
                "INSERT INTO grid_boundary (division_code, set_id, grid_id, code, name, committee_code, geojson, lon, lat,
                 area_m2) VALUES ($1, $2, $3, $4, $5, '310118003001', $6, $7, 31.2, 1.0)",
                vals![
                    tx.division(),
                    set,
                    self.grids[n],
                    format!("W{n}"),
                    format!("第{}微网格", n + 1),
                    shape,
                    west + 0.0075
                ],
            )
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
    }
    /// So many more flats in the first grid, none of them ever visited.
    pub async fn more_homes(&self, n: usize) -> Vec<HomeId> {
        let tx = self.store().begin(&office(self.store())).await.unwrap();
        let address = |n: usize| NewAddress {
            address_id: None,
            text: format!("新府中路601弄{}号", n + 1),
            committee_code: "310118003001".into(),
            grid_id: Some(self.grids[0]),
            lon: Some(121.101 + n as f64 * 1e-4),
            lat: Some(31.2),
            source: Source::Import,
        };
        let addresses = addresses::insert_many(&tx, (0..n).map(address).collect()).await.unwrap();
        let new = addresses.iter().map(|a| NewHome::at(*a, HomeKind::Flat)).collect();
        let homes = homes::insert_many(&tx, new).await.unwrap();
        tx.commit().await.unwrap();
        homes
    }
    pub async fn task(&self, kind: TaskKind, subject: SubjectRef, home: usize, hours: i64) -> TaskId {
        let tx = self.store().begin(&office(self.store())).await.unwrap();
        let new = NewTask {
            kind,
            subject,
            home_id: Some(self.homes[home]),
            grid: subject.grid.unwrap(),
            origin_kind: "survey",
            origin_id: self.store().new_id(),
            due_at: Some(self.store().now().plus_hours(hours)),
            masked_note: "张**".into(),
            sealed_note: None,
        };
        let id = tasks::open_many(&tx, vec![new]).await.unwrap()[0];
        tx.commit().await.unwrap();
        id
    }
    pub fn home(&self, n: usize, grid: usize) -> SubjectRef {
        SubjectRef::new("home", self.homes[n], Some(self.grids[grid]))
    }
    pub fn record_of(&self, n: usize, grid: usize) -> SubjectRef {
        SubjectRef::new("resident-record", self.residents[n], Some(self.grids[grid]))
    }
    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let reads = self.store().reads();
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1");
        reads.number(&sql, vals![reads.division()]).await.unwrap()
    }
}

/// Lets every account see these grids, and typesets nothing.
struct Fixed(Vec<GridId>);
impl ScopeSource for Fixed {
    fn scope<'a>(
        &'a self,
        _: &'a Store,
        _: AccountId,
        _: linli_platform::clock::Day,
    ) -> BoxFuture<'a, linli_platform::Result<AccountScope>> {
        Box::pin(async { Ok(AccountScope { agreed: true, grids: self.0.clone(), ..AccountScope::default() }) })
    }
}
impl Typesetter for Fixed {
    fn pdf(&self, _: &str, _: serde_json::Value) -> linli_platform::Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

/// The application over a store, for accounts that see these grids.
pub fn app(store: &Store, grids: &[GridId], texts: Texts) -> App {
    App(Arc::new(AppParts {
        ways: Vec::new(),
        ledgers: Vec::new(),
        templates: Vec::new(),
        store: store.clone(),
        pack: Arc::new(policy_pack::Pack::embedded()),
        calendar: Arc::new(cn_workday::Calendar::official()),
        texts: Arc::new(texts),
        scopes: Arc::new(Fixed(grids.to_vec())),
        documents: Arc::new(Fixed(Vec::new())),
        nav: Vec::new(),
        imports: Vec::new(),
        jobs: Vec::new(),
        duties: Vec::new(),
        proposals: Vec::new(),
        erasers: Vec::new(),
        erased_with: Vec::new(),
        keyed: Vec::new(),
        sealed: Vec::new(),
        api: Vec::new(),
        policy_dir: None,
        key_dir: None,
        data_dir: std::env::temp_dir(),
        secure_cookies: false,
        trusted_origins: Vec::new(),
        demonstration: true,
        access: linli_platform::proof::AccessSettings::default(),
        caches: Caches::default(),
    }))
}
