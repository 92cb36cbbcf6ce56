//! Security headers of every response.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue};

/// Nothing but our own files, no inline script or style, no frame around us.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'";

/// `same-origin`, not `no-referrer`: under the latter, browsers send `Origin: null` with our own forms, and the check
/// against other sites' forms could not tell the two apart in browsers without `Sec-Fetch-Site`.
const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), browsing-topics=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Adds them, unless the route set its own.
pub(super) async fn layer(State(secure): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        let headers = response.headers_mut();
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if secure {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        response.headers_mut().insert("strict-transport-security", two_years);
    }
    response
}
