//! Devices that notices are pushed to (推送设备, RFC 8030): a browser gives an address of its push service and a key, on the
//! own account's page. Whoever has the address could bother that device, so it is sealed, opened by the machine that
//! sends, and never shown. What ends all sessions of an account ends its devices too.

pub mod address;
mod renewal;
mod settings;
pub mod vapid;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use renewal::{Renewal, renew};
pub use settings::{PushSettings, Settings};

use crate::{
    accounts,
    app::App,
    clock::At,
    error::{AppError, Result},
    event::NewEvent,
    ids::{AccountId, PushId},
    keys::WrappedKey,
    reader::Reader,
    sealed::{Bind, KeyRow, Sealed},
    store::{Query, Tx},
    vals,
};

/// Devices of one account at most; the one that joined first gives way.
pub const DEVICES_MAX: usize = 10;
/// Bytes of a browser's public key, uncompressed.
const KEY_BYTES: usize = 65;
/// Bytes of its secret.
const AUTH_BYTES: usize = 16;
/// Characters that are kept of a device's name.
const DEVICE_MAX_CHARS: usize = 60;

/// How long a browser remembers that it is a device: a year.
const COOKIE_S: i64 = 365 * 24 * 3600;

/// The name of the cookie by which a browser is known as a device, so that signing out on it ends what is pushed to it.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-linli-push" } else { "linli-push" }
}

/// Its `Set-Cookie` value; without a device, the one that takes it away.
pub fn cookie(secure: bool, device: Option<PushId>) -> String {
    let (value, age_s) = device.map_or((String::new(), 0), |d| (d.to_string(), COOKIE_S));
    crate::sessions::set_cookie(cookie_name(secure), &value, age_s, secure)
}

/// What a browser gives when it subscribes. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The address that messages are posted to.
    pub endpoint: String,
    /// The browser's public key, base64url.
    pub p256dh: String,
    /// The secret that goes into each message's key, base64url.
    pub auth: String,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription(***)")
    }
}

impl Subscription {
    /// The browser's public key, as bytes of an uncompressed point.
    pub fn key(&self) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(self.p256dh.trim_end_matches('=')).ok()?;
        (bytes.len() == KEY_BYTES && p256::PublicKey::from_sec1_bytes(&bytes).is_ok()).then_some(bytes)
    }
    /// Its secret.
    pub fn secret(&self) -> Option<[u8; AUTH_BYTES]> {
        URL_SAFE_NO_PAD.decode(self.auth.trim_end_matches('=')).ok()?.try_into().ok()
    }
    /// The digest under which its address is known again.
    fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.endpoint.as_bytes()).to_vec()
    }
}

fn bind(id: PushId) -> Bind {
    Bind { table: "push_device", column: "address_sealed", row: id.0 }
}

/// Whether notices are pushed here at all.
pub fn is_on(app: &App) -> bool {
    PushSettings::of(app).enabled
}

/// The host of what a browser gave, where notices may be pushed to it.
fn accepted(app: &App, given: &Subscription) -> Result<String> {
    let settings = PushSettings::of(app);
    if !settings.enabled {
        return Err(AppError::rule("push-off"));
    }
    let host = address::check(&given.endpoint, &settings).map_err(|_| AppError::rule("push-address"))?;
    if given.key().is_none() || given.secret().is_none() {
        return Err(AppError::rule("push-key"));
    }
    Ok(host)
}

/// Pushes notices of the transaction's reader to a device from now on. A device that somebody else joined before is theirs
/// no more.
///
/// # Errors
/// `push-off` where the installation has none; `push-address`; `push-key`.
pub async fn join(app: &App, tx: &Tx, given: &Subscription, device: &str) -> Result<PushId> {
    let host = accepted(app, given)?;
    drop_where(tx, "endpoint_digest = $2", given.digest().into()).await?;
    make_room(tx).await?;
    let id: PushId = tx.new_id();
    let keys = tx.create_keys(&[id.0]).await?;
    let key = keys.first().ok_or_else(|| AppError::internal("a key was not made"))?;
    let columns = &[
        "division_code",
        "push_id",
        "account_id",
        "endpoint_digest",
        "address_sealed",
        "host",
        "device",
        "made_at",
        "sent_at",
        "error",
    ];
    let row = vals![
        tx.division(),
        id,
        tx.reader().account,
        given.digest(),
        key.seal(bind(id), &serde_json::to_string(given)?),
        host,
        device.chars().take(DEVICE_MAX_CHARS).collect::<String>(),
        tx.now(),
        None::<At>,
        None::<String>
    ];
    tx.insert_many("push_device", columns, vec![row]).await?;
    tx.event(NewEvent::new("account.push-joined", accounts::subject(tx.reader().account))).await?;
    Ok(id)
}

/// The devices beyond the most that an account has give way, the oldest first.
async fn make_room(tx: &Tx) -> Result<()> {
    let own = of_account(tx, tx.reader().account).await?;
    for old in own.iter().skip(DEVICES_MAX - 1) {
        drop_where(tx, "push_id = $2", old.push_id.into()).await?;
    }
    Ok(())
}

