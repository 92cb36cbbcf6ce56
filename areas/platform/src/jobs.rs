//! Background work: one leased table, written in the same transaction as what asks for it.
//!
//! Periodic work is unique by division, kind and period, so nobody has to lead. Whoever runs a job renews its lease; a
//! job whose process died is taken over when the lease ends, so a job's `run` must be safe to run twice (it commits its
//! effect and its end in one transaction, or does nothing the second time). A job that is interrupted or fails
//! [`ATTEMPTS`] times has failed for good, until [`restart`] begins it anew.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use sea_orm::FromQueryResult;

use crate::{
    access::Action,
    app::App,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, JobId},
    reader::Reader,
    retention::Due,
    store::{Query, Store, Tx},
    vals,
};

/// A kind of job. Fluent text: `job-<kind>`.
pub trait JobKind: Send + Sync {
    /// Stable name.
    fn kind(&self) -> &'static str;
    /// Does the work. The result is a path to look at next, or an empty text.
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Result<String>>;
    /// What it would delete now because its retention time is over; nothing where that is not its work.
    fn due<'a>(&'a self, _app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// A job as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Job {
    /// Id.
    pub job_id: JobId,
    /// Kind.
    pub kind: String,
    /// `waiting`, `running`, `done`, `failed`.
    pub state: String,
    /// Ids and codes, as JSON; never personal values.
    pub payload: String,
    /// Who asked.
    pub account_id: AccountId,
    /// Steps done.
    pub done: i64,
    /// Steps in all; 0 while unknown.
    pub total: i64,
    /// Fluent key of what it is doing.
    pub stage: String,
    /// Where to look next.
    pub result: Option<String>,
    /// Code of the error it ended in.
    pub error_code: Option<String>,
    /// How often it was begun.
    pub attempts: i64,
}

impl Job {
    /// A job of a kind that is run at once, by somebody who waits for it, and stands in no table.
    pub(crate) fn now(kind: &str) -> Job {
        Job {
            job_id: JobId(uuid::Uuid::nil()),
            kind: kind.into(),
            state: "running".into(),
            payload: "{}".into(),
            account_id: crate::ids::SYSTEM_ACCOUNT,
            done: 0,
            total: 0,
            stage: String::new(),
            result: None,
            error_code: None,
            attempts: 1,
        }
    }
    /// The payload.
    pub fn payload<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }
    /// Whether it ended without its result.
    pub fn has_failed(&self) -> bool {
        self.state == "failed"
    }
    /// Whether it can be begun anew: it was interrupted or ended by a fault of ours. What a rule refused stays refused.
    pub fn can_restart(&self) -> bool {
        can_restart(&self.state, self.error_code.as_deref())
    }
    /// Percent done, 0..=100.
    pub fn percent(&self) -> i64 {
        if self.state == "done" { 100 } else { (self.done * 100).checked_div(self.total).unwrap_or(0).clamp(0, 100) }
    }
    /// Reports progress, outside any transaction of the work itself.
    pub async fn progress(&self, store: &Store, stage: &str, done: i64, total: i64) -> Result<()> {
        let tx = store.begin(&Reader::system()).await?;
        tx.housekeeping("progress of a job");
        tx.execute(
            "UPDATE job SET stage = $3, done = $4, total = $5, leased_until = $6 WHERE division_code = $1 AND job_id = $2",
            vals![store.division(), self.job_id, stage, done, total, store.now().plus_s(LEASE_S)],
        )
        .await?;
        tx.commit().await
    }
}

/// How long a process holds a job without a sign of life.
const LEASE_S: i64 = 60;
/// How often it gives one.
const RENEWED_EVERY: Duration = Duration::from_secs(15);
/// How often a job is begun before it counts as failed.
pub const ATTEMPTS: i64 = 3;
/// The error of a job whose process ended each time before the job did.
pub const INTERRUPTED: &str = "job-interrupted";

const COLUMNS: &str = "job_id, kind, state, payload, account_id, done, total, stage, result, error_code, attempts";

