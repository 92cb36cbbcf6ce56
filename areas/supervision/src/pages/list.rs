//! The list of inspections with the faults that wait, and the form that plans one.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::{At, Day},
    ids::GridId,
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, given, optional, redirect, refused, render, render_status},
};
use linli_team::StaffId;
use linli_territory::{Committee, store::committees};

use super::{Found, found};
use crate::{
    codes::Mode,
    findings, group,
    inspections::{self, InspectionRow, NewInspection},
};

/// Faults that the list shows at most; their count stands on the duty board.
const FAULTS_SHOWN: u16 = 50;

#[derive(Template)]
#[template(path = "supervision/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<InspectionRow>,
    paging: Paging,
    closed: bool,
    faults: Vec<Found>,
    month: String,
    today: Day,
    now: At,
    plans: bool,
}

/// `GET /inspections`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let q = app.store.reads();
    let paging = Paging::from_query(&query);
    let closed = given(&query, "state") == "closed";
    let (rows, total) = inspections::list(&q, &reader, !closed, &paging).await?;
    let faults = findings::of_grids(&q, &reader, FAULTS_SHOWN).await?;
    let today = app.store.clock().today();
    let title = page.t.s("inspections-title");
    let faults = found(&app, &page, faults);
    render(&ListPage {
        page: page.titled(title),
        rows,
        paging: paging.of(total),
        closed,
        faults,
        month: today.month().to_string(),
        today,
        now: app.store.now(),
        plans: reader.may(Action::InspectionPlan),
    })
}

#[derive(Template)]
#[template(path = "supervision/new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    day: String,
    mode: String,
    modes: Vec<(&'static str, String)>,
    grids: Vec<Choices>,
    group: Vec<Choices>,
}

/// A box that can be ticked.
struct Choice {
    id: String,
    text: String,
    ticked: bool,
}

/// The boxes of a committee, folded together until one of them is ticked.
struct Choices {
    name: String,
    all: Vec<Choice>,
    open: bool,
}

/// Folds boxes together by committee, in the order of the committees; what is of none comes last under its own name.
fn folded(committees: &[Committee], boxes: Vec<(Option<String>, Choice)>, other: &str) -> Vec<Choices> {
    let place = |code: &Option<String>| committees.iter().position(|c| Some(&c.committee_code) == code.as_ref());
    let mut by_place: BTreeMap<usize, Vec<Choice>> = BTreeMap::new();
    for (code, one) in boxes {
        by_place.entry(place(&code).unwrap_or(committees.len())).or_default().push(one);
    }
    let alone = by_place.len() == 1;
    let one = |(at, all): (usize, Vec<Choice>)| Choices {
        name: committees.get(at).map_or(other, |c| &c.name).to_owned(),
        open: alone || all.iter().any(|c| c.ticked),
        all,
    };
    by_place.into_iter().map(one).collect()
}

/// What stands in the form: ticked boxes are named `grid-<id>` and `who-<id>`.
fn ticked(form: &HashMap<String, String>, prefix: &str) -> Vec<String> {
    form.keys().filter_map(|name| name.strip_prefix(prefix)).map(str::to_owned).collect()
}

/// `GET /inspections/new`
pub(super) async fn new(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let day = app.store.clock().today().plus_days(1).to_string();
    let typed = HashMap::from([("day".to_owned(), day), ("mode".to_owned(), Mode::Spot.code().to_owned())]);
    form(&app, &reader, page, &typed, FormErrors::new(), StatusCode::OK).await
}

async fn form(
    app: &App,
    reader: &Reader,
    page: Page,
    typed: &HashMap<String, String>,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let modes = Mode::choices().into_iter().map(|(code, key)| (code, page.t.s(key))).collect();
    let grids = linli_territory::grids(&q, reader).await?;
    let committees = committees::all(&q).await?;
    let of: HashMap<GridId, String> =
        linli_territory::all_grids(&q).await?.into_iter().map(|g| (g.grid_id, g.committee_code)).collect();
    let other = page.t.s("inspection-several");
    let grid = |g: linli_territory::Grid| {
        let id = g.grid_id.to_string();
        (Some(g.committee_code), Choice { ticked: typed.contains_key(&format!("grid-{id}")), text: g.name, id })
    };
    let grids = folded(&committees, grids.into_iter().map(grid).collect(), &other);
    let today = app.store.clock().today();
    let one = |c: group::Candidate| {
        let id = c.staff_id.to_string();
        let text = format!("{} · {}", c.name, page.t.code("post", c.post.code()));
        let works = c.committees.first().or_else(|| c.grids.first().and_then(|g| of.get(g))).cloned();
        (works, Choice { ticked: typed.contains_key(&format!("who-{id}")), text, id })
    };
    let group = folded(&committees, group::candidates(&q, today).await?.into_iter().map(one).collect(), &other);
    let title = page.t.s("inspection-plan-title");
    let page = page.titled(title);
    let (day, mode) = (given(typed, "day").to_owned(), given(typed, "mode").to_owned());
    render_status(status, &NewPage { page, errors, day, mode, modes, grids, group })
}

/// `POST /inspections`
pub(super) async fn plan(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(typed): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let day: Option<Day> = optional(&mut errors, "day", given(&typed, "day"));
    let mode = Mode::from_code(given(&typed, "mode"));
    errors.require(!given(&typed, "day").is_empty(), "day", "form-required");
    errors.require(mode.is_some(), "mode", "form-required");
    let grids: Vec<GridId> = ticked(&typed, "grid-").iter().filter_map(|g| g.parse().ok()).collect();
    let group: Vec<StaffId> = ticked(&typed, "who-").iter().filter_map(|s| s.parse().ok()).collect();
    if let (true, Some(day), Some(mode)) = (errors.is_empty(), day, mode) {
        let tx = app.store.begin(&reader).await?;
        match inspections::plan(&app, &tx, NewInspection { mode, day, grids, group }).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/inspections/{id}")), "inspection-planned-now"));
            }
            Err(e) => {
                let field = match e.code {
                    "inspection-day" => "day",
                    "inspection-grids" => "grid",
                    _ => "who",
                };
                errors = refused(&page.t, field, e)?;
            }
        }
    }
    form(&app, &reader, page, &typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await
}
