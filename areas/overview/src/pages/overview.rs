//! The dashboard: is it right, will it get done, what waits for me.

use askama::Template;
use axum::{extract::State, response::Response};
use linli_platform::{
    Result,
    access::{Action, Role},
    app::App,
    area::Duty,
    clock::Month,
    reader::{Reader, Scope},
    web::{Page, render},
};
use linli_register::figures::Counts;
use linli_surveys::{
    codes::{RateKind, Verdict},
    estimate::Rate,
    results,
};

use super::all_duties;
use crate::figures::{self, CommitteeFigures, whole_percent};

/// The month's question "is it right", answered by the last locked survey.
struct Right {
    month: Month,
    registration: Rate,
    accuracy: Option<Rate>,
    verdict: Option<Verdict>,
}

/// The question "will it get done".
struct Done {
    counts: Counts,
    workdays_left: i64,
    overdue: i64,
}

impl Done {
    fn coverage(&self) -> String {
        whole_percent(self.counts.homes_verified, self.counts.homes).map_or_else(|| "–".into(), |p| format!("{p}%"))
    }
    fn timely(&self) -> String {
        self.counts.timely_percent().map_or_else(|| "–".into(), |p| format!("{p:.1}%"))
    }
    fn grid_worker(&self) -> String {
        self.counts.grid_worker_percent().map_or_else(|| "–".into(), |p| format!("{p:.1}%"))
    }
}

#[derive(Template)]
#[template(path = "overview/overview.html")]
struct OverviewPage {
    page: Page,
    right: Option<Right>,
    done: Option<Done>,
    waiting: i64,
    late: i64,
    duties: Vec<Duty>,
    committees: Vec<CommitteeFigures>,
    survey_month: Option<Month>,
    target: f64,
    at_the_door: bool,
}

impl OverviewPage {
    fn percent(&self, rate: &f64) -> String {
        format!("{:.1}", rate * 100.0)
    }
    fn coverage(&self, c: &CommitteeFigures) -> String {
        whole_percent(c.counts.homes_verified, c.counts.homes).map_or_else(|| "–".into(), |p| format!("{p}%"))
    }
}

/// The tone of a verdict: clearly below is late, the rest is not.
fn tone(verdict: Option<&Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Below) => "late",
        Some(Verdict::Above) => "ok",
        _ => "soon",
    }
}

/// The Fluent key of a verdict.
fn verdict_key(verdict: Option<&Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Below) => "verdict-below",
        Some(Verdict::Above) => "verdict-above",
        Some(Verdict::Unclear) => "verdict-cannot-tell",
        None => "verdict-none",
    }
}

/// `GET /overview`.
pub(crate) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let today = app.store.clock().today();
    let month = today.month();
    let duties = all_duties(&app, &reader).await?;
    let waiting = duties.iter().map(|d| (d.due - d.done).max(0)).sum();
    let late = duties.iter().map(|d| d.late).sum();
    let sees_grids = reader.may(Action::TerritoryRead) && reader.scope != Scope::Grids(Vec::new());
    let survey_month = figures::survey_month(&app, month).await?.filter(|_| reader.may(Action::SurveyRead));
    let (mut done, mut committees) = (None, Vec::new());
    if sees_grids {
        let grids = figures::by_grid(&app, &reader, month).await?;
        let mut counts = Counts::default();
        grids.iter().for_each(|g| counts.add(&g.counts));
        let left = today.0..=month.last_day().0;
        let workdays_left = app.calendar.count_workdays(left).map_or(0, i64::from);
        done = Some(Done { counts, workdays_left, overdue: grids.iter().map(|g| g.overdue).sum() });
        committees = figures::by_committee(&app, &reader, &grids, survey_month).await?;
    }
    let right = match survey_month {
        Some(at) => right(&app, &reader, at, &committees).await?,
        None => None,
    };
    let title = page.t.n("overview-title", i64::from(month.month));
    render(&OverviewPage {
        page: page.titled(title),
        right,
        done,
        waiting,
        late,
        duties,
        committees,
        survey_month,
        target: f64::from(*app.pack.survey.target_registration_percent),
        at_the_door: reader.may(Action::FieldWork) && !reader.is(Role::Officer),
    })
}

/// The sub-district's rates for whoever sees it whole; a single committee's for its own people.
async fn right(app: &App, reader: &Reader, month: Month, committees: &[CommitteeFigures]) -> Result<Option<Right>> {
    let q = app.store.reads();
    let row = if reader.scope == Scope::Division {
        results::division_for_month(&q, month).await?
    } else {
        let [only] = committees else { return Ok(None) };
        results::for_month(&q, month).await?.into_iter().find(|r| r.committee_code == only.code).map(|r| r.result)
    };
    Ok(row.and_then(|r| {
        let registration = r.registration()?;
        Some(Right { month, registration, accuracy: r.accuracy(), verdict: r.verdict(RateKind::Registration) })
    }))
}
