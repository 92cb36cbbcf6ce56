//! One request: whose it is, in which language, on which path. Loaded once, before the route.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, SET_COOKIE},
    request::Parts,
};

use super::{
    device,
    page::{Flash, PageUser},
    render::{FLASH_COOKIE, read_flash},
};
use crate::{
    app::App,
    error::{AppError, Result},
    ids::PushId,
    push,
    reader::Reader,
    sessions,
    texts::Lang,
};

/// Cookie of the language of somebody who is not signed in.
pub(super) const LANGUAGE_COOKIE: &str = "linli-lang";

/// One request.
#[derive(Clone)]
pub(crate) struct Visit {
    pub app: App,
    pub lang: Lang,
    pub path: String,
    pub query: String,
    pub flash: Option<Flash>,
    pub reader: Option<Reader>,
    pub user: Option<PageUser>,
    /// The session's token, for signing out.
    pub token: Option<String>,
    /// Asked for by htmx: an answer replaces a part of a page.
    pub fragment: bool,
    /// Whether it asks for a change: it is no GET.
    pub changes: bool,
    /// Whether a script of our own asks, which reads JSON alone.
    pub json: bool,
    /// The page of ours that the request was sent from, if the browser says so.
    pub from: Option<String>,
    /// The device, in words.
    pub device: String,
    /// The device that notices are pushed to, if this browser is one.
    pub push: Option<PushId>,
}

impl Visit {
    /// The visit that the middleware put beside the request.
    pub fn get(parts: &Parts) -> Result<&Visit> {
        parts
            .extensions
            .get::<Arc<Visit>>()
            .map(AsRef::as_ref)
            .ok_or_else(|| AppError::internal("a page outside of the router"))
    }
    /// Whether the answer is for a program, not for a screen.
    pub fn is_api(&self) -> bool {
        self.json || self.path.starts_with("/api/")
    }
    fn anonymous(app: &App, request: &Request, jar: &CookieJar) -> Visit {
        Visit {
            app: app.clone(),
            lang: language(jar, request.headers()),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or("").to_owned(),
            flash: jar.get(FLASH_COOKIE).and_then(|c| read_flash(c.value())),
            reader: None,
            user: None,
            token: None,
            fragment: request.headers().contains_key("hx-request"),
            changes: !request.method().is_safe(),
            json: reads_json(request.headers()),
            from: sent_from(request.headers()),
            device: device::of(request.headers()),
            push: jar.get(push::cookie_name(app.secure_cookies)).and_then(|c| c.value().parse().ok()),
        }
    }
    async fn sign_in(&mut self, jar: &CookieJar) -> Result<()> {
        let Some(cookie) = jar.get(sessions::cookie_name(self.app.secure_cookies)) else { return Ok(()) };
        let Some(session) = sessions::load(&self.app, cookie.value()).await? else { return Ok(()) };
        if let Some(lang) = &session.language {
            self.lang = Lang::from_code(lang);
        }
        self.user = Some(PageUser {
            account: session.reader.account,
            sign_in_name: session.sign_in_name,
            name: session.reader.name.clone(),
            roles: session.reader.roles.clone(),
            pending: session.reader.pending.clone(),
            must_change: session.must_change,
            factor: session.factor,
        });
        self.reader = Some(session.reader);
        self.token = Some(cookie.value().to_owned());
        Ok(())
    }
}

/// A browser that opens a page, and htmx, accept more than JSON.
fn reads_json(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|v| v.as_bytes() == b"application/json")
}

/// Path and query of the page a request was sent from. The host was compared before a change is let through; a path
/// alone leads nowhere else.
fn sent_from(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(http::header::REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    Some(format!("/{}", rest.split_once('/')?.1))
}

fn language(jar: &CookieJar, headers: &HeaderMap) -> Lang {
    if let Some(cookie) = jar.get(LANGUAGE_COOKIE) {
        return Lang::from_code(cookie.value());
    }
    // The first language the browser names; Chinese unless it is English.
    headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map_or(Lang::Zh, Lang::from_code)
}

/// Loads the visit, runs the route, and finishes the answer: errors become pages, pages are not stored.
pub(super) async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let mut visit = Visit::anonymous(&app, &request, &jar);
    let loaded = visit.sign_in(&jar).await;
    let visit = Arc::new(visit);
    request.extensions_mut().insert(visit.clone());
    let mut response = match loaded {
        Ok(()) => next.run(request).await,
        Err(e) => e.into_response(),
    };
    response = super::failure::finish(&visit, response);
    if visit.flash.is_some() && shows_a_page(&response) && !sets_flash(&response) {
        let gone = format!("{FLASH_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        if let Ok(gone) = HeaderValue::from_str(&gone) {
            response.headers_mut().append(SET_COOKIE, gone);
        }
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn shows_a_page(response: &Response) -> bool {
    response
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"))
}

fn sets_flash(response: &Response) -> bool {
    response.headers().get_all(SET_COOKIE).iter().any(|v| v.as_bytes().starts_with(FLASH_COOKIE.as_bytes()))
}
