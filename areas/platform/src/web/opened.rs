//! A page with somebody's unmasked data closes by itself.

use axum::response::Response;
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, REFRESH},
};

use crate::app::AppParts;

/// After the policy pack's minutes the browser leaves the page for `back`, without scripts; nothing keeps the answer.
pub fn closes_by_itself(app: &AppParts, mut response: Response, back: &str) -> Response {
    let seconds = 60 * *app.pack.governance.access.opened_minutes;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("{seconds}; url={}", super::url::local(back))) {
        headers.insert(REFRESH, value);
    }
    response
}
