//! Deletion when the time is over (保存期限): each kind of record goes after the months that the policy pack names.
//!
//! A daily job of each area deletes what is its own, and the same job tells beforehand what it would delete, so that
//! nobody has to take its word for it. Of an event or an access record that goes, the digest stays: the log can still
//! be checked, and shows that nothing else was taken out and nothing was changed.

use futures::future::BoxFuture;
use policy_pack::RetentionId;
use sea_orm::Value;

use crate::{
    app::App,
    clock::{At, Day},
    error::Result,
    event::{NewEvent, SubjectRef},
    jobs::{Job, JobKind},
    reader::Reader,
    record, sessions,
    store::{Query, Tx},
    vals,
};

/// What is over its time, of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What it is. Fluent text: `retained-<key>`.
    pub key: &'static str,
    /// What is older goes.
    pub before: At,
    /// So many rows.
    pub rows: i64,
}

/// The instant before which records of a kind are over their time, by the pack's calendar months.
pub fn before(app: &App, kind: RetentionId) -> At {
    let months = i64::from(app.pack.retention(kind).keep_months.min(2_400));
    Day(app.store.clock().today().0.saturating_sub(jiff::Span::new().months(months))).start()
}

/// What every area's jobs would delete now.
pub async fn due(app: &App) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    for job in &app.jobs {
        all.extend(job.due(app).await?);
    }
    Ok(all)
}

/// Deletes it now rather than with the day's jobs.
///
/// # Errors
/// Those of the jobs; what was deleted before stays deleted.
pub async fn erase(app: &App) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    for kind in &app.jobs {
        let due = kind.due(app).await?;
        if due.iter().any(|d| d.rows > 0) {
            kind.run(app, &Job::now(kind.kind())).await?;
        }
        all.extend(due);
    }
    Ok(all)
}

/// Records in the log that a kind of records was deleted, and how many.
pub async fn note(tx: &Tx, key: &'static str, rows: u64) -> Result<()> {
    let subject = SubjectRef::new("retention", tx.new_id::<uuid::Uuid>(), None);
    let body = serde_json::json!({ "what": key, "rows": rows });
    tx.event(NewEvent::new("retention.erased", subject).body(body)).await?;
    Ok(())
}

/// What goes: everything before an instant or a day, which is the condition's `$2`.
#[derive(Debug, Clone)]
pub enum Part {
    /// Events, whose digests stay; a condition on the columns of `event`.
    Events(&'static str, Value),
    /// Readings, whose digests stay; a condition on the columns of `access_record`.
    Readings(&'static str, Value),
    /// Rows of which nothing stays; the whole `DELETE`.
    Rows(&'static str, Value),
}

/// Takes out what is over its time, part by part, each in a transaction of its own with an event. How many rows.
///
/// # Errors
/// Those of the store; earlier parts stay deleted.
pub async fn in_parts(app: &App, key: &'static str, part: Part) -> Result<u64> {
    let mut all = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let gone = match &part {
            Part::Events(condition, before) => {
                record::erase_events(&tx, condition, vals![tx.division(), before.clone()]).await?
            }
            Part::Readings(condition, before) => {
                record::erase_readings(&tx, condition, vals![tx.division(), before.clone()]).await?
            }
            Part::Rows(delete, before) => tx.execute(delete, vals![tx.division(), before.clone()]).await?,
        };
        if gone == 0 {
            return Ok(all);
        }
        note(&tx, key, gone).await?;
        tx.commit().await?;
        all += gone;
    }
}

impl Tx {
    /// Takes up to 1,000 events out of the readable record and keeps their digests. `condition` is on the columns of
    /// `event`, with marks from `$2` on. How many.
    pub async fn erase_events(&self, condition: &str, values: Vec<Value>) -> Result<u64> {
        record::erase_events(self, condition, values).await
    }
}

/// The platform's own: readings, the security log, sessions. Fluent text: `job-platform-expire`.
pub(crate) struct Expire;

/// Events of accounts: the security log.
const SECURITY: &str = "subject_kind = 'account' AND entered_at < $2";
const READINGS: &str = "at < $2";

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "platform.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(own_due(app))
    }
}

async fn own_due(app: &App) -> Result<Vec<Due>> {
    let readings = before(app, RetentionId::AccessRecord);
    let security = before(app, RetentionId::SecurityLog);
    let mut all = Vec::new();
    for (key, table, condition, before) in [
        ("access-record", "access_record", READINGS, readings),
        ("machine-run", "machine_run", READINGS, readings),
        ("security-log", "event", SECURITY, security),
        ("session", "session", "made_at < $2", session_before(app)),
        ("api-request", "api_request", "made_at < $2", crate::api::kept_since(app.store.now())),
    ] {
        let q = app.store.reads();
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND {condition}");
        all.push(Due { key, before, rows: q.number(&sql, vals![q.division(), before]).await? });
    }
    Ok(all)
}

fn session_before(app: &App) -> At {
    app.store.now().plus_s(-sessions::ABSOLUTE_S)
}

/// Deletes the platform's own records whose time is over; how many rows.
pub async fn expire(app: &App) -> Result<u64> {
    let readings = before(app, RetentionId::AccessRecord);
    let security = before(app, RetentionId::SecurityLog);
    let runs = "DELETE FROM machine_run WHERE division_code = $1 AND at < $2";
    let mut gone = 0;
    gone += in_parts(app, "access-record", Part::Readings(READINGS, readings.into())).await?;
    gone += in_parts(app, "machine-run", Part::Rows(runs, readings.into())).await?;
    gone += in_parts(app, "security-log", Part::Events(SECURITY, security.into())).await?;
    let tx = app.store.begin(&Reader::system()).await?;
    tx.housekeeping("sessions that ended, bases that no reading names any more, answers that no client asks for again");
    gone += crate::api::forget(&tx).await?;
    gone += tx
        .execute(
            "DELETE FROM session WHERE division_code = $1 AND made_at < $2",
            vals![tx.division(), session_before(app)],
        )
        .await?;
    sessions::forget_ended(&tx).await?;
    tx.execute(
        "DELETE FROM basis WHERE division_code = $1 AND COALESCE(closed_at, until_at) < $2",
        vals![tx.division(), readings],
    )
    .await?;
    tx.commit().await?;
    Ok(gone)
}
