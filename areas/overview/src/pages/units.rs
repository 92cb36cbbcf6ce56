//! The dashboards of a committee and of a micro-grid: the same questions, nearer to the work behind each figure.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Month,
    ids::GridId,
    reader::{Reader, Scope},
    web::{Page, Paging, chart::Chart, render},
};
use linli_register::figures::Counts;
use linli_surveys::{codes::Level, estimate::Targets, results};
use linli_territory::store::{committees, grids};
use linli_work::tasks;

use crate::{
    charts::{self, Place},
    figures::{self, GridFigures, whole_percent},
    questions::{self, Question, Said, Ways},
};

/// Months that the share in time is shown for.
const MONTHS: usize = 6;

#[derive(Template)]
#[template(path = "overview/unit.html")]
struct UnitPage {
    page: Page,
    /// What it lies in.
    within: Option<(String, String)>,
    /// Further pages about it, with the keys of their names.
    ways: Vec<(String, &'static str)>,
    questions: Vec<Question>,
    charts: Vec<Chart>,
    grids: Vec<GridFigures>,
}

impl UnitPage {
    fn coverage(&self, g: &GridFigures) -> String {
        whole_percent(g.counts.homes_verified, g.counts.homes).map_or_else(|| "–".into(), |p| format!("{p}%"))
    }
    fn timely(&self, g: &GridFigures) -> String {
        g.counts.timely_percent().map_or_else(|| "–".into(), |p| format!("{p:.1}%"))
    }
}

/// The reader, looking at these grids alone. Those outside the own scope stay outside.
fn at(reader: &Reader, wanted: impl Iterator<Item = GridId>) -> Reader {
    let within = wanted.filter(|g| reader.scope.contains(Some(*g))).collect();
    Reader { scope: Scope::Grids(within), ..reader.clone() }
}

/// Where a committee stands, by its newest score.
pub(super) async fn standing(app: &App, page: &Page, code: &str) -> Result<Question> {
    let q = app.store.reads();
    let newest = linli_assessment::round::all(&q).await?.into_iter().next();
    let Some(round) = newest else { return Ok(questions::standing(page, app.store.now().day().month(), None)) };
    let scores = linli_assessment::scores::of_month(&q, round.month).await?;
    Ok(questions::standing(page, round.month, scores.iter().find(|s| s.committee_code == code)))
}

/// The grids furthest behind.
pub(super) fn grids_behind(app: &App, page: &Page, grids: &[GridFigures]) -> Chart {
    let place =
        |g: &GridFigures| Place { name: g.name.clone(), href: format!("/overview/grids/{}", g.id), counts: g.counts };
    charts::behind(page, page.t.s("map-grid"), figures::pace(app), grids.iter().map(place).collect())
}

/// The share in time of the last months, of some grids.
pub(super) async fn timely(app: &App, reader: &Reader, page: &Page, grids: Vec<GridId>) -> Result<Chart> {
    let (q, near) = (app.store.reads(), at(reader, grids.into_iter()));
    let newest = app.store.clock().today().month();
    let mut months: Vec<(Month, Counts)> = Vec::new();
    for month in std::iter::successors(Some(newest), |m| Some(m.previous())).take(MONTHS) {
        months.push((month, linli_register::figures::changes(&q, &near, month).await?));
    }
    months.reverse();
    Ok(charts::timely(page, months))
}

/// `GET /overview/committees/{code}`.
pub(crate) async fn committee(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response> {
    let q = app.store.reads();
    let month = app.store.clock().today().month();
    let committee = committees::find(&q, &code).await?;
    let own = grids::of_committee(&q, &code).await?;
    let near = at(&reader, own.iter().map(|g| g.grid_id));
    if reader.scope != Scope::Division && near.scope == Scope::Grids(Vec::new()) {
        return Err(AppError::not_found());
    }
    let grids = figures::by_grid(&app, &near, month).await?;
    let questions = of_committee(&app, &reader, &page, &code, &grids).await?;
    let mut charts = Vec::new();
    if reader.may(Action::SurveyRead) {
        let history = results::history(&q, Level::Committee, &code).await?;
        charts.push(charts::trend(&page, &Targets::of(&app.pack), &history));
    }
    if reader.may(Action::AssessmentRead) {
        let year = linli_assessment::year::YearFrame::of(&app.pack.scoring.rounds, month);
        let points = linli_assessment::scores::over_year(&q, &code, year.first.previous(), month).await?;
        charts.push(charts::scores(&page, &code, points));
    }
    charts.push(grids_behind(&app, &page, &grids));
    charts.push(timely(&app, &reader, &page, grids.iter().map(|g| g.id).collect()).await?);
    let ways = vec![(format!("/territory/committees/{code}"), "overview-about-committee")];
    render(&UnitPage { page: page.titled(committee.name), within: None, ways, questions, charts, grids })
}

async fn of_committee(
    app: &App,
    reader: &Reader,
    page: &Page,
    code: &str,
    grids: &[GridFigures],
) -> Result<Vec<Question>> {
    let q = app.store.reads();
    let mut asked = Vec::new();
    if reader.may(Action::SurveyRead) {
        let href = format!("/surveys/committees/{code}");
        let month = figures::survey_month(app, app.store.clock().today().month()).await?;
        let row = match month {
            Some(at) => results::for_month(&q, at).await?.into_iter().find(|r| r.committee_code == code),
            None => None,
        };
        asked.push(match (month, row) {
            (Some(at), Some(row)) => questions::right(page, at, &row.result, href),
            _ => questions::right_unknown(page, href),
        });
    }
    let mut counts = Counts::default();
    grids.iter().for_each(|g| counts.add(&g.counts));
    let reads = reader.may(Action::RegisterRead);
    let ways = Ways {
        homes: if reads { format!("/homes?committee={code}&overdue=true") } else { String::new() },
        overdue: "/fieldwork".into(),
        shares: "/fieldwork/shares".into(),
        on: (format!("/fieldwork/stale?committee={code}"), "overview-see-stale"),
    };
    let overdue = grids.iter().map(|g| g.overdue).sum();
    asked.push(questions::done(app, reader, page, (&counts, overdue), ways));
    asked.push(if reader.may(Action::AssessmentRead) {
        standing(app, page, code).await?
    } else {
        in_time(page, &counts)
    });
    Ok(asked)
}

/// `GET /overview/grids/{id}`.
pub(crate) async fn grid(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<GridId>,
) -> Result<Response> {
    let q = app.store.reads();
    if !reader.scope.contains(Some(id)) {
        return Err(AppError::not_found());
    }
    let grid = grids::find(&q, id).await?;
    let month = app.store.clock().today().month();
    let figures = figures::by_grid(&app, &at(&reader, std::iter::once(id)), month).await?;
    let (counts, overdue) = figures.first().map_or((Counts::default(), 0), |g| (g.counts, g.overdue));
    let reads = reader.may(Action::RegisterRead);
    let homes = format!("/homes?grid={id}&overdue=true");
    let ways = Ways {
        homes: if reads { homes.clone() } else { String::new() },
        overdue: "/fieldwork".into(),
        shares: format!("/fieldwork/shares?grid={id}"),
        on: if reads { (homes, "overview-see-homes") } else { ("/fieldwork".into(), "overview-see-fieldwork") },
    };
    let mut asked = vec![questions::done(&app, &reader, &page, (&counts, overdue), ways), in_time(&page, &counts)];
    if reader.may(Action::TaskRead) {
        asked.push(tasks_of(&app, &reader, &page, id).await?);
    }
    let code = grid.committee_code;
    let name = committees::find(&q, &code).await?.name;
    render(&UnitPage {
        charts: vec![timely(&app, &reader, &page, vec![id]).await?],
        within: Some((format!("/overview/committees/{code}"), name)),
        ways: vec![(format!("/territory/grids/{id}"), "overview-about-grid")],
        questions: asked,
        grids: Vec::new(),
        page: page.titled(grid.name),
    })
}

/// "Does it reach the register in time?" (R10)
fn in_time(page: &Page, counts: &Counts) -> Question {
    let late = counts.entered - counts.entered_within_24h;
    let told = if late > 0 { page.t.n("overview-later", late) } else { page.t.s("overview-none-later") };
    let tone = if late > 0 { "soon" } else { "ok" };
    Question {
        ask: page.t.s("overview-in-time"),
        figure: counts.timely_percent().map_or_else(|| "–".into(), |p| format!("{p:.1}%")),
        tone: "",
        note: page.t.n("overview-changes", counts.changes),
        said: vec![Said { tone, ..Said::plain(told) }],
        // Without any change this month there may be no chart to go to.
        href: if counts.entered > 0 { "#timely".into() } else { String::new() },
        way: page.t.s("overview-see-months"),
    }
}

/// "What waits in the grid?": its open tasks.
async fn tasks_of(app: &App, reader: &Reader, page: &Page, grid: GridId) -> Result<Question> {
    let q = app.store.reads();
    let none = Paging { page: 1, per_page: 1, total: 0 };
    let count = async |overdue: bool| {
        let filter = tasks::Filter { state: Some("open"), grid: Some(grid), overdue, ..tasks::Filter::default() };
        tasks::list(&q, reader, &filter, &none).await.map(|(_, total)| total)
    };
    let (open, late) = (count(false).await?, count(true).await?);
    Ok(Question {
        ask: page.t.s("overview-grid-waits"),
        figure: open.to_string(),
        tone: "",
        note: page.t.s("overview-pieces"),
        said: vec![if late > 0 {
            let href = format!("/tasks?grid={grid}&state=late");
            Said { text: page.t.n("overview-late", late), tone: "late", href }
        } else {
            Said { tone: "ok", ..Said::plain(page.t.s("overview-nothing-late")) }
        }],
        href: format!("/tasks?grid={grid}"),
        way: page.t.s("overview-see-tasks"),
    })
}
