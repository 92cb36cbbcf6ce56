//! The platform's own operation: what the client itself is.

use axum::response::Response;
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{ApiClient, ApiRoute, answer};
use crate::{error::Result, reader::Scope};

/// The platform's operations.
pub fn routes() -> Vec<ApiRoute> {
    vec![ApiRoute::new(None, routes!(client))]
}

/// What a client is admitted to.
#[derive(Debug, Serialize, ToSchema)]
struct Own {
    /// Its name.
    name: String,
    /// What it may do.
    scopes: Vec<String>,
    /// Whether it sees the whole sub-district.
    whole_division: bool,
    /// The grids it sees otherwise.
    grids: Vec<uuid::Uuid>,
    /// The employers it sends rosters for, where it does so for named ones.
    employers: Vec<uuid::Uuid>,
    /// How often it may ask.
    requests_a_minute: i64,
}

#[utoipa::path(get, path = "/api/v1/client", tag = "client", responses((status = 200, body = Own)))]
async fn client(client: ApiClient, headers: HeaderMap) -> Result<Response> {
    let (whole_division, grids) = match &client.scope {
        Scope::Division => (true, Vec::new()),
        Scope::Grids(grids) => (false, grids.iter().map(|g| g.0).collect()),
    };
    let own = Own {
        name: client.name,
        scopes: client.scopes.iter().map(|s| s.code().to_owned()).collect(),
        whole_division,
        grids,
        employers: client.employers,
        requests_a_minute: client.requests_a_minute,
    };
    answer(&headers, &own)
}
