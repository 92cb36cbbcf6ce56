//! The list comes back as a workbook with its results: masked, watermarked, on record (R37). Whoever sent the list finds
//! its rows by its own numbers.

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    event::NewEvent,
    reader::Reader,
    sheet::{self, Out, WriteOptions},
    store::{Query, Tx},
    texts::T,
    vals,
    web::Paging,
};

use super::{
    codes::CheckState,
    rows::{self, Row, RowFilter},
    store::{self, subject},
};
use crate::ids::CheckId;

/// The headings, as Fluent keys.
const HEADINGS: [&str; 11] = [
    "check-row-no",
    "column-check-ref",
    "column-check-kind",
    "column-check-name",
    "column-check-doc",
    "check-road",
    "check-grid",
    "check-first",
    "check-second",
    "check-result",
    "check-settled",
];

/// The workbook. Once every row is settled, taking it is what lets the list be closed.
///
/// # Errors
/// `forbidden`; `not-found`; `stale-version` once the rows are gone.
pub async fn workbook(app: &App, reader: &Reader, t: &T, id: CheckId) -> Result<Vec<u8>> {
    if !reader.may(Action::DataCheckRun) {
        return Err(AppError::forbidden());
    }
    let tx = app.store.begin(reader).await?;
    let check = store::find(&tx, reader, id).await?;
    if !check.is_open() {
        return Err(AppError::stale());
    }
    let rows = all(&tx, reader, id).await?;
    let complete = check.state() == Some(CheckState::Sent) && rows.iter().all(Row::is_final);
    if complete {
        tx.execute_one(
            "UPDATE data_check SET returned_at = $3, version = version + 1 WHERE division_code = $1 AND check_id = $2",
            vals![tx.division(), id, tx.now()],
        )
        .await?;
    }
    let event = NewEvent::new("check.exported", subject(id)).version(check.version + i64::from(complete));
    tx.event(event.body(serde_json::json!({ "rows": rows.len() }))).await?;
    let now = tx.now();
    tx.commit().await?;
    let watermark = t.all("check-watermark", &[("who", reader.name.clone()), ("when", now.minute_text())]);
    let options =
        WriteOptions { sheet_name: t.a("check-title", "name", check.name()), watermark: Some(watermark), at: now };
    let headings = HEADINGS.map(|key| t.s(key));
    let lines: Vec<Vec<Out>> = rows.iter().map(|r| line(t, r)).collect();
    let written = tokio::task::spawn_blocking(move || {
        let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
        sheet::write(&headings, &lines, &options)
    });
    written.await.map_err(AppError::internal)?
}

async fn all(tx: &Tx, reader: &Reader, id: CheckId) -> Result<Vec<Row>> {
    let filter = RowFilter { check: Some(id), state: None };
    let mut paging = Paging { page: 1, per_page: 1_000, total: 0 };
    let mut all = Vec::new();
    loop {
        let (rows, total) = rows::list_rows(tx, reader, filter, &paging).await?;
        all.extend(rows);
        paging = paging.of(total);
        match paging.next() {
            Some(next) => paging.page = next,
            None => break,
        }
    }
    all.sort_by_key(|r| r.row_no);
    Ok(all)
}

fn line(t: &T, row: &Row) -> Vec<Out> {
    let found = |code: &Option<String>| code.as_deref().map(|c| t.code("found", c)).unwrap_or_default();
    vec![
        row.row_no.into(),
        row.reference.as_str().into(),
        t.code("discrepancy", &row.kind).into(),
        row.name_masked.as_str().into(),
        row.doc_masked.as_str().into(),
        row.road.as_str().into(),
        row.grid_name.as_deref().unwrap_or_default().into(),
        found(&row.first_found).into(),
        found(&row.second_found).into(),
        match &row.result {
            Some(result) => t.code("found", result).into(),
            None => t.code("row-state", &row.state).into(),
        },
        row.settled_at.map(|at| at.day().to_string()).unwrap_or_default().into(),
    ]
}
