//! An invented place: two police teams, four committees, eight grids, a hundred doors in each. Areas of resident numbers
//! are 990101, which was never issued.

use linli_orders::{OrderId, PartId, orders, parts};
use linli_platform::{
    access::{Action, Role},
    app::App,
    area::Area,
    clock::At,
    ids::GridId,
    reader::{Reader, Scope},
    store::{Migration, Query as _, Store},
    testing::{self, TestStore},
    texts::{Lang, T},
    vals,
};
use linli_register::{
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid};

/// The road of each grid; the list of 800 rows names them too.
pub const ROADS: [&str; 8] = [
    "新府中路501弄",
    "漕盈路88弄",
    "天一路900弄",
    "华徐公路1500弄",
    "香大东路300弄",
    "外青松公路5000弄",
    "新胜路22弄",
    "北青公路7700弄",
];
/// The police teams.
pub const TEAMS: [&str; 2] = ["第一警务队", "第二警务队"];

pub fn areas() -> Vec<Area> {
    vec![linli_territory::area(), linli_register::area(), linli_work::area(), linli_orders::area()]
}

fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all.extend(linli_orders::migrations());
    all
}

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
    pub grids: Vec<GridId>,
}

/// The committee of a grid: two grids each.
pub fn committee(grid: usize) -> String {
    format!("31011800300{}", grid / 2 + 1)
}

/// A door of a grid, as the list writes it.
pub fn door(grid: usize, k: usize) -> String {
    format!("香花桥街道{}{}号{}0{}室", ROADS[grid], k / 20 + 1, k % 20 / 4 + 1, k % 4 + 1)
}

impl World {
    async fn found(test: TestStore) -> World {
        let store = test.store.clone();
        let grids: Vec<GridId> = (0..8).map(|_| store.new_id()).collect();
        let tx = store.begin(&Reader::system()).await.unwrap();
        let committees: Vec<NewCommittee> = (0..4)
            .map(|n| NewCommittee {
                code: committee(n * 2),
                name: format!("第{}居委", n + 1),
                official_name: format!("第{}居民委员会", n + 1),
                kind: CommitteeKind::Residents,
                group: Group::A,
                police_area: Some(TEAMS[n / 2].into()),
                aliases: Vec::new(),
            })
            .collect();
        linli_territory::store::committees::write(&tx, &committees).await.unwrap();
        let new = grids.iter().enumerate().map(|(n, id)| NewGrid {
            grid_id: Some(*id),
            code: format!("{}00{}", committee(n), n + 1),
            name: format!("第{}微网格", n + 1),
            committee_code: committee(n),
        });
        linli_territory::store::grids::open(&tx, new.collect(), store.now().day()).await.unwrap();
        let new = (0..800).map(|i| NewAddress {
            address_id: None,
            text: door(i % 8, i / 8),
            committee_code: committee(i % 8),
            grid_id: Some(grids[i % 8]),
            lon: None,
            lat: None,
            source: Source::Import,
        });
        let doors = addresses::insert_many(&tx, new.collect()).await.unwrap();
        let new = doors.iter().map(|a| NewHome::at(*a, HomeKind::Flat));
        homes::insert_many(&tx, new.collect()).await.unwrap();
        tx.commit().await.unwrap();
        let app = testing::app(&store, &areas());
        World { test, app, grids }
    }
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    pub fn engine(&self) -> &'static str {
        self.test.engine
    }
    pub fn t(&self) -> T {
        T::new(self.app.texts.clone(), Lang::Zh)
    }
    /// Time passes.
    pub fn later_hours(&self, hours: i64) -> At {
        let at = self.store().now().plus_hours(hours);
        self.test.clock.set(at);
        at
    }
    pub fn office(&self) -> Reader {
        testing::reader(self.store(), &[Role::PopulationOffice], Scope::Division).doing(Action::OrderIssue)
    }
    pub fn steward(&self) -> Reader {
        testing::reader(self.store(), &[Role::DataSteward], Scope::Division)
    }
    pub fn task_force(&self) -> Reader {
        testing::reader(self.store(), &[Role::TaskForce], Scope::Division)
    }
    /// The leader of a police team: its four grids.
    pub fn leader(&self, team: usize) -> Reader {
        testing::in_grids(self.store(), Role::TeamLeader, &self.grids[team * 4..team * 4 + 4])
    }
    /// An officer: the two grids of a committee.
    pub fn officer(&self, committee: usize) -> Reader {
        testing::in_grids(self.store(), Role::Officer, &self.grids[committee * 2..committee * 2 + 2])
    }
    pub fn coordinator(&self, grid: usize) -> Reader {
        testing::in_grids(self.store(), Role::Coordinator, &[self.grids[grid]])
    }
    pub async fn number_of(&self, sql: &str) -> i64 {
        let reads = self.store().reads();
        reads.number(sql, vals![reads.division()]).await.unwrap()
    }
    pub async fn order(&self, id: OrderId) -> orders::Order {
        orders::find(&self.store().reads(), &Reader::system(), id).await.unwrap()
    }
    pub async fn part(&self, id: PartId) -> parts::Part {
        parts::find(&self.store().reads(), &Reader::system(), id).await.unwrap()
    }
    /// The parts of an order at a level, by name.
    pub async fn parts_at(&self, id: OrderId, level: linli_orders::Level) -> Vec<parts::Part> {
        let all = parts::of(&self.store().reads(), &Reader::system(), id, None).await.unwrap();
        all.into_iter().filter(|p| p.level() == level).collect()
    }
    /// Does something in a reader's name and commits it.
    pub async fn with<T, E>(
        &self,
        reader: &Reader,
        act: impl AsyncFnOnce(&linli_platform::store::Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = self.store().begin(reader).await.ok().unwrap();
        let done = act(&tx).await?;
        tx.commit().await.ok().unwrap();
        Ok(done)
    }
}
