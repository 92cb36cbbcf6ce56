//! The list of residents as a workbook: masked, watermarked, logged (R37).

use std::collections::HashMap;

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use linli_platform::{
    AppError, Result,
    app::App,
    event::{NewEvent, SubjectRef},
    reader::Reader,
    sheet::{self, Out, WriteOptions},
    web::Page,
};

use super::choices::Places;
use crate::{
    residents::{self, MaskedResident},
    told::Slice,
};

/// A workbook holds at most so many rows; a narrower filter gives the rest.
const MAX_ROWS: i64 = 200_000;
const STEP: i64 = 500;

fn cells(page: &Page, places: &Places, r: MaskedResident) -> Vec<Out> {
    let text = |t: Option<String>| t.map_or(Out::Blank, Out::Text);
    vec![
        Out::Text(r.name_masked),
        Out::Text(page.t.code("doc-kind", &r.doc_kind)),
        Out::Text(r.doc_masked),
        text(r.phone_masked),
        Out::Text(page.t.code("sex", &r.sex)),
        Out::Text(page.t.s(if r.is_local { "local-local" } else { "local-elsewhere" })),
        text(r.address_text),
        Out::Text(places.grid(&r.grid_id)),
        text(r.employer_name),
        Out::Text(r.entered_at.minute_text()),
    ]
}

pub(super) async fn residents(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let filter = super::list::filter(&query);
    let places = Places::load(&app, &reader).await?;
    let q = app.store.reads();
    let mut rows = Vec::new();
    let mut offset = 0;
    loop {
        let found = residents::list(&q, &reader, &filter, Slice { offset, limit: STEP }).await?;
        if found.total > MAX_ROWS {
            return Err(AppError::rule("export-too-many").arg("max", MAX_ROWS));
        }
        let n = i64::try_from(found.rows.len()).unwrap_or(STEP);
        rows.extend(found.rows.into_iter().map(|r| cells(&page, &places, r)));
        offset += n;
        if n < STEP {
            break;
        }
    }
    // The file goes out only after its taking is on record.
    let tx = app.store.begin(&reader).await?;
    let id: uuid::Uuid = tx.new_id();
    let body = serde_json::json!({ "table": "residents", "rows": rows.len() });
    tx.event(NewEvent::new("export.made", SubjectRef::new("export", id, None)).body(body)).await?;
    let now = tx.now();
    tx.commit().await?;
    let by = ("by", reader.name.clone());
    let watermark = page.t.all("export-watermark", &[by, ("at", now.minute_text()), ("id", id.to_string())]);
    let headings: Vec<String> = ["name", "doc-kind", "doc-no", "phone", "sex", "local", "address"]
        .iter()
        .map(|c| page.t.code("column-resident", c))
        .collect();
    let more = [page.t.s("register-grid"), page.t.s("column-resident-employer"), page.t.s("resident-entered-at")];
    let headings: Vec<&str> = headings.iter().chain(&more).map(String::as_str).collect();
    let options = WriteOptions { sheet_name: page.t.s("residents-title"), watermark: Some(watermark), at: now };
    let bytes = sheet::write(&headings, &rows, &options)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"residents-{}.xlsx\"", now.day());
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name), (CACHE_CONTROL, "no-store".into())], bytes)
        .into_response())
}
