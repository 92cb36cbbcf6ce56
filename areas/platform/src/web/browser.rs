//! The browser of a request, for areas that sign somebody in by another way than the password.

use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderValue, header::SET_COOKIE, request::Parts};

use super::visit::Visit;
use crate::{app::App, error::AppError, sessions};

/// What is known of the browser that sent a request.
#[derive(Clone)]
pub struct Browser {
    /// The token of its session, if somebody is signed in.
    pub token: Option<String>,
    /// The device, in words that its owner recognises.
    pub device: String,
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Browser({})", self.device)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let visit = Visit::get(parts)?;
        Ok(Browser { token: visit.token.clone(), device: visit.device.clone() })
    }
}

/// Hands the token of a new session to the browser.
pub fn signed_in(app: &App, response: Response, token: &str) -> Response {
    with_cookie(response, &sessions::cookie(app.secure_cookies, Some(token)))
}

/// Adds a cookie; one that cannot stand in a header is left out.
pub fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
