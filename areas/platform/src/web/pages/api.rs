//! The interface for other systems, readable: from the same document that programs get.

use askama::Template;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header::CACHE_CONTROL};

use crate::{
    api::{self, ApiScope, OperationLine},
    app::App,
    error::Result,
    web::{Page, render},
};

#[derive(Template)]
#[template(path = "platform/api.html")]
struct ApiPage {
    page: Page,
    operations: Vec<OperationLine>,
    scopes: Vec<(&'static str, String)>,
}

/// `GET /api`
pub(super) async fn show(State(app): State<App>, page: Page) -> Result<Response> {
    let operations = api::operations(&api::document(&app.api, &page.t));
    let scopes = ApiScope::ALL.iter().map(|s| (s.code(), page.t.code("api-scope", s))).collect();
    let title = page.t.s("api-title");
    render(&ApiPage { page: page.titled(title), operations, scopes })
}

/// `GET /api/v1/openapi.json`, in the language of `Accept-Language`.
pub(super) async fn document(State(app): State<App>, page: Page) -> Result<Response> {
    let mut response = Json(api::document(&app.api, &page.t)).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
