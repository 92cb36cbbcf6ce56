//! Background work: one leased table, written in the same transaction as what asks for it.
//!
//! Periodic work is unique by division, kind and period, so nobody has to lead; a job whose process died is taken
//! over when its lease ends, so a job's `run` must be safe to run twice (it commits its effect and its end in one
//! transaction, or does nothing the second time).

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use sea_orm::FromQueryResult;

use crate::{
    app::App,
    error::{AppError, Result},
    ids::{AccountId, JobId},
    reader::Reader,
    store::{Query, Store, Tx},
    vals,
};

/// A kind of job. Fluent text: `job-<kind>`.
pub trait JobKind: Send + Sync {
    /// Stable name.
    fn kind(&self) -> &'static str;
    /// Does the work. The result is a path to look at next, or an empty text.
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Result<String>>;
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
    /// The payload.
    pub fn payload<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
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
const LEASE_S: i64 = 300;
/// How often a job is begun before it counts as failed.
const ATTEMPTS: i64 = 3;

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

async fn take(store: &Store) -> Result<Option<Job>> {
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
    let taken = tx
        .execute(
            "UPDATE job SET state = 'running', attempts = attempts + 1, leased_until = $3
             WHERE division_code = $1 AND job_id = $2 AND attempts = $4",
            vals![store.division(), job.job_id, tx.now().plus_s(LEASE_S), job.attempts],
        )
        .await?;
    tx.commit().await?;
    job.attempts += 1;
    Ok((taken == 1).then_some(job))
}

async fn end(store: &Store, job: &Job, outcome: Result<String>) -> Result<()> {
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("a job ended");
    let (state, result, error) = match outcome {
        Ok(result) => ("done", Some(result), None),
        Err(e) if e.is("internal") && job.attempts < ATTEMPTS => ("waiting", None, Some(e.code)),
        Err(e) => ("failed", None, Some(e.code)),
    };
    tx.execute(
        "UPDATE job SET state = $3, result = $4, error_code = $5, ended_at = $6 WHERE division_code = $1 AND job_id = $2",
        vals![store.division(), job.job_id, state, result, error, tx.now()],
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
