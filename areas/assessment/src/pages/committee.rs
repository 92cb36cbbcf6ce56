//! What a committee's score rests on, its year so far, and its objections.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Month,
    reader::Reader,
    web::{Page, flash, redirect, render},
};
use linli_surveys::results::ResultRow;
use policy_pack::{Evidence as Kind, Points};
use serde::Deserialize;

use super::month;
use crate::{
    ids::ObjectionId,
    objections::{self, Objection},
    round,
    scores::{self, Line, Score},
    year::YearFrame,
};

/// A line as the page shows it: item, points, what was found, and where that can be seen.
struct LineView {
    id: String,
    name: String,
    points: String,
    deducted: String,
    costs: bool,
    found: String,
    href: String,
    clause: String,
}

#[derive(Template)]
#[template(path = "assessment/committee.html")]
struct CommitteePage {
    page: Page,
    month: Month,
    score: Score,
    lines: Vec<LineView>,
    year: Vec<(Month, String)>,
    half_mean: Option<String>,
    year_name: i16,
    fairness: Option<String>,
    objections: Vec<Objection>,
    can_object: bool,
}

impl CommitteePage {
    /// The name of an item that was objected to; one that the pack no longer knows keeps its id.
    fn item_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.lines.iter().find(|line| line.id == id).map_or(id, |line| line.name.as_str())
    }
}

/// `GET /assessment/{month}/committees/{code}`.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((at, code)): Path<(String, String)>,
) -> Result<Response> {
    let month = month(&at)?;
    let q = app.store.reads();
    let lines = scores::lines(&q, &reader, &app.pack, month, &code).await?;
    let score = scores::of_month(&q, month).await?.into_iter().find(|s| s.committee_code == code);
    let score = score.ok_or_else(AppError::not_found)?;
    let frame = YearFrame::of(&app.pack.scoring.rounds, month);
    let first = if month >= frame.second { frame.second } else { frame.first };
    let half = scores::over_year(&q, &code, first, month).await?;
    let year = scores::over_year(&q, &code, frame.first, month).await?;
    let survey = linli_surveys::results::for_month(&q, month).await?.into_iter().find(|s| s.committee_code == code);
    let target = f64::from(*app.pack.survey.target_accuracy_percent);
    let half_points: Vec<Points> = half.iter().map(|(_, p)| *p).collect();
    let objections = objections::of_month(&q, &reader, month).await?;
    let state = round::find(&q, month).await?.map_or_else(String::new, |r| r.state);
    let own = reader.committees.contains(&code);
    let runs = reader.may(Action::AssessmentRun);
    let title = page.t.all("assessment-committee-title", &[("name", score.name.clone()), ("month", month.to_string())]);
    render(&CommitteePage {
        lines: lines.iter().map(|l| view(&app, &page, &score.committee_code, month, runs, l)).collect(),
        month,
        year: year.into_iter().map(|(m, p)| (m, p.to_string())).collect(),
        year_name: frame.year,
        fairness: survey.and_then(|s| fairness(&page, target, &s.result)),
        half_mean: crate::rules::mean(&half_points).map(|p| p.to_string()),
        objections: objections.into_iter().filter(|o| o.committee_code == code).collect(),
        can_object: own && state == "published" && reader.may(Action::AssessmentObject),
        score,
        page: page.titled(title),
    })
}

/// What must be said beside a survey's figure: how wide the interval of the lower rate is, on how many people it rests,
/// and whether the target lies within it, so that the distance from the target may be chance.
fn fairness(page: &Page, target_percent: f64, result: &ResultRow) -> Option<String> {
    let rates = result.registration().into_iter().chain(result.accuracy());
    let lower = rates.min_by(|a, b| a.value.total_cmp(&b.value))?;
    let within = lower.value * 100.0 < target_percent && lower.high * 100.0 >= target_percent;
    let key = if within { "fairness-chance" } else { "fairness-interval" };
    let percent = |rate: f64| format!("{:.1}", rate * 100.0);
    let (homes, people) = (result.homes_answered.to_string(), result.found.to_string());
    Some(
        page.t.all(
            key,
            &[("low", percent(lower.low)), ("high", percent(lower.high)), ("homes", homes), ("people", people)],
        ),
    )
}

