//! The reader's own dashboard: three questions, what is next, how it has come, and the committees.

use askama::Template;
use axum::{extract::State, response::Response};
use linli_platform::{
    Result,
    access::{Action, Role},
    app::App,
    area::Duty,
    clock::Month,
    reader::{Reader, Scope},
    web::{Page, chart::Chart, render},
};
use linli_register::figures::Counts;
use linli_surveys::{codes::Level, estimate::Targets, results};

use super::{all_duties, auditor};
use crate::{
    charts::{self, Place},
    figures::{self, CommitteeFigures, GridFigures, whole_percent},
    questions::{self, Question},
};

#[derive(Template)]
#[template(path = "overview/overview.html")]
struct OverviewPage {
    page: Page,
    questions: Vec<Question>,
    charts: Vec<Chart>,
    /// Whether anything waits for the reader.
    waits: bool,
    duties: Vec<Duty>,
    committees: Vec<CommitteeFigures>,
    survey_month: Option<Month>,
    target: f64,
    at_the_door: bool,
}

impl OverviewPage {
    fn percent(&self, rate: &f64) -> String {
        questions::percent(*rate)
    }
    fn coverage(&self, c: &CommitteeFigures) -> String {
        whole_percent(c.counts.homes_verified, c.counts.homes).map_or_else(|| "–".into(), |p| format!("{p}%"))
    }
}

/// What the reader sees of the territory this month.
struct Seen {
    grids: Vec<GridFigures>,
    committees: Vec<CommitteeFigures>,
    survey_month: Option<Month>,
}

/// `GET /overview`.
pub(crate) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let month = app.store.clock().today().month();
    let duties = all_duties(&app, &reader).await?;
    let sees_grids = reader.may(Action::TerritoryRead) && reader.scope != Scope::Grids(Vec::new());
    let survey_month = figures::survey_month(&app, month).await?.filter(|_| reader.may(Action::SurveyRead));
    let mut seen = Seen { grids: Vec::new(), committees: Vec::new(), survey_month };
    if sees_grids {
        seen.grids = figures::by_grid(&app, &reader, month).await?;
        seen.committees = figures::by_committee(&app, &reader, &seen.grids, survey_month).await?;
    }
    let (questions, charts) = if reader.may(Action::Audit) {
        auditor::dashboard(&app, &page).await?
    } else {
        (asked(&app, &reader, &page, &seen, &duties, sees_grids).await?, drawn(&app, &reader, &page, &seen).await?)
    };
    let (waiting, late) = questions::sums(&duties);
    let title = page.t.n("overview-title", i64::from(month.month));
    render(&OverviewPage {
        page: page.titled(title),
        questions,
        charts,
        waits: waiting > 0 || late > 0,
        duties,
        committees: seen.committees,
        survey_month,
        target: f64::from(*app.pack.survey.target_registration_percent),
        at_the_door: reader.may(Action::FieldWork) && !reader.is(Role::Officer),
    })
}

async fn asked(
    app: &App,
    reader: &Reader,
    page: &Page,
    seen: &Seen,
    duties: &[Duty],
    sees_grids: bool,
) -> Result<Vec<Question>> {
    let mut asked = Vec::new();
    if reader.may(Action::SurveyRead) {
        asked.push(right(app, reader, page, seen).await?);
    }
    if sees_grids {
        let mut counts = Counts::default();
        seen.grids.iter().for_each(|g| counts.add(&g.counts));
        let overdue = seen.grids.iter().map(|g| g.overdue).sum();
        asked.push(questions::done(app, reader, page, (&counts, overdue), questions::own_ways(reader)));
    }
    let third = match seen.committees.as_slice() {
        [only] if questions::asks_standing(reader) => super::units::standing(app, page, &only.code).await?,
        _ => questions::waiting(page, duties),
    };
    asked.push(third);
    Ok(asked)
}

/// The sub-district's rates for whoever sees it whole; a single committee's for its own people; how many are below
/// the target for whoever leads several.
async fn right(app: &App, reader: &Reader, page: &Page, seen: &Seen) -> Result<Question> {
    let unknown = || questions::right_unknown(page, "/surveys".into());
    let Some(month) = seen.survey_month else { return Ok(unknown()) };
    let q = app.store.reads();
    if reader.scope == Scope::Division {
        let row = results::division_for_month(&q, month).await?;
        return Ok(row.map_or_else(unknown, |row| questions::right(page, month, &row, "/surveys".into())));
    }
    let [only] = seen.committees.as_slice() else {
        return Ok(questions::right_among(page, month, &seen.committees));
    };
    let row = results::for_month(&q, month).await?.into_iter().find(|r| r.committee_code == only.code);
    let href = format!("/surveys/committees/{}", only.code);
    Ok(row.map_or_else(unknown, |row| questions::right(page, month, &row.result, href)))
}

async fn drawn(app: &App, reader: &Reader, page: &Page, seen: &Seen) -> Result<Vec<Chart>> {
    let q = app.store.reads();
    let mut drawn = Vec::new();
    if reader.may(Action::SurveyRead) {
        let of = match seen.committees.as_slice() {
            _ if reader.scope == Scope::Division => Some((Level::Division, app.store.division().to_string())),
            [only] => Some((Level::Committee, only.code.clone())),
            _ => None,
        };
        if let Some((level, code)) = of {
            let history = results::history(&q, level, &code).await?;
            drawn.push(charts::trend(page, &Targets::of(&app.pack), &history));
        }
    }
    if seen.committees.len() > 1 {
        let place = |c: &CommitteeFigures| Place {
            name: c.name.clone(),
            href: format!("/overview/committees/{}", c.code),
            counts: c.counts,
        };
        let head = page.t.s("overview-committee");
        drawn.push(charts::behind(page, head, figures::pace(app), seen.committees.iter().map(place).collect()));
    } else if seen.grids.len() > 1 {
        drawn.push(super::units::grids_behind(app, page, &seen.grids));
    } else if let [only] = seen.grids.as_slice() {
        drawn.push(super::units::timely(app, reader, page, vec![only.id]).await?);
    }
    Ok(drawn)
}