/// Asks for a job in the transaction of what it is for. With the same kind and period it exists already.
pub async fn enqueue(tx: &Tx, kind: &'static str, period: &str, payload: serde_json::Value) -> Result<JobId> {
    let id: JobId = tx.new_id();
    let period = if period.is_empty() { id.to_string() } else { period.to_owned() };
    tx.execute(
        "INSERT INTO job (division_code, job_id, kind, period, state, payload, account_id, done, total, stage, attempts, made_at)
         VALUES ($1, $2, $3, $4, 'waiting', $5, $6, 0, 0, 'job-waiting', 0, $7)
         ON CONFLICT (division_code, kind, period) DO NOTHING",
        vals![tx.division(), id, kind, period.as_str(), payload.to_string(), tx.reader().account, tx.now()],
    )
    .await?;
    tx.housekeeping("a job is asked for beside what it is for");
    let job: Option<Job> = tx
        .row(
            &format!("SELECT {COLUMNS} FROM job WHERE division_code = $1 AND kind = $2 AND period = $3"),
            vals![tx.division(), kind, period],
        )
        .await?;
    job.map(|j| j.job_id).ok_or_else(AppError::not_found)
}

/// A job, for whoever asked for it.
pub async fn find(q: &impl Query, reader: &Reader, id: JobId) -> Result<Job> {
    let job: Option<Job> = q
        .row(&format!("SELECT {COLUMNS} FROM job WHERE division_code = $1 AND job_id = $2"), vals![q.division(), id])
        .await?;
    job.filter(|j| j.account_id == reader.account || reader.is_system()).ok_or_else(AppError::not_found)
}

pub(crate) fn can_restart(state: &str, error_code: Option<&str>) -> bool {
    state == "failed" && error_code.is_some_and(|code| code == INTERRUPTED || code == "internal")
}

/// Begins a failed job anew, with all its attempts: for whoever asked for it, and for the system administrator.
///
/// # Errors
/// `not-found` for everybody else; `job-not-restartable` unless [`Job::can_restart`]; `stale-version` if somebody else
/// was faster.
pub async fn restart(tx: &Tx, id: JobId) -> Result<()> {
    let everybody = Reader::system();
    let who = if tx.reader().may(Action::SystemAdmin) { &everybody } else { tx.reader() };
    let job = find(tx, who, id).await?;
    if !job.can_restart() {
        return Err(AppError::rule("job-not-restartable"));
    }
    tx.execute_one(
        "UPDATE job SET state = 'waiting', attempts = 0, done = 0, total = 0, stage = 'job-waiting', error_code = NULL,
         ended_at = NULL, leased_until = NULL WHERE division_code = $1 AND job_id = $2 AND state = 'failed'",
        vals![tx.division(), id],
    )
    .await?;
    let body = serde_json::json!({ "kind": job.kind });
    tx.event(NewEvent::new("job.restarted", SubjectRef::new("job", id, None)).body(body)).await?;
    Ok(())
}

async fn take(store: &Store) -> Result<Option<Job>> {
    loop {
        let tx = store.begin(&Reader::system()).await?;
        tx.housekeeping("taking a job");
        let job: Option<Job> = tx
            .row(
                &format!(
                    "SELECT {COLUMNS} FROM job WHERE division_code = $1
                     AND (state = 'waiting' OR (state = 'running' AND leased_until < $2)) ORDER BY made_at LIMIT 1"
                ),
                vals![store.division(), tx.now()],
            )
            .await?;
        let Some(mut job) = job else { return Ok(None) };
        if job.state == "running" && job.attempts >= ATTEMPTS {
            interrupted(tx, &job).await?;
            continue;
        }
        let taken = tx
            .execute(
                "UPDATE job SET state = 'running', attempts = attempts + 1, leased_until = $3
                 WHERE division_code = $1 AND job_id = $2 AND attempts = $4",
                vals![store.division(), job.job_id, tx.now().plus_s(LEASE_S), job.attempts],
            )
            .await?;
        tx.commit().await?;
        job.attempts += 1;
        return Ok((taken == 1).then_some(job));
    }
}

