//! `/plans/{id}/days/{day}`: each colleague's walk of a day, and moving homes to another day or colleague.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Day,
    ids::AccountId,
    reader::Reader,
    web::{FormErrors, Page, flash_n, given, optional, redirect, refused, render_status, version},
};

use super::{
    drawing::{self, Frame},
    plans::plans_in,
};
use crate::{
    PlanId, StopId,
    plan::{
        change,
        crew::{self, Crew},
        store::{self, PlanRow, StopRow},
    },
};

/// Width and height of a walk's drawing.
const SIDE: f64 = 300.0;

struct Pin {
    n: usize,
    x: String,
    y: String,
    done: bool,
}

/// The walk as a drawing.
struct Drawing {
    outlines: Vec<String>,
    path: String,
    pins: Vec<Pin>,
}

struct Stop {
    n: usize,
    row: StopRow,
    far_m: Option<i64>,
    ticked: bool,
}

/// A colleague's walk.
struct Walk {
    account: AccountId,
    name: String,
    /// Who does it instead, if the colleague is not there; empty if nobody does.
    acting: Option<String>,
    stops: Vec<Stop>,
    metres: i64,
    drawing: Option<Drawing>,
}

impl Walk {
    fn km(&self) -> String {
        format!("{:.1}", self.metres as f64 / 1000.0)
    }
}

#[derive(Template)]
#[template(path = "fieldwork/plan_day.html")]
struct DayPage {
    page: Page,
    errors: FormErrors,
    plan: PlanRow,
    day: Day,
    before: Option<Day>,
    after: Option<Day>,
    walks: Vec<Walk>,
    can_move: bool,
    days: Vec<(String, String)>,
    people: Vec<(String, String)>,
    to_day: String,
    to: String,
}

impl DayPage {
    fn any_open(&self) -> bool {
        self.walks.iter().flat_map(|w| &w.stops).any(|s| s.row.is_open())
    }
}

/// What was chosen in the form.
#[derive(Default)]
struct Chosen {
    stops: HashSet<StopId>,
    day: String,
    account: String,
}

fn chosen(form: &HashMap<String, String>) -> Chosen {
    let stops = form.keys().filter_map(|k| k.strip_prefix("stop-")?.parse().ok()).collect();
    Chosen { stops, day: given(form, "to_day").to_owned(), account: given(form, "to").to_owned() }
}

