//! An application of the platform and this area alone, with somebody who signs in.

use linli_platform::{
    access::Role,
    app::App,
    area::Area,
    ids::AccountId,
    proof::AccessSettings,
    store::{Migration, Query as _, Store},
    testing::{self, Answer, Client, PASSWORD},
    vals,
};
use linli_signin::{Settings, passkeys::Party, sso::Provider};
use serde_json::Value;

use super::device::Device;

/// The account of most tests.
pub const NAME: &str = "li.na";

pub fn migrations() -> Vec<Migration> {
    linli_platform::store::migrations().into_iter().chain(linli_signin::migrations()).collect()
}

pub fn areas() -> Vec<Area> {
    vec![linli_signin::area()]
}

/// An application whose passkeys are bound to `localhost`.
pub fn app(store: &Store, access: AccessSettings) -> App {
    app_with(store, access, None)
}

/// The same with a provider of identities.
pub fn app_with(store: &Store, access: AccessSettings, provider: Option<Provider>) -> App {
    let mut given = testing::installation(store);
    given.access = access;
    let app = App::assemble(&areas(), given).unwrap();
    Settings { party: Some(Party::local(8080, "邻里").unwrap()), provider }.register(&app);
    app
}

/// System administrators must have a second factor.
pub fn asks_admins() -> AccessSettings {
    AccessSettings { second_factor_roles: vec![Role::SystemAdmin], step_up: false }
}

/// An account that administrates the system.
pub async fn admin(store: &Store) -> AccountId {
    testing::account(store, NAME, &[(Role::SystemAdmin, testing::DIVISION)]).await
}

/// Signs in by password.
pub async fn by_password(client: &Client, name: &str) -> Answer {
    client.post("/sign-in", &[("name", name), ("password", PASSWORD)]).await
}

/// Asks for a challenge: its ceremony and what the browser is asked.
pub async fn challenge(client: &Client, path: &str) -> (String, Value) {
    let answer = client.post(&format!("{path}/challenge"), &[]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    let mut json: Value = serde_json::from_str(&answer.text).unwrap();
    (json["ceremony"].as_str().unwrap().to_owned(), json["options"].take())
}

/// Adds the device's passkey to the account that is signed in.
pub async fn add(client: &Client, device: &mut Device) -> Answer {
    let (ceremony, options) = challenge(client, "/account/passkeys").await;
    let credential = device.create(&options);
    client
        .post("/account/passkeys", &[("name", "办公电脑"), ("ceremony", &ceremony), ("credential", &credential)])
        .await
}

/// Uses the device's passkey at one of the three places.
pub async fn answer(client: &Client, path: &str, device: &mut Device) -> Answer {
    let (ceremony, options) = challenge(client, path).await;
    let credential = device.get(&options);
    send(client, path, &ceremony, &credential).await
}

pub async fn send(client: &Client, path: &str, ceremony: &str, credential: &str) -> Answer {
    client.post(path, &[("next", "/account"), ("ceremony", ceremony), ("credential", credential)]).await
}

/// How many events of a kind there are of an account.
pub async fn events(store: &Store, kind: &str, account: AccountId) -> i64 {
    let sql = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = $2 AND subject_id = $3";
    store.reads().number(sql, vals![store.division(), kind, account]).await.unwrap()
}

/// How many rows of a table hold a text in a column.
pub async fn rows_with(store: &Store, table: &str, column: &str, text: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND {column} LIKE $2");
    store.reads().number(&sql, vals![store.division(), format!("%{text}%")]).await.unwrap()
}
