//! A small invented place for the tests: two grids, three homes, one employer. Areas of resident numbers are 990101,
//! which was never issued.

use cn_identity::{DocumentKind, make::resident_number};
use linli_platform::{
    access::Role,
    app::App,
    area::Area,
    clock::Day,
    ids::GridId,
    reader::Reader,
    store::{Migration, Store, Tx},
    testing::{self, TestStore},
};
use linli_register::{
    AddressId, EmployerId, HomeId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    employers::{self, NewEmployer},
    homes::{self, NewHome},
    residents::NewResident,
};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid};

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_register::migrations());
    all
}

/// A fresh place on every engine.
pub async fn worlds() -> Vec<World> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        all.push(World::found(test).await);
    }
    all
}

pub struct World {
    pub test: TestStore,
    pub app: App,
    /// Grid of the homes 0 and 1, and grid of home 2.
    pub grids: [GridId; 2],
    pub addresses: Vec<AddressId>,
    pub homes: Vec<HomeId>,
    pub employer: EmployerId,
}

pub const COMMITTEE: &str = "310118003001";

impl World {
    pub async fn found(test: TestStore) -> World {
        let store = test.store.clone();
        let grids = [store.new_id(), store.new_id()];
        let tx = store.begin(&office(&store)).await.unwrap();
        territory(&tx, grids, store.now().day()).await;
        let address = |text: &str, grid: GridId| NewAddress {
            address_id: None,
            text: text.into(),
            committee_code: COMMITTEE.into(),
            grid_id: Some(grid),
            lon: Some(121.1),
            lat: Some(31.2),
            source: Source::Import,
        };
        let addresses = addresses::insert_many(
            &tx,
            vec![
                address("香花桥街道新府中路501弄12号301室", grids[0]),
                address("香花桥街道新府中路501弄12号302室", grids[0]),
                address("香花桥街道大盈村3组12号", grids[1]),
            ],
        )
        .await
        .unwrap();
        let homes = addresses.iter().map(|a| NewHome::at(*a, HomeKind::Flat)).collect();
        let homes = homes::insert_many(&tx, homes).await.unwrap();
        let employer = NewEmployer {
            seen_at: None,
            employer_id: None,
            org_code: ORG_CODE.into(),
            name: "盈港电子有限公司".into(),
            business: "电子".into(),
            site: String::new(),
            address_id: Some(addresses[2]),
            staff_declared: 80,
            roster_duty: true,
            liaison: Some("钱多多".into()),
            liaison_phone: Some("13900001111".into()),
            source: Source::Employer,
        };
        let employer = employers::insert_many(&tx, vec![employer]).await.unwrap()[0];
        tx.commit().await.unwrap();
        let app = testing::app(&store, &areas());
        World { test, app, grids, addresses, homes, employer }
    }
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    pub fn engine(&self) -> &'static str {
        self.test.engine
    }
    pub fn office(&self) -> Reader {
        office(self.store())
    }
    /// A coordinator of one of the two grids.
    pub fn coordinator(&self, grid: usize) -> Reader {
        testing::in_grids(self.store(), Role::Coordinator, &[self.grids[grid]])
    }
    pub fn today(&self) -> Day {
        self.store().now().day()
    }
    /// Somebody at a home, met two hours ago.
    pub fn person(&self, name: &str, seq: u16, home: usize) -> NewResident {
        NewResident {
            resident_id: None,
            name: name.into(),
            doc_kind: DocumentKind::Resident,
            doc_no: number(seq),
            doc_confirmed: false,
            phone: Some(mobile(seq)),
            sex: None,
            birth: None,
            local: false,
            home_id: self.homes[home],
            employer_id: None,
            since_day: self.today(),
            source: Source::DoorVisit,
            seen_at: Some(self.store().now().plus_hours(-2)),
            entered_at: None,
        }
    }
}

/// An organisation code published as the standard's own example of a company.
pub const ORG_CODE: &str = "91110000600037341L";

pub fn number(seq: u16) -> String {
    resident_number("990101", (1990, 3, 7), seq).as_str().to_owned()
}
pub fn mobile(seq: u16) -> String {
    format!("1990000{seq:04}")
}

pub fn office(store: &Store) -> Reader {
    testing::reader(store, &[Role::PopulationOffice], linli_platform::reader::Scope::Division)
}

pub fn areas() -> Vec<Area> {
    vec![linli_territory::area(), linli_register::area()]
}

/// One committee with the two grids.
async fn territory(tx: &Tx, grids: [GridId; 2], today: Day) {
    let committee = NewCommittee {
        code: COMMITTEE.into(),
        name: "大盈居委会".into(),
        official_name: "大盈社区居委会".into(),
        kind: CommitteeKind::Residents,
        group: Group::A,
        police_area: None,
        aliases: Vec::new(),
    };
    linli_territory::store::committees::write(tx, &[committee]).await.unwrap();
    let grid = |n: usize| NewGrid {
        grid_id: Some(grids[n]),
        code: format!("{COMMITTEE}00{}", n + 1),
        name: format!("大盈第{}微网格", n + 1),
        committee_code: COMMITTEE.into(),
    };
    linli_territory::store::grids::open(tx, vec![grid(0), grid(1)], today).await.unwrap();
}
