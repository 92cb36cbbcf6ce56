//! The router, made of the areas' route lists and nothing else.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, trace::TraceLayer};

use super::{assets, guard, headers, visit};
use crate::{access::Action, api, app::App, area::Area, error::AppError};

/// A request's body at most, unless its route accepts more.
pub const BODY_MAX_BYTES: usize = 2 * 1024 * 1024;

/// A route as served, for tests that walk all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServedRoute {
    /// Path in axum's notation.
    pub path: &'static str,
    /// Method.
    pub method: &'static str,
    /// What it does.
    pub action: Action,
    /// The area that gave it.
    pub area: &'static str,
}

/// The platform's own areas: its pages and the imports.
pub fn own_areas() -> [Area; 2] {
    [super::area(), crate::import::area()]
}

/// The platform's own areas and then the others; one that is its own already is not taken twice.
pub fn with_own<'a>(own: &'a [Area], areas: &'a [Area]) -> impl Iterator<Item = &'a Area> {
    own.iter().chain(areas.iter().filter(|a| own.iter().all(|o| o.name != a.name)))
}

/// Every route of the platform and of these areas, in order of path.
pub fn served_routes(areas: &[Area]) -> Vec<ServedRoute> {
    let own = own_areas();
    let mut all: Vec<_> = with_own(&own, areas)
        .flat_map(|area| {
            area.routes.iter().map(|r| ServedRoute {
                path: r.path,
                method: r.method,
                action: r.action,
                area: area.name,
            })
        })
        .collect();
    all.sort();
    all
}

/// The whole site.
///
/// # Panics
/// If two areas serve the same method and path; that is a fault in the program and shows at its start.
pub fn router(app: App, areas: &[Area]) -> Router {
    let own = own_areas();
    let mut pages: Router<App> = Router::new();
    for route in with_own(&own, areas).flat_map(|a| &a.routes) {
        let guarded = route.handler.clone().route_layer(from_fn_with_state((route.action, route.early), guard::layer));
        pages = pages.route(route.path, guarded);
    }
    for route in with_own(&own, areas).flat_map(|a| &a.api) {
        let needed = route.described.scope;
        let guarded = route.handler.clone().route_layer(from_fn_with_state(needed, api::guard::layer));
        pages = pages.route(route.path(), guarded);
    }
    let pages = pages
        .fallback(|| async { AppError::not_found() })
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), guard::same_site))
        .layer(from_fn_with_state(app.clone(), visit::layer));
    pages
        .merge(Router::new().route("/static/{*path}", get(assets::serve)))
        .layer(from_fn_with_state(app.secure_cookies, headers::layer))
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span).on_response(ended))
        .with_state(app)
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    // The panic's text may hold a value; the hook that printed it is the operator's to configure.
    AppError::internal("a handler panicked").into_response()
}

/// Method and the route's pattern: no query, no identifiers, nobody's name.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

fn ended(response: &Response, took: Duration, _: &tracing::Span) {
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = response.status().as_u16(), took_ms, "answered");
}
