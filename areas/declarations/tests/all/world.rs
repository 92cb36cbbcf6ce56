//! A small invented place: two grids, three homes, a family at one door. Areas of resident numbers are 990101, which was
//! never issued; mobiles begin with 1990000.

use std::sync::{Arc, Mutex};

use cn_identity::{DocumentKind, make::resident_number};
use futures::future::BoxFuture;
use linli_declarations::{
    Caller, Channel, DeclarationId, Kind, Source as CameFrom,
    content::Content,
    entrance::{self, Asking, Name, Own, Refused},
    gateway::{Gateway, GatewayError, Gateways, Message},
    requests,
};
use linli_platform::{
    access::Role,
    app::App,
    area::Area,
    ids::GridId,
    reader::{Reader, Scope},
    store::{Migration, Query as _, Store},
    testing::{self, TestStore},
    texts::{Lang, T},
    vals,
};
use linli_register::{
    AddressId, HomeId, ResidentId,
    addresses::{self, NewAddress},
    codes::{HomeKind, Source},
    homes::{self, NewHome},
    residents::{self, Entered, NewResident},
    rules,
};
use linli_territory::{CommitteeKind, Group, NewCommittee, NewGrid};

pub const COMMITTEE: &str = "310118003001";
pub const ADDRESSES: [&str; 3] =
    ["香花桥街道新府中路501弄12号301室", "香花桥街道新府中路501弄12号302室", "香花桥街道大盈村3组12号"];
pub const NAME: &str = "欧阳若水";
/// The landlord of every home, and the agency that lets it.
pub const LANDLORD: &str = "司马房东";
pub const AGENCY: &str = "安居房产经纪有限公司";

pub fn areas() -> Vec<Area> {
    vec![
        linli_papers::area(),
        linli_territory::area(),
        linli_team::area(),
        linli_register::area(),
        linli_work::area(),
        linli_declarations::area(),
    ]
}

pub fn migrations() -> Vec<Migration> {
    let mut all = linli_platform::store::migrations();
    all.extend(linli_papers::migrations());
    all.extend(linli_territory::migrations());
    all.extend(linli_team::migrations());
    all.extend(linli_register::migrations());
    all.extend(linli_work::migrations());
    all.extend(linli_declarations::migrations());
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

/// Keeps what was sent: mobile and code.
#[derive(Default)]
pub struct Letterbox(Mutex<Vec<(String, String)>>);

impl Gateway for Letterbox {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), GatewayError>> {
        self.0.lock().unwrap().push((message.mobile.to_string(), message.code.to_string()));
        Box::pin(std::future::ready(Ok(())))
    }
}

pub struct World {
    pub test: TestStore,
    pub app: App,
    pub grids: [GridId; 2],
    pub homes: Vec<HomeId>,
    /// The person of most tests, and a relative at the same door.
    pub person: ResidentId,
    pub relative: ResidentId,
    pub letters: Arc<Letterbox>,
}

