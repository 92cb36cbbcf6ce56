//! Errors at the screen: a page in the visitor's language with a stable code and a way on, never an inner cause.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::multipart::{MultipartError, MultipartRejection},
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE},
};

use super::{
    page::Page,
    render::{redirect, render_status},
    url,
    visit::Visit,
};
use crate::{api::problem, error::AppError, texts::T};

/// The error that a response carries until the visit's layer turns it into a page.
#[derive(Clone)]
struct Fault(Arc<AppError>);

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code, cause = %cause, "an error of ours");
        }
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Fault(Arc::new(self)));
        response
    }
}

impl From<MultipartError> for AppError {
    fn from(e: MultipartError) -> Self {
        from_status(e.status())
    }
}
impl From<MultipartRejection> for AppError {
    fn from(e: MultipartRejection) -> Self {
        from_status(e.status())
    }
}

/// The error for a refusal that came from an extractor or from the router itself.
fn from_status(status: StatusCode) -> AppError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::with("too-large", status),
        StatusCode::METHOD_NOT_ALLOWED => AppError::with("method", status),
        StatusCode::NOT_FOUND => AppError::not_found(),
        s if s.is_server_error() => AppError::with("internal", s),
        // What a form or an address holds cannot be read: the same to the person, whatever the extractor calls it.
        s => AppError::with("bad-request", s),
    }
}

#[derive(Template)]
#[template(path = "platform/error.html")]
struct ErrorPage {
    page: Page,
    code: &'static str,
    text: String,
}

/// Turns whatever ended in an error into what the visitor should see.
pub(super) fn finish(visit: &Visit, response: Response) -> Response {
    let fault = response.extensions().get::<Fault>().map(|f| f.0.clone());
    match fault {
        Some(error) => show(visit, &error, response.headers().clone()),
        None if bare_refusal(&response) => {
            // Which methods there are is the one thing that the router knows better.
            let allowed = response.headers().get(ALLOW).map(|methods| (ALLOW, methods.clone()));
            show(visit, &from_status(response.status()), allowed.into_iter().collect())
        }
        None => response,
    }
}

/// Extractors and the router refuse with a plain English text or with nothing; nobody should see that.
fn bare_refusal(response: &Response) -> bool {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return false;
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    kind.is_empty() || kind.starts_with("text/plain")
}

fn show(visit: &Visit, error: &AppError, headers: HeaderMap) -> Response {
    let t = T::new(visit.app.texts.clone(), visit.lang);
    let mut response = if visit.json && error.is("not-signed-in") {
        // The page that asked stays open and says so itself.
        (error.status, axum::Json(serde_json::json!({ "sign_in": true }))).into_response()
    } else if visit.is_api() {
        problem::respond(&t, error)
    } else if error.is("not-signed-in") {
        to_sign_in(visit)
    } else if error.is("step-up") {
        to_proof(visit)
    } else {
        error_page(visit, error, &t)
    };
    for (name, value) in &headers {
        if name != CONTENT_TYPE && name != http::header::CONTENT_LENGTH {
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}

fn error_page(visit: &Visit, error: &AppError, t: &T) -> Response {
    let page = Page::of(visit).titled(t.s(format!("error-title-{}", error.status.as_u16().min(500))));
    let template = ErrorPage { page, code: error.code, text: t.error(error) };
    let mut response = render_status(error.status, &template).unwrap_or_else(|_| error.status.into_response());
    if visit.fragment {
        // The page as a whole takes the place of what the fragment was asked for.
        for (name, value) in [("hx-retarget", "#page"), ("hx-reselect", "#page"), ("hx-reswap", "outerHTML")] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Asks for password or code, and then comes back to the page that the request was sent from: a form is not sent by
/// itself, whoever asked sends it again.
fn to_proof(visit: &Visit) -> Response {
    let here = if visit.query.is_empty() { visit.path.clone() } else { format!("{}?{}", visit.path, visit.query) };
    let back = if visit.changes { visit.from.clone().unwrap_or_else(|| "/".into()) } else { here };
    elsewhere(visit, &format!("/account/proof?next={}", url::encode(&back)))
}

fn to_sign_in(visit: &Visit) -> Response {
    let here = if visit.query.is_empty() { visit.path.clone() } else { format!("{}?{}", visit.path, visit.query) };
    let target = if here == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={}", url::encode(&here)) };
    elsewhere(visit, &target)
}

/// Sends the visitor to another page, whether a page or a fragment was asked for.
fn elsewhere(visit: &Visit, target: &str) -> Response {
    if visit.fragment {
        let mut response = StatusCode::UNAUTHORIZED.into_response();
        if let Ok(value) = HeaderValue::from_str(target) {
            response.headers_mut().insert("hx-redirect", value);
        }
        return response;
    }
    redirect(target)
}
