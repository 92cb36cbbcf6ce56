//! Two grids with a home and a resident each. Areas of resident numbers are 990101, which was never issued.

use cn_identity::{DocumentKind, make::resident_number};
use linli_platform::{
    access::Role,
    event::SubjectRef,
    ids::GridId,
    reader::{Reader, Scope},
    store::{Migration, Store},
    testing::{self, TestStore},
    vals,
    web::Paging,
};
use linli_register::{
    HomeId, ResidentId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
    residents::{self, Entered, NewResident},
};
use linli_work::{
    TaskId, TaskKind,
    tasks::{self, NewTask},
};

pub const ALL: Paging = Paging { page: 1, per_page: 100, total: 0 };

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all
}

pub struct World {
    pub test: TestStore,
    pub grids: [GridId; 2],
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
    let address = |text: &str, grid| NewAddress {
        address_id: None,
        text: text.into(),
        committee_code: "310118003001".into(),
        grid_id: Some(grid),
        lon: Some(121.1),
        lat: Some(31.2),
        source: Source::Import,
    };
    let written = vec![address("新府中路501弄12号301室", grids[0]), address("大盈村3组12号", grids[1])];
    let addresses = addresses::insert_many(&tx, written).await.unwrap();
    let homes = addresses.iter().map(|a| NewHome::at(*a, HomeKind::Flat)).collect();
    let homes = homes::insert_many(&tx, homes).await.unwrap();
    let day = store.now().day();
    let person = |n: u16| NewResident {
        resident_id: None,
        name: format!("张测{n}"),
        doc_kind: DocumentKind::Resident,
        doc_no: resident_number("990101", (1990, 3, 7), n + 11).as_str().to_owned(),
        doc_confirmed: false,
        phone: None,
        sex: None,
        birth: None,
        local: false,
        home_id: homes[usize::from(n)],
        employer_id: None,
        since_day: day,
        source: Source::DoorVisit,
        seen_at: Some(store.now()),
        entered_at: None,
    };
    let residents = residents::register_many(&tx, vec![person(0), person(1)], Entered::Now).await.unwrap();
    tx.commit().await.unwrap();
    World { test, grids, homes, residents }
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
    pub fn record(&self, n: usize) -> SubjectRef {
        SubjectRef::new("resident-record", self.residents[n], Some(self.grids[n]))
    }
    pub fn home(&self, n: usize) -> SubjectRef {
        SubjectRef::new("home", self.homes[n], Some(self.grids[n]))
    }
    /// A task in grid `n`, due in so many hours.
    pub fn task(&self, n: usize, kind: TaskKind, subject: SubjectRef, hours: i64) -> NewTask {
        NewTask {
            kind,
            subject,
            home_id: Some(self.homes[n]),
            grid: self.grids[n],
            origin_kind: "roster",
            origin_id: self.store().new_id(),
            due_at: Some(self.store().now().plus_hours(hours)),
            masked_note: "张** · 尾号 17".into(),
            sealed_note: None,
        }
    }
    pub async fn address_of(&self, n: usize) -> uuid::Uuid {
        homes::find(&self.store().reads(), &Reader::system(), self.homes[n]).await.unwrap().address_id.0
    }
    pub async fn open(&self, new: Vec<NewTask>) -> Vec<TaskId> {
        let tx = self.store().begin(&office(self.store())).await.unwrap();
        let ids = tasks::open_many(&tx, new).await.unwrap();
        tx.commit().await.unwrap();
        ids
    }
    /// An account with a role in grid `n` from today on.
    pub async fn appoint(&self, reader: &Reader, role: Role, n: usize) {
        let tx = self.store().begin(&Reader::system()).await.unwrap();
        tx.housekeeping("the world of a test");
        let id: uuid::Uuid = tx.new_id();
        let (day, until) = (self.store().now().day(), None::<String>);
        let columns =
            &["division_code", "account_role_id", "account_id", "role", "area_kind", "area", "from_day", "until_day"];
        let row = vals![
            self.store().division(),
            id,
            reader.account,
            role.code(),
            "grid",
            self.grids[n].to_string(),
            day,
            until
        ];
        tx.insert_many("account_role", columns, vec![row]).await.unwrap();
        tx.commit().await.unwrap();
    }
}
