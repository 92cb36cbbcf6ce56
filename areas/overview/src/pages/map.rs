//! The map: grids coloured by coverage, registration rate or overdue work; the same as a table without scripts.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Month,
    ids::GridId,
    reader::{Reader, Scope},
    web::{Page, render},
};
use linli_territory::map::geojson_for_map;
use serde_json::{Value, json};

use crate::figures::{self, CommitteeFigures, GridFigures, whole_percent};

/// What the colours tell.
const MEASURES: &[&str] = &["coverage", "registration", "overdue"];

#[derive(Template)]
#[template(path = "overview/map.html")]
struct MapPage {
    page: Page,
    measure: &'static str,
    measures: &'static [&'static str],
    grids: Vec<Row>,
}

struct Row {
    id: GridId,
    code: String,
    name: String,
    committee: String,
    coverage: String,
    registration: String,
    overdue: i64,
    tone: &'static str,
}

fn chosen(query: &HashMap<String, String>) -> &'static str {
    let wanted = query.get("measure").map_or("", String::as_str);
    MEASURES.iter().find(|m| **m == wanted).copied().unwrap_or(MEASURES[0])
}

/// How a grid stands in a measure: `ok`, `soon`, `late`, or nothing known.
fn tone(app: &App, measure: &str, grid: &GridFigures, committee: Option<&CommitteeFigures>) -> &'static str {
    let by = |value: Option<f64>, good: f64, fair: f64| match value {
        Some(v) if v >= good => "ok",
        Some(v) if v >= fair => "soon",
        Some(_) => "late",
        None => "",
    };
    match measure {
        "overdue" if grid.overdue == 0 => "ok",
        "overdue" if grid.overdue <= 3 => "soon",
        "overdue" => "late",
        "registration" => {
            let target = f64::from(*app.pack.survey.target_registration_percent);
            by(committee.and_then(|c| c.registration).map(|r| r.value * 100.0), target, target - 2.0)
        }
        _ => {
            let passed = figures::pace(app);
            by(grid.counts.coverage_percent(), passed, passed * 0.75)
        }
    }
}

async fn rows(app: &App, reader: &Reader, month: Month, measure: &'static str) -> Result<Vec<Row>> {
    let grids = figures::by_grid(app, reader, month).await?;
    let survey = figures::survey_month(app, month).await?;
    let committees = figures::by_committee(app, reader, &grids, survey).await?;
    let of = |g: &GridFigures| {
        let committee = committees.iter().find(|c| c.code == g.committee_code);
        let rate =
            committee.and_then(|c| c.registration).map_or_else(|| "–".into(), |r| format!("{:.1}%", r.value * 100.0));
        Row {
            id: g.id,
            code: g.code.clone(),
            name: g.name.clone(),
            committee: committee.map(|c| c.name.clone()).unwrap_or_default(),
            coverage: whole_percent(g.counts.homes_verified, g.counts.homes)
                .map_or_else(|| "–".into(), |p| format!("{p}%")),
            registration: rate,
            overdue: g.overdue,
            tone: tone(app, measure, g, committee),
        }
    };
    Ok(grids.iter().map(of).collect())
}

/// `GET /map`.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let month = app.store.clock().today().month();
    let measure = chosen(&query);
    let grids = rows(&app, &reader, month, measure).await?;
    let title = page.t.s("map-title");
    render(&MapPage { page: page.titled(title), measure, measures: MEASURES, grids })
}

/// `GET /map.geojson`.
pub(crate) async fn data(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let today = app.store.clock().today();
    let measure = chosen(&query);
    let rows: HashMap<String, Row> =
        rows(&app, &reader, today.month(), measure).await?.into_iter().map(|r| (r.id.to_string(), r)).collect();
    let only = match &reader.scope {
        Scope::Division => None,
        Scope::Grids(grids) => Some(grids.as_slice()),
    };
    let text = geojson_for_map(&app.store.reads(), today, only).await?;
    let mut map: Value = serde_json::from_str(&text)?;
    let features = map["features"].as_array_mut().ok_or_else(|| AppError::internal("a map without features"))?;
    for feature in features {
        let properties = &mut feature["properties"];
        let Some(row) = properties["grid_id"].as_str().and_then(|id| rows.get(id)) else { continue };
        let value = match measure {
            "overdue" => page.t.n("map-overdue-n", row.overdue),
            "registration" => row.registration.clone(),
            _ => row.coverage.clone(),
        };
        properties["tone"] = json!(row.tone);
        properties["value"] = json!(value);
    }
    Ok(([("content-type", "application/geo+json")], map.to_string()).into_response())
}
