//! The list of standard addresses.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{self, FormErrors, Page, Paging},
};

use super::choices::{Places, text};
use crate::{
    addresses::{self, AddressRow, Filter},
    told::Slice,
};

#[derive(Template)]
#[template(path = "register/addresses.html")]
struct List {
    page: Page,
    errors: FormErrors,
    rows: Vec<AddressRow>,
    paging: Paging,
    places: Places,
    q: String,
    committee: String,
    grid: String,
    without_grid: bool,
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
        committee: text(&query, "committee"),
        grid: value("grid").parse().ok(),
        without_grid: text(&query, "without_grid").is_some(),
    };
    let paging = Paging::from_query(&query);
    let slice = Slice { offset: paging.offset(), limit: paging.limit() };
    let found = addresses::list(&app.store.reads(), &reader, &filter, slice).await?;
    let title = page.t.s("addresses-title");
    web::render(&List {
        page: page.titled(title),
        errors: FormErrors::new(),
        rows: found.rows,
        paging: paging.of(found.total),
        places: Places::load(&app, &reader).await?,
        q: filter.text,
        committee: value("committee"),
        grid: value("grid"),
        without_grid: filter.without_grid,
    })
}
