//! The register of numbered documents, and one of them with its versions and files.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    reader::Reader,
    web::{Page, Paging, flash, given, redirect, render, version},
};

use super::{PDF, WORD, given_out, kind_name};
use crate::{
    ids::PaperId,
    register::{self, Paper, Version, WHY},
};

struct Line {
    paper: Paper,
    kind: String,
}

#[derive(Template)]
#[template(path = "papers/list.html")]
struct ListPage {
    page: Page,
    lines: Vec<Line>,
    paging: Paging,
    kinds: Vec<(String, String)>,
    kind: String,
}

/// `GET /papers`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let kind = given(&query, "kind").to_owned();
    let paging = Paging::from_query(&query);
    let (papers, total) = register::list(&app.store.reads(), &reader, &kind, &paging).await?;
    let line = |paper: Paper| Line { kind: kind_name(&app, &page.t, &paper.kind), paper };
    let numbered = app.pack.documents.iter().filter(|d| !d.series.is_empty());
    let title = page.t.s("papers-title");
    render(&ListPage {
        lines: papers.into_iter().map(line).collect(),
        paging: paging.of(total),
        kinds: numbered.map(|d| (d.id.clone(), kind_name(&app, &page.t, &d.id))).collect(),
        kind,
        page: page.titled(title),
    })
}

#[derive(Template)]
#[template(path = "papers/show.html")]
struct ShowPage {
    page: Page,
    paper: Paper,
    kind: String,
    versions: Vec<Version>,
    /// Whether there is a Word file of it.
    has_word: bool,
    why: Vec<(String, String)>,
    can_withdraw: bool,
}

/// `GET /papers/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PaperId>,
) -> Result<Response> {
    let q = app.store.reads();
    let paper = register::find(&q, &reader, id).await?;
    let versions = register::versions(&q, id).await?;
    let has_word = match versions.first() {
        Some(v) => register::kept(&q, id, v.edition).await?.paper()?.is_some(),
        None => false,
    };
    render(&ShowPage {
        kind: kind_name(&app, &page.t, &paper.kind),
        why: WHY.iter().map(|w| ((*w).to_owned(), page.t.code("papers-why", w))).collect(),
        can_withdraw: reader.may(Action::PaperKeep) && paper.withdrawn_at.is_none(),
        page: page.titled(paper.number.clone()),
        paper,
        versions,
        has_word,
    })
}

/// `GET /papers/{id}/{file}`: `1.pdf` as it went out, `1.docx` with the same words.
pub(super) async fn file(
    State(app): State<App>,
    reader: Reader,
    Path((id, name)): Path<(PaperId, String)>,
) -> Result<Response> {
    let (edition, form) = name.split_once('.').ok_or_else(AppError::not_found)?;
    let edition: i64 = edition.parse().map_err(|_| AppError::not_found())?;
    let q = app.store.reads();
    let paper = register::find(&q, &reader, id).await?;
    let kept = register::kept(&q, id, edition).await?;
    let stem = format!("{}-{edition}", paper.kind);
    match form {
        "pdf" => {
            let file = kept.file.ok_or_else(AppError::not_found)?;
            Ok(given_out(PDF, &format!("{stem}.pdf"), file))
        }
        "docx" => {
            let (mut layout, mark) = kept.paper()?.ok_or_else(AppError::not_found)?;
            layout.number = Some(paper.number);
            let documents = app.documents.clone();
            let written = tokio::task::spawn_blocking(move || documents.numbered_word(&layout, &mark));
            Ok(given_out(WORD, &format!("{stem}.docx"), written.await.map_err(AppError::internal)??))
        }
        _ => Err(AppError::not_found()),
    }
}

/// `POST /papers/{id}/withdrawal`
pub(super) async fn withdraw(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<PaperId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    register::withdraw(&tx, id, version(&form), given(&form, "why")).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/papers/{id}")), "papers-withdrawn-now"))
}
