//! Making a day's file: which records are in it.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    reader::Scope,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    codes::ReportKind,
    ids::{DailyFileId, ResidentId},
    residents::friendly,
};

/// More rows than this are no day's changes: a first load goes over as a whole.
const MAX_ROWS: usize = 5_000;

/// A day's file.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DailyFile {
    /// Id.
    pub file_id: DailyFileId,
    /// The day whose changes it holds.
    pub day: Day,
    /// `made`, or `answered` once a receipt was read.
    pub state: String,
    /// How many records are in it.
    pub row_count: i64,
    /// When it was made.
    pub made_at: At,
    /// When the last receipt was read.
    pub receipt_at: Option<At>,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str = "file_id, day, state, row_count, made_at, receipt_at, version";

/// The files, the latest day first.
pub async fn list(q: &impl Query) -> Result<Vec<DailyFile>> {
    let sql = format!("SELECT {COLUMNS} FROM daily_file WHERE division_code = $1 ORDER BY day DESC LIMIT 100");
    q.rows(&sql, vals![q.division()]).await
}

/// One file.
pub async fn find(q: &impl Query, id: DailyFileId) -> Result<DailyFile> {
    let sql = format!("SELECT {COLUMNS} FROM daily_file WHERE division_code = $1 AND file_id = $2");
    q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)
}

/// A file and how many of its rows wait for an answer, or were refused and are not put right.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Standing {
    /// When it was made.
    pub made_at: At,
    /// Rows without an answer, or refused while the record is still as it was reported.
    pub unresolved: i64,
}

/// How the files stand that were made since an instant or are not resolved yet.
pub async fn standing(q: &impl Query, since: At) -> Result<Vec<Standing>> {
    q.rows(
        "SELECT made_at, unresolved FROM (
           SELECT f.made_at, (SELECT COUNT(*) FROM daily_row d
             LEFT JOIN resident r ON r.division_code = d.division_code AND r.resident_id = d.resident_id
             WHERE d.division_code = f.division_code AND d.file_id = f.file_id
               AND (d.result IS NULL OR (d.result = 'rejected' AND r.version <= d.record_version))) AS unresolved
           FROM daily_file f WHERE f.division_code = $1) s
         WHERE s.made_at >= $2 OR s.unresolved > 0",
        vals![q.division(), since],
    )
    .await
}

#[derive(FromQueryResult)]
struct Changed {
    resident_id: ResidentId,
    state: String,
    version: i64,
    reported: Option<i64>,
    registered_at: Option<At>,
}

impl Changed {
    /// What is reported of it; nothing where that is known already, or where somebody came and went unreported.
    fn kind(&self, begin: At) -> Option<ReportKind> {
        let known = self.reported.is_some() || self.registered_at.is_none_or(|at| at < begin);
        match (self.state.as_str(), known) {
            _ if self.reported.is_some_and(|reported| reported >= self.version) => None,
            ("current", true) => Some(ReportKind::Changed),
            ("current", false) => Some(ReportKind::New),
            (_, true) => Some(ReportKind::Cancelled),
            (_, false) => None,
        }
    }
}

/// The kind of the first event stands in an expression: an engine without statistics would otherwise read all
/// registrations there ever were for each record.
async fn changed(tx: &Tx, day: Day) -> Result<Vec<Changed>> {
    tx.rows(
        "SELECT r.resident_id, r.state, r.version,
           (SELECT MAX(d.record_version) FROM daily_row d WHERE d.division_code = r.division_code
             AND d.resident_id = r.resident_id AND (d.result IS NULL OR d.result = 'accepted')) AS reported,
           (SELECT MIN(CASE WHEN g.kind = 'resident.registered' THEN g.entered_at END) FROM event g
             WHERE g.division_code = r.division_code AND g.subject_id = r.resident_id) AS registered_at
         FROM resident r WHERE r.division_code = $1 AND r.resident_id IN (
           SELECT e.subject_id FROM event e WHERE e.division_code = $1 AND e.entered_at >= $2 AND e.entered_at < $3
             AND e.kind IN ('resident.registered', 'resident.changed', 'resident.corrected', 'resident.moved',
               'resident.cancelled', 'resident.merged', 'resident.absorbed', 'resident.unmerged'))
         ORDER BY r.resident_id",
        vals![tx.division(), day.start(), day.end()],
    )
    .await
}

/// Makes the file of a day that is over.
///
/// # Errors
/// `forbidden` for a reader of less than the whole sub-district, `daily-day-open` for a day that is not over,
/// `daily-known` where there is one, `daily-too-many` beyond a day's measure, argument `max`.
pub async fn make(tx: &Tx, day: Day) -> Result<DailyFileId> {
    if tx.reader().scope != Scope::Division {
        return Err(AppError::forbidden());
    }
    if day >= tx.now().day() {
        return Err(AppError::rule("daily-day-open"));
    }
    let rows: Vec<(Changed, ReportKind)> =
        changed(tx, day).await?.into_iter().filter_map(|row| row.kind(day.start()).map(|kind| (row, kind))).collect();
    if rows.len() > MAX_ROWS {
        return Err(AppError::rule("daily-too-many").arg("max", MAX_ROWS));
    }
    let id: DailyFileId = tx.new_id();
    let count = rows.len() as i64;
    let columns = ["division_code", "file_id", "day", "state", "row_count", "made_by", "made_at", "version"];
    let values = vals![tx.division(), id, day, "made", count, tx.reader().account, tx.now(), 1i64];
    tx.insert_many("daily_file", &columns, vec![values]).await.map_err(|e| friendly(e, "daily-known"))?;
    let columns = ["division_code", "file_id", "row_no", "resident_id", "kind", "record_version"];
    let row = |(n, (row, kind)): (i64, (Changed, ReportKind))| {
        vals![tx.division(), id, n, row.resident_id, kind.code(), row.version]
    };
    tx.insert_many("daily_row", &columns, (1i64..).zip(rows).map(row).collect()).await?;
    let body = serde_json::json!({ "day": day, "rows": count });
    tx.event(NewEvent::new("daily-file.made", SubjectRef::new("daily-file", id, None)).body(body)).await?;
    Ok(id)
}
