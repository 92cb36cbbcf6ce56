//! Merging two records of one person, and undoing it.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{self, Asked, FormErrors, Page},
};
use serde::Deserialize;

use super::{facts::value_of, form::can_be_put_right};
use crate::{
    codes::Fact,
    history::{self, Provenance},
    ids::{MergeId, ResidentId},
    merges::{self, DECIDED, Merge},
    residents::{self, Candidate, MaskedResident},
    told::Slice,
};

#[derive(Template)]
#[template(path = "register/duplicates.html")]
struct Duplicates {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    found: Vec<Candidate>,
    asked: String,
}

async fn proposals(app: &App, page: Page, reader: &Reader, id: ResidentId) -> Result<Duplicates> {
    let r = residents::find(&app.store.reads(), reader, id).await?;
    let found = merges::candidates(app, reader, id).await?;
    let title = page.t.s("merge-title");
    Ok(Duplicates { page: page.titled(title), errors: FormErrors::new(), r, found, asked: String::new() })
}

pub(super) async fn duplicates(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    web::render(&proposals(&app, page, &reader, id).await?)
}

/// Looks for the other record by whatever is known of it.
pub(super) async fn search(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let mut view = proposals(&app, page, &reader, id).await?;
    let mut status = StatusCode::OK;
    match residents::search(&app, &reader, &asked.q, Slice::first(20)).await {
        Ok(found) => {
            let current = found.rows.into_iter().filter(|r| r.state == "current" && r.resident_id != id);
            view.found = current.map(|resident| Candidate { resident, reasons: Vec::new() }).collect();
        }
        Err(e) if e.is("search-too-short") => {
            view.errors.add_error(&view.page.t, "q", &e);
            status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Err(e) => return Err(e),
    }
    view.asked = asked.q;
    web::render_status(status, &view)
}

/// One fact of both records.
struct Row {
    fact: Fact,
    own: String,
    own_told: Option<Provenance>,
    other: String,
    other_told: Option<Provenance>,
    take: bool,
}

#[derive(Template)]
#[template(path = "register/merge.html")]
struct Compare {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    other: MaskedResident,
    rows: Vec<Row>,
}

async fn compare(
    app: &App,
    page: Page,
    reader: &Reader,
    (id, other): (ResidentId, ResidentId),
    take: Option<&[Fact]>,
) -> Result<Compare> {
    let q = app.store.reads();
    let (r, o) = (residents::find(&q, reader, id).await?, residents::find(&q, reader, other).await?);
    let (own, others) = (history::provenance(&q, reader, id).await?, history::provenance(&q, reader, other).await?);
    let told = |all: &[Provenance], fact: Fact| all.iter().find(|p| p.fact == fact).cloned();
    let row = |fact: Fact| {
        let (mine, theirs) = (value_of(&page.t, &r, fact), value_of(&page.t, &o, fact));
        let take = take.map_or(mine.is_empty() && !theirs.is_empty(), |t| t.contains(&fact));
        Row { fact, own: mine, own_told: told(&own, fact), other: theirs, other_told: told(&others, fact), take }
    };
    let rows = DECIDED.into_iter().map(row).collect();
    let title = page.t.s("merge-title");
    Ok(Compare { page: page.titled(title), errors: FormErrors::new(), r, other: o, rows })
}

pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(both): Path<(ResidentId, ResidentId)>,
) -> Result<Response> {
    web::render(&compare(&app, page, &reader, both, None).await?)
}

pub(super) async fn merge(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path((id, other)): Path<(ResidentId, ResidentId)>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let value = |name: &str| typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let version = |name: &str| value(name).parse().unwrap_or(0);
    let take: Vec<Fact> = DECIDED.into_iter().filter(|f| value(&format!("take_{f}")) == "other").collect();
    let merge =
        Merge { kept: (id, version("version")), absorbed: (other, version("other_version")), take: take.clone() };
    let tx = app.store.begin(&reader).await?;
    let error = match merges::merge(&tx, merge).await {
        Ok(_) => {
            tx.commit().await?;
            return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "merge-made"));
        }
        Err(e) if can_be_put_right(&e) || e.is("stale-version") => e,
        Err(e) => return Err(e),
    };
    drop(tx);
    let mut view = compare(&app, page, &reader, (id, other), Some(&take)).await?;
    view.errors.add_error(&view.page.t, "", &error);
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

#[derive(Deserialize)]
pub(super) struct Undone {
    version: i64,
    kept: ResidentId,
}

pub(super) async fn undo(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<MergeId>,
    Form(undone): Form<Undone>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    merges::undo(&tx, id, undone.version).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/residents/{}", undone.kept)), "merge-undone-done"))
}
