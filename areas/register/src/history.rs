//! The history of a record, from its events: of registrations, never of whereabouts. Which fact was told by whom, and
//! who looked at the record.

use futures::future::BoxFuture;
use linli_platform::{Result, clock::At, reader::Reader, store::Query, vals};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;

use crate::{codes::Fact, ids::ResidentId, merges, residents, sql::mark};

#[derive(FromQueryResult)]
pub(crate) struct Row {
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
    /// The other record of a merge or split.
    pub other: Option<ResidentId>,
    merge: Option<String>,
}

impl Step {
    /// The key of the reason's text, where it has one: each kind has a closed list of its own.
    pub fn reason_key(&self) -> Option<String> {
        let prefix = match self.kind.as_str() {
            "resident.cancelled" => "cancel-reason",
            "resident.corrected" | "home.corrected" | "employer.corrected" => "correction",
            "resident.transfer-refused" | "resident.outward-refused" | "resident.inward-refused" => "refusal",
            _ => return None,
        };
        self.reason.as_ref().map(|code| format!("{prefix}-{code}"))
    }
    /// The facts that it settled.
    fn facts(&self) -> Vec<Fact> {
        match self.kind.as_str() {
            "resident.registered" => Fact::ALL.to_vec(),
            "resident.moved" => vec![Fact::Residence],
            "resident.changed" | "resident.corrected" | "resident.merged" | "resident.unmerged" => self.named(),
            _ => Vec::new(),
        }
    }
    fn named(&self) -> Vec<Fact> {
        let named = self.fields.iter().filter_map(|f| Fact::from_code(f));
        // In a merge, birth date and sex go with the document that tells them.
        let document = self.merge.is_some() && self.fields.iter().any(|f| f == Fact::Document.code());
        named.chain(document.then_some([Fact::Birth, Fact::Sex]).into_iter().flatten()).collect()
    }
    fn told(&self, fact: Fact) -> Provenance {
        Provenance {
            fact,
            source: self.source.clone(),
            seen_at: self.seen_at,
            entered_at: self.entered_at,
            role: self.role.clone(),
            account: self.account.clone(),
            version: self.version,
            corrected: self.kind == "resident.corrected",
            merged: self.other.filter(|_| self.kind == "resident.merged"),
        }
    }
}

impl From<Row> for Step {
    fn from(row: Row) -> Self {
        let body: Json = serde_json::from_str(&row.body).unwrap_or_default();
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
            other: text("other").and_then(|id| id.parse().ok()),
            merge: text("merge"),
        }
    }
}

/// Where one fact of a record comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The fact.
    pub fact: Fact,
    /// Who told it, as a code of [`Source`](crate::codes::Source).
    pub source: Option<String>,
    /// When it was seen in the world.
    pub seen_at: Option<At>,
    /// When it was entered.
    pub entered_at: At,
    /// The role of whoever entered it.
    pub role: String,
    /// The name of whoever entered it: a member of staff.
    pub account: Option<String>,
    /// Version of the record that first had it.
    pub version: i64,
    /// Whether it was put right rather than changed.
    pub corrected: bool,
    /// The record that a merge took it from.
    pub merged: Option<ResidentId>,
}

/// The history of a record within the reader's scope, the newest step first.
pub async fn of_resident(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<Vec<Step>> {
    residents::find(q, reader, id).await?;
    of_subject(q, id.0).await
}

pub(crate) const SELECT: &str =
    "SELECT e.kind, e.entered_at, e.seen_at, e.role, a.display_name AS account, e.version, e.body
 FROM event e LEFT JOIN account a ON a.division_code = e.division_code AND a.account_id = e.account_id
 WHERE e.division_code = $1 AND e.subject_id = $2";

/// The history of a subject that the caller has found within the scope. Visits are not in it: of those there is the
/// last day on the home and no trail (boundary 11).
pub(crate) async fn of_subject(q: &impl Query, id: uuid::Uuid) -> Result<Vec<Step>> {
    let sql = format!(
        "{SELECT} AND e.kind <> 'home.visited' ORDER BY e.entered_at DESC, e.version DESC, e.event_id DESC LIMIT 200"
    );
    let rows: Vec<Row> = q.rows(&sql, vals![q.division(), id]).await?;
    Ok(rows.into_iter().map(Step::from).collect())
}

/// Every step that settled a fact, the newest first.
async fn settling(q: &impl Query, id: ResidentId, after: i64) -> Result<Vec<Step>> {
    let sql = format!(
        "{SELECT} AND e.version > $3 AND e.kind IN ('resident.registered', 'resident.changed', 'resident.corrected',
           'resident.moved', 'resident.merged', 'resident.unmerged')
         ORDER BY e.version DESC, e.entered_at DESC, e.event_id DESC"
    );
    let rows: Vec<Row> = q.rows(&sql, vals![q.division(), id, after]).await?;
    Ok(rows.into_iter().map(Step::from).collect())
}