impl World {
    async fn found(test: TestStore) -> World {
        let store = test.store.clone();
        let grids = [store.new_id(), store.new_id()];
        let tx = store.begin(&office(&store)).await.unwrap();
        let committee = NewCommittee {
            code: COMMITTEE.into(),
            name: "民惠一居委".into(),
            official_name: "民惠第一社区居委会".into(),
            kind: CommitteeKind::Residents,
            group: Group::A,
            police_area: None,
            aliases: Vec::new(),
        };
        linli_territory::store::committees::write(&tx, &[committee]).await.unwrap();
        let grid = |n: usize| NewGrid {
            grid_id: Some(grids[n]),
            code: format!("{COMMITTEE}00{}", n + 1),
            name: format!("民惠一居委第{}微网格", n + 1),
            committee_code: COMMITTEE.into(),
        };
        linli_territory::store::grids::open(&tx, vec![grid(0), grid(1)], store.now().day()).await.unwrap();
        let address = |(text, grid): (&&str, usize)| NewAddress {
            address_id: None,
            text: (*text).into(),
            committee_code: COMMITTEE.into(),
            grid_id: Some(grids[grid]),
            lon: None,
            lat: None,
            source: Source::Import,
        };
        let new = ADDRESSES.iter().zip([0, 0, 1]).map(address);
        let addresses = addresses::insert_many(&tx, new.collect()).await.unwrap();
        let let_by = |a: &AddressId| NewHome {
            landlord: Some(LANDLORD.into()),
            landlord_phone: Some(mobile(60)),
            agent_name: Some(AGENCY.into()),
            ..NewHome::at(*a, HomeKind::Flat)
        };
        let new = addresses.iter().map(let_by).collect();
        let homes = homes::insert_many(&tx, new).await.unwrap();
        let people = vec![resident(&store, NAME, 1, homes[0]), resident(&store, "欧阳山", 2, homes[0])];
        let ids = residents::register_many(&tx, people, Entered::Now).await.unwrap();
        tx.commit().await.unwrap();
        let app = testing::app(&store, &areas());
        let letters = Arc::new(Letterbox::default());
        Gateways::register(&app, letters.clone());
        World { test, app, grids, homes, person: ids[0], relative: ids[1], letters }
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
    pub fn coordinator(&self, grid: usize) -> Reader {
        testing::in_grids(self.store(), Role::Coordinator, &[self.grids[grid]])
    }
    /// Time passes.
    pub fn later_s(&self, seconds: i64) {
        self.test.clock.set(self.store().now().plus_s(seconds));
    }
    /// The code that was sent last, and where to.
    pub async fn letter(&self) -> Option<(String, String)> {
        // The message goes out beside the answer.
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        self.letters.0.lock().unwrap().pop()
    }
    /// Asks for a code.
    pub async fn ask(&self, seq: u16, name: &str) -> Result<String, Refused> {
        self.ask_by(seq, name, Caller::default()).await
    }
    /// Asks for a code, from somewhere.
    pub async fn ask_from(&self, seq: u16, name: &str, source: Option<&CameFrom>) -> Result<String, Refused> {
        self.ask_by(seq, name, Caller { source, browser: None }).await
    }
    /// Asks for a code, from a browser somewhere.
    pub async fn ask_by(&self, seq: u16, name: &str, caller: Caller<'_>) -> Result<String, Refused> {
        let document = rules::check_number(DocumentKind::Resident, &number(seq), true).unwrap();
        let asking = Asking { document: &document, name: Name(name), caller };
        entrance::ask(&self.app, &self.t(), &asking).await.unwrap()
    }
    /// Walks through the entrance.
    pub async fn enter(&self, seq: u16, name: &str) -> (String, Own) {
        let token = self.ask(seq, name).await.unwrap();
        let (_, code) = self.letter().await.expect("a code was sent");
        let session = entrance::enter(&self.app, &token, &code).await.unwrap().expect("the code is right").session;
        let own = entrance::load(self.store(), &session).await.unwrap().expect("a visit began");
        (session, own)
    }
    /// Files a request of the person.
    pub async fn file(&self, own: &Own, kind: Kind, content: Content) -> linli_platform::Result<DeclarationId> {
        let tx = self.store().begin(&own.reader()).await?;
        let id = requests::file(&self.app, &tx, own.resident, kind, &content, Channel::OwnPage).await?;
        tx.commit().await?;
        Ok(id)
    }
    pub async fn count(&self, sql: &str) -> i64 {
        let q = self.store().reads();
        q.number(sql, vals![q.division()]).await.unwrap()
    }
}

/// A wish for another value of a fact.
pub fn fact(field: &str, value: &str) -> Content {
    serde_json::from_value(serde_json::json!({ "what": "fact", "field": field, "value": value })).unwrap()
}

pub fn office(store: &Store) -> Reader {
    testing::reader(store, &[Role::PopulationOffice], Scope::Division)
}

pub fn resident(store: &Store, name: &str, seq: u16, home: HomeId) -> NewResident {
    NewResident {
        resident_id: None,
        name: name.into(),
        doc_kind: DocumentKind::Resident,
        doc_no: number(seq),
        doc_confirmed: true,
        phone: Some(mobile(seq)),
        sex: None,
        birth: None,
        local: false,
        home_id: home,
        employer_id: None,
        since_day: store.now().day(),
        source: Source::DoorVisit,
        seen_at: None,
        entered_at: None,
    }
}

pub fn number(seq: u16) -> String {
    resident_number("990101", (1990, 3, 7), seq).as_str().to_owned()
}
pub fn mobile(seq: u16) -> String {
    format!("1990000{seq:04}")
}
