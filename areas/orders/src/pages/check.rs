//! Data checks: the lists, one list with its rows, its way down and its way back.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, flash_n, redirect, render, render_status},
};

use super::{refused, version};
use crate::{
    checks::{self, Check, CheckState, Progress, Row, RowFilter, RowState},
    ids::CheckId,
};

#[derive(Template)]
#[template(path = "orders/checks.html")]
struct ListPage {
    page: Page,
    checks: Vec<(Check, Progress)>,
    paging: Paging,
    now: At,
}

/// `GET /data-checks`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    checks::take_up(&app).await?;
    let q = app.store.reads();
    let paging = Paging { per_page: 20, ..Paging::from_query(&query) };
    let (found, total) = checks::list(&q, &reader, &paging).await?;
    let mut shown = Vec::with_capacity(found.len());
    for check in found {
        let progress = checks::progress(&q, &reader, check.check_id).await?;
        shown.push((check, progress));
    }
    let title = page.t.s("checks-title");
    render(&ListPage { page: page.titled(title), checks: shown, paging: paging.of(total), now: app.store.now() })
}

/// The states of rows that a list is narrowed to, in the order of their way.
const STATES: [RowState; 6] = [
    RowState::Waiting,
    RowState::Placed,
    RowState::FirstVisit,
    RowState::Desk,
    RowState::SecondVisit,
    RowState::Settled,
];

#[derive(Template)]
#[template(path = "orders/check.html")]
struct CheckPage {
    page: Page,
    errors: FormErrors,
    check: Check,
    progress: Progress,
    /// Counts of a closed list: kind, result, how often.
    counts: Vec<(String, String, i64)>,
    rows: Vec<Row>,
    paging: Paging,
    state: Option<RowState>,
    runs: bool,
    now: At,
}

impl CheckPage {
    fn tabs(&self) -> Vec<(RowState, i64)> {
        let p = &self.progress;
        let counts = [p.waiting, p.placed, p.first, p.desk, p.second, p.ended];
        STATES.into_iter().zip(counts).filter(|(_, n)| *n > 0).collect()
    }
    fn is_tab(&self, state: &RowState) -> bool {
        self.state == Some(*state)
    }
    fn can_send(&self) -> bool {
        self.runs && self.check.is_open() && self.progress.unsent > 0
    }
    fn can_remove(&self) -> bool {
        self.runs && self.check.state() == Some(CheckState::Received)
    }
    /// Whether nothing is left to be done but to take the results and close.
    fn has_come_back(&self) -> bool {
        self.check.state() == Some(CheckState::Sent) && self.progress.open() == 0
    }
}

async fn check_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: CheckId,
    query: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<CheckPage> {
    let q = app.store.reads();
    let check = checks::find(&q, reader, id).await?;
    let state = query.get("state").and_then(|s| RowState::from_code(s));
    let paging = Paging::from_query(query);
    let (rows, total) = checks::list_rows(&q, reader, RowFilter { check: Some(id), state }, &paging).await?;
    let counts = checks::counts(&q, id).await?.into_iter().map(|c| (c.kind, c.result, c.row_count)).collect();
    let title = page.t.a("check-title", "name", check.name());
    Ok(CheckPage {
        page: page.titled(title),
        errors,
        progress: checks::progress(&q, reader, id).await?,
        counts,
        rows,
        paging: paging.of(total),
        state,
        runs: reader.may(linli_platform::access::Action::DataCheckRun),
        check,
        now: app.store.now(),
    })
}

/// `GET /data-checks/{id}?state=`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<CheckId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    checks::take_up(&app).await?;
    render(&check_page(&app, &reader, page, id, &query, FormErrors::new()).await?)
}

async fn again(app: &App, reader: &Reader, page: Page, id: CheckId, error: AppError) -> Result<Response> {
    let errors = refused(&page.t, "", error)?;
    let shown = check_page(app, reader, page, id, &HashMap::new(), errors).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `POST /data-checks/{id}/sending`
pub(super) async fn send(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<CheckId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match checks::send(&app, &tx, id, version(&form)).await {
        Ok(rows) => {
            tx.commit().await?;
            Ok(flash_n(redirect(&format!("/data-checks/{id}")), "check-sent-flash", rows))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, e).await
        }
    }
}

/// `POST /data-checks/{id}/closure`
pub(super) async fn close(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<CheckId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match checks::close(&tx, id, version(&form)).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/data-checks/{id}")), "check-closed-flash"))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, e).await
        }
    }
}

/// `POST /data-checks/{id}/removal`
pub(super) async fn remove(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<CheckId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    checks::remove(&tx, id, version(&form)).await?;
    tx.commit().await?;
    Ok(flash(redirect("/data-checks"), "check-removed-flash"))
}

/// `GET /data-checks/{id}/results.xlsx`
pub(super) async fn results(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<CheckId>,
) -> Result<Response> {
    let bytes = checks::workbook(&app, &reader, &page.t, id).await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let disposition = "attachment; filename=\"data-check-results.xlsx\"";
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