/// Takes devices away with their keys; `condition` is on the columns of `push_device`. How many.
async fn drop_where(tx: &Tx, condition: &str, value: sea_orm::Value) -> Result<u64> {
    let keys = format!(
        "DELETE FROM subject_key WHERE division_code = $1 AND subject_id IN (
           SELECT push_id FROM push_device WHERE division_code = $1 AND {condition})"
    );
    tx.execute(&keys, vals![tx.division(), value.clone()]).await?;
    let sql = format!("DELETE FROM push_device WHERE division_code = $1 AND {condition}");
    tx.execute(&sql, vals![tx.division(), value]).await
}

/// Nothing is pushed to any device of an account any more. What ends them has its own event.
pub(crate) async fn end_all(tx: &Tx, account: AccountId) -> Result<()> {
    drop_where(tx, "account_id = $2", account.into()).await.map(|_| ())
}

/// Ends one of the reader's devices.
///
/// # Errors
/// `not-found` if it ended or is another's.
pub async fn end(tx: &Tx, id: PushId) -> Result<()> {
    let own = of_account(tx, tx.reader().account).await?;
    if !own.iter().any(|d| d.push_id == id) {
        return Err(AppError::not_found());
    }
    drop_where(tx, "push_id = $2", id.into()).await?;
    tx.event(NewEvent::new("account.push-ended", accounts::subject(tx.reader().account))).await?;
    Ok(())
}

/// The reader signed out on a device: nothing is pushed to it any more. Another's is left alone.
pub(crate) async fn end_here(tx: &Tx, id: PushId) -> Result<()> {
    match end(tx, id).await {
        Err(e) if e.is("not-found") => Ok(()),
        done => done,
    }
}

/// The push service knows a device no more.
///
/// # Errors
/// Those of the store.
pub async fn gone(tx: &Tx, id: PushId, account: AccountId) -> Result<()> {
    if drop_where(tx, "push_id = $2", id.into()).await? > 0 {
        tx.event(NewEvent::new("account.push-gone", accounts::subject(account))).await?;
    }
    Ok(())
}

/// A device, as its owner sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Device {
    /// Id.
    pub push_id: PushId,
    /// The device.
    pub device: String,
    /// The push service it is reached by.
    pub host: String,
    /// When it joined.
    pub made_at: At,
    /// When something last reached its push service.
    pub sent_at: Option<At>,
    /// Why the last message did not.
    pub error: Option<String>,
}

/// The devices of an account, the last joined first.
///
/// # Errors
/// Those of the store.
pub async fn of_account(q: &impl Query, account: AccountId) -> Result<Vec<Device>> {
    let sql = "SELECT push_id, device, host, made_at, sent_at, error FROM push_device
         WHERE division_code = $1 AND account_id = $2 ORDER BY made_at DESC, push_id DESC";
    q.rows(sql, vals![q.division(), account]).await
}

/// Accounts with a device, as readers of today: what each may see decides what is pushed to it. Disabled ones have none.
///
/// # Errors
/// Those of the store.
pub async fn readers(app: &App) -> Result<Vec<Reader>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        display_name: String,
    }
    let q = app.store.reads();
    let sql = "SELECT DISTINCT a.account_id, a.display_name FROM account a
         JOIN push_device d ON d.division_code = a.division_code AND d.account_id = a.account_id
         WHERE a.division_code = $1 AND a.disabled = FALSE ORDER BY a.account_id";
    let rows: Vec<Row> = q.rows(sql, vals![q.division()]).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(crate::sessions::reader(app, row.account_id, row.display_name, app.store.now().day()).await?);
    }
    Ok(all)
}

/// Opens addresses by a recorded run of the machine, for the requests that go there. What does not open is left out.
///
/// # Errors
/// Those of the store.
pub async fn open(tx: &Tx, ids: &[PushId]) -> Result<Vec<(PushId, Subscription)>> {
    #[derive(FromQueryResult)]
    struct Row {
        push_id: PushId,
        address_sealed: Sealed,
        epoch: String,
        wrapped: WrappedKey,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vals![tx.division()];
    values.extend(ids.iter().map(|id| sea_orm::Value::from(*id)));
    let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT d.push_id, d.address_sealed, k.epoch, k.wrapped FROM push_device d
         JOIN subject_key k ON k.division_code = d.division_code AND k.subject_id = d.push_id
         WHERE d.division_code = $1 AND d.push_id IN ({})",
        marks.join(", ")
    );
    let rows: Vec<Row> = tx.rows(&sql, values).await?;
    let run = tx.machine_run("push-device").await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let key = KeyRow { subject_id: row.push_id.0, epoch: row.epoch, wrapped: row.wrapped };
        let opened = run.open(&key, &[(bind(row.push_id), &row.address_sealed)])?;
        let read = opened.first().and_then(|text| serde_json::from_str(text.for_engine()).ok());
        all.extend(read.map(|given| (row.push_id, given)));
    }
    Ok(all)
}

/// Notes how the last message to a device fared: no word where it arrived at the push service.
///
/// # Errors
/// Those of the store.
pub async fn note(tx: &Tx, id: PushId, error: Option<&str>) -> Result<()> {
    tx.housekeeping("how a device is reached changes nothing in the world");
    let (set, value): (&str, sea_orm::Value) = match error {
        None => ("sent_at = $3, error = NULL", tx.now().into()),
        Some(why) => ("error = $3", why.to_owned().into()),
    };
    let sql = format!("UPDATE push_device SET {set} WHERE division_code = $1 AND push_id = $2");
    tx.execute(&sql, vals![tx.division(), id, value]).await?;
    Ok(())
}
