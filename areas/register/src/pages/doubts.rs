//! Addresses under investigation: raised and settled on the record, listed by premises.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{self, Page, Paging},
};
use serde::Deserialize;

use super::choices::Places;
use crate::{
    codes::{DoubtCause, DoubtOutcome},
    doubts::{self, DoubtedHome},
    ids::{DoubtId, ResidentId},
    told::Slice,
};

#[derive(Template)]
#[template(path = "register/doubts.html")]
struct List {
    page: Page,
    rows: Vec<DoubtedHome>,
    paging: Paging,
    places: Places,
    now: At,
}

pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    let slice = Slice { offset: paging.offset(), limit: paging.limit() };
    let found = doubts::homes(&app.store.reads(), &reader, slice).await?;
    let title = page.t.s("doubts-title");
    web::render(&List {
        page: page.titled(title),
        rows: found.rows,
        paging: paging.of(found.total),
        places: Places::load(&app, &reader).await?,
        now: app.store.now(),
    })
}

#[derive(Deserialize)]
pub(super) struct Raised {
    #[serde(default)]
    cause: String,
}

pub(super) async fn raise(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(raised): Form<Raised>,
) -> Result<Response> {
    let cause = DoubtCause::from_code(&raised.cause).ok_or_else(|| AppError::rule("doubt-cause"))?;
    let due = doubts::due_at(&app)?;
    let tx = app.store.begin(&reader).await?;
    doubts::raise(&tx, id, cause, due).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/residents/{id}")), "doubt-raised"))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Settled {
    version: i64,
    outcome: String,
}

pub(super) async fn settle(
    State(app): State<App>,
    reader: Reader,
    Path((id, doubt)): Path<(ResidentId, DoubtId)>,
    Form(settled): Form<Settled>,
) -> Result<Response> {
    let outcome = DoubtOutcome::from_code(&settled.outcome).filter(|o| DoubtOutcome::SAID.contains(o));
    let outcome = outcome.ok_or_else(|| AppError::rule("doubt-outcome"))?;
    let tx = app.store.begin(&reader).await?;
    doubts::settle(&tx, id, doubt, settled.version, outcome).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/residents/{id}")), "doubt-settled-done"))
}
