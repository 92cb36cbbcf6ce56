//! Styles, scripts and images, built into the binary and named by their content.

use std::{collections::HashMap, fmt::Write as _, sync::OnceLock};

use axum::{
    extract::{Path, RawQuery},
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};

#[derive(rust_embed::Embed)]
#[folder = "assets/"]
struct Files;

/// Content hashes by path, made once.
fn hashes() -> &'static HashMap<String, String> {
    static HASHES: OnceLock<HashMap<String, String>> = OnceLock::new();
    HASHES.get_or_init(|| {
        let hash = |path: &str| {
            let file = Files::get(path)?;
            let mut text = String::with_capacity(16);
            for byte in &file.metadata.sha256_hash()[..8] {
                let _ = write!(text, "{byte:02x}");
            }
            Some(text)
        };
        Files::iter().filter_map(|path| Some((path.to_string(), hash(&path)?))).collect()
    })
}

/// The address of a file under `assets/`, with its content hash. A file that is not there has none.
pub fn href(path: &str) -> String {
    match hashes().get(path) {
        Some(hash) => format!("/static/{path}?v={hash}"),
        None => format!("/static/{path}"),
    }
}

/// The content of a file under `assets/`, for a handler that serves it from an address of its own.
pub fn file(path: &str) -> Option<Vec<u8>> {
    Files::get(path).map(|file| file.data.into_owned())
}

/// The addresses of all files whose path meets a condition, with their content hashes, in order.
pub fn hrefs(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut paths: Vec<&String> = hashes().keys().filter(|path| wanted(path)).collect();
    paths.sort();
    paths.into_iter().map(|path| href(path)).collect()
}

/// `GET /static/{*path}`: for good under the current hash, otherwise to be asked again each time.
pub(super) async fn serve(Path(path): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let (Some(file), Some(hash)) = (Files::get(&path), hashes().get(&path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("W/\"{hash}\"");
    let named_by_hash = query.as_deref().and_then(|q| q.strip_prefix("v=")) == Some(hash);
    let keep = if named_by_hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let fresh = headers.get(IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_response() };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if !fresh && let Ok(kind) = HeaderValue::from_str(&content_type(&path)) {
        headers.insert(CONTENT_TYPE, kind);
    }
    response
}

fn content_type(path: &str) -> String {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let text = kind.type_() == "text" || kind.subtype() == "javascript" || kind.subtype() == "json";
    if text { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}
