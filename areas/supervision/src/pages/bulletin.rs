//! The month's bulletin.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use linli_papers::compose;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Month,
    reader::Reader,
    web::{Page, flash, redirect, render},
};

use super::item_name;
use crate::{
    bulletin::{self, CommitteeLine},
    paper,
};

/// The name of the files.
const FILE: &str = "supervision-bulletin";

#[derive(Template)]
#[template(path = "supervision/bulletin.html")]
struct BulletinPage {
    page: Page,
    month: Month,
    before: Month,
    after: Option<Month>,
    lines: Vec<CommitteeLine>,
    items: Vec<Item>,
    /// How the numbered paper of it stands, for whoever sees the whole sub-district.
    issued: Option<linli_papers::State>,
    /// Whether the reader issues it: once the month is over.
    issues: bool,
}

impl BulletinPage {
    fn paper_path(&self) -> String {
        format!("/inspections/bulletin/{}/paper", self.month)
    }
    fn paper_file(&self) -> String {
        format!("{}.pdf", self.paper_path())
    }
    fn word_file(&self) -> String {
        format!("{}.docx", self.paper_path())
    }
}

/// An item of the checklist as it is shown.
struct Item {
    name: String,
    faults: i64,
    records: i64,
}

/// `GET /inspections/bulletin/{month}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(month): Path<String>,
) -> Result<Response> {
    let month = parsed(&month)?;
    let q = app.store.reads();
    let lines = bulletin::of_month(&q, &reader, month).await?;
    let items = bulletin::items(&q, &reader, month).await?;
    let item =
        |i: bulletin::ItemLine| Item { name: item_name(&app, &page, &i.item), faults: i.faults, records: i.records };
    let items = items.into_iter().map(item).collect();
    let this = app.store.clock().today().month();
    let title = page.t.a("inspection-bulletin-title", "month", month);
    let issued = match paper::draft(&app, &reader, month).await {
        Ok(new) => Some(linli_papers::state(&q, new.kind, &new.subject, &new.body).await?),
        Err(e) if e.is("not-found") => None,
        Err(e) => return Err(e),
    };
    render(&BulletinPage {
        month,
        issues: reader.may(Action::InspectionPlan) && month < this,
        issued,
        page: page.titled(title),
        before: month.previous(),
        after: (month < this).then(|| month.next()),
        lines,
        items,
    })
}

fn parsed(month: &str) -> Result<Month> {
    month.parse().map_err(|_| AppError::not_found())
}

/// `GET /inspections/bulletin/{month}/paper.pdf`: as it was issued, or else a draft without a number.
pub(super) async fn pdf(State(app): State<App>, reader: Reader, Path(month): Path<String>) -> Result<Response> {
    let new = paper::draft(&app, &reader, parsed(&month)?).await?;
    Ok(compose::pdf_file(FILE, compose::pdf(&app, new).await?))
}

/// `GET /inspections/bulletin/{month}/paper.docx`: the same as a Word file.
pub(super) async fn word(State(app): State<App>, reader: Reader, Path(month): Path<String>) -> Result<Response> {
    let new = paper::draft(&app, &reader, parsed(&month)?).await?;
    Ok(compose::word_file(FILE, compose::word(&app, new).await?))
}

/// `POST /inspections/bulletin/{month}/paper`: numbers and issues it, once the month is over.
pub(super) async fn issue(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    Path(month): Path<String>,
) -> Result<Response> {
    let month = parsed(&month)?;
    if month >= app.store.clock().today().month() {
        return Err(AppError::rule("bulletin-early"));
    }
    let new = paper::draft(&app, &reader, month).await?;
    linli_papers::issue(&app, &reader, &page.t, &linli_papers::site(&app, &headers), new).await?;
    Ok(flash(redirect(&format!("/inspections/bulletin/{month}")), "papers-issued-now"))
}
