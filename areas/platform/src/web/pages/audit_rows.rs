//! What the auditor's pages read.

use std::collections::HashMap;

use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::{
    clock::{At, Day},
    error::Result,
    store::Query,
    texts::{Lang, T},
    vals,
    web::{FormErrors, Paging, optional},
};

/// What to look for. Empty fields ask for nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Kind of event, or purpose of a reading.
    pub kind: String,
    /// Sign-in name of the account that did it.
    pub account: String,
    /// Id of what it was done to.
    pub subject: String,
    subject_id: Option<Uuid>,
    /// First day.
    pub from: String,
    from_day: Option<Day>,
    /// Last day.
    pub last: String,
    last_day: Option<Day>,
    /// Asked by a form: then so are the further pages of what was found.
    pub posted: bool,
}

impl Filter {
    /// From the fields of a form or of an address.
    pub fn from_fields(query: &HashMap<String, String>, errors: &mut FormErrors) -> Filter {
        let text = |name: &str| query.get(name).map(|v| v.trim().to_owned()).unwrap_or_default();
        let (subject, from, last) = (text("subject"), text("from"), text("last"));
        Filter {
            kind: text("kind"),
            account: text("account"),
            subject_id: optional(errors, "subject", &subject),
            subject,
            from_day: optional(errors, "from", &from),
            from,
            last_day: optional(errors, "last", &last),
            last,
            posted: false,
        }
    }
    /// The fields of the form, to carry from page to page of what was found.
    pub fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("kind", &self.kind),
            ("account", &self.account),
            ("subject", &self.subject),
            ("from", &self.from),
            ("last", &self.last),
        ]
    }
    /// The condition on rows `x` with the columns that events and access records share.
    fn sql(&self, kind_column: &str, at_column: &str, values: &mut Vec<Value>) -> String {
        let mut parts = vec!["x.division_code = $1".to_owned()];
        let mut add = |condition: &str, value: Value| {
            values.push(value);
            parts.push(format!("{condition} ${}", values.len()));
        };
        if !self.kind.is_empty() {
            add(&format!("{kind_column} ="), self.kind.as_str().into());
        }
        if !self.account.is_empty() {
            add("a.sign_in_name =", crate::accounts::sign_in_key(&self.account).into());
        }
        if let Some(id) = self.subject_id {
            add("x.subject_id =", id.into());
        }
        if let Some(day) = self.from_day {
            add(&format!("{at_column} >="), day.start().into());
        }
        if let Some(day) = self.last_day {
            add(&format!("{at_column} <"), day.end().into());
        }
        parts.join(" AND ")
    }
}

const WITH_ACCOUNT: &str = "LEFT JOIN account a ON a.division_code = x.division_code AND a.account_id = x.account_id";

#[derive(FromQueryResult)]
pub(super) struct EventLine {
    pub event_id: Uuid,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub entered_at: At,
    pub role: String,
    pub version: i64,
    pub body: String,
    /// Missing for the system itself.
    pub display_name: Option<String>,
}

impl EventLine {
    /// What happened, in words; the kind itself where its area gave no text.
    pub fn kind_text(&self, t: &T) -> String {
        text_of(t, "event", &self.kind)
    }
    /// What it holds, as names and values in words.
    pub fn details(&self, t: &T) -> Vec<(String, String)> {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        let fields = body.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        fields.map(|(key, value)| (field_text(t, key), value_text(t, key, value))).collect()
    }
}

/// The name of a field of an event's body.
fn field_text(t: &T, key: &str) -> String {
    text_of(t, "audit-field", &key.replace('_', "-"))
}

/// The texts that the codes of a field may have, by their prefixes.
fn prefixes(key: &str) -> &'static [&'static str] {
    match key {
        "role" | "roles" | "party" => &["role"],
        "from" | "to" | "label" => &["label", "roster-state", "order-level"],
        "level" => &["order-level"],
        "discrepancy" => &["discrepancy"],
        "kind" => &["task", "roster-kind", "import", "job", "committee-kind", "order-kind"],
        "outcome" => &["task-outcome", "visit-outcome", "order-feedback"],
        "reason" => {
            &["emergency-reason", "cancel-reason", "refusal", "assessment-reason", "home-label-reason", "order-raise"]
        }
        "state" => &["address-state", "roster-state", "survey-state", "row-state"],
        "fields" => &["register-field"],
        "on" => &["subject"],
        "origin" => &["subject", "task-origin"],
        "what" => &["retained"],
        "cause" => &["listing-cause"],
        "answer" => &["assessment-answer"],
        "decided" => &["roster-decision", "roster-decided"],
        "table" => &["import"],
        "source" => &["source"],
        "post" => &["post"],
        "group" => &["group", "territory-group"],
        "body" => &["body"],
        "notice" => &["security-kind"],
        "proposal" => &["proposal"],
        "page" => &["nav-audit"],
        "method" => &["sign-in-method"],
        _ => &[],
    }
}

