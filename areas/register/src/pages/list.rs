//! The list of residents and the search.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{self, FormErrors, Page, Paging},
};
use serde::Deserialize;

use super::choices::{Choices, Places, of_codes, text};
use crate::{
    codes::Label,
    residents::{self, Filter, MaskedResident},
    told::Slice,
};

#[derive(Template)]
#[template(path = "register/residents.html")]
struct List {
    page: Page,
    errors: FormErrors,
    rows: Vec<MaskedResident>,
    paging: Paging,
    places: Places,
    labels: Choices,
    committee: String,
    grid: String,
    label: String,
    cancelled: bool,
}

/// The filter of a query.
pub(super) fn filter(query: &HashMap<String, String>) -> Filter {
    Filter {
        committee: text(query, "committee"),
        grid: text(query, "grid").and_then(|g| g.parse().ok()),
        label: text(query, "label").and_then(|l| Label::from_code(&l)),
        employer: text(query, "employer").and_then(|e| e.parse().ok()),
        employed: false,
        cancelled: text(query, "cancelled").is_some(),
    }
}

pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let (filter, paging) = (filter(&query), Paging::from_query(&query));
    let slice = Slice { offset: paging.offset(), limit: paging.limit() };
    let found = residents::list(&app.store.reads(), &reader, &filter, slice).await?;
    let value = |name| text(&query, name).unwrap_or_default();
    let title = page.t.s("residents-title");
    web::render(&List {
        labels: of_codes(&page.t, Label::choices()),
        page: page.titled(title),
        errors: FormErrors::new(),
        rows: found.rows,
        paging: paging.of(found.total),
        places: Places::load(&app, &reader).await?,
        committee: value("committee"),
        grid: value("grid"),
        label: value("label"),
        cancelled: filter.cancelled,
    })
}

/// What is searched; it travels in a form, because it names a person.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    number: i64,
}

#[derive(Template)]
#[template(path = "register/search.html")]
struct Found {
    page: Page,
    errors: FormErrors,
    asked: String,
    /// As what it was searched; none where it was not.
    kind: Option<&'static str>,
    rows: Vec<MaskedResident>,
    more: bool,
    paging: Paging,
    places: Places,
}

pub(super) async fn search(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let paging = Paging { page: asked.number.clamp(1, 1_000), ..Paging::default() };
    let slice = Slice { offset: paging.offset(), limit: paging.limit() };
    let mut errors = FormErrors::new();
    let found = match residents::search(&app, &reader, &asked.q, slice).await {
        Ok(found) => Some(found),
        Err(e) if e.is("search-too-short") => {
            errors.add_error(&page.t, "q", &e);
            None
        }
        Err(e) => return Err(e),
    };
    let title = page.t.s("search-title");
    let status = if errors.is_empty() { http::StatusCode::OK } else { http::StatusCode::UNPROCESSABLE_ENTITY };
    let shown: Vec<_> = found.iter().flat_map(|f| &f.rows).map(|r| r.grid_id).collect();
    let view = Found {
        page: page.titled(title),
        errors,
        places: Places::named(&app, &shown).await?,
        paging: paging.of(found.as_ref().map_or(0, |f| f.total)),
        asked: asked.q,
        kind: found.as_ref().map(|f| f.kind.code()),
        more: found.as_ref().is_some_and(|f| f.more),
        rows: found.map_or_else(Vec::new, |f| f.rows),
    };
    web::render_status(status, &view)
}
