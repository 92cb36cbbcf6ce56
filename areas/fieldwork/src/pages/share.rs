//! `/fieldwork/shares`: the grid workers' part of the month's changes as it grows (R17). And the line of a worker's own part,
//! for `/field/me`.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    app::App,
    clock::{Day, Month},
    ids::GridId,
    reader::Reader,
    web::{Page, given, render},
};
use policy_pack::Pack;

use crate::{
    desk::{percent_text, sees_share},
    share::{self, DayChanges, Until},
};

/// Width, height and margins of the drawing.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 24.0;
const TOP: f64 = 12.0;

/// A share as it grows over the days of a month, drawn.
pub(crate) struct Line {
    /// What each day had.
    pub(crate) days: Vec<Until>,
    /// The points of the line.
    pub(crate) points: String,
    /// Where the line ends.
    pub(crate) end: Option<(String, String)>,
    /// Where the goal is drawn.
    pub(crate) goal_y: String,
    /// The goal in percent.
    pub(crate) goal: u32,
    /// The scale's marks: percent and height.
    pub(crate) marks: Vec<(u32, String)>,
    /// Days named under the line, with their places.
    pub(crate) named: Vec<(i64, String)>,
}

impl Line {
    /// The share at the end of the line.
    pub(crate) fn now(&self) -> String {
        percent_text(self.days.last().and_then(Until::percent))
    }
    /// Changes at the end of the line.
    pub(crate) fn changes(&self) -> i64 {
        self.days.last().map_or(0, |d| d.changes)
    }
    /// The part of them that was asked about.
    pub(crate) fn part(&self) -> i64 {
        self.days.last().map_or(0, |d| d.part)
    }
    /// `ok` where the goal is met, `soon` where it is not, nothing where there is no change yet.
    pub(crate) fn tone(&self) -> &'static str {
        match self.days.last().and_then(Until::percent) {
            Some(percent) if percent >= f64::from(self.goal) => "ok",
            Some(_) => "soon",
            None => "",
        }
    }
}

/// The part of the month's changes that full-time grid workers are to make, in percent (R17).
fn goal(pack: &Pack) -> u32 {
    *pack.visits.rounds.grid_worker_share_percent
}

pub(crate) fn line(pack: &Pack, month: Month, days: Vec<Until>) -> Line {
    let goal = goal(pack);
    let most = days.iter().filter_map(Until::percent).fold(f64::from(goal) * 2.0, f64::max).min(100.0);
    let top = (most / 10.0).ceil() * 10.0;
    let last = f64::from(month.last_day().0.day());
    let x = |day: i64| LEFT + (WIDTH - LEFT - 8.0) * (day - 1) as f64 / (last - 1.0).max(1.0);
    let y = |percent: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - percent / top);
    let known: Vec<(f64, f64)> = days.iter().filter_map(|d| Some((x(d.day), y(d.percent()?)))).collect();
    let points: Vec<String> = known.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let named = [1, 5, 10, 15, 20, 25].into_iter().chain([i64::from(month.last_day().0.day())]);
    Line {
        points: points.join(" "),
        end: known.last().map(|(x, y)| (format!("{x:.1}"), format!("{y:.1}"))),
        goal_y: format!("{:.1}", y(f64::from(goal))),
        marks: [0.0, top / 2.0, top].map(|p| (p as u32, format!("{:.1}", y(p)))).to_vec(),
        named: named.map(|day| (day, format!("{:.1}", x(day)))).collect(),
        goal,
        days,
    }
}

/// The days of a month until today, or all of them.
fn days_until(month: Month, today: Day) -> i64 {
    let last = if month == today.month() { today } else { month.last_day() };
    i64::from(last.0.day())
}

/// A grid with the share of the month until now.
struct GridLine {
    grid: GridId,
    name: String,
    until: Until,
}

impl GridLine {
    fn percent(&self) -> String {
        percent_text(self.until.percent())
    }
}

#[derive(Template)]
#[template(path = "fieldwork/shares.html")]
struct SharesPage {
    page: Page,
    month: Month,
    before: Month,
    after: Option<Month>,
    grids: Vec<GridLine>,
    chosen: Option<String>,
    line: Line,
}

/// `GET /fieldwork/shares?month=&grid=`: for whoever leads a team. A worker's own part is on that worker's own page.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    if !sees_share(&reader) {
        return Err(AppError::forbidden());
    }
    let q = app.store.reads();
    let today = app.store.clock().today();
    let month: Month = given(&query, "month").parse().unwrap_or_else(|_| today.month()).min(today.month());
    let rows = share::of_month(&q, &reader, month).await?;
    let days = days_until(month, today);
    let grids = linli_territory::grids(&q, &reader).await?;
    let wanted = grids.iter().find(|g| given(&query, "grid") == g.grid_id.to_string());
    let (chosen, only) = (wanted.map(|g| g.name.clone()), wanted.map(|g| g.grid_id));
    let shown = rows.iter().filter(|r| only.is_none() || r.grid_id == only);
    let growth = share::growth(shown, days, |r| r.by_workers);
    let until = |grid: GridId| {
        let of_grid = rows.iter().filter(|r| r.grid_id == Some(grid));
        share::growth(of_grid, days, |r| r.by_workers).pop().unwrap_or_default()
    };
    let grids = grids.into_iter().map(|g| GridLine { grid: g.grid_id, name: g.name, until: until(g.grid_id) });
    let page = page.clone().titled(page.t.a("shares-title", "month", month));
    render(&SharesPage {
        page,
        month,
        before: month.previous(),
        after: (month < today.month()).then(|| month.next()),
        grids: grids.collect(),
        chosen,
        line: line(&app.pack, month, growth),
    })
}

/// A full-time grid worker's own part of the changes in the own grids; nothing for others.
pub(crate) async fn own(app: &App, reader: &Reader, month: Month) -> Result<Option<Line>> {
    if !reader.is(Role::GridWorker) {
        return Ok(None);
    }
    // Where somebody is a worker, not where else something is seen.
    let mut worker = reader.clone();
    worker.grants.retain(|g| g.role == Role::GridWorker);
    let worker = worker.doing(Action::FieldWork);
    let rows: Vec<DayChanges> = share::of_month(&app.store.reads(), &worker, month).await?;
    let days = days_until(month, app.store.clock().today());
    Ok(Some(line(&app.pack, month, share::growth(rows.iter(), days, |r| r.own))))
}
