//! Ledgers (台账): which there are, and a month of one as a workbook, watermarked and on record (R36, R37).

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Month,
    event::{NewEvent, SubjectRef},
    ledger::Ledger,
    reader::Reader,
    sheet::{self, WriteOptions},
    texts::{Lang, T},
    web::{FormErrors, Page, given, optional, render_status},
};
use policy_pack::{Item as _, Source};

use super::{EXCEL, given_out};

struct Line {
    code: &'static str,
    name: String,
    about: String,
    /// One of the six that the assessment asks for.
    of_six: bool,
}

#[derive(Template)]
#[template(path = "papers/ledgers.html")]
struct ListPage {
    page: Page,
    errors: FormErrors,
    lines: Vec<Line>,
    month: String,
    /// Whether the month has not ended yet.
    running: bool,
}

/// The pack's ledger that this one is.
fn of_pack<'a>(app: &'a App, ledger: &dyn Ledger) -> Option<&'a policy_pack::Ledger> {
    let source = Source::from_code(ledger.source()?)?;
    app.pack.ledgers.iter().find(|l| l.source == source)
}

fn name(app: &App, t: &T, ledger: &dyn Ledger) -> String {
    match of_pack(app, ledger) {
        Some(l) if t.lang == Lang::En => l.name_en().to_owned(),
        Some(l) => l.name().to_owned(),
        None => t.code("ledger", ledger.code()),
    }
}

/// `GET /ledgers?month=2026-10`
pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let this = app.store.clock().today().month();
    let mut errors = FormErrors::new();
    let chosen: Option<Month> = optional(&mut errors, "month", given(&query, "month"));
    errors.require(chosen.is_none_or(|m| m <= this), "month", "ledger-month-ahead");
    let month = chosen.unwrap_or_else(|| this.previous());
    let mut lines: Vec<Line> = app
        .ledgers
        .iter()
        .map(|l| Line {
            code: l.code(),
            name: name(&app, &page.t, l.as_ref()),
            about: page.t.code("ledger-about", l.code()),
            of_six: of_pack(&app, l.as_ref()).is_some(),
        })
        .collect();
    lines.sort_by_key(|l| !l.of_six);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let typed = if errors.is_empty() { month.to_string() } else { given(&query, "month").to_owned() };
    let title = page.t.s("nav-ledgers");
    render_status(status, &ListPage { page: page.titled(title), errors, lines, month: typed, running: month == this })
}

/// `GET /ledgers/{file}?month=2026-10`: `meetings.xlsx`. The file goes only after its taking is on record.
pub(super) async fn file(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(file): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let code = file.strip_suffix(".xlsx").ok_or_else(AppError::not_found)?;
    let ledger: Arc<dyn Ledger> =
        app.ledgers.iter().find(|l| l.code() == code).ok_or_else(AppError::not_found)?.clone();
    let month: Month = given(&query, "month").parse().map_err(|_| AppError::not_found())?;
    let rows = ledger.rows(&app, &reader, &page.t, month).await?;
    let tx = app.store.begin(&reader).await?;
    let id: uuid::Uuid = tx.new_id();
    let body = serde_json::json!({ "table": format!("ledger-{code}"), "rows": rows.len(), "month": month.to_string() });
    tx.event(NewEvent::new("export.made", SubjectRef::new("export", id, None)).body(body)).await?;
    let now = tx.now();
    tx.commit().await?;
    let name = name(&app, &page.t, ledger.as_ref());
    let by = [("by", reader.name.clone()), ("at", now.minute_text()), ("id", id.to_string())];
    let options =
        WriteOptions { sheet_name: name.clone(), watermark: Some(page.t.all("ledger-watermark", &by)), at: now };
    let title = page.t.all("ledger-title", &[("name", name), ("month", month.to_string())]);
    let headings: Vec<String> = ledger.columns().iter().map(|key| page.t.s(*key)).collect();
    let written = tokio::task::spawn_blocking(move || {
        let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
        sheet::write_table(&title, &headings, &rows, &options)
    });
    let bytes = written.await.map_err(AppError::internal)??;
    Ok(given_out(EXCEL, &format!("ledger-{code}-{month}.xlsx"), bytes))
}
