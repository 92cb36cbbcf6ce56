//! The phones (离线终端): each belongs to one account, is seen when it speaks with the server, and can be revoked when it
//! was lost. Revoking ends the account's sessions; what is on the phone goes at its next contact.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    codes,
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    reader::{Reader, Scope},
    sessions,
    store::{Query, Tx},
    vals,
};
use sea_orm::{FromQueryResult, Value};

use super::keys::KEPT_DAYS;
use crate::ids::DeviceId;

codes! {
    /// What kind of device it is (终端类型). Fluent text: `phones-device-<code>`.
    Label, "phones-device" {
        /// 手机
        Phone = "phone",
        /// 平板
        Tablet = "tablet",
    }
}

/// Contact is noted at most this often.
const SEEN_S: i64 = 60;
/// Phones of one account at most that are not revoked; the one unheard of longest gives way.
const OF_ACCOUNT_MAX: usize = 5;

/// A phone.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Device {
    /// Its id, made on it.
    pub device_id: DeviceId,
    /// Whose it is.
    pub account_id: AccountId,
    /// [`Label`].
    pub label: String,
    /// Since when.
    pub made_at: At,
    /// Its last contact.
    pub seen_at: At,
    /// When it last took an assignment.
    pub taken_at: Option<At>,
    /// When it was revoked.
    pub revoked_at: Option<At>,
}

const COLUMNS: &str = "d.device_id, d.account_id, d.label, d.made_at, d.seen_at, d.taken_at, d.revoked_at";

/// A phone, whoever's it is.
pub async fn find(q: &impl Query, id: DeviceId) -> Result<Option<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM phone_device d WHERE d.division_code = $1 AND d.device_id = $2");
    q.row(&sql, vals![q.division(), id]).await
}

/// What a phone is told that cannot be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// The server does not know it; it is to be registered.
    Unknown,
    /// It belongs to another account.
    OfAnother,
}

/// The reader's own phone.
///
/// # Errors
/// The inner one where it is none of the reader's.
pub async fn own(q: &impl Query, reader: &Reader, id: DeviceId) -> Result<Result<Device, Stranger>> {
    Ok(match find(q, id).await? {
        None => Err(Stranger::Unknown),
        Some(device) if device.account_id != reader.account => Err(Stranger::OfAnother),
        Some(device) => Ok(device),
    })
}

fn subject(id: DeviceId) -> SubjectRef {
    SubjectRef::new("phone", id, None)
}

/// Registers a phone for the reader; a second time changes nothing.
///
/// # Errors
/// The inner one where it is another's.
pub async fn register(app: &App, reader: &Reader, id: DeviceId, label: Label) -> Result<Result<Device, Stranger>> {
    let tx = app.store.begin(reader).await?;
    if let Some(device) = find(&tx, id).await? {
        return Ok(if device.account_id == reader.account { Ok(device) } else { Err(Stranger::OfAnother) });
    }
    make_room(&tx).await?;
    tx.execute(
        "INSERT INTO phone_device (division_code, device_id, account_id, label, made_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        vals![tx.division(), id, reader.account, label.code(), tx.now(), tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("phone.registered", subject(id)).body(serde_json::json!({ "label": label.code() }))).await?;
    let device = find(&tx, id).await?.ok_or_else(AppError::not_found)?;
    tx.commit().await?;
    Ok(Ok(device))
}

/// A phone that was replaced is not registered any more; should it come again, it registers anew.
async fn make_room(tx: &Tx) -> Result<()> {
    let sql = format!(
        "SELECT {COLUMNS} FROM phone_device d WHERE d.division_code = $1 AND d.account_id = $2 AND d.revoked_at IS NULL
         ORDER BY d.seen_at DESC, d.device_id"
    );
    let known: Vec<Device> = tx.rows(&sql, vals![tx.division(), tx.reader().account]).await?;
    for old in known.iter().skip(OF_ACCOUNT_MAX - 1) {
        let sql = "DELETE FROM phone_device WHERE division_code = $1 AND device_id = $2";
        tx.execute(sql, vals![tx.division(), old.device_id]).await?;
    }
    Ok(())
}

/// Notes that a phone spoke, and that it took an assignment if it did.
pub(super) async fn spoke(app: &App, reader: &Reader, device: &Device, takes: bool) -> Result<()> {
    let now = app.store.now();
    if !takes && device.seen_at > now.plus_s(-SEEN_S) {
        return Ok(());
    }
    let tx = app.store.begin(reader).await?;
    let column = if takes { "taken_at" } else { "seen_at" };
    let sql =
        format!("UPDATE phone_device SET seen_at = $3, {column} = $3 WHERE division_code = $1 AND device_id = $2");
    let sql = if takes { sql } else { sql.replacen("seen_at = $3, ", "", 1) };
    tx.execute(&sql, vals![tx.division(), device.device_id, tx.now()]).await?;
    tx.housekeeping("when a phone last spoke; what it sends has events of its own");
    tx.commit().await
}

/// A phone as whoever leads its owner sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DeviceRow {
    /// Its id.
    pub device_id: DeviceId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The colleague's name.
    pub account_name: String,
    /// [`Label`].
    pub label: String,
    /// Its last contact.
    pub seen_at: At,
    /// When it last took an assignment.
    pub taken_at: Option<At>,
    /// When it was revoked.
    pub revoked_at: Option<At>,
    /// Entries that came from it in the last 62 days.
    pub entries: i64,
}

