//! Employers and who is registered as working there.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{self, FormErrors, Page, Paging},
};

use super::{
    choices::{Places, text},
    facts::{self, PremisesFact},
    seen,
};
use crate::{
    contacts, employer_change,
    employers::{self, EmployerRow, Filter},
    history::{self, Step},
    ids::EmployerId,
    residents::{self, MaskedResident},
    told::Slice,
};

#[derive(Template)]
#[template(path = "register/employers.html")]
struct List {
    page: Page,
    errors: FormErrors,
    rows: Vec<EmployerRow>,
    paging: Paging,
    places: Places,
    q: String,
    grid: String,
    roster_duty: bool,
    closed: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let value = |name| text(&query, name).unwrap_or_default();
    let filter = Filter {
        text: value("q"),
        grid: value("grid").parse().ok(),
        roster_duty: text(&query, "roster_duty").is_some(),
        closed: text(&query, "closed").is_some(),
    };
    let paging = Paging::from_query(&query);
    let slice = Slice { offset: paging.offset(), limit: paging.limit() };
    let found = employers::list(&app.store.reads(), &reader, &filter, slice).await?;
    let title = page.t.s("employers-title");
    web::render(&List {
        page: page.titled(title),
        errors: FormErrors::new(),
        rows: found.rows,
        paging: paging.of(found.total),
        places: Places::load(&app, &reader).await?,
        q: filter.text,
        grid: value("grid"),
        roster_duty: filter.roster_duty,
        closed: filter.closed,
    })
}

#[derive(Template)]
#[template(path = "register/employer.html")]
struct Employer {
    page: Page,
    errors: FormErrors,
    /// When it was learnt that the employer is gone, or there again.
    seen: String,
    e: EmployerRow,
    rows: Vec<MaskedResident>,
    paging: Paging,
    places: Places,
    facts: Vec<PremisesFact>,
    steps: Vec<Step>,
    /// For what the reader can open its liaison now.
    purposes: Vec<&'static str>,
    may_change: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let now = seen::text(app.store.now());
    view(&app, page, &reader, id, (FormErrors::new(), now), Paging::from_query(&query)).await
}

/// The page of an employer; with what was typed of its end and could not be done.
pub(super) async fn view(
    app: &App,
    page: Page,
    reader: &Reader,
    id: EmployerId,
    (errors, seen): (FormErrors, String),
    paging: Paging,
) -> Result<Response> {
    let q = app.store.reads();
    let e = employers::find(&q, reader, id).await?;
    let slice = Slice { offset: paging.offset(), limit: paging.limit() };
    let found = residents::of_employer(&q, reader, id, slice).await?;
    let grids: Vec<_> = found.rows.iter().map(|r| r.grid_id).chain([e.grid_id]).collect();
    let places = Places::named(app, &grids).await?;
    let facts = facts::of_employer(&page.t, &e, &employer_change::provenance(&q, reader, id).await?);
    let title = e.name.clone();
    let named = e.liaison_masked.is_some() || e.liaison_phone_masked.is_some();
    let purposes = if named { contacts::purposes(app, reader, id.0, e.grid_id).await? } else { Vec::new() };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = Employer {
        facts,
        purposes,
        steps: history::of_subject(&q, id.0).await?,
        may_change: page.can("register-write") && reader.scope.contains(e.grid_id),
        page: page.titled(title),
        errors,
        seen,
        e,
        rows: found.rows,
        paging: paging.of(found.total),
        places,
    };
    web::render_status(status, &view)
}
