//! Committees and grids for other systems. Nobody's data; the grids are those of the client's areas.

use axum::{extract::State, response::Response};
use http::HeaderMap;
use linli_platform::{
    AppError, Result,
    api::{ApiRoute, ApiScope, Cursor, Listed, Params, answer, limit},
    app::App,
    reader::Reader,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::store::{committees, grids};

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Territory);
    vec![ApiRoute::new(scope, routes!(list_committees)), ApiRoute::new(scope, routes!(list_grids))]
}

/// A committee (村居).
#[derive(Debug, Serialize, ToSchema)]
struct Committee {
    /// Statistical division code, 12 digits.
    code: String,
    /// Short name.
    name: String,
    /// Name in the statistical table.
    official_name: String,
    /// `village` or `residents`.
    kind: String,
    /// Assessment group, A to D.
    group: String,
}

#[utoipa::path(get, path = "/api/v1/committees", tag = "territory",
    responses((status = 200, body = Listed<Committee>)))]
async fn list_committees(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let all = committees::all(&app.store.reads()).await?;
    let items = all.into_iter().map(|c| Committee {
        code: c.committee_code,
        name: c.name,
        official_name: c.official_name,
        kind: c.kind,
        group: c.group_code,
    });
    answer(&headers, &Listed::whole(items.collect()))
}

/// A micro-grid (微网格) of today.
#[derive(Debug, Serialize, ToSchema)]
struct Grid {
    /// Its id, which stays when its boundary or its code changes.
    id: Uuid,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Its committee's code.
    committee: String,
    /// First day.
    #[schema(format = Date)]
    from: String,
}

/// Which grids.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichGrids {
    /// Of this committee alone.
    #[param(pattern = "^[0-9]{12}$")]
    committee: Option<String>,
    /// Rows at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// A committee's code as a parameter: 12 digits, whether there is such a committee or not.
///
/// # Errors
/// `api-invalid` at the parameter `committee`.
pub fn check_committee(code: Option<&str>) -> Result<()> {
    match code {
        Some(code) if code.len() != 12 || !code.bytes().all(|b| b.is_ascii_digit()) => {
            Err(AppError::invalid().parameter("committee", "value", "api-field-value"))
        }
        _ => Ok(()),
    }
}

#[utoipa::path(get, path = "/api/v1/grids", tag = "territory", params(WhichGrids),
    responses((status = 200, body = Listed<Grid>)))]
async fn list_grids(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Params(which): Params<WhichGrids>,
) -> Result<Response> {
    let limit = limit(which.limit)?;
    check_committee(which.committee.as_deref())?;
    let after: Option<String> = Cursor::read("grids", which.cursor.as_deref())?;
    let q = app.store.reads();
    let rows = grids::after(&q, &reader, which.committee.as_deref(), after.as_deref(), limit + 1).await?;
    let items = rows.into_iter().map(|g| Grid {
        id: g.grid_id.0,
        code: g.code,
        name: g.name,
        committee: g.committee_code,
        from: g.from_day.to_string(),
    });
    answer(&headers, &Listed::of("grids", items.collect(), limit, |g| g.code.clone()))
}
