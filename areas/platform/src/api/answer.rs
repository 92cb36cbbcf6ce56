//! Answers with an entity tag, so that asking again for what has not changed costs no transfer.

use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{clock::At, error::Result};

/// An instant as answers write it: RFC 3339 in UTC, to the second.
pub fn instant(at: At) -> String {
    at.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// 200 with a JSON body and its tag; 304 where `If-None-Match` names the tag.
///
/// # Errors
/// `internal` for what cannot be written as JSON.
pub fn answer<T: Serialize>(headers: &HeaderMap, value: &T) -> Result<Response> {
    let body = serde_json::to_vec(value)?;
    // Weak, because the body may be compressed on its way.
    let tag = format!("W/\"{}\"", &URL_SAFE_NO_PAD.encode(Sha256::digest(&body))[..22]);
    let mut response = if names(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    };
    let out = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(ETAG, tag);
    }
    out.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

fn names(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |t: &str| t.trim().trim_start_matches("W/").to_owned();
    let given = headers.get_all(IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    given.into_iter().any(|t| t.trim() == "*" || opaque(t) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_changed_is_not_sent_again() {
        let first = answer(&HeaderMap::new(), &[1, 2, 3]).unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[ETAG].clone();
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, tag);
        assert_eq!(answer(&headers, &[1, 2, 3]).unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(answer(&headers, &[1, 2, 4]).unwrap().status(), StatusCode::OK);
    }

    #[test]
    fn an_instant_is_written_in_utc() {
        assert_eq!(instant(At(1_795_140_000_000_000)), "2026-11-20T02:00:00Z");
    }
}
