//! Checking a paper: anybody with number and check code learns whether the office published it and whether it holds.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    web::{FormErrors, Page, given, render_status, required},
};

use crate::register::{self, Checked};

#[derive(Template)]
#[template(path = "papers/check.html")]
struct CheckPage {
    page: Page,
    errors: FormErrors,
    number: String,
    code: String,
    found: Option<Checked>,
    /// Whether something was looked for.
    asked: bool,
}

/// `GET /papers/check?number=…&code=…`: both stand on the paper and name nobody, so the address may hold them.
pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let (number, code) = (given(&query, "number").to_owned(), given(&query, "code").to_owned());
    let mut errors = FormErrors::new();
    let asked = query.contains_key("number") || query.contains_key("code");
    let mut found = None;
    if asked {
        required(&mut errors, "number", &number);
        required(&mut errors, "code", &code);
        if errors.is_empty() {
            found = register::check(&app.store, &number, &code).await?;
        }
    }
    let status = match (errors.is_empty(), asked && found.is_none()) {
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, true) => StatusCode::NOT_FOUND,
        (true, false) => StatusCode::OK,
    };
    let title = page.t.s("papers-check-title");
    render_status(
        status,
        &CheckPage { asked: asked && errors.is_empty(), page: page.titled(title), errors, number, code, found },
    )
}
