//! The history of a record, from its events: of registrations, never of whereabouts. And who looked at it.

use linli_platform::{Result, clock::At, reader::Reader, store::Query, vals};
use sea_orm::FromQueryResult;

use crate::{ids::ResidentId, residents};

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    entered_at: At,
    seen_at: Option<At>,
    role: String,
    account: Option<String>,
    version: i64,
    body: String,
}

/// One step in a record's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Kind of the event. Text: `event-<kind with dots as dashes>`.
    pub kind: String,
    /// When it was entered.
    pub entered_at: At,
    /// When it was seen in the world.
    pub seen_at: Option<At>,
    /// The role of whoever entered it. Text: `role-<code>`.
    pub role: String,
    /// The name of whoever entered it: a member of staff.
    pub account: Option<String>,
    /// Version of the record after it.
    pub version: i64,
    /// Source, as a code.
    pub source: Option<String>,
    /// Fields that changed, as codes.
    pub fields: Vec<String>,
    /// Reason, as a code.
    pub reason: Option<String>,
}

impl From<Row> for Step {
    fn from(row: Row) -> Self {
        let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(|v| v.as_str()).map(str::to_owned);
        let fields = body.get("fields").and_then(|v| v.as_array()).cloned().unwrap_or_default();
        Step {
            kind: row.kind,
            entered_at: row.entered_at,
            seen_at: row.seen_at,
            role: row.role,
            account: row.account,
            version: row.version,
            source: text("source"),
            fields: fields.iter().filter_map(|f| f.as_str().map(str::to_owned)).collect(),
            reason: text("reason"),
        }
    }
}

/// The history of a record within the reader's scope, the newest step first.
pub async fn of_resident(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<Vec<Step>> {
    residents::find(q, reader, id).await?;
    of_subject(q, id.0).await
}

/// The history of a subject that the caller has found within the scope. Visits are not in it: of those there is the
/// last day on the home and no trail (boundary 11).
pub(crate) async fn of_subject(q: &impl Query, id: uuid::Uuid) -> Result<Vec<Step>> {
    let rows: Vec<Row> = q
        .rows(
            "SELECT e.kind, e.entered_at, e.seen_at, e.role, a.display_name AS account, e.version, e.body FROM event e
             LEFT JOIN account a ON a.division_code = e.division_code AND a.account_id = e.account_id
             WHERE e.division_code = $1 AND e.subject_id = $2 AND e.kind <> 'home.visited'
             ORDER BY e.entered_at DESC, e.version DESC, e.event_id DESC LIMIT 200",
            vals![q.division(), id],
        )
        .await?;
    Ok(rows.into_iter().map(Step::from).collect())
}

/// One reading of unmasked data.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Reading {
    /// When.
    pub at: At,
    /// Role of whoever read.
    pub role: String,
    /// Name of whoever read: a member of staff.
    pub account: Option<String>,
    /// Purpose. Text: `purpose-<code>`.
    pub purpose: String,
}

/// Who opened a record within the reader's scope, the latest first.
pub async fn readings(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<Vec<Reading>> {
    residents::find(q, reader, id).await?;
    q.rows(
        "SELECT r.at, r.role, a.display_name AS account, r.purpose FROM access_record r
         LEFT JOIN account a ON a.division_code = r.division_code AND a.account_id = r.account_id
         WHERE r.division_code = $1 AND r.subject_id = $2 ORDER BY r.at DESC, r.access_id DESC LIMIT 500",
        vals![q.division(), id],
    )
    .await
}
