//! For the auditor: patterns to ask about, erasures, and proofs to take away.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::header::CONTENT_DISPOSITION;
use uuid::Uuid;

use crate::{
    app::App,
    audit::patterns::{self, Finding},
    clock::Day,
    erasures::{self, Tombstone},
    error::Result,
    log_proofs::{self, LogProof},
    web::{FormErrors, Page, Paging, optional, render},
};

/// Days that are looked at unless others are asked for.
const DAYS: i64 = 30;
/// Days that are looked at at most.
const MOST_DAYS: i64 = 366;

#[derive(Template)]
#[template(path = "platform/audit_patterns.html")]
struct PatternsPage {
    page: Page,
    errors: FormErrors,
    from: String,
    last: String,
    rows: Vec<Finding>,
    paging: Paging,
}

/// `GET /audit/patterns`
pub(super) async fn patterns(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let mut day = |name: &str| optional::<Day>(&mut errors, name, query.get(name).map_or("", String::as_str));
    let (from, last) = (day("from"), day("last"));
    let last = last.unwrap_or_else(|| app.store.clock().today());
    let from = from.unwrap_or_else(|| last.plus_days(1 - DAYS)).max(last.plus_days(1 - MOST_DAYS));
    let all = patterns::of_days(&app.store.reads(), &app.calendar, from, last).await?;
    let paging = Paging::from_query(&query).of(i64::try_from(all.len()).unwrap_or(i64::MAX));
    let (skip, take) = (paging.offset().max(0) as usize, paging.limit().max(0) as usize);
    let page = page.clone().titled(page.t.s("nav-audit-patterns"));
    let rows = all.into_iter().skip(skip).take(take).collect();
    render(&PatternsPage { page, errors, from: from.to_string(), last: last.to_string(), rows, paging })
}

#[derive(Template)]
#[template(path = "platform/audit_erasures.html")]
struct ErasuresPage {
    page: Page,
    paging: Paging,
    rows: Vec<Tombstone>,
}

/// `GET /audit/erasures`
pub(super) async fn erasures(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let all = erasures::all(&app.store.reads()).await?;
    let paging = Paging::from_query(&query).of(i64::try_from(all.len()).unwrap_or(i64::MAX));
    let (skip, take) = (paging.offset().max(0) as usize, paging.limit().max(0) as usize);
    let page = page.clone().titled(page.t.s("nav-audit-erasures"));
    render(&ErasuresPage { page, paging, rows: all.into_iter().skip(skip).take(take).collect() })
}

/// A proof as a file.
fn file(name: &str, proof: LogProof) -> Response {
    let disposition = format!("attachment; filename=\"{name}.json\"");
    ([(CONTENT_DISPOSITION, disposition)], Json(proof)).into_response()
}

/// `GET /audit/access/{id}/proof.json`
pub(super) async fn access_proof(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let proof = log_proofs::of_access(&app.store.reads(), id).await?;
    Ok(file(&format!("reading-{id}"), proof))
}

/// `GET /audit/events/{id}/proof.json`
pub(super) async fn event_proof(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let proof = log_proofs::of_event(&app.store.reads(), id).await?;
    Ok(file(&format!("event-{id}"), proof))
}

/// `GET /audit/erasures/{id}/proof.json`
pub(super) async fn erasure_proof(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let proof = log_proofs::of_erasure(&app.store.reads(), id).await?;
    Ok(file(&format!("erasure-{id}"), proof))
}
