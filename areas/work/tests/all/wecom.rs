//! Two grids with their leader and coordinator, and a real HTTP endpoint of this machine that answers as WeCom's robots do.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Query, State},
    routing::post,
};
use linli_platform::{
    access::{Action, Role},
    app::App,
    area::Area,
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Query as _, Tx},
    testing::{self, TestStore},
    vals,
};
use linli_register::{
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
    residents::{self, Entered, NewResident},
};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid};
use linli_work::{
    announcements::{self, NewAnnouncement},
    outward::{
        guard::Guard,
        robot::{self, ADDRESS},
        send::{Outside, deliver},
    },
};
use serde_json::{Value, json};

pub const KEY: &str = "693a91f6-0000-4bc4-97a0-0ec2aaaa5aaa";
const COMMITTEE: &str = "310118003001";

pub fn areas() -> Vec<Area> {
    vec![linli_territory::area(), linli_register::area(), linli_work::area()]
}

/// What a group got, and what its robot is going to answer; `0` where nothing is said.
#[derive(Default)]
pub struct Wecom {
    pub got: Mutex<Vec<String>>,
    pub keys: Mutex<Vec<String>>,
    pub answers: Mutex<VecDeque<i64>>,
}

impl Wecom {
    pub fn got(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }
    pub fn will_say(&self, codes: &[i64]) {
        self.answers.lock().unwrap().extend(codes);
    }
}

async fn receive(
    State(group): State<Arc<Wecom>>,
    Query(query): Query<std::collections::HashMap<String, String>>,
    Json(body): Json<Value>,
) -> Json<Value> {
    group.keys.lock().unwrap().push(query["key"].clone());
    let code = group.answers.lock().unwrap().pop_front().unwrap_or(0);
    if code == 0 {
        assert_eq!(body["msgtype"], "text");
        group.got.lock().unwrap().push(body["text"]["content"].as_str().unwrap().to_owned());
    }
    Json(json!({ "errcode": code, "errmsg": "" }))
}

pub struct World {
    pub test: TestStore,
    pub app: App,
    pub grids: [GridId; 2],
    pub leader: AccountId,
    pub coordinator: AccountId,
    pub group: Arc<Wecom>,
}

pub async fn worlds() -> Vec<World> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut all = Vec::new();
    for test in testing::stores(super::world::migrations).await {
        all.push(found(test).await);
    }
    all
}

async fn found(test: TestStore) -> World {
    let store = test.store.clone();
    let grids: [GridId; 2] = [store.new_id(), store.new_id()];
    let tx = store.begin(&super::world::office(&store)).await.unwrap();
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
    tx.commit().await.unwrap();
    let area = grids[0].to_string();
    let leader = testing::account(&store, "leader", &[(Role::GridLeader, &area)]).await;
    let coordinator = testing::account(&store, "coordinator", &[(Role::Coordinator, &area)]).await;
    let app = testing::app(&store, &areas());
    let group = Arc::new(Wecom::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/cgi-bin/webhook/send", post(receive)).with_state(group.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    app.caches.put(Arc::new(Outside::new(&base).unwrap()));
    World { test, app, grids, leader, coordinator, group }
}

impl World {
    fn reader(&self, account: AccountId, role: Role, action: Action) -> Reader {
        let scope = Scope::Grids(vec![self.grids[0]]);
        Reader { account, ..testing::reader(&self.test.store, &[role], scope) }.doing(action)
    }
    pub fn leader(&self) -> Reader {
        self.reader(self.leader, Role::GridLeader, Action::ChannelRobot)
    }
    pub fn coordinator(&self) -> Reader {
        self.reader(self.coordinator, Role::Coordinator, Action::Announce)
    }
    pub async fn with<T>(
        &self,
        reader: &Reader,
        act: impl AsyncFnOnce(&Tx) -> linli_platform::Result<T>,
    ) -> linli_platform::Result<T> {
        let tx = self.test.store.begin(reader).await?;
        let done = act(&tx).await?;
        tx.commit().await?;
        Ok(done)
    }
    pub async fn enter_robot(&self) {
        let enter = async |tx: &Tx| robot::enter(tx, self.grids[0], &format!("{ADDRESS}{KEY}")).await;
        self.with(&self.leader(), enter).await.unwrap();
    }
    pub async fn announce(&self, body: &str) -> Result<linli_work::AnnouncementId, &'static str> {
        let new = NewAnnouncement { grid: self.grids[0], body: body.into(), meeting: None };
        let guard = Guard::of(&self.app).await.unwrap();
        let act = async |tx: &Tx| announcements::announce(tx, &guard, &new).await;
        self.with(&self.coordinator(), act).await.map_err(|e| e.code)
    }
    /// Time passes, and what is due goes out.
    pub async fn after_s(&self, seconds: i64) -> usize {
        self.test.clock.set(self.test.store.now().plus_s(seconds));
        deliver(&self.app).await.unwrap()
    }
    pub async fn number(&self, sql: &str) -> i64 {
        let reads = self.test.store.reads();
        reads.number(sql, vals![reads.division()]).await.unwrap()
    }
    /// Somebody of that name is registered.
    pub async fn register(&self, name: &str) {
        let reader = testing::in_grids(&self.test.store, Role::Coordinator, &[self.grids[0]]);
        let number = cn_identity::make::resident_number("990101", (1990, 3, 7), 11);
        let door = NewAddress {
            address_id: None,
            text: "新府中路501弄12号301室".into(),
            committee_code: COMMITTEE.into(),
            grid_id: Some(self.grids[0]),
            lon: None,
            lat: None,
            source: Source::Import,
        };
        let act = async |tx: &Tx| {
            let addresses = addresses::insert_many(tx, vec![door]).await?;
            let homes = homes::insert_many(tx, vec![NewHome::at(addresses[0], HomeKind::Flat)]).await?;
            let person = NewResident {
                resident_id: None,
                name: name.into(),
                doc_kind: cn_identity::DocumentKind::Resident,
                doc_no: number.as_str().to_owned(),
                doc_confirmed: false,
                phone: None,
                sex: None,
                birth: None,
                local: false,
                home_id: homes[0],
                employer_id: None,
                since_day: tx.now().day(),
                source: Source::DoorVisit,
                seen_at: Some(tx.now()),
                entered_at: None,
            };
            residents::register_many(tx, vec![person], Entered::Now).await
        };
        self.with(&reader, act).await.unwrap();
    }
}
