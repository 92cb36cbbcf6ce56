//! A month's scores by group, and the bulletin.

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
use serde::Deserialize;

use super::month;
use crate::{
    bulletin as paper,
    objections::{self, Objection},
    round::{self, Round},
    scheme,
    scores::{self, Score},
    seal::{self, Seal},
    year::YearFrame,
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
    year: i16,
    /// What was issued of the bulletin, once the month is published.
    issued: Option<linli_papers::State>,
    /// Committees whose score comes out otherwise when a final month is computed again from what was kept.
    differences: Option<Vec<String>>,
    /// Whether a final month still is what was sealed when it became so.
    seal: Seal,
    /// Names of the scheme's items by their ids.
    items: Vec<(String, String)>,
}

impl MonthPage {
    fn state(&self) -> &str {
        self.round.as_ref().map_or("none", |r| r.state.as_str())
    }
    /// The name of a committee; one that has no score keeps its code.
    fn committee_name<'a>(&'a self, code: &'a str) -> &'a str {
        let mut scores = self.groups.iter().flat_map(|g| &g.rows);
        scores.find(|s| s.committee_code == code).map_or(code, |s| s.name.as_str())
    }
    /// The name of an item; one that the pack no longer knows keeps its id.
    fn item_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.items.iter().find(|(item, _)| item == id).map_or(id, |(_, name)| name.as_str())
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
    let round = round::find(&q, month).await?;
    let ended = round.as_ref().is_some_and(|r| r.state == "final");
    let issued = match &round {
        Some(r) if r.state != "draft" => Some(paper::standing(&app, month).await?),
        _ => None,
    };
    render(&MonthPage {
        page: page.titled(title),
        month,
        before: month.previous(),
        after: (month < app.store.clock().today().month()).then(|| month.next()),
        differences: if ended { scheme::differences(&q, month).await? } else { None },
        seal: if ended { seal::check(&q, month).await? } else { Seal::None },
        round,
        issued,
        year: YearFrame::of(&app.pack.scoring.rounds, month).year,
        groups,
        items: app
            .pack
            .scoring
            .items
            .iter()
            .map(|i| (i.id.clone(), if english { i.name_en.clone() } else { i.name.clone() }))
            .collect(),
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

/// `POST /assessment/{month}/bulletin`: numbers and issues what was published.
pub(crate) async fn issue(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: http::HeaderMap,
    Path(at): Path<String>,
) -> Result<Response> {
    let month = month(&at)?;
    let round = round::find(&app.store.reads(), month).await?;
    if round.is_none_or(|r| r.state == "draft") {
        return Err(AppError::rule("bulletin-not-published"));
    }
    let new = paper::draft(&app, month).await?;
    linli_papers::issue(&app, &reader, &page.t, &linli_papers::site(&app, &headers), new).await?;
    Ok(flash(redirect(&format!("/assessment/{month}")), "papers-issued-now"))
}

/// `GET /assessment/{month}/bulletin.docx`: the same, to be worked on before it goes out.
pub(crate) async fn bulletin_word(State(app): State<App>, Path(at): Path<String>) -> Result<Response> {
    let month = month(&at)?;
    let word = paper::word(&app, month).await?;
    Ok(super::file(super::WORD, &format!("bulletin-{month}.docx"), word))
}

/// `GET /assessment/{month}/bulletin.pdf`.
pub(crate) async fn bulletin(State(app): State<App>, Path(at): Path<String>) -> Result<Response> {
    let month = month(&at)?;
    let pdf = paper::pdf(&app, month).await?;
    Ok(super::file(super::PDF, &format!("bulletin-{month}.pdf"), pdf))
}
