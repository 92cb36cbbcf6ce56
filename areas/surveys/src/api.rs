//! Published surveys for other systems (R25, R26): rounds, what was drawn and how, and the rates.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use linli_platform::{
    AppError, Result,
    api::{ApiRoute, ApiScope, Cursor, Listed, Params, answer, instant, limit},
    app::App,
    store::Query,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::{
    codes::{Level, RateKind, State as RoundState, Verdict},
    estimate::Rate,
    ids::SurveyId,
    results::{self, ResultRow},
    rounds::{self, Round},
};

/// The area's operations.
pub(crate) fn routes() -> Vec<ApiRoute> {
    let scope = Some(ApiScope::Results);
    vec![
        ApiRoute::new(scope, routes!(list_surveys)),
        ApiRoute::new(scope, routes!(survey_results)),
        ApiRoute::new(scope, routes!(survey_receipt)),
    ]
}

/// A round of the survey (达标测查), or a re-survey of one committee, whose results were locked and countersigned.
#[derive(Debug, Serialize, ToSchema)]
struct Survey {
    /// Its id.
    id: Uuid,
    /// The month it measures, YYYY-MM.
    month: String,
    /// The one committee of a re-survey.
    #[serde(skip_serializing_if = "Option::is_none")]
    committee: Option<String>,
    /// SHA-256 of the frame, in hexadecimal digits.
    frame_digest: String,
    /// Homes in the frame.
    frame_homes: i64,
    /// When the answers were closed and the results computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    locked_at: Option<String>,
    /// When a second person signed the results.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    countersigned_at: Option<String>,
    /// Homes that a second surveyor asked again without knowing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_twice: Option<i64>,
    /// Of those, homes with different answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    differing: Option<i64>,
}

impl From<Round> for Survey {
    fn from(r: Round) -> Survey {
        Survey {
            id: r.survey_id.0,
            month: r.month.to_string(),
            committee: r.committee_code,
            frame_digest: r.frame_digest,
            frame_homes: r.frame_homes,
            locked_at: r.locked_at.map(instant),
            countersigned_at: r.countersigned_at.map(instant),
            asked_twice: r.asked_twice,
            differing: r.differing,
        }
    }
}

/// Which surveys.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichSurveys {
    /// Rows at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/surveys", tag = "results", params(WhichSurveys),
    responses((status = 200, body = Listed<Survey>)))]
async fn list_surveys(
    State(app): State<App>,
    headers: HeaderMap,
    Params(which): Params<WhichSurveys>,
) -> Result<Response> {
    let limit = limit(which.limit)?;
    let after: Option<SurveyId> = Cursor::read("surveys", which.cursor.as_deref())?;
    let rows = rounds::signed_after(&app.store.reads(), after, limit + 1).await?;
    let items = rows.into_iter().map(Survey::from).collect();
    answer(&headers, &Listed::of("surveys", items, limit, |s: &Survey| s.id.to_string()))
}

/// A measured rate with its interval, each between 0 and 1.
#[derive(Debug, Serialize, ToSchema)]
struct Measured {
    /// The estimate.
    value: f64,
    /// Lower end of the interval of 95 %.
    low: f64,
    /// Upper end.
    high: f64,
}

impl From<Rate> for Measured {
    fn from(r: Rate) -> Measured {
        Measured { value: r.value, low: r.low, high: r.high }
    }
}

/// What was measured of the sub-district, a group or a committee.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyResult {
    /// `division`, `group` or `committee`.
    level: String,
    /// Division or committee code, or the group's letter.
    code: String,
    /// Homes drawn.
    homes: i64,
    /// Homes answered.
    homes_answered: i64,
    /// People found in them.
    people_found: i64,
    /// Whether the least numbers were reached.
    complete: bool,
    /// Of the people found, those registered (登记率).
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<Measured>,
    /// What the interval says about the target: `above`, `below` or `unclear`.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_verdict: Option<String>,
    /// Of the items checked, those correct (准确率).
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy: Option<Measured>,
    /// What the interval says about the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy_verdict: Option<String>,
    /// Of those registered, the ones who have gone (应销未销).
    #[serde(skip_serializing_if = "Option::is_none")]
    over_registration: Option<Measured>,
}

fn result(r: ResultRow) -> SurveyResult {
    let verdict = |kind| r.verdict(kind).map(|v: Verdict| v.code().to_owned());
    SurveyResult {
        registration: r.registration().map(Measured::from),
        registration_verdict: verdict(RateKind::Registration),
        accuracy: r.accuracy().map(Measured::from),
        accuracy_verdict: verdict(RateKind::Accuracy),
        over_registration: r.over().map(Measured::from),
        level: r.level,
        code: r.code,
        homes: r.homes,
        homes_answered: r.homes_answered,
        people_found: r.found,
        complete: r.complete,
    }
}

async fn signed(q: &impl Query, id: SurveyId) -> Result<Round> {
    let round = rounds::find(q, id).await?;
    if round.state() == RoundState::Countersigned { Ok(round) } else { Err(AppError::not_found()) }
}

#[utoipa::path(get, path = "/api/v1/surveys/{id}/results", tag = "results",
    params(("id" = Uuid, Path, description = "Id of the survey")),
    responses((status = 200, body = Listed<SurveyResult>)))]
async fn survey_results(State(app): State<App>, headers: HeaderMap, Path(id): Path<SurveyId>) -> Result<Response> {
    let q = app.store.reads();
    signed(&q, id).await?;
    let rows = results::of_survey(&q, id).await?;
    // A grid is too small for its figures to be published; its own people see them.
    let items = rows.into_iter().filter(|r| r.level != Level::Grid.code()).map(result).collect();
    answer(&headers, &Listed::whole(items))
}

#[utoipa::path(get, path = "/api/v1/surveys/{id}/receipt", tag = "results",
    params(("id" = Uuid, Path, description = "Id of the survey")),
    responses((status = 200, description = "The receipt of the draw, as `linli survey verify` reads it: \
        announcement, openings, and a draw for each committee; homes are pseudonyms; \
        `results` names the digest of the signed figures and when and in which roles they were signed", body = Object)))]
async fn survey_receipt(State(app): State<App>, headers: HeaderMap, Path(id): Path<SurveyId>) -> Result<Response> {
    let q = app.store.reads();
    signed(&q, id).await?;
    let receipt = rounds::papers(&q, id).await?.receipt.ok_or_else(AppError::not_found)?;
    let receipt: serde_json::Value = serde_json::from_str(&receipt)?;
    answer(&headers, &receipt)
}