/// Whose phones a reader sees: of accounts that hold a role in the reader's grids, or held one not long ago.
fn led(reader: &Reader, since: linli_platform::clock::Day, values: &mut Vec<Value>) -> String {
    let Scope::Grids(grids) = &reader.scope else { return "1 = 1".into() };
    if grids.is_empty() {
        return "1 = 0".into();
    }
    values.push(since.into());
    let day = values.len();
    let first = day + 1;
    values.extend(grids.iter().map(|g| Value::from(g.to_string())));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    format!(
        "EXISTS (SELECT 1 FROM account_role r WHERE r.division_code = d.division_code AND r.account_id = d.account_id
           AND r.area_kind = 'grid' AND (r.until_day IS NULL OR r.until_day > ${day}) AND r.area IN ({}))",
        marks.join(", ")
    )
}

fn select(condition: &str) -> String {
    format!(
        "SELECT d.device_id, d.account_id, a.display_name AS account_name, d.label, d.seen_at, d.taken_at, d.revoked_at,
           (SELECT COUNT(*) FROM phone_entry e WHERE e.division_code = d.division_code
              AND e.device_id = d.device_id) AS entries
         FROM phone_device d JOIN account a ON a.division_code = d.division_code AND a.account_id = d.account_id
         WHERE d.division_code = $1 AND {condition}"
    )
}

/// The phones that a reader may revoke, those in use first.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<DeviceRow>> {
    let mut values = vals![q.division()];
    let led = led(reader, q.store().clock().today().plus_days(-KEPT_DAYS), &mut values);
    let order = "CASE WHEN d.revoked_at IS NULL THEN 0 ELSE 1 END, d.seen_at DESC, d.device_id LIMIT 500";
    q.rows(&format!("{} ORDER BY {order}", select(&led)), values).await
}

/// Revokes a lost phone: at its next contact it drops what it holds, what comes from it afterwards waits for a decision,
/// and the account is signed out everywhere.
///
/// # Errors
/// `not-found` where the reader does not lead its owner. A phone that was revoked already stays as it is.
pub async fn revoke(tx: &Tx, id: DeviceId) -> Result<()> {
    let mut values = vals![tx.division(), id];
    let led = led(tx.reader(), tx.now().day().plus_days(-KEPT_DAYS), &mut values);
    let row: Option<DeviceRow> = tx.row(&select(&format!("d.device_id = $2 AND {led}")), values).await?;
    let row = row.ok_or_else(AppError::not_found)?;
    if row.revoked_at.is_some() {
        return Ok(());
    }
    tx.execute_one(
        "UPDATE phone_device SET revoked_at = $3, revoked_by = $4
         WHERE division_code = $1 AND device_id = $2 AND revoked_at IS NULL",
        vals![tx.division(), id, tx.now(), tx.reader().account],
    )
    .await?;
    sessions::end_all(tx, row.account_id).await?;
    tx.event(NewEvent::new("phone.revoked", subject(id))).await?;
    Ok(())
}
