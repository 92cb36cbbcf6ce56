//! For tests of all areas: fresh stores on SQLite and, where `LINLI_TEST_POSTGRES` names a server, on PostgreSQL.

mod client;

use std::sync::Arc;

pub use client::{Answer, Client, PASSWORD, account, app, installation};

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

use crate::{
    access::Role,
    clock::{At, Clock, Rng},
    ids::{AccountId, GridId},
    keys::{KeyRing, Profile},
    reader::{Reader, Scope},
    store::{DatabaseUrl, Migration, Store},
};

/// The sub-district of all tests.
pub const DIVISION: &str = "310118003000";
/// The instant at which tests begin: 2026-11-20 10:00 in Shanghai, a Friday.
pub const BEGIN: At = At(1_795_140_000_000_000);

/// A store with its folder; dropping it removes the folder.
pub struct TestStore {
    /// The store, migrated.
    pub store: Store,
    /// The clock it runs by.
    pub clock: Clock,
    /// `sqlite` or `postgres`, for messages.
    pub engine: &'static str,
    /// The folder.
    pub dir: TempDir,
}

/// Fresh, migrated stores on every engine that is there. PostgreSQL is where `LINLI_TEST_POSTGRES` says; the
/// project's test command always sets it.
pub async fn stores(migrations: impl Fn() -> Vec<Migration>) -> Vec<TestStore> {
    of_profile(Profile::default(), &migrations).await
}

/// The same with keys of each cipher profile.
pub async fn stores_of_each_profile(migrations: impl Fn() -> Vec<Migration>) -> Vec<TestStore> {
    let mut all = Vec::new();
    for profile in Profile::ALL {
        all.extend(of_profile(profile, &migrations).await);
    }
    all
}

async fn of_profile(profile: Profile, migrations: &impl Fn() -> Vec<Migration>) -> Vec<TestStore> {
    let mut all = vec![sqlite_of(profile, migrations()).await];
    if let Ok(server) = std::env::var("LINLI_TEST_POSTGRES") {
        all.push(postgres(&server, profile, migrations()).await);
    }
    all
}

/// A fresh, migrated SQLite store.
pub async fn sqlite(migrations: Vec<Migration>) -> TestStore {
    sqlite_of(Profile::default(), migrations).await
}

async fn sqlite_of(profile: Profile, migrations: Vec<Migration>) -> TestStore {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let url = DatabaseUrl::sqlite(&dir.path().join("linli.db"));
    connect(url, "sqlite", profile, dir, migrations).await
}

async fn postgres(server: &str, profile: Profile, migrations: Vec<Migration>) -> TestStore {
    let name = format!("linli_test_{}", Rng::system().uuid(Clock::system().now()).simple());
    let admin = Database::connect(server).await.expect("LINLI_TEST_POSTGRES answers");
    let create =
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'");
    admin.execute_unprepared(&create).await.expect("a database can be made");
    let (base, _) = server.rsplit_once('/').expect("a URL with a database name");
    let dir = tempfile::tempdir().expect("a temporary folder");
    connect(DatabaseUrl(format!("{base}/{name}")), "postgres", profile, dir, migrations).await
}

async fn connect(
    url: DatabaseUrl,
    engine: &'static str,
    profile: Profile,
    dir: TempDir,
    migrations: Vec<Migration>,
) -> TestStore {
    let clock = Clock::fixed(BEGIN);
    let rng = Rng::system();
    let keys = Arc::new(KeyRing::in_memory(profile, &rng, &clock));
    let store = Store::connect(&url, DIVISION, keys, clock.clone(), rng).await.expect("the store opens");
    store.migrate(&migrations).await.expect("the schema is made");
    TestStore { store, clock, engine, dir }
}

/// A reader with roles and a scope, for store tests.
pub fn reader(store: &Store, roles: &[Role], scope: Scope) -> Reader {
    Reader {
        account: store.new_id::<AccountId>(),
        name: "测试员".into(),
        roles: roles.to_vec(),
        pending: Vec::new(),
        grants: Vec::new(),
        action: None,
        scope,
        employers: Vec::new(),
        committees: Vec::new(),
        ..Reader::system()
    }
}

/// A reader who sees some grids.
pub fn in_grids(store: &Store, role: Role, grids: &[GridId]) -> Reader {
    reader(store, &[role], Scope::Grids(grids.to_vec()))
}
