//! Turning templates into responses, and leaving a message for the next page.

use axum::response::{IntoResponse, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION, SET_COOKIE},
};

use super::page::Flash;
use crate::error::Result;

/// Cookie of the message shown once.
pub(super) const FLASH_COOKIE: &str = "linli-flash";

/// A page with status 200.
pub fn render<T: askama::Template>(template: &T) -> Result<Response> {
    render_status(StatusCode::OK, template)
}

/// A page with another status, such as 422 for a form that failed.
pub fn render_status<T: askama::Template>(status: StatusCode, template: &T) -> Result<Response> {
    let mut response = (status, template.render()?).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

/// 303 to a path of this site. A path that leaves it leads to the start page.
pub fn redirect(path: &str) -> Response {
    let location = HeaderValue::from_str(super::url::local(path)).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Leaves a message for the page that a redirect leads to, by its Fluent key.
pub fn flash(response: Response, key: &str) -> Response {
    set_flash(response, key.to_owned())
}

/// The same with the number `$n` of the text.
pub fn flash_n(response: Response, key: &str, n: i64) -> Response {
    set_flash(response, format!("{key}:{n}"))
}

fn set_flash(mut response: Response, value: String) -> Response {
    let cookie = format!("{FLASH_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Reads the cookie's value; keys are lower-case letters, digits and dashes, anything else is no message.
pub(super) fn read_flash(value: &str) -> Option<Flash> {
    let (key, n) = value.split_once(':').map_or((value, None), |(k, n)| (k, n.parse().ok()));
    let well_formed = !key.is_empty()
        && key.len() <= 80
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    well_formed.then(|| Flash { key: key.to_owned(), n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_key_and_perhaps_a_number() {
        assert_eq!(read_flash("common-saved"), Some(Flash { key: "common-saved".into(), n: None }));
        assert_eq!(read_flash("tasks-made:71"), Some(Flash { key: "tasks-made".into(), n: Some(71) }));
        assert_eq!(read_flash("<b>"), None);
        assert_eq!(read_flash(""), None);
    }
}
