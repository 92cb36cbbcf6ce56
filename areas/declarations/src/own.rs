//! The own record (本人登记) and who looked at it: of this one person, never of anybody else in the home.

use linli_platform::{
    Result,
    clock::{At, Day},
    ids::AccessId,
    reader::{Purpose, Reader},
    store::{Query, Store},
    vals,
};
use linli_register::{
    doubts::{self, Doubt},
    homes,
    residents::{self, MaskedResident, OpenResident},
};
use sea_orm::FromQueryResult;

use crate::entrance::Own;

/// The own record, masked.
#[derive(Debug, Clone)]
pub struct OwnRecord {
    /// The facts.
    pub facts: MaskedResident,
    /// Since when the main residence lasts.
    pub since: Option<Day>,
    /// When the registration of the home was last checked at the door.
    pub verified: Option<Day>,
    /// The doubt about the address that is being looked into (住址核实中).
    pub doubt: Option<Doubt>,
}

/// The own record.
pub async fn record(q: &impl Query, own: &Own) -> Result<OwnRecord> {
    // The visit is what entitles to this one record; the register's own scope is that of staff.
    let entitled = Reader::system();
    let facts = residents::find(q, &entitled, own.resident).await?;
    let since = residents::lives_since(q, own.resident).await?;
    let verified = match facts.home_id {
        Some(home) => homes::find(q, &entitled, home).await?.last_verified_day,
        None => None,
    };
    let doubt = doubts::open_of(q, own.resident).await?;
    Ok(OwnRecord { facts, since, verified, doubt })
}

/// Opens the own record for the person's own eyes, on record like every reading.
///
/// # Errors
/// `not-found` once the visit has ended.
pub async fn open(store: &Store, own: &Own) -> Result<OpenResident> {
    let tx = store.begin(&own.reader()).await?;
    let open = residents::open(&tx, own.resident, Purpose::OwnRecord).await?;
    // The answer goes out only after the reading is on record.
    tx.commit().await?;
    Ok(open)
}

/// One reading of the own record.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Reading {
    /// Its id.
    pub access_id: AccessId,
    /// When.
    pub at: At,
    /// Role of whoever read; `resident` for oneself.
    pub role: String,
    /// Purpose. Text: `purpose-<code>`.
    pub purpose: String,
    /// The columns that were opened, with commas between.
    pub fields: String,
    /// Where in the log it stands; none while it waits to be taken in, some seconds.
    pub position: Option<i64>,
}

impl Reading {
    /// What was opened, as codes. Text: `own-field-<code>`.
    pub fn opened(&self) -> Vec<&str> {
        self.fields.split(',').map(|f| f.trim_end_matches("_sealed")).filter(|f| !f.is_empty()).collect()
    }
}

const READINGS: &str = "SELECT a.access_id, a.at, a.role, a.purpose, a.fields, l.position FROM access_record a
 JOIN log_leaf l ON l.division_code = a.division_code AND l.leaf_id = a.leaf_id
 WHERE a.division_code = $1 AND a.subject_id = $2";

/// How often the own record was read.
pub async fn readings_total(q: &impl Query, own: &Own) -> Result<i64> {
    q.number(
        "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_id = $2",
        vals![q.division(), own.resident],
    )
    .await
}

/// Who read the own record, the latest first.
pub async fn readings(q: &impl Query, own: &Own, limit: i64, offset: i64) -> Result<Vec<Reading>> {
    let sql = format!(
        "{READINGS} ORDER BY a.at DESC, a.access_id DESC LIMIT {} OFFSET {}",
        limit.clamp(1, 500),
        offset.max(0)
    );
    q.rows(&sql, vals![q.division(), own.resident]).await
}

/// One reading of the own record.
///
/// # Errors
/// `not-found` for everybody else's.
pub async fn reading(q: &impl Query, own: &Own, id: AccessId) -> Result<Reading> {
    let row: Option<Reading> =
        q.row(&format!("{READINGS} AND a.access_id = $3"), vals![q.division(), own.resident, id]).await?;
    row.ok_or_else(linli_platform::AppError::not_found)
}
