//! A small invented place: two grids, three homes, one employer in the first grid. Areas of resident numbers are
//! 990101, which was never issued.

use cn_identity::{DocumentKind, make::resident_number};
use linli_platform::{
    access::Role,
    app::App,
    area::Area,
    ids::GridId,
    import::Mapping,
    reader::{Reader, Scope},
    sheet,
    store::{Migration, Query as _, Store},
    testing::{self, TestStore},
    vals,
};
use linli_register::{
    AddressId, EmployerId, HomeId, ResidentId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    employers::{self, NewEmployer},
    homes::{self, NewHome},
    residents::{self, Entered, NewResident},
};
use linli_rosters::{Kind, RosterId, compare, find, send};

pub fn areas() -> Vec<Area> {
    vec![linli_team::area(), linli_register::area(), linli_work::area(), linli_rosters::area()]
}

fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_team::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all.extend(linli_rosters::migrations());
    all
}

pub struct World {
    pub test: TestStore,
    pub app: App,
    pub grids: [GridId; 2],
    pub homes: Vec<HomeId>,
    pub employer: EmployerId,
    pub other_employer: EmployerId,
}

/// Where the three homes are: two in the first grid, one in the second. The fourth address is the employer's.
pub const ADDRESSES: [&str; 4] = [
    "香花桥街道新府中路501弄12号301室",
    "香花桥街道新府中路501弄12号302室",
    "香花桥街道漕盈路88弄3号502室",
    "香花桥街道天一路900号",
];

pub async fn worlds() -> Vec<World> {
    let mut all = Vec::new();
    for test in testing::stores(migrations).await {
        all.push(World::found(test).await);
    }
    all
}

fn employer(name: &str, site: &str, address: AddressId) -> NewEmployer {
    NewEmployer {
        seen_at: None,
        employer_id: None,
        // The standard's own example of a company.
        org_code: "91110000600037341L".into(),
        name: name.into(),
        business: "电子".into(),
        site: site.into(),
        address_id: Some(address),
        staff_declared: 80,
        roster_duty: true,
        liaison: None,
        liaison_phone: None,
        source: Source::Employer,
    }
}

impl World {
    async fn found(test: TestStore) -> World {
        let store = test.store.clone();
        let grids: [GridId; 2] = [store.new_id(), store.new_id()];
        let tx = store.begin(&Reader::system()).await.unwrap();
        let grid = [0, 0, 1, 0];
        let new = ADDRESSES.iter().zip(grid).map(|(text, grid)| NewAddress {
            address_id: None,
            text: (*text).into(),
            committee_code: "310118003001".into(),
            grid_id: Some(grids[grid]),
            lon: None,
            lat: None,
            source: Source::Import,
        });
        let addresses = addresses::insert_many(&tx, new.collect()).await.unwrap();
        let flats = addresses[..3].iter().map(|a| NewHome::at(*a, HomeKind::Flat)).collect();
        let homes = homes::insert_many(&tx, flats).await.unwrap();
        let new =
            vec![employer("泉林电子有限公司", "", addresses[3]), employer("泉林电子有限公司", "二厂", addresses[2])];
        let employers = employers::insert_many(&tx, new).await.unwrap();
        tx.commit().await.unwrap();
        let app = testing::app(&store, &areas());
        World { test, app, grids, homes, employer: employers[0], other_employer: employers[1] }
    }
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    pub fn engine(&self) -> &'static str {
        self.test.engine
    }
    pub fn officer(&self, grid: usize) -> Reader {
        testing::in_grids(self.store(), Role::Officer, &[self.grids[grid]])
    }
    pub fn coordinator(&self, grid: usize) -> Reader {
        testing::in_grids(self.store(), Role::Coordinator, &[self.grids[grid]])
    }
    pub fn steward(&self) -> Reader {
        testing::reader(self.store(), &[Role::DataSteward], Scope::Division)
    }
    pub fn liaison(&self, employer: EmployerId) -> Reader {
        let nowhere = Scope::Grids(Vec::new());
        Reader { employers: vec![employer.0], ..testing::reader(self.store(), &[Role::HrLiaison], nowhere) }
    }
    /// Registers people: name, number's sequence, home, whether they work at the employer.
    pub async fn register(&self, people: &[(&str, u16, usize, bool)]) -> Vec<ResidentId> {
        let new = people.iter().map(|(name, seq, home, works)| NewResident {
            resident_id: None,
            name: (*name).into(),
            doc_kind: DocumentKind::Resident,
            doc_no: number(*seq),
            doc_confirmed: false,
            phone: Some(mobile(*seq)),
            sex: None,
            birth: None,
            local: false,
            home_id: self.homes[*home],
            employer_id: works.then_some(self.employer),
            since_day: self.store().now().day(),
            source: Source::DoorVisit,
            seen_at: None,
            entered_at: None,
        });
        let tx = self.store().begin(&Reader::system()).await.unwrap();
        let ids = residents::register_many(&tx, new.collect(), Entered::Now).await.unwrap();
        tx.commit().await.unwrap();
        ids
    }
    /// Uploads a table as the employer's liaison and confirms the columns that were guessed.
    pub async fn checked(&self, kind: Kind, csv: &str) -> RosterId {
        let liaison = self.liaison(self.employer);
        let sheet = sheet::read_bytes(csv.as_bytes(), &["姓名", "证件号码"]).unwrap();
        let new = send::NewRoster {
            employer: self.employer,
            kind,
            as_of_day: self.store().now().day(),
            file_name: "11月.csv".into(),
        };
        let id = send::upload(self.store(), &liaison, new, sheet).await.unwrap();
        let mapping: Mapping = find(&self.store().reads(), &liaison, id).await.unwrap().mapping().unwrap();
        send::map_columns(self.store(), &liaison, id, mapping).await.unwrap();
        id
    }
    /// The same, sent and compared.
    pub async fn compared(&self, kind: Kind, csv: &str) -> RosterId {
        let id = self.checked(kind, csv).await;
        send::send(self.store(), &self.liaison(self.employer), id).await.unwrap();
        compare::compare(&self.app, id, None).await.unwrap();
        id
    }
    pub async fn version(&self, id: RosterId) -> i64 {
        find(&self.store().reads(), &Reader::system(), id).await.unwrap().version
    }
    pub async fn number_of(&self, sql: &str) -> i64 {
        let reads = self.store().reads();
        reads.number(sql, vals![reads.division()]).await.unwrap()
    }
}

pub fn number(seq: u16) -> String {
    let day = u8::try_from(seq % 28 + 1).unwrap();
    let number = resident_number("990101", (1990, 3, day), seq % 999 + 1);
    number.as_str().to_owned()
}
pub fn mobile(seq: u16) -> String {
    format!("1990000{seq:04}")
}
/// A number whose check character is wrong.
pub fn mistyped(seq: u16) -> String {
    let good = number(seq);
    format!("{}{}", &good[..17], if good.ends_with('1') { '2' } else { '1' })
}
