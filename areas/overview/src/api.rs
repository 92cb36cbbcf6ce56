//! The month's counts by grid and committee for other systems (R10, R16, R17). Counts alone, of nobody.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use linli_platform::{
    AppError, Result,
    api::{ApiRoute, ApiScope, Listed, answer},
    app::App,
    clock::Month,
    reader::Reader,
};
use linli_register::figures::Counts;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::figures;

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Figures);
    vec![ApiRoute::new(scope, routes!(grid_figures)), ApiRoute::new(scope, routes!(committee_figures))]
}

/// The counts of a month.
#[derive(Debug, Serialize, ToSchema)]
struct Figures {
    /// Residents registered now.
    residents: i64,
    /// Homes that have to be verified once a month.
    homes: i64,
    /// Of them, verified this month. Absent for a past month: a home keeps one date of verification alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    homes_verified: Option<i64>,
    /// The same in percent of the homes.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage_percent: Option<f64>,
    /// Homes over the longest gap between visits today.
    overdue: i64,
    /// Changes of the month: new, changed, moved, cancelled.
    changes: i64,
    /// Of them, in the register within 24 hours of being seen.
    within_24_hours: i64,
    /// The same in percent of the changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    within_24_hours_percent: Option<f64>,
    /// Share of the changes that full-time grid workers made, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    grid_worker_percent: Option<f64>,
}

fn of(counts: &Counts, overdue: i64, now: bool) -> Figures {
    Figures {
        residents: counts.residents,
        homes: counts.homes,
        homes_verified: now.then_some(counts.homes_verified),
        coverage_percent: counts.coverage_percent().filter(|_| now),
        overdue,
        changes: counts.changes,
        within_24_hours: counts.entered_within_24h,
        within_24_hours_percent: counts.timely_percent(),
        grid_worker_percent: counts.grid_worker_percent(),
    }
}

/// A grid with its counts.
#[derive(Debug, Serialize, ToSchema)]
struct GridMonth {
    /// The grid's id.
    grid: uuid::Uuid,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Its committee's code.
    committee: String,
    /// The counts.
    figures: Figures,
}

/// A committee with the counts of those of its grids that the client sees.
#[derive(Debug, Serialize, ToSchema)]
struct CommitteeMonth {
    /// The committee's code.
    committee: String,
    /// Its name.
    name: String,
    /// Assessment group, A to D.
    group: String,
    /// The counts.
    figures: Figures,
}

/// A month that has begun.
fn month(app: &App, text: &str) -> Result<(Month, bool)> {
    let month: Month = text.parse().map_err(|_| AppError::not_found())?;
    let now = app.store.clock().today().month();
    if month > now { Err(AppError::not_found()) } else { Ok((month, month == now)) }
}

#[utoipa::path(get, path = "/api/v1/figures/{month}/grids", tag = "figures",
    params(("month" = String, Path, description = "YYYY-MM", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, body = Listed<GridMonth>)))]
async fn grid_figures(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Path(text): Path<String>,
) -> Result<Response> {
    let (month, now) = month(&app, &text)?;
    let grids = figures::by_grid(&app, &reader, month).await?;
    let items = grids.into_iter().map(|g| GridMonth {
        figures: of(&g.counts, g.overdue, now),
        grid: g.id.0,
        code: g.code,
        name: g.name,
        committee: g.committee_code,
    });
    answer(&headers, &Listed::whole(items.collect()))
}

#[utoipa::path(get, path = "/api/v1/figures/{month}/committees", tag = "figures",
    params(("month" = String, Path, description = "YYYY-MM", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, body = Listed<CommitteeMonth>)))]
async fn committee_figures(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Path(text): Path<String>,
) -> Result<Response> {
    let (month, now) = month(&app, &text)?;
    let grids = figures::by_grid(&app, &reader, month).await?;
    let committees = figures::by_committee(&app, &reader, &grids, None).await?;
    let items = committees.into_iter().map(|c| CommitteeMonth {
        figures: of(&c.counts, c.overdue, now),
        committee: c.code,
        name: c.name,
        group: c.group,
    });
    answer(&headers, &Listed::whole(items.collect()))
}