fn view(app: &App, page: &Page, committee: &str, month: Month, runs: bool, line: &Line) -> LineView {
    let item = app.pack.scoring.items.iter().find(|i| i.id == line.item_id);
    let english = page.lang == linli_platform::texts::Lang::En;
    let name =
        item.map(|i| if english { i.name_en.clone() } else { i.name.clone() }).unwrap_or_else(|| line.item_id.clone());
    let (found, href) = match item.map(|i| i.evidence) {
        Some(kind) => (found_text(page, kind, line), href(kind, committee, month, runs)),
        None => (String::new(), String::new()),
    };
    LineView {
        id: line.item_id.clone(),
        name,
        points: Points::from_hundredths(line.points).to_string(),
        deducted: Points::from_hundredths(line.deducted).to_string(),
        costs: line.deducted > 0,
        found,
        href,
        clause: item.map(|i| i.clause.clone()).unwrap_or_default(),
    }
}

/// What was found, in words.
fn found_text(page: &Page, kind: Kind, line: &Line) -> String {
    if line.missing == "yes" {
        return page.t.s("found-missing");
    }
    let found = line.found();
    match kind {
        Kind::Survey | Kind::Scenes => {
            page.t.a("found-rate", "rate", found.rate_percent.map_or_else(String::new, |r| format!("{r:.1}")))
        }
        Kind::MemberWork => page.t.all(
            "found-members",
            &[
                ("members", found.members.to_string()),
                ("items", found.items_done.to_string()),
                ("days", found.workdays.to_string()),
            ],
        ),
        Kind::NumberEntered => {
            let points = Points::from_hundredths(found.entered_hundredths.unwrap_or(0));
            page.t.a("found-entered", "points", points)
        }
        _ => page.t.n("found-count", found.count),
    }
}

/// Where the figure comes from: surveys, field work, or what the assessors entered, which they alone can open. An item
/// scored outside has nothing behind it (boundary 13).
fn href(kind: Kind, committee: &str, month: Month, runs: bool) -> String {
    match kind {
        Kind::Survey | Kind::Listings => format!("/surveys/committees/{committee}"),
        Kind::MemberWork => format!("/fieldwork?month={month}"),
        Kind::Scenes if !runs => "/scenes?tab=closed".into(),
        kind if runs && kind != Kind::NumberEntered => format!("/assessment/{month}/entries"),
        _ => String::new(),
    }
}

/// An objection as typed.
#[derive(Deserialize)]
pub(crate) struct ObjectionForm {
    item: String,
    reason: String,
}

/// `POST /assessment/{month}/committees/{code}/objections`.
pub(crate) async fn object(
    State(app): State<App>,
    reader: Reader,
    Path((at, code)): Path<(String, String)>,
    Form(form): Form<ObjectionForm>,
) -> Result<Response> {
    let month = month(&at)?;
    let items: Vec<String> = app.pack.scoring.items.iter().map(|i| i.id.clone()).collect();
    let tx = app.store.begin(&reader).await?;
    objections::object(&tx, month, &code, &form.item, &form.reason, &items).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/{month}/committees/{code}")), "objection-made"))
}

/// An answer as chosen.
#[derive(Deserialize)]
pub(crate) struct AnswerForm {
    answer: String,
    version: i64,
}

/// `POST /assessment/{month}/objections/{id}/answer`.
pub(crate) async fn answer(
    State(app): State<App>,
    reader: Reader,
    Path((at, id)): Path<(String, ObjectionId)>,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    let month = month(&at)?;
    let tx = app.store.begin(&reader).await?;
    objections::answer(&tx, id, form.version, &form.answer).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/{month}")), "objection-answered"))
}
