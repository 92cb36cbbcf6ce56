//! An invented place: two grids, twelve doors in each, and the team of the first.

use linli_platform::{
    access::{Action, Role},
    app::App,
    area::Area,
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Migration, Query as _, Store, Tx},
    testing::{self, DIVISION, TestStore},
    vals,
};
use linli_register::{
    HomeId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid};
use linli_volunteers::{
    PlaceId, VolunteerNoticeId,
    codes::{NoticeKind, NoticeResult, SeenWhen},
    notices::{self, NewNotice},
    places,
};

const COMMITTEE: &str = "310118003001";
/// What the addresses of each grid begin with.
const FULL: [&str; 2] = ["", "上海市青浦区香花桥街道"];

pub fn areas() -> Vec<Area> {
    vec![
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_volunteers::area(),
    ]
}

fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_team::store::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all.extend(linli_volunteers::migrations());
    all
}

pub struct World {
    pub test: TestStore,
    pub app: App,
    pub grids: [GridId; 2],
    /// The twelve homes of the first grid.
    pub homes: Vec<HomeId>,
    pub volunteer: AccountId,
    pub coordinator: AccountId,
    pub leader: AccountId,
    pub officer: AccountId,
    pub office: AccountId,
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
    let tx = store.begin(&Reader::system()).await.unwrap();
    let committee = NewCommittee {
        code: COMMITTEE.into(),
        name: "第一居委".into(),
        official_name: "第一居民委员会".into(),
        kind: CommitteeKind::Residents,
        group: Group::A,
        police_area: None,
        aliases: Vec::new(),
    };
    linli_territory::store::committees::write(&tx, &[committee]).await.unwrap();
    let new = grids.iter().enumerate().map(|(n, id)| NewGrid {
        grid_id: Some(*id),
        code: format!("{COMMITTEE}00{}", n + 1),
        name: format!("第{}微网格", n + 1),
        committee_code: COMMITTEE.into(),
    });
    linli_territory::store::grids::open(&tx, new.collect(), store.now().day()).await.unwrap();
    let door = |grid: usize, n: usize| NewAddress {
        address_id: None,
        // The second grid's addresses are written in full.
        text: format!("{}新府中路{}弄{}号{}01室", FULL[grid], 501 + grid, n / 4 + 1, n % 4 + 1),
        committee_code: COMMITTEE.into(),
        grid_id: Some(grids[grid]),
        lon: None,
        lat: None,
        source: Source::Import,
    };
    let new = (0..24).map(|n| door(n / 12, n % 12)).collect();
    let doors = addresses::insert_many(&tx, new).await.unwrap();
    let new = doors.iter().map(|a| NewHome::at(*a, HomeKind::Flat)).collect();
    let mut homes = homes::insert_many(&tx, new).await.unwrap();
    homes.truncate(12);
    tx.commit().await.unwrap();
    let area = grids[0].to_string();
    let of = async |name: &str, role, area: &str| testing::account(&store, name, &[(role, area)]).await;
    World {
        app: testing::app(&store, &areas()),
        volunteer: of("volunteer", Role::Volunteer, &area).await,
        coordinator: of("coordinator", Role::Coordinator, &area).await,
        leader: of("leader", Role::GridLeader, &area).await,
        officer: of("officer", Role::Officer, &area).await,
        office: of("office", Role::PopulationOffice, DIVISION).await,
        grids,
        homes,
        test,
    }
}

impl World {
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    fn reader(&self, account: AccountId, role: Role, action: Action) -> Reader {
        let scope = if role == Role::PopulationOffice { Scope::Division } else { Scope::Grids(vec![self.grids[0]]) };
        Reader { account, ..testing::reader(self.store(), &[role], scope) }.doing(action)
    }
    pub fn volunteer(&self) -> Reader {
        self.reader(self.volunteer, Role::Volunteer, Action::VolunteerReport)
    }
    pub fn coordinator(&self) -> Reader {
        self.reader(self.coordinator, Role::Coordinator, Action::FieldWork)
    }
    pub fn leader(&self) -> Reader {
        self.reader(self.leader, Role::GridLeader, Action::StipendApprove)
    }
    pub fn officer(&self) -> Reader {
        self.reader(self.officer, Role::Officer, Action::StipendApprove)
    }
    pub fn office(&self) -> Reader {
        self.reader(self.office, Role::PopulationOffice, Action::StipendApprove)
    }
    /// A coordinator of the other grid.
    pub fn stranger(&self) -> Reader {
        testing::in_grids(self.store(), Role::Coordinator, &[self.grids[1]])
    }
    /// Does something in a reader's name and commits it.
    pub async fn with<T>(
        &self,
        reader: &Reader,
        act: impl AsyncFnOnce(&Tx) -> linli_platform::Result<T>,
    ) -> linli_platform::Result<T> {
        let tx = self.store().begin(reader).await?;
        let done = act(&tx).await?;
        tx.commit().await?;
        Ok(done)
    }
    pub async fn count(&self, sql: &str) -> i64 {
        let reads = self.store().reads();
        reads.number(sql, vals![reads.division()]).await.unwrap()
    }
    /// The volunteer looks after the first building: four homes.
    pub async fn place(&self) -> PlaceId {
        let place = async |tx: &Tx| places::assign(tx, self.volunteer, self.grids[0], "新府中路501弄1号").await;
        self.with(&self.coordinator(), place).await.unwrap()
    }
    pub fn notice(&self, place: PlaceId, kind: NoticeKind, home: Option<usize>) -> NewNotice {
        NewNotice {
            id: self.store().new_id(),
            kind,
            place,
            home: home.map(|n| self.homes[n]),
            hazard: None,
            seen: SeenWhen::Today,
        }
    }
    pub async fn tell(&self, new: &NewNotice) -> linli_platform::Result<VolunteerNoticeId> {
        self.with(&self.volunteer(), async |tx| notices::report(&self.app, tx, new).await).await
    }
    /// A confirmed notice about a home.
    pub async fn confirmed(&self, place: PlaceId, home: usize) -> VolunteerNoticeId {
        let id = self.tell(&self.notice(place, NoticeKind::MovedIn, Some(home))).await.unwrap();
        let check = async |tx: &Tx| notices::check(tx, id, 1, NoticeResult::Registered).await;
        self.with(&self.coordinator(), check).await.unwrap();
        id
    }
}