/// A value in words: codes by their texts, several with a comma, what is no code as it is.
fn value_text(t: &T, key: &str, value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::Bool(yes) => t.s(if *yes { "common-yes" } else { "common-no" }),
        serde_json::Value::Number(n) => n.to_string(),
        serde_json::Value::String(code) => {
            let mut texts = prefixes(key).iter().map(|prefix| text_of(t, prefix, code));
            texts.find(|text| text != code).unwrap_or_else(|| code.clone())
        }
        serde_json::Value::Array(all) => {
            let comma = t.comma();
            all.iter().map(|one| value_text(t, key, one)).collect::<Vec<_>>().join(comma)
        }
        serde_json::Value::Object(all) => {
            let pair = |(key, value): (&String, &serde_json::Value)| {
                format!("{} {}", field_text(t, key), value_text(t, key, value))
            };
            all.iter().map(pair).collect::<Vec<_>>().join(if t.lang == Lang::Zh { "；" } else { "; " })
        }
    }
}

/// A code's text; the code itself where there is none.
pub(super) fn text_of(t: &T, prefix: &str, code: &str) -> String {
    let key = format!("{prefix}-{}", code.replace('.', "-"));
    let text = t.message(&key);
    if text == key { code.to_owned() } else { text }
}

pub(super) async fn events(q: &impl Query, filter: &Filter, paging: &Paging) -> Result<(Vec<EventLine>, i64)> {
    let columns = "x.event_id, x.kind, x.subject_kind, x.subject_id, x.entered_at, x.role, x.version, x.body,
         COALESCE(a.display_name, (SELECT c.name FROM api_client c
           WHERE c.division_code = x.division_code AND c.client_id = x.account_id)) AS display_name";
    page_of(q, columns, "event", filter, ("x.kind", "x.entered_at", "x.event_id"), paging).await
}

#[derive(FromQueryResult)]
pub(super) struct AccessLine {
    pub access_id: Uuid,
    pub at: At,
    pub role: String,
    pub purpose: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub fields: String,
    pub display_name: Option<String>,
}

impl AccessLine {
    /// Which values were opened, in words.
    pub fn fields_text(&self, t: &T) -> String {
        let names = self
            .fields
            .split(',')
            .map(|f| text_of(t, "audit-opened", &f.trim_end_matches("_sealed").replace('_', "-")));
        names.collect::<Vec<_>>().join(t.comma())
    }
}

pub(super) async fn accesses(q: &impl Query, filter: &Filter, paging: &Paging) -> Result<(Vec<AccessLine>, i64)> {
    let columns = "x.access_id, x.at, x.role, x.purpose, x.subject_kind, x.subject_id, x.fields, a.display_name";
    page_of(q, columns, "access_record", filter, ("x.purpose", "x.at", "x.access_id"), paging).await
}

/// One page of rows, newest first, and their number.
async fn page_of<T: FromQueryResult + Send>(
    q: &impl Query,
    columns: &str,
    table: &str,
    filter: &Filter,
    (kind, at, id): (&str, &str, &str),
    paging: &Paging,
) -> Result<(Vec<T>, i64)> {
    let mut values = vals![q.division()];
    let condition = filter.sql(kind, at, &mut values);
    let from = format!("FROM {table} x {WITH_ACCOUNT} WHERE {condition}");
    let total = q.number(&format!("SELECT COUNT(*) {from}"), values.clone()).await?;
    let n = values.len();
    values.extend(vals![paging.limit(), paging.offset()]);
    let sql = format!("SELECT {columns} {from} ORDER BY {at} DESC, {id} DESC LIMIT ${} OFFSET ${}", n + 1, n + 2);
    Ok((q.rows(&sql, values).await?, total))
}

/// The kinds of events there are.
pub(super) async fn event_kinds(q: &impl Query) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Kind {
        kind: String,
    }
    let rows: Vec<Kind> =
        q.rows("SELECT DISTINCT kind FROM event WHERE division_code = $1 ORDER BY kind", vals![q.division()]).await?;
    Ok(rows.into_iter().map(|r| r.kind).collect())
}

/// How many leaves of a kind there are, and how many of them have their place.
#[derive(FromQueryResult)]
pub(super) struct LeafCount {
    pub kind: String,
    pub total: i64,
    pub sequenced: i64,
}

pub(super) async fn leaves(q: &impl Query) -> Result<Vec<LeafCount>> {
    q.rows(
        "SELECT kind, COUNT(*) AS total, CAST(SUM(CASE WHEN sequenced = TRUE THEN 1 ELSE 0 END) AS BIGINT) AS sequenced
         FROM log_leaf WHERE division_code = $1 GROUP BY kind ORDER BY kind",
        vals![q.division()],
    )
    .await
}

#[derive(FromQueryResult)]
pub(super) struct CheckpointLine {
    pub size: i64,
    pub note: String,
    pub at: At,
}

pub(super) async fn checkpoints(q: &impl Query, paging: &Paging) -> Result<(Vec<CheckpointLine>, i64)> {
    let count = "SELECT COUNT(*) FROM log_checkpoint WHERE division_code = $1";
    let total = q.number(count, vals![q.division()]).await?;
    let rows = q
        .rows(
            "SELECT size, note, at FROM log_checkpoint WHERE division_code = $1 ORDER BY size DESC LIMIT $2 OFFSET $3",
            vals![q.division(), paging.limit(), paging.offset()],
        )
        .await?;
    Ok((rows, total))
}
