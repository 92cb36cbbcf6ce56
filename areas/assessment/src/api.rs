//! Published scores and bulletins for other systems (R35, R36). Drafts are nobody's outside.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use linli_platform::{
    AppError, Result,
    api::{ApiRoute, ApiScope, Listed, answer, instant},
    app::App,
    clock::Month,
    store::Query,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    bulletin,
    round::{self, Round},
    scores,
};

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Results);
    vec![
        ApiRoute::new(scope, routes!(list_assessments)),
        ApiRoute::new(scope, routes!(list_scores)),
        ApiRoute::new(scope, routes!(bulletin_pdf)),
    ]
}

/// A month that was assessed and published.
#[derive(Debug, Serialize, ToSchema)]
struct Assessment {
    /// YYYY-MM.
    month: String,
    /// `published`, or `final` once nobody can object any more.
    state: String,
    /// Digest of the policy pack that it was computed with.
    policy: String,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    published_at: Option<String>,
    /// When it became final.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    final_at: Option<String>,
    /// Version: a month that was put right is published again.
    version: i64,
}

fn is_out(round: &Round) -> bool {
    matches!(round.state.as_str(), "published" | "final")
}

#[utoipa::path(get, path = "/api/v1/assessments", tag = "results",
    responses((status = 200, body = Listed<Assessment>)))]
async fn list_assessments(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let rounds = round::all(&app.store.reads()).await?;
    let items = rounds.into_iter().filter(is_out).map(|r| Assessment {
        month: r.month.to_string(),
        state: r.state,
        policy: r.pack_digest,
        published_at: r.published_at.map(instant),
        final_at: r.final_at.map(instant),
        version: r.version,
    });
    answer(&headers, &Listed::whole(items.collect()))
}

/// A committee's score of a month.
#[derive(Debug, Serialize, ToSchema)]
struct Score {
    /// The committee's code.
    committee: String,
    /// Its name.
    name: String,
    /// Assessment group, A to D.
    group: String,
    /// Points deducted, as written: `3.5`.
    deducted: String,
    /// Bonus points.
    bonus: String,
    /// Points in all.
    total: String,
    /// Rank within the group.
    rank_in_group: i64,
    /// Rank over all committees.
    rank: i64,
}

async fn published(q: &impl Query, month: &str) -> Result<Month> {
    let month: Month = month.parse().map_err(|_| AppError::not_found())?;
    let round = round::find(q, month).await?.filter(is_out);
    round.map(|_| month).ok_or_else(AppError::not_found)
}

#[utoipa::path(get, path = "/api/v1/assessments/{month}/scores", tag = "results",
    params(("month" = String, Path, description = "YYYY-MM", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, body = Listed<Score>)))]
async fn list_scores(State(app): State<App>, headers: HeaderMap, Path(month): Path<String>) -> Result<Response> {
    let q = app.store.reads();
    let month = published(&q, &month).await?;
    let items = scores::of_month(&q, month).await?.into_iter().map(|s| Score {
        deducted: s.deducted_text(),
        bonus: s.bonus_text(),
        total: s.total_text(),
        committee: s.committee_code,
        name: s.name,
        group: s.group_code,
        rank_in_group: s.rank_in_group,
        rank: s.rank_overall,
    });
    answer(&headers, &Listed::whole(items.collect()))
}

#[utoipa::path(get, path = "/api/v1/assessments/{month}/bulletin.pdf", tag = "results",
    params(("month" = String, Path, description = "YYYY-MM", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, description = "The bulletin in the layout of GB/T 9704", content_type = "application/pdf",
        body = String)))]
async fn bulletin_pdf(State(app): State<App>, Path(month): Path<String>) -> Result<Response> {
    let month = published(&app.store.reads(), &month).await?;
    let mut response = bulletin::pdf(&app, month).await?.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    Ok(response)
}
