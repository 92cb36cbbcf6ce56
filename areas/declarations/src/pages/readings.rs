//! Who looked at the own record, and the proof that the log holds it.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header::CONTENT_DISPOSITION, header::CONTENT_TYPE};
use linli_platform::{
    Result,
    app::App,
    ids::AccessId,
    log_proofs::{self, LogProof},
    web::{self, Page, Paging},
};

use super::entered::Entered;
use crate::own::{self, Reading};

#[derive(Template)]
#[template(path = "declarations/readings.html")]
struct ReadingsPage {
    page: Page,
    readings: Vec<Reading>,
    paging: Paging,
}

/// `GET /me/readings`
pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    Entered(own): Entered,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let q = app.store.reads();
    let paging = Paging::from_query(&query).of(own::readings_total(&q, &own).await?);
    let readings = own::readings(&q, &own, paging.limit(), paging.offset()).await?;
    let title = page.t.s("own-readings-title");
    web::render(&ReadingsPage { page: page.titled(title), readings, paging })
}

#[derive(Template)]
#[template(path = "declarations/reading.html")]
struct ReadingPage {
    page: Page,
    reading: Reading,
    proof: Option<LogProof>,
}

/// `GET /me/readings/{id}`
pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    Entered(own): Entered,
    Path(id): Path<AccessId>,
) -> Result<Response> {
    let q = app.store.reads();
    let reading = own::reading(&q, &own, id).await?;
    let proof = match log_proofs::of_reading(&q, own.resident.0, id.0).await {
        Ok(proof) => Some(proof),
        Err(e) if e.is("log-waits") => None,
        Err(e) => return Err(e),
    };
    let title = page.t.s("own-proof-title");
    web::render(&ReadingPage { page: page.titled(title), reading, proof })
}

/// `GET /me/readings/{id}/proof.json`
pub(super) async fn proof(State(app): State<App>, Entered(own): Entered, Path(id): Path<AccessId>) -> Result<Response> {
    let proof = log_proofs::of_reading(&app.store.reads(), own.resident.0, id.0).await?;
    let mut response = serde_json::to_string_pretty(&proof)?.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"linli-reading-proof.json\""));
    Ok(response)
}
