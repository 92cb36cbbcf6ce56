//! The receipt as PDF, and the page on which anybody can check one.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use linli_platform::{
    Result,
    app::App,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{entered::Entered, signs::site};
use crate::receipt::{self, Issued};

/// `POST /me/receipts`
pub(super) async fn issue(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Entered(own): Entered,
) -> Result<Response> {
    let bytes = receipt::issue(&app, &page.t, &own, &site(&app, &headers)).await?;
    Ok(pdf(bytes, "linli-receipt"))
}

/// A PDF to be kept.
pub(super) fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.pdf\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

#[derive(Template)]
#[template(path = "declarations/verify.html")]
struct VerifyPage {
    page: Page,
    errors: FormErrors,
    issued: Option<Issued>,
    /// Whether the words agree, once they were compared.
    agrees: Option<bool>,
    name: String,
    last_four: String,
}

fn verify_page(page: Page, issued: Option<Issued>) -> VerifyPage {
    let title = page.t.s("verify-title");
    VerifyPage {
        page: page.titled(title),
        errors: FormErrors::new(),
        issued,
        agrees: None,
        name: String::new(),
        last_four: String::new(),
    }
}

/// `GET /verify/{code}`
pub(super) async fn look(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response> {
    let issued = receipt::look(&app.store, &code).await?;
    let status = if issued.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    web::render_status(status, &verify_page(page, issued))
}

/// The words on the paper.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Words {
    name: String,
    last_four: String,
}

/// `POST /verify/{code}`
pub(super) async fn compare(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Form(words): Form<Words>,
) -> Result<Response> {
    let mut shown = verify_page(page, receipt::look(&app.store, &code).await?);
    if shown.issued.is_none() {
        return web::render_status(StatusCode::NOT_FOUND, &shown);
    }
    web::required(&mut shown.errors, "name", &words.name);
    web::required(&mut shown.errors, "last_four", &words.last_four);
    if shown.errors.is_empty() {
        match receipt::compare(&app.store, &code, &words.name, &words.last_four).await? {
            Some(agrees) => shown.agrees = Some(agrees),
            None => shown.errors.add("", "verify-too-often"),
        }
    }
    let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (shown.name, shown.last_four) = (words.name, words.last_four);
    web::render_status(status, &shown)
}
