//! A month's scores by group, and the bulletin.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::Month,
    reader::Reader,
    web::{Page, flash, redirect, render},
};
use serde::Deserialize;

use super::month;
use crate::{
    bulletin as paper,
    objections::{self, Objection},
    round::{self, Round},
    scores::{self, Score},
};

struct GroupView {
    code: String,
    name: String,
    rows: Vec<Score>,
}

#[derive(Template)]
#[template(path = "assessment/month.html")]
struct MonthPage {
    page: Page,
    month: Month,
    before: Month,
    after: Option<Month>,
    round: Option<Round>,
    groups: Vec<GroupView>,
    objections: Vec<Objection>,
    can_run: bool,
    basic: String,
}

impl MonthPage {
    fn state(&self) -> &str {
        self.round.as_ref().map_or("none", |r| r.state.as_str())
    }
    fn version(&self) -> i64 {
        self.round.as_ref().map_or(0, |r| r.version)
    }
}

/// `GET /assessment`: the newest computed month, else the current one.
pub(crate) async fn newest(State(app): State<App>) -> Result<Response> {
    let rounds = round::all(&app.store.reads()).await?;
    let month = rounds.first().map_or_else(|| app.store.clock().today().month(), |r| r.month);
    Ok(redirect(&format!("/assessment/{month}")))
}

/// `GET /assessment/{month}`.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(at): Path<String>,
) -> Result<Response> {
    let month = month(&at)?;
    let q = app.store.reads();
    let scores = scores::of_month(&q, month).await?;
    let english = page.lang == linli_platform::texts::Lang::En;
    let groups = app
        .pack
        .territory
        .groups
        .iter()
        .map(|g| {
            let code = g.id.to_string();
            let rows = scores.iter().filter(|s| s.group_code == code).cloned().collect();
            GroupView { name: if english { g.name_en.clone() } else { g.name.clone() }, code, rows }
        })
        .filter(|g: &GroupView| !g.rows.is_empty())
        .collect();
    let title = page.t.a("assessment-title", "month", month);
    render(&MonthPage {
        page: page.titled(title),
        month,
        before: month.previous(),
        after: (month < app.store.clock().today().month()).then(|| month.next()),
        round: round::find(&q, month).await?,
        groups,
        objections: objections::of_month(&q, &reader, month).await?,
        can_run: reader.may(Action::AssessmentRun),
        basic: app.pack.scoring.basic_points.to_string(),
    })
}

/// `POST /assessment/{month}/computation`.
pub(crate) async fn compute(State(app): State<App>, reader: Reader, Path(at): Path<String>) -> Result<Response> {
    let month = month(&at)?;
    let tx = app.store.begin(&reader).await?;
    let was_published = round::find(&tx, month).await?.is_some_and(|r| r.state == "published");
    scores::compute(&app, &tx, month).await?;
    tx.commit().await?;
    let said = if was_published { "assessment-computed-draft" } else { "assessment-computed" };
    Ok(flash(redirect(&format!("/assessment/{month}")), said))
}

/// The version that the page showed.
#[derive(Deserialize)]
pub(crate) struct Seen {
    version: i64,
}

/// `POST /assessment/{month}/publication`.
pub(crate) async fn publish(
    State(app): State<App>,
    reader: Reader,
    Path(at): Path<String>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let month = month(&at)?;
    let tx = app.store.begin(&reader).await?;
    round::publish(&tx, month, seen.version).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/{month}")), "assessment-published"))
}

/// `POST /assessment/{month}/finalisation`.
pub(crate) async fn finalise(
    State(app): State<App>,
    reader: Reader,
    Path(at): Path<String>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let month = month(&at)?;
    let tx = app.store.begin(&reader).await?;
    round::finalise(&tx, month, seen.version).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/assessment/{month}")), "assessment-finalised"))
}

/// `GET /assessment/{month}/bulletin.pdf`.
pub(crate) async fn bulletin(State(app): State<App>, Path(at): Path<String>) -> Result<Response> {
    let month = month(&at)?;
    let pdf = paper::pdf(&app, month).await?;
    let disposition = format!("inline; filename=\"bulletin-{month}.pdf\"");
    Ok(([("content-type", "application/pdf".to_owned()), ("content-disposition", disposition)], pdf).into_response())
}
