//! Committees, grids and the map of today.

use std::collections::HashMap;

use askama::Template;
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    ids::GridId,
    reader::Reader,
    web::{self, FormErrors, Page},
};

use crate::{
    committee::Group,
    map::geojson_for_map,
    store::{
        boundaries,
        committees::{self, Committee},
        grids::{self, Grid},
    },
};

struct CommitteeView {
    committee: Committee,
    grids: Vec<Grid>,
}

struct GroupView {
    code: &'static str,
    committees: Vec<CommitteeView>,
}

#[derive(Template)]
#[template(path = "territory/overview.html")]
struct Overview {
    page: Page,
    groups: Vec<GroupView>,
    committee_count: usize,
    grid_count: usize,
    has_map: bool,
}

pub(super) async fn overview(State(app): State<App>, page: Page, _reader: Reader) -> Result<Response> {
    let reads = app.store.reads();
    let all = committees::all(&reads).await?;
    let (committee_count, mut by_code) = (all.len(), HashMap::<String, Vec<Grid>>::new());
    let grids = grids::all(&reads).await?;
    let grid_count = grids.len();
    for grid in grids {
        by_code.entry(grid.committee_code.clone()).or_default().push(grid);
    }
    let mut views: Vec<CommitteeView> = all
        .into_iter()
        .map(|committee| CommitteeView {
            grids: by_code.remove(&committee.committee_code).unwrap_or_default(),
            committee,
        })
        .collect();
    let groups = Group::ALL.map(|group| {
        let (own, rest) = std::mem::take(&mut views).into_iter().partition(|v| v.committee.group_code == group.code());
        views = rest;
        GroupView { code: group.code(), committees: own }
    });
    let has_map = boundaries::in_effect(&reads).await?.is_some();
    let title = page.t.s("territory-title");
    let groups = groups.into_iter().filter(|g| !g.committees.is_empty()).collect();
    web::render(&Overview { page: page.titled(title), groups, committee_count, grid_count, has_map })
}

#[derive(Template)]
#[template(path = "territory/committee.html")]
struct CommitteePage {
    page: Page,
    committee: Committee,
    aliases: Vec<String>,
    grids: Vec<Grid>,
    errors: FormErrors,
    typed: String,
}

async fn committee_page(app: &App, page: Page, code: &str, errors: FormErrors, typed: String) -> Result<CommitteePage> {
    let reads = app.store.reads();
    let committee = committees::find(&reads, code).await?;
    let aliases = committees::aliases(&reads).await?.remove(code).unwrap_or_default();
    let grids = grids::of_committee(&reads, code).await?;
    let title = committee.name.clone();
    Ok(CommitteePage { page: page.titled(title), committee, aliases, grids, errors, typed })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    _reader: Reader,
    Path(code): Path<String>,
) -> Result<Response> {
    web::render(&committee_page(&app, page, &code, FormErrors::new(), String::new()).await?)
}

#[derive(serde::Deserialize)]
pub(super) struct AliasForm {
    #[serde(default)]
    alias: String,
}

pub(super) async fn add_alias(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(code): Path<String>,
    Form(form): Form<AliasForm>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match committees::add_alias(&tx, &code, &form.alias).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(web::flash(web::redirect(&format!("/territory/committees/{code}")), "territory-alias-added"))
        }
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            drop(tx);
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "alias", &e);
            let template = committee_page(&app, page, &code, errors, form.alias).await?;
            web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(e) => Err(e),
    }
}

pub(super) async fn remove_alias(
    State(app): State<App>,
    reader: Reader,
    Path(code): Path<String>,
    Form(form): Form<AliasForm>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    committees::remove_alias(&tx, &code, &form.alias).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/territory/committees/{code}")), "territory-alias-removed"))
}

#[derive(Template)]
#[template(path = "territory/grid.html")]
struct GridPage {
    page: Page,
    grid: Grid,
    committee: Committee,
    area_ha: Option<String>,
}

pub(super) async fn grid(
    State(app): State<App>,
    page: Page,
    _reader: Reader,
    Path(id): Path<GridId>,
) -> Result<Response> {
    let reads = app.store.reads();
    let grid = grids::find(&reads, id).await?;
    let committee = committees::find(&reads, &grid.committee_code).await?;
    let area_ha = boundaries::area_m2(&reads, id).await?.map(|m2| format!("{:.1}", m2 / 10_000.0));
    let title = grid.name.clone();
    web::render(&GridPage { page: page.titled(title), grid, committee, area_ha })
}

#[derive(serde::Deserialize)]
pub(super) struct MapQuery {
    day: Option<String>,
    grid: Option<GridId>,
}

pub(super) async fn map(State(app): State<App>, _reader: Reader, Query(query): Query<MapQuery>) -> Result<Response> {
    let day: Day = query.day.and_then(|d| d.parse().ok()).unwrap_or_else(|| app.store.now().day());
    let only = query.grid.map(|g| vec![g]);
    Ok(geojson(geojson_for_map(&app.store.reads(), day, only.as_deref()).await?))
}

pub(super) fn geojson(text: String) -> Response {
    ([(CONTENT_TYPE, "application/geo+json")], text).into_response()
}
