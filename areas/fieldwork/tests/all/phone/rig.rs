//! A register with two grids, colleagues with dated roles, and phones that seal what is entered.

use linli_fieldwork::{
    DeviceId, EntryId,
    phone::{
        apply, assignment,
        devices::{self, Device, Label},
        entry::{Entry, Envelope, Newcomer, Person},
        epoch,
        received::Answer,
        seal::{self, Place},
    },
};
use linli_platform::{
    access::{Action, Role},
    app::App,
    area::Area,
    clock::{At, Day},
    ids::AccountId,
    reader::Reader,
    sessions,
    store::Query,
    testing::{self, Client},
    vals, web,
};
use linli_register::{HomeId, residents::MaskedResident};
use serde_json::Value;

use super::super::world::{World, worlds};

pub struct Rig {
    pub world: World,
    pub app: App,
    pub areas: Vec<Area>,
}

/// A phone of a colleague: what it took along, and what it made.
pub struct Phone {
    pub device: DeviceId,
    pub account: AccountId,
    pub assignment: Value,
}

pub fn areas() -> Vec<Area> {
    vec![web::area(), linli_territory::area(), linli_register::area(), linli_work::area(), linli_fieldwork::area()]
}

pub async fn rigs() -> Vec<Rig> {
    let mut all = Vec::new();
    for world in worlds().await {
        let areas = areas();
        let app = testing::app(world.store(), &areas);
        all.push(Rig { world, app, areas });
    }
    all
}

impl Rig {
    pub fn now(&self) -> At {
        self.world.store().now()
    }
    /// The clock goes on.
    pub fn later(&self, seconds: i64) {
        self.world.test.clock.set(self.now().plus_s(seconds));
    }
    /// A colleague with roles, each in a grid.
    pub async fn colleague(&self, name: &str, roles: &[(Role, usize)]) -> AccountId {
        let areas: Vec<(Role, String)> = roles.iter().map(|(r, g)| (*r, self.world.grids[*g].to_string())).collect();
        let areas: Vec<(Role, &str)> = areas.iter().map(|(r, g)| (*r, g.as_str())).collect();
        testing::account(self.world.store(), name, &areas).await
    }
    /// As the colleague's requests are read today.
    pub async fn reader(&self, account: AccountId) -> Reader {
        let reader = sessions::reader(&self.app, account, "同事".into(), self.now().day()).await.unwrap();
        reader.doing(Action::FieldWork)
    }
    pub async fn client(&self, account: AccountId) -> Client {
        Client::signed_in(&self.app, &self.areas, account).await
    }
    /// Ends a colleague's roles in a grid: from a day on it is another's.
    pub async fn ends(&self, account: AccountId, grid: usize, day: Day) {
        let tx = self.world.store().begin(&Reader::system()).await.unwrap();
        let sql = "UPDATE account_role SET until_day = $4 WHERE division_code = $1 AND account_id = $2 AND area = $3";
        tx.execute(sql, vals![tx.division(), account, self.world.grids[grid].to_string(), day]).await.unwrap();
        tx.housekeeping("a test ends a role");
        tx.commit().await.unwrap();
    }
    /// A phone that has taken the day's assignment.
    pub async fn phone(&self, account: AccountId) -> Phone {
        let device: DeviceId = self.world.store().new_id();
        let reader = self.reader(account).await;
        devices::register(&self.app, &reader, device, Label::Phone).await.unwrap().unwrap();
        let mut phone = Phone { device, account, assignment: Value::Null };
        self.take(&mut phone).await;
        phone
    }
    pub async fn take(&self, phone: &mut Phone) {
        let reader = self.reader(phone.account).await;
        let device = self.device(phone).await;
        let epoch = epoch::current(&self.world.store().reads()).await.unwrap();
        phone.assignment = assignment::of(&self.app, &reader, &device, &epoch).await.unwrap();
    }
    pub async fn device(&self, phone: &Phone) -> Device {
        devices::find(&self.world.store().reads(), phone.device).await.unwrap().unwrap()
    }
    pub async fn device_of(&self, id: uuid::Uuid) -> Device {
        devices::find(&self.world.store().reads(), DeviceId(id)).await.unwrap().unwrap()
    }
    /// A visit at which everybody whom the phone knows there has the same choice.
    pub async fn entry(&self, phone: &Phone, home: HomeId, choice: &str) -> Entry {
        let made_at = At(phone.assignment["made_at"].as_i64().unwrap());
        let members = self.members_of(home).await;
        Entry {
            v: 1,
            entry_id: self.world.store().new_id::<EntryId>(),
            kind: "visit".into(),
            made_at: self.now(),
            assignment_made_at: Some(made_at),
            home_id: home,
            outcome: "verified".into(),
            next_day: None,
            people: members.iter().map(|m| person(m, choice)).collect(),
            newcomers: Vec::new(),
            tasks: Vec::new(),
            notes: Vec::new(),
            hazards: Vec::new(),
            hazards_gone: Vec::new(),
            photo: None,
            corrects: None,
        }
    }
    pub async fn members_of(&self, home: HomeId) -> Vec<MaskedResident> {
        let reads = self.world.store().reads();
        linli_register::residents::of_home(&reads, &Reader::system(), home).await.unwrap()
    }
    /// Somebody who is not registered anywhere.
    pub fn newcomer(&self, n: u16) -> Newcomer {
        let new = self.world.person(n, 0);
        // Compared with the card: a number of the series that ends in 000 is no damage by a spreadsheet.
        let (doc_kind, confirmed) = ("resident".into(), true);
        Newcomer { name: new.name, doc_kind, doc_no: new.doc_no, confirmed, ..Newcomer::default() }
    }
    /// As the phone seals it.
    pub fn sealed(&self, phone: &Phone, entry: &Entry) -> Envelope {
        sealed(phone, entry.entry_id, &serde_json::to_vec(entry).unwrap())
    }
    pub async fn send(&self, phone: &Phone, envelope: &Envelope) -> Answer {
        let (reader, device) = (self.reader(phone.account).await, self.device(phone).await);
        apply::receive(&self.app, &reader, &device, envelope).await
    }
    pub async fn count(&self, sql: &str) -> i64 {
        let reads = self.world.store().reads();
        reads.number(sql, vals![reads.division()]).await.unwrap()
    }
}

/// Seals any bytes under an id.
pub fn sealed(phone: &Phone, id: EntryId, clear: &[u8]) -> Envelope {
    let key = phone.assignment["key"]["key_id"].as_str().unwrap().to_owned();
    let public = seal::decoded(phone.assignment["key"]["public"].as_str().unwrap()).unwrap();
    let (enc, ct) = seal::seal(&public, clear, &Place { entry: id, key: &key, device: phone.device }).unwrap();
    Envelope { entry_id: id.to_string(), key_id: key, enc: seal::encoded(&enc), ct: seal::encoded(&ct) }
}

pub fn person(of: &MaskedResident, choice: &str) -> Person {
    Person { resident_id: of.resident_id, version: of.version, choice: choice.into(), day: None, changes: None }
}