/// Whoever ran the job is gone, for the last time.
async fn interrupted(tx: Tx, job: &Job) -> Result<()> {
    tracing::error!(job = %job.job_id, kind = %job.kind, attempts = job.attempts, "job was interrupted each time");
    tx.execute(
        "UPDATE job SET state = 'failed', error_code = $3, ended_at = $4
         WHERE division_code = $1 AND job_id = $2 AND state = 'running' AND attempts = $5",
        vals![tx.division(), job.job_id, INTERRUPTED, tx.now(), job.attempts],
    )
    .await?;
    tx.commit().await
}

/// Where one process has the database to itself, what is running when it starts was interrupted: nobody has to wait
/// for the lease to end.
async fn release(store: &Store) -> Result<()> {
    if !store.has_one_process() {
        return Ok(());
    }
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("jobs of a process that has ended");
    tx.execute("UPDATE job SET leased_until = 0 WHERE division_code = $1 AND state = 'running'", vals![tx.division()])
        .await?;
    tx.commit().await
}

/// Keeps the lease until dropped.
struct Renewal(tokio::task::JoinHandle<()>);

impl Renewal {
    fn of(store: &Store, job: &Job) -> Renewal {
        let (store, id, attempts) = (store.clone(), job.job_id, job.attempts);
        Renewal(tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWED_EVERY).await;
                if let Err(e) = renew(&store, id, attempts).await {
                    tracing::warn!(job = %id, code = e.code, "the lease of a job was not renewed");
                }
            }
        }))
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn renew(store: &Store, id: JobId, attempts: i64) -> Result<()> {
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("a job's sign of life");
    tx.execute(
        "UPDATE job SET leased_until = $3
         WHERE division_code = $1 AND job_id = $2 AND state = 'running' AND attempts = $4",
        vals![tx.division(), id, store.now().plus_s(LEASE_S), attempts],
    )
    .await?;
    tx.commit().await
}

async fn end(store: &Store, job: &Job, outcome: Result<String>) -> Result<()> {
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("a job ended");
    let (state, result, error) = match outcome {
        Ok(result) => ("done", Some(result), None),
        Err(e) if e.is("internal") && job.attempts < ATTEMPTS => ("waiting", None, Some(e.code)),
        Err(e) => ("failed", None, Some(e.code)),
    };
    // If somebody else has taken it over in the meantime, the end is theirs.
    tx.execute(
        "UPDATE job SET state = $3, result = $4, error_code = $5, ended_at = $6
         WHERE division_code = $1 AND job_id = $2 AND state = 'running' AND attempts = $7",
        vals![store.division(), job.job_id, state, result, error, tx.now(), job.attempts],
    )
    .await?;
    tx.commit().await
}

/// Runs one waiting job, if there is one. `true` if there was.
pub async fn run_one(app: &App) -> Result<bool> {
    let Some(job) = take(&app.store).await? else { return Ok(false) };
    let outcome = match app.jobs.iter().find(|k| k.kind() == job.kind) {
        // A job that panics has failed; the jobs after it still have to run.
        Some(kind) => {
            let _renewal = Renewal::of(&app.store, &job);
            let run = AssertUnwindSafe(kind.run(app, &job)).catch_unwind().await;
            run.unwrap_or_else(|_| Err(AppError::internal("a job panicked")))
        }
        None => Err(AppError::rule("job-unknown")),
    };
    if let Err(e) = &outcome {
        tracing::warn!(job = %job.job_id, kind = %job.kind, code = e.code, cause = ?e.cause.as_ref().map(ToString::to_string), "job failed");
    }
    end(&app.store, &job, outcome).await?;
    Ok(true)
}

/// Runs jobs until the process ends.
pub async fn run_forever(app: App) {
    if let Err(e) = release(&app.store).await {
        tracing::error!(code = e.code, cause = ?e.cause.as_ref().map(ToString::to_string), "jobs wait for their lease");
    }
    loop {
        match run_one(&app).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(Duration::from_millis(400)).await,
            Err(e) => {
                tracing::error!(code = e.code, cause = ?e.cause.as_ref().map(ToString::to_string), "jobs cannot run");
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        }
    }
}

/// Jobs by kind, for [`AppParts`](crate::app::AppParts).
pub type Jobs = Vec<Arc<dyn JobKind>>;
