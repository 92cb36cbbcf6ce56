//! An invented place: two grids of one committee, a door in each.

use linli_platform::{
    access::{Action, Role},
    app::App,
    area::Area,
    ids::GridId,
    reader::{Reader, Scope},
    store::{Migration, Store, Tx},
    testing::{self, Client, TestStore},
};
use linli_register::{
    AddressId,
    addresses::{self, NewAddress},
    codes::Source,
};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid};

pub const COMMITTEE: &str = "310118003001";

pub fn areas() -> Vec<Area> {
    vec![linli_territory::area(), linli_register::area(), linli_work::area(), linli_scenes::area()]
}

fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_territory::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all.extend(linli_scenes::migrations());
    all
}

pub struct World {
    pub test: TestStore,
    pub app: App,
    pub grids: [GridId; 2],
    pub doors: Vec<AddressId>,
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
    let tx = store.begin(&testing::reader(&store, &[Role::PopulationOffice], Scope::Division)).await.unwrap();
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
    let new = grids.iter().enumerate().map(|(n, grid)| NewAddress {
        address_id: None,
        text: format!("新府中路{}弄12号301室", 501 + n),
        committee_code: COMMITTEE.into(),
        grid_id: Some(*grid),
        lon: None,
        lat: None,
        source: Source::Import,
    });
    let doors = addresses::insert_many(&tx, new.collect()).await.unwrap();
    tx.commit().await.unwrap();
    let app = testing::app(&store, &areas());
    World { test, app, grids, doors }
}

impl World {
    pub fn store(&self) -> &Store {
        &self.test.store
    }
    pub fn coordinator(&self, grid: usize) -> Reader {
        testing::in_grids(self.store(), Role::Coordinator, &[self.grids[grid]]).doing(Action::FieldWork)
    }
    /// Does something in a reader's name and commits it.
    pub async fn with<T>(
        &self,
        reader: &Reader,
        act: impl AsyncFnOnce(&Tx) -> linli_platform::Result<T>,
    ) -> Result<T, &'static str> {
        let tx = self.store().begin(reader).await.unwrap();
        let done = act(&tx).await.map_err(|e| e.code)?;
        tx.commit().await.map_err(|e| e.code)?;
        Ok(done)
    }
    /// Somebody of the first grid at a browser without scripts.
    pub async fn client(&self, name: &str, role: Role) -> Client {
        let account = testing::account(self.store(), name, &[(role, &self.grids[0].to_string())]).await;
        Client::signed_in(&self.app, &areas(), account).await
    }
}
