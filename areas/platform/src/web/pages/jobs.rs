//! What works in the background: one job for whoever asked for it, all of them for the system administrator.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use sea_orm::FromQueryResult;

use crate::{
    access::Action,
    app::App,
    clock::At,
    error::Result,
    ids::JobId,
    jobs::{self, Job},
    reader::Reader,
    store::Query as _,
    vals,
    web::{Page, Paging, flash, redirect, render, url::local},
};

#[derive(Template)]
#[template(path = "platform/job.html")]
struct JobPage {
    page: Page,
    job: Job,
    /// Where the result is, if the job is done and left one.
    result: Option<String>,
}

impl JobPage {
    fn ended(&self) -> bool {
        matches!(self.job.state.as_str(), "done" | "failed")
    }
}

/// `GET /jobs/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<JobId>,
) -> Result<Response> {
    let job = jobs::find(&app.store.reads(), &reader, id).await?;
    let result = job.result.clone().filter(|r| job.state == "done" && local(r) == r);
    let page = page.clone().titled(page.t.code("job", &job.kind));
    render(&JobPage { page, job, result })
}

/// `POST /jobs/{id}/attempts`: a failed job is begun anew; the administrator comes back to the list of all.
pub(super) async fn restart(State(app): State<App>, reader: Reader, Path(id): Path<JobId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    jobs::restart(&tx, id).await?;
    tx.commit().await?;
    let own = jobs::find(&app.store.reads(), &reader, id).await.is_ok();
    let next = if reader.may(Action::SystemAdmin) && !own { "/admin/jobs".into() } else { format!("/jobs/{id}") };
    Ok(flash(redirect(&next), "job-restarted"))
}

#[derive(FromQueryResult)]
struct JobLine {
    job_id: JobId,
    kind: String,
    state: String,
    made_at: At,
    ended_at: Option<At>,
    attempts: i64,
    error_code: Option<String>,
}

impl JobLine {
    fn can_restart(&self) -> bool {
        jobs::can_restart(&self.state, self.error_code.as_deref())
    }
}

#[derive(Template)]
#[template(path = "platform/jobs.html")]
struct JobsPage {
    page: Page,
    paging: Paging,
    rows: Vec<JobLine>,
    waiting: i64,
}

/// `GET /admin/jobs`
pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let reads = app.store.reads();
    let count = "SELECT COUNT(*) FROM job WHERE division_code = $1";
    let total = reads.number(count, vals![app.store.division()]).await?;
    let waiting = format!("{count} AND state IN ('waiting', 'running')");
    let waiting = reads.number(&waiting, vals![app.store.division()]).await?;
    let paging = Paging::from_query(&query).of(total);
    let rows = reads
        .rows(
            "SELECT job_id, kind, state, made_at, ended_at, attempts, error_code FROM job WHERE division_code = $1
             ORDER BY made_at DESC, job_id LIMIT $2 OFFSET $3",
            vals![app.store.division(), paging.limit(), paging.offset()],
        )
        .await?;
    let page = page.clone().titled(page.t.s("nav-jobs"));
    render(&JobsPage { page, paging, rows, waiting })
}
