//! The assessment year: means, ranks, what the places lead to, and handing the results on (R35).

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
    clock::Day,
    reader::Reader,
    texts::{Lang, T},
    web::{Page, flash, redirect, render},
};
use serde::Deserialize;

use crate::year::{self, CONSEQUENCES, Handing, Year, YearFrame, YearScore};

struct GroupView {
    code: String,
    name: String,
    rows: Vec<YearScore>,
    /// Of the first or last places: a consequence can be recorded.
    placed: Vec<String>,
}

struct HandingView {
    handing: Handing,
    name: String,
}

#[derive(Template)]
#[template(path = "assessment/year.html")]
struct YearPage {
    page: Page,
    year: Year,
    groups: Vec<GroupView>,
    handings: Vec<HandingView>,
    today: Day,
    /// Whether the year before and the year after have begun.
    after: Option<i16>,
    /// What was issued of the report, once the year is final.
    issued: Option<linli_papers::State>,
    can_run: bool,
}

impl YearPage {
    fn is_placed(&self, score: &YearScore) -> bool {
        self.groups.iter().any(|g| g.placed.contains(&score.committee_code))
    }
}

/// The year of a path; anything else does not exist.
fn frame(app: &App, text: &str) -> Result<YearFrame> {
    let year: i16 = text.parse().ok().filter(|y| (2000..=2999).contains(y)).ok_or_else(AppError::not_found)?;
    Ok(YearFrame::named(&app.pack.scoring.rounds, year))
}

/// `GET /assessment/years/{year}`.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(at): Path<String>,
) -> Result<Response> {
    let frame = frame(&app, &at)?;
    let q = app.store.reads();
    let year = year::find(&q, &app.pack, frame).await?;
    let english = page.lang == Lang::En;
    let group = |g: &policy_pack::Group| {
        let code = g.id.to_string();
        let (first, last) = year.places(&app.pack, &code);
        let placed = first.into_iter().chain(last).map(|s| s.committee_code.clone()).collect();
        let rows = year.scores.iter().filter(|s| s.group_code == code).cloned().collect();
        GroupView { name: if english { g.name_en.clone() } else { g.name.clone() }, code, rows, placed }
    };
    let groups = app.pack.territory.groups.iter().map(group).filter(|g| !g.rows.is_empty()).collect();
    let handings = year::handings(&q, &app.pack, frame).await?.into_iter().map(|handing| {
        let of = app.pack.scoring.submissions.iter().find(|s| s.id == handing.id);
        let name = of.map_or_else(String::new, |s| if english { s.name_en.clone() } else { s.name.clone() });
        HandingView { handing, name }
    });
    let today = app.store.clock().today();
    let this = YearFrame::of(&app.pack.scoring.rounds, today.month());
    let title = page.t.a("year-title", "year", frame.year);
    let issued = match year.final_at {
        Some(_) => {
            let t = T::new(app.texts.clone(), Lang::Zh);
            let new = year::draft(&q, &app.pack, &t, &year, app.store.now()).await?;
            Some(linli_papers::state(&q, new.kind, &new.subject, &new.body).await?)
        }
        None => None,
    };
    render(&YearPage {
        page: page.titled(title),
        handings: handings.collect(),
        groups,
        today,
        after: (frame.year < this.year).then_some(frame.year + 1),
        issued,
        can_run: reader.may(Action::AssessmentRun),
        year,
    })
}

/// `GET /assessment/years/{year}/{file}`: `report.pdf`, `report.docx`, `scores.xlsx`.
pub(crate) async fn file(
    State(app): State<App>,
    page: Page,
    Path((at, name)): Path<(String, String)>,
) -> Result<Response> {
    let frame = frame(&app, &at)?;
    let year = year::find(&app.store.reads(), &app.pack, frame).await?;
    if year.scores.is_empty() {
        return Err(AppError::not_found());
    }
    let (now, t, documents) = (app.store.now(), page.t.clone(), app.documents.clone());
    let (media, file) = match name.as_str() {
        "report.pdf" => (super::PDF, format!("year-{at}.pdf")),
        "report.docx" => (super::WORD, format!("year-{at}.docx")),
        "scores.xlsx" => (super::EXCEL, format!("year-{at}.xlsx")),
        _ => return Err(AppError::not_found()),
    };
    let (q, chinese) = (app.store.reads(), T::new(app.texts.clone(), Lang::Zh));
    let new = year::draft(&q, &app.pack, &chinese, &year, now).await?;
    let standing = linli_papers::state(&q, new.kind, &new.subject, &new.body).await?;
    if media == super::PDF
        && let Some(kept) = standing.file(&q).await?
    {
        return Ok(super::file(media, &file, kept));
    }
    // Typesetting takes its time; others are served meanwhile.
    let made = tokio::task::spawn_blocking(move || match (media, new.body) {
        (super::PDF, linli_papers::Body::Paper(paper)) => documents.paper_pdf(&paper),
        (super::WORD, linli_papers::Body::Paper(paper)) => documents.paper_word(&paper),
        _ => year::workbook(&t, &year, now),
    });
    Ok(super::file(media, &file, made.await.map_err(AppError::internal)??))
}

/// `POST /assessment/years/{year}/report`: numbers and issues the report of a year that is final.
pub(crate) async fn issue(
    State(app): State<App>,
    reader: Reader,
    headers: http::HeaderMap,
    Path(at): Path<String>,
) -> Result<Response> {
    let frame = frame(&app, &at)?;
    let (q, t) = (app.store.reads(), T::new(app.texts.clone(), Lang::Zh));
    let year = year::find(&q, &app.pack, frame).await?;
    if year.final_at.is_none() {
        return Err(AppError::rule("report-not-final"));
    }
    let new = year::draft(&q, &app.pack, &t, &year, app.store.now()).await?;
    linli_papers::issue(&app, &reader, &t, &linli_papers::site(&app, &headers), new).await?;
    Ok(flash(redirect(&format!("/assessment/years/{at}")), "papers-issued-now"))
}

/// `POST /assessment/years/{year}/finalisation`.
pub(crate) async fn finalise(State(app): State<App>, reader: Reader, Path(at): Path<String>) -> Result<Response> {
    let frame = frame(&app, &at)?;
    let tx = app.store.begin(&reader).await?;
    year::finalise(&tx, &app.pack, frame).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/years/{at}")), "year-finalised"))
}

/// A consequence as chosen.
#[derive(Deserialize)]
pub(crate) struct ConsequenceForm {
    committee: String,
    consequence: String,
}

/// `POST /assessment/years/{year}/consequences`.
pub(crate) async fn consequence(
    State(app): State<App>,
    reader: Reader,
    Path(at): Path<String>,
    Form(form): Form<ConsequenceForm>,
) -> Result<Response> {
    let frame = frame(&app, &at)?;
    let code = Some(form.consequence.as_str()).filter(|c| !c.is_empty());
    let tx = app.store.begin(&reader).await?;
    year::consequence(&tx, frame, &form.committee, code).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/years/{at}")), "year-consequence-kept"))
}

/// What was handed on.
#[derive(Deserialize)]
pub(crate) struct HandingForm {
    submission: String,
}

/// `POST /assessment/years/{year}/submissions`.
pub(crate) async fn hand_on(
    State(app): State<App>,
    reader: Reader,
    Path(at): Path<String>,
    Form(form): Form<HandingForm>,
) -> Result<Response> {
    let frame = frame(&app, &at)?;
    let tx = app.store.begin(&reader).await?;
    year::hand_on(&tx, &app.pack, frame, &form.submission).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/years/{at}")), "year-handed-on"))
}
