//! The yearly evaluation: what anybody may see, and what the office sees before it publishes.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use linli_papers::compose;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, flash, given, redirect, refused, render, render_status},
};

use crate::evaluation::{self, Evaluation, Line, Published, Table};

/// Years that the office can publish at most, back from the one that ended last.
const YEARS_BACK: i16 = 3;
/// The name of the files.
const FILE: &str = "evaluation";

#[derive(Template)]
#[template(path = "surveys/evaluations.html")]
struct ListPage {
    page: Page,
    errors: FormErrors,
    published: Vec<Published>,
    /// Years that ended and were not published, for whoever publishes.
    waiting: Vec<i16>,
    /// The year that is not over, once it has a round, for the same.
    running: Option<i16>,
}

/// `GET /evaluations`
pub(super) async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    show_list(&app, page, FormErrors::new(), StatusCode::OK).await
}

async fn show_list(app: &App, page: Page, errors: FormErrors, status: StatusCode) -> Result<Response> {
    let published = evaluation::published(&app.store.reads()).await?;
    let mut waiting = Vec::new();
    let mut running = None;
    if page.may(Action::SurveyRun) {
        let now = evaluation::year_of(&app.pack.scoring.rounds, app.store.clock().today().month());
        let ended = now - 1;
        running = evaluation::draft(&app.store.reads(), &app.pack, now).await.is_ok().then_some(now);
        let known = |year: &i16| published.iter().any(|p| p.year == i64::from(*year));
        for year in (0..YEARS_BACK).map(|n| ended - n).filter(|y| !known(y)) {
            if evaluation::draft(&app.store.reads(), &app.pack, year).await.is_ok() {
                waiting.push(year);
            }
        }
    }
    let title = page.t.s("evaluations-title");
    render_status(status, &ListPage { page: page.titled(title), errors, published, waiting, running })
}

/// `POST /evaluations`
pub(super) async fn publish(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let Ok(year) = given(&form, "year").parse() else {
        let mut errors = FormErrors::new();
        errors.add("", "form-unreadable");
        return show_list(&app, page, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let tx = app.store.begin(&reader).await?;
    match evaluation::publish(&tx, &app.pack, year).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/evaluations/{year}")), "evaluation-published-now"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "", e)?;
            show_list(&app, page, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

#[derive(Template)]
#[template(path = "surveys/evaluation.html")]
struct EvaluationPage {
    page: Page,
    evaluation: Evaluation,
    /// When and with which digest it was published; none for a draft.
    published: Option<(At, String)>,
    /// The numbered paper of it, once it was issued.
    issued: Option<linli_papers::State>,
}

impl EvaluationPage {
    /// The tables, each with the key of its heading.
    fn tables(&self) -> [(&Table, &'static str); 2] {
        [(&self.evaluation.people, "evaluation-people"), (&self.evaluation.items, "evaluation-items")]
    }
    fn may_issue(&self) -> bool {
        self.page.may(Action::SurveyRun)
    }
    /// Whether there is a paper to show, or somebody who issues one.
    fn shows_paper(&self) -> bool {
        self.may_issue() || self.issued.as_ref().is_some_and(|s| s.paper().is_some())
    }
    fn paper_path(&self) -> String {
        format!("/evaluations/{}/paper", self.evaluation.year)
    }
    /// The file, once it was issued; before, nobody is given one.
    fn paper_file(&self) -> String {
        self.file("pdf")
    }
    fn word_file(&self) -> String {
        self.file("docx")
    }
    fn file(&self, form: &str) -> String {
        let issued = matches!(&self.issued, Some(linli_papers::State::Same(p)) if p.withdrawn_at.is_none());
        if issued { format!("/evaluations/{}/evaluation.{form}", self.evaluation.year) } else { String::new() }
    }
    fn count(&self, line: &Line, category: usize) -> String {
        evaluation::cell(&self.page.t, line.counts.as_ref().and_then(|c| c.get(category)))
    }
    fn total(&self, line: &Line) -> String {
        evaluation::cell(&self.page.t, line.total.as_ref())
    }
    fn share(&self, line: &Line, other: usize) -> String {
        evaluation::share(&self.page.t, line, other)
    }
    fn name(&self, line: &Line) -> String {
        evaluation::name(&self.page.t, line)
    }
    fn shares(&self, table: &Table) -> Vec<(&'static str, usize)> {
        evaluation::shares(table)
    }
}

/// `GET /evaluations/{year}`
pub(super) async fn show(State(app): State<App>, page: Page, Path(year): Path<i16>) -> Result<Response> {
    let published = evaluation::find(&app.store.reads(), year).await?;
    let title = page.t.a("evaluation-title", "year", year);
    let new = evaluation::paper_of(&app, &published).await?;
    render(&EvaluationPage {
        issued: Some(linli_papers::state(&app.store.reads(), new.kind, &new.subject, &new.body).await?),
        page: page.titled(title),
        evaluation: published.evaluation()?,
        published: Some((published.published_at, published.digest)),
    })
}

/// `GET /evaluations/{year}/draft`: what would be published now.
pub(super) async fn draft(State(app): State<App>, page: Page, Path(year): Path<i16>) -> Result<Response> {
    let evaluation = evaluation::draft(&app.store.reads(), &app.pack, year).await;
    let evaluation = evaluation.map_err(|e| if e.is("evaluation-empty") { AppError::not_found() } else { e })?;
    let title = page.t.a("evaluation-draft-title", "year", year);
    render(&EvaluationPage { page: page.titled(title), evaluation, published: None, issued: None })
}

/// `GET /evaluations/{year}/evaluation.json`: byte for byte what the digest is of.
pub(super) async fn file(State(app): State<App>, Path(year): Path<i16>) -> Result<Response> {
    let mut response = evaluation::find(&app.store.reads(), year).await?.content.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    Ok(response)
}

/// `GET /evaluations/{year}/evaluation.pdf`: the numbered paper as it was issued; nothing is typeset for whoever asks.
pub(super) async fn pdf(State(app): State<App>, Path(year): Path<i16>) -> Result<Response> {
    let q = app.store.reads();
    let new = evaluation::paper_of(&app, &evaluation::find(&q, year).await?).await?;
    let kept = linli_papers::state(&q, new.kind, &new.subject, &new.body).await?.file(&q).await?;
    Ok(compose::pdf_file(FILE, kept.ok_or_else(AppError::not_found)?))
}

/// `GET /evaluations/{year}/evaluation.docx`: the same words, once they were issued.
pub(super) async fn word(State(app): State<App>, Path(year): Path<i16>) -> Result<Response> {
    let new = evaluation::paper_of(&app, &evaluation::find(&app.store.reads(), year).await?).await?;
    let issued = compose::issued_word(&app, &new).await?;
    Ok(compose::word_file(FILE, issued.ok_or_else(AppError::not_found)?))
}

/// `POST /evaluations/{year}/paper`: numbers and issues the paper of a published year.
pub(super) async fn issue(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    Path(year): Path<i16>,
) -> Result<Response> {
    let new = evaluation::paper_of(&app, &evaluation::find(&app.store.reads(), year).await?).await?;
    linli_papers::issue(&app, &reader, &page.t, &linli_papers::site(&app, &headers), new).await?;
    Ok(flash(redirect(&format!("/evaluations/{year}")), "papers-issued-now"))
}
