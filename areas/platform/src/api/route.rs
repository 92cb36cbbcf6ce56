//! One operation of the interface, with its description.

use std::sync::Arc;

use axum::routing::MethodRouter;
use utoipa::openapi::{RefOr, path::Paths, schema::Schema};
use utoipa_axum::router::UtoipaMethodRouter;

use super::ApiScope;
use crate::app::App;

/// What is served at one path: what serves it, what describes it, and the scope that a client needs.
pub struct ApiRoute {
    /// The handler.
    pub handler: MethodRouter<App>,
    /// Its description.
    pub described: Arc<Described>,
}

/// The description of a route, from its handlers' own.
pub struct Described {
    /// What a client must have been admitted to; `None` for what every client may.
    pub scope: Option<ApiScope>,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
    pub(super) paths: Paths,
}

impl Described {
    /// The names of its schemas, which are one name space for all areas, each with its schema as JSON.
    pub fn schemas(&self) -> impl Iterator<Item = (&str, String)> {
        self.schemas.iter().map(|(name, schema)| (name.as_str(), serde_json::to_string(schema).unwrap_or_default()))
    }
}

impl ApiRoute {
    /// From handlers described by `#[utoipa::path]`: `ApiRoute::new(Some(ApiScope::Territory), routes!(list))`.
    pub fn new(scope: Option<ApiScope>, (schemas, paths, handler): UtoipaMethodRouter<App>) -> Self {
        ApiRoute { handler, described: Arc::new(Described { scope, schemas, paths }) }
    }
    /// The path that its description names, in axum's and OpenAPI's notation, which are the same.
    pub fn path(&self) -> &str {
        self.described.paths.paths.keys().next().map_or("", String::as_str)
    }
}