/// `GET /plans/{id}/days/{day}`
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, day)): Path<(PlanId, String)>,
) -> Result<Response> {
    let day: Day = day.parse().map_err(|_| AppError::not_found())?;
    answer(&app, &reader, page, id, day, FormErrors::new(), Chosen::default(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: PlanId,
    day: Day,
    errors: FormErrors,
    chosen: Chosen,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let plan = store::find(&q, reader, id).await?;
    if day.month() != plan.month {
        return Err(AppError::not_found());
    }
    let leads = plans_in(reader, plan.grid_id);
    let crew = crew::of_grid(&q, plan.grid_id, plan.first_day(), plan.last_day()).await?;
    let mut stops = store::stops(&q, id).await?;
    stops.retain(|s| leads || s.account_id == reader.account);
    let before = stops.iter().map(|s| s.day).filter(|d| *d < day).max();
    let after = stops.iter().map(|s| s.day).filter(|d| *d > day).min();
    stops.retain(|s| s.day == day);
    let shapes = linli_territory::grids_on(&q, today).await?;
    let rings = shapes.iter().find(|g| g.grid_id == plan.grid_id).map(drawing::rings).unwrap_or_default();
    let from = today.max(plan.first_day());
    let days = (0..31).map(|n| from.plus_days(n)).take_while(|d| *d <= plan.last_day());
    let title = page.t.all("plan-day-title", &[("grid", plan.grid_name.clone()), ("day", day.to_string())]);
    let shown = DayPage {
        days: days.map(|d| (d.to_string(), day_text(&page, d))).collect(),
        people: crew.0.iter().map(|c| (c.account.to_string(), c.name.clone())).collect(),
        to_day: if chosen.day.is_empty() { day.max(from).to_string() } else { chosen.day.clone() },
        to: chosen.account.clone(),
        walks: walks(&crew, stops, &chosen, &rings, day),
        page: page.titled(title),
        errors,
        can_move: leads && plan.last_day() >= today,
        plan,
        day,
        before,
        after,
    };
    render_status(status, &shown)
}

/// A day with its weekday.
fn day_text(page: &Page, day: Day) -> String {
    let weekday = page.t.code("plan-weekday", day.0.weekday().to_monday_one_offset());
    format!("{day} {weekday}")
}

fn walks(crew: &Crew, stops: Vec<StopRow>, chosen: &Chosen, rings: &[Vec<(f64, f64)>], day: Day) -> Vec<Walk> {
    let mut all: Vec<Walk> = Vec::new();
    for stop in stops {
        if all.last().is_none_or(|w| w.account != stop.account_id) {
            let acting = crew.acting(stop.account_id, day);
            let acting = (acting != Some(stop.account_id)).then(|| acting.map_or("", |a| crew.name(a)).to_owned());
            let name = crew.name(stop.account_id).to_owned();
            all.push(Walk { account: stop.account_id, name, acting, stops: Vec::new(), metres: 0, drawing: None });
        }
        let Some(walk) = all.last_mut() else { continue };
        let before = walk.stops.iter().rev().find_map(|s| s.row.point());
        let far_m = before.zip(stop.point()).map(|(a, b)| a.distance_m(&b).round() as i64);
        walk.metres += far_m.unwrap_or(0);
        let ticked = chosen.stops.contains(&stop.stop_id);
        walk.stops.push(Stop { n: walk.stops.len() + 1, row: stop, far_m, ticked });
    }
    for walk in &mut all {
        walk.drawing = draw(&walk.stops, rings);
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn draw(stops: &[Stop], rings: &[Vec<(f64, f64)>]) -> Option<Drawing> {
    let located: Vec<(&Stop, (f64, f64))> = stops.iter().filter_map(|s| Some((s, s.row.lon.zip(s.row.lat)?))).collect();
    let places: Vec<(f64, f64)> = located.iter().map(|(_, place)| *place).collect();
    let all: Vec<(f64, f64)> = rings.iter().flatten().chain(&places).copied().collect();
    let frame = Frame::around(&all, SIDE).filter(|_| !places.is_empty())?;
    let pin = |(stop, place): &(&Stop, (f64, f64))| {
        let (x, y) = frame.place(*place);
        Pin { n: stop.n, x: format!("{x:.1}"), y: format!("{y:.1}"), done: !stop.row.is_open() }
    };
    Some(Drawing {
        outlines: rings.iter().map(|ring| frame.points(ring)).collect(),
        path: frame.points(&places),
        pins: located.iter().map(pin).collect(),
    })
}

/// `POST /plans/{id}/days/{day}/moves`: fields `stop-<id>`, `to_day`, `to`.
pub(crate) async fn move_to(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, day)): Path<(PlanId, String)>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let day: Day = day.parse().map_err(|_| AppError::not_found())?;
    let chosen = chosen(&form);
    let mut errors = FormErrors::new();
    let to_day: Option<Day> = optional(&mut errors, "to_day", &chosen.day);
    let to: Option<AccountId> = optional(&mut errors, "to", &chosen.account);
    errors.require(to_day.is_some() || errors.for_field("to_day").is_some(), "to_day", "form-required");
    errors.require(to.is_some() || errors.for_field("to").is_some(), "to", "plan-who-missing");
    errors.require(!chosen.stops.is_empty(), "stops", "plan-choose-stops");
    if let (Some(to_day), Some(to), true) = (to_day, to, errors.is_empty()) {
        let stops: Vec<StopId> = chosen.stops.iter().copied().collect();
        let tx = app.store.begin(&reader).await?;
        match change::move_to(&tx, id, version(&form), &stops, to_day, to).await {
            Ok(n) => {
                tx.commit().await?;
                let back = redirect(&format!("/plans/{id}/days/{day}"));
                return Ok(flash_n(back, "plan-moved", i64::try_from(n).unwrap_or(i64::MAX)));
            }
            Err(e) => {
                let field = if e.is("plan-day") { "to_day" } else { "to" };
                errors = refused(&page.t, field, e)?;
            }
        }
    }
    let reader = reader.doing(Action::FieldWork);
    answer(&app, &reader, page, id, day, errors, chosen, StatusCode::UNPROCESSABLE_ENTITY).await
}
