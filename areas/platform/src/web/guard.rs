//! Before every route: is somebody signed in, may their role do this, and does the request come from our own pages.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, Method, StatusCode, Uri,
    header::{HOST, ORIGIN, REFERER},
};

use super::{render::redirect, visit::Visit};
use crate::{
    access::Action,
    app::App,
    area::Early,
    error::{AppError, Result},
    sessions::Factor,
};

/// Pages that somebody with a password to be changed can still reach.
const BEFORE_CHANGE: [&str; 3] = ["/account/password", "/sign-out", "/language"];

/// Pages of somebody who gave the password and not yet the code.
const BEFORE_CODE: [&str; 3] = ["/sign-in/code", "/sign-out", "/language"];
/// Pages of somebody whose role asks for a second factor that is not there yet.
const BEFORE_ENROLMENT: [&str; 6] = [
    "/account/second-factor",
    "/account/second-factor/secret",
    "/account/second-factor/confirmation",
    "/account/password",
    "/sign-out",
    "/language",
];

/// Nobody is signed in. Finished as a redirect to the sign-in page, or as 401 for programs.
pub(super) fn not_signed_in() -> AppError {
    AppError::with("not-signed-in", StatusCode::UNAUTHORIZED)
}

/// Lets a request through to a route only if the visitor may do its action.
pub(super) async fn layer(
    State((action, early)): State<(Action, Early)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(visit) = request.extensions().get::<Arc<Visit>>().cloned() else {
        return AppError::internal("a route outside of the router").into_response();
    };
    match admit(&visit, action, early) {
        Ok(None) => {
            if let Some(reader) = visit.reader.clone() {
                let doing = Visit { reader: Some(reader.doing(action)), ..Visit::clone(&visit) };
                request.extensions_mut().insert(Arc::new(doing));
            }
            next.run(request).await
        }
        Ok(Some(elsewhere)) => redirect(elsewhere),
        Err(e) => e.into_response(),
    }
}

/// `Ok(Some(path))` sends the visitor elsewhere first.
fn admit(visit: &Visit, action: Action, early: Early) -> Result<Option<&'static str>> {
    if action == Action::Public {
        return Ok(None);
    }
    let (Some(user), Some(reader)) = (&visit.user, &visit.reader) else { return Err(not_signed_in()) };
    let path = visit.path.as_str();
    let elsewhere = match user.factor {
        Factor::Due if early != Early::BeforeCode && !BEFORE_CODE.contains(&path) => {
            Some(("/sign-in/code", "second-factor-due"))
        }
        Factor::ToEnrol
            if !user.must_change && early != Early::BeforeEnrolment && !BEFORE_ENROLMENT.contains(&path) =>
        {
            Some(("/account/second-factor", "second-factor-missing"))
        }
        _ => None,
    };
    if let Some((path, code)) = elsewhere {
        return if visit.is_api() { Err(AppError::with(code, StatusCode::FORBIDDEN)) } else { Ok(Some(path)) };
    }
    if user.must_change && !BEFORE_CHANGE.contains(&visit.path.as_str()) {
        if visit.is_api() {
            return Err(AppError::with("password-must-change", StatusCode::FORBIDDEN));
        }
        return Ok(Some("/account/password"));
    }
    if action == Action::Export && reader.may(action) {
        reader.require_proof(visit.app.store.now())?;
    }
    if action == Action::Own || reader.may(action) {
        return Ok(None);
    }
    let waits = reader.pending.iter().any(|r| r.allows(action));
    if waits && !visit.changes && !visit.is_api() {
        return Ok(Some("/agreement"));
    }
    Err(if waits { AppError::with("agreement-missing", StatusCode::FORBIDDEN) } else { AppError::forbidden() })
}

/// Refuses changes that another site's page asked for.
///
/// A browser says where a request comes from: `Sec-Fetch-Site` in all current ones, `Origin` on every POST, `Referer`
/// otherwise. Whoever sends none of the three is no browser and carries no cookie that somebody else could ride on.
pub(super) async fn same_site(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || comes_from_here(request.headers(), request.uri(), &app.trusted_origins) {
        next.run(request).await
    } else {
        AppError::with("other-site", StatusCode::FORBIDDEN).into_response()
    }
}

fn comes_from_here(headers: &HeaderMap, uri: &Uri, trusted: &[String]) -> bool {
    let text = |name| headers.get(name).and_then(|v: &http::HeaderValue| v.to_str().ok());
    let own = text(HOST).map(str::to_owned).or_else(|| uri.authority().map(ToString::to_string));
    let known = |url: &str| {
        let host = url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(""));
        host.is_some_and(|h| own.as_deref() == Some(h) || trusted.iter().any(|t| t == h || t == url))
    };
    let origin = text(ORIGIN);
    let named = origin.map(known).or_else(|| text(REFERER).map(known));
    match headers.get("sec-fetch-site").map(|v| v.as_bytes()) {
        // A sandboxed or privacy-minded browser may hide the origin, but not that it is our own.
        Some(b"same-origin" | b"none") => named.unwrap_or(true) || origin == Some("null"),
        Some(_) => named == Some(true) && origin.is_some_and(|o| is_trusted(o, trusted)),
        None => named.unwrap_or(true),
    }
}

fn is_trusted(origin: &str, trusted: &[String]) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, h)| h);
    trusted.iter().any(|t| t == host || t == origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_accepted_only_from_our_own_pages() {
        let trusted = ["linli.example".to_owned()];
        for (headers, accepted) in [
            (&[("origin", "http://here:8080"), ("sec-fetch-site", "same-origin")][..], true),
            (&[("origin", "http://here:8080")], true),
            (&[("origin", "https://linli.example")], true),
            (&[("origin", "https://linli.example"), ("sec-fetch-site", "same-site")], true),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            (&[], true),
            (&[("referer", "http://here:8080/homes")], true),
            (&[("referer", "http://elsewhere/homes")], false),
            (&[("origin", "http://elsewhere")], false),
            (&[("origin", "http://here:8081")], false),
            (&[("origin", "http://here:8080.elsewhere")], false),
            (&[("origin", "null")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "http://here:8080"), ("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
        ] {
            let mut map = HeaderMap::new();
            map.insert(HOST, "here:8080".parse().unwrap());
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap());
            }
            assert_eq!(comes_from_here(&map, &Uri::from_static("/visits"), &trusted), accepted, "{headers:?}");
        }
    }
}