fn newest(steps: &[Step]) -> Vec<Provenance> {
    let mut told: Vec<Provenance> = Vec::new();
    for step in steps {
        for fact in step.facts() {
            if !told.iter().any(|p| p.fact == fact) {
                told.push(step.told(fact));
            }
        }
    }
    told.sort_by_key(|p| p.fact);
    told
}

/// Where each fact of a record within the reader's scope comes from, in the order of [`Fact::ALL`]. What a merge took
/// over comes from where the absorbed record had it; what an undone merge gave back comes from where it was before.
pub async fn provenance(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<Vec<Provenance>> {
    residents::find(q, reader, id).await?;
    told_of(q, id).await
}

fn told_of<'a, Q: Query + Sync>(q: &'a Q, id: ResidentId) -> BoxFuture<'a, Result<Vec<Provenance>>> {
    Box::pin(async move {
        let steps = settling(q, id, 0).await?;
        let undone: Vec<String> =
            steps.iter().filter(|s| s.kind == "resident.unmerged").filter_map(|s| s.merge.clone()).collect();
        let standing: Vec<Step> =
            steps.into_iter().filter(|s| !s.merge.as_ref().is_some_and(|m| undone.contains(m))).collect();
        let mut told = newest(&standing);
        for one in told.iter_mut().filter(|p| p.merged.is_some()) {
            let Some(other) = one.merged else { continue };
            if let Some(origin) = told_of(q, other).await?.into_iter().find(|p| p.fact == one.fact) {
                *one = Provenance { version: one.version, merged: Some(other), ..origin };
            }
        }
        Ok(told)
    })
}

/// The facts that somebody settled since a version of a record within the reader's scope: what a form that was opened
/// at that version has not seen.
pub async fn changed_since(q: &impl Query, reader: &Reader, id: ResidentId, version: i64) -> Result<Vec<Provenance>> {
    residents::find(q, reader, id).await?;
    Ok(newest(&settling(q, id, version).await?))
}

/// The facts settled since a version, for whoever has found the record already.
pub(crate) async fn settled_since(q: &impl Query, id: ResidentId, version: i64) -> Result<Vec<Fact>> {
    Ok(newest(&settling(q, id, version).await?).into_iter().map(|p| p.fact).collect())
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

/// Who opened a record within the reader's scope, the latest first: the readings of what was merged into it and, up to
/// the split, of what it was split from are readings of this person too.
pub async fn readings(q: &impl Query, reader: &Reader, id: ResidentId) -> Result<Vec<Reading>> {
    residents::find(q, reader, id).await?;
    let mut values = vals![q.division()];
    let mut of = Vec::new();
    for (id, until) in merges::family(q, id).await? {
        let subject = mark(&mut values, id);
        let until = until.map(|at| format!(" AND r.at <= {}", mark(&mut values, at))).unwrap_or_default();
        of.push(format!("(r.subject_id = {subject}{until})"));
    }
    let sql = format!(
        "SELECT r.at, r.role, a.display_name AS account, r.purpose FROM access_record r
         LEFT JOIN account a ON a.division_code = r.division_code AND a.account_id = r.account_id
         WHERE r.division_code = $1 AND ({}) ORDER BY r.at DESC, r.access_id DESC LIMIT 500",
        of.join(" OR ")
    );
    q.rows(&sql, values).await
}
