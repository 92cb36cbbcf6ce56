//! The list of rounds, and a new one.

use std::collections::HashMap;

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use linli_platform::{
    Result,
    app::App,
    clock::Month,
    reader::Reader,
    web::{FormErrors, Page, optional, redirect, render_status},
};
use serde::Deserialize;

use super::view::{self, CommitteeName};
use crate::{
    codes::Level,
    estimate::Targets,
    pages::view::ResultView,
    results,
    rounds::{self, Round},
};

/// A round with what it found, if that is countersigned.
struct Line {
    round: Round,
    committee: Option<String>,
    result: Option<ResultView>,
}

#[derive(Template)]
#[template(path = "surveys/rounds.html")]
struct ListPage {
    page: Page,
    errors: FormErrors,
    lines: Vec<Line>,
    committees: Vec<(String, String)>,
    form: NewRound,
}

/// A round about to be framed, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct NewRound {
    #[serde(default)]
    month: String,
    #[serde(default)]
    households: String,
    #[serde(default)]
    committee: String,
}

/// `GET /surveys`
pub(super) async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let form = NewRound {
        month: app.store.now().day().month().to_string(),
        households: rounds::usual_households(&app.pack).to_string(),
        committee: String::new(),
    };
    show(&app, page, FormErrors::new(), form, StatusCode::OK).await
}

async fn show(app: &App, page: Page, errors: FormErrors, form: NewRound, status: StatusCode) -> Result<Response> {
    let reads = app.store.reads();
    let targets = Targets::of(&app.pack);
    let committees = view::committees(&reads).await?;
    let names: HashMap<_, _> = committees.iter().map(|c| (c.committee_code.as_str(), c.name.as_str())).collect();
    let mut lines = Vec::new();
    for round in rounds::list(&reads).await? {
        let level = if round.committee_code.is_some() { Level::Committee } else { Level::Division };
        let result = match round.countersigned_at {
            Some(_) => results::of_survey_at(&reads, round.survey_id, level).await?.into_iter().next(),
            None => None,
        };
        let committee = round.committee_code.as_deref().map(|c| (*names.get(c).unwrap_or(&c)).to_owned());
        let result = result.map(|row| ResultView::of(&page.t, row, String::new(), &targets));
        lines.push(Line { round, committee, result });
    }
    let committees = committees.into_iter().map(|CommitteeName { committee_code, name, .. }| (committee_code, name));
    let committees = committees.collect();
    let page = page.clone().titled(page.t.s("nav-surveys"));
    render_status(status, &ListPage { page, errors, lines, committees, form })
}

/// `POST /surveys`
pub(super) async fn create(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<NewRound>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let month: Option<Month> = optional(&mut errors, "month", &form.month);
    let households: Option<u32> = optional(&mut errors, "households", &form.households);
    let committee = Some(form.committee.trim()).filter(|c| !c.is_empty());
    if let Some(code) = committee {
        let known = view::names(&app.store.reads()).await?.contains_key(code);
        errors.require(known, "committee", "form-unreadable");
    }
    if errors.is_empty() {
        let month = month.unwrap_or_else(|| app.store.now().day().month());
        let households = households.unwrap_or_else(|| rounds::usual_households(&app.pack));
        let tx = app.store.begin(&reader).await?;
        match rounds::frame(&tx, &app.pack, month, committee, households).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(redirect(&format!("/surveys/{id}")));
            }
            Err(e) if e.is("survey-minimum") => errors.add_error(&page.t, "households", &e),
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "month", &e),
            Err(e) => return Err(e),
        }
    }
    show(&app, page, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
