//! The shell of the phone page: without a word about anybody, so that a browser may keep it.

use askama::Template;
use axum::{
    extract::Query,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};
use linli_platform::{
    AppError, Result,
    app::App,
    texts::Lang,
    web::{Page, assets, render},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// Where the service worker's file says what the shell consists of.
const MARK: &str = "__SHELL__";
/// Texts that the phone page puts together itself.
const TEXTS: [&str; 18] = [
    "app-name",
    "phone-",
    "visit-note-",
    "label-",
    "home-kind-",
    "task-",
    "sex-",
    "doc-kind-",
    "visit-outcome",
    "due-",
    "field-change-",
    "cell-name-",
    "cell-number-",
    "cell-phone-",
    "cell-birth-",
    "cell-sex-",
    "cell-since-",
    "relation-",
];

#[derive(Template)]
#[template(path = "fieldwork/app.html")]
struct Shell {
    page: Page,
}

/// `GET /field`.
pub(crate) async fn show(page: Page) -> Result<Response> {
    render(&Shell { page })
}

/// What the phone page is made of, each with the hash of its content.
fn parts() -> Vec<String> {
    let wanted = |path: &str| {
        let script = path.starts_with("js/field/") || path == "vendor/hpke/index.js" || path == "vendor/idb/index.js";
        let style = path == "css/tokens.css" || path.starts_with("css/field");
        (script || style || path == "img/linli.svg") && path != "js/field/sw.js"
    };
    assets::hrefs(wanted)
}

/// The addresses as the page asks for them: scripts name each other without a hash.
fn files(parts: &[String]) -> Vec<String> {
    let address = |part: &String| match part.split_once("?v=") {
        Some((path, _)) if path.ends_with(".js") => path.to_owned(),
        _ => part.clone(),
    };
    let mut files = vec!["/field".to_owned()];
    files.extend(parts.iter().map(address));
    files.extend(["zh-CN", "en"].map(|lang| format!("/field/texts.json?lang={lang}")));
    files
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// `GET /field/sw.js`: the service worker, which may control `/field` as a whole. It changes with every file of the shell,
/// and browsers then fetch them anew.
pub(crate) async fn worker(State(app): State<App>) -> Result<Response> {
    let source = assets::file("js/field/sw.js").and_then(|bytes| String::from_utf8(bytes).ok());
    let source = source.ok_or_else(AppError::not_found)?;
    let parts = parts();
    let mut version = Sha256::new().chain_update(include_bytes!("../../../templates/fieldwork/app.html"));
    version = version.chain_update(parts.join("\n"));
    for lang in [Lang::Zh, Lang::En] {
        version = version.chain_update(texts_of(&app, lang)?);
    }
    let shell = serde_json::json!({ "version": hex(&version.finalize()), "files": files(&parts) }).to_string();
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (http::HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static("/field")),
    ];
    Ok((headers, source.replace(MARK, &shell)).into_response())
}

/// `GET /field/manifest.webmanifest`: so that the page can be put on the home screen.
pub(crate) async fn manifest() -> Result<Response> {
    let bytes = assets::file("field.webmanifest").ok_or_else(AppError::not_found)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/manifest+json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, bytes).into_response())
}

fn texts_of(app: &App, lang: Lang) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(&app.texts.beginning_with(lang, &TEXTS))?)
}

/// Of which language.
#[derive(Deserialize)]
pub(crate) struct OfLanguage {
    #[serde(default)]
    lang: String,
}

/// `GET /field/texts.json?lang=`
pub(crate) async fn texts(
    State(app): State<App>,
    Query(of): Query<OfLanguage>,
    headers: HeaderMap,
) -> Result<Response> {
    let bytes = texts_of(&app, Lang::from_code(&of.lang))?;
    let tag = format!("\"{}\"", hex(&Sha256::digest(&bytes)));
    let fresh = headers.get(IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}
