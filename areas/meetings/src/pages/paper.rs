//! The record of a meeting as PDF and Word, and issuing it under a number.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use linli_papers::compose;
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{Page, flash, redirect},
};

use crate::{ids::MeetingId, minutes, paper};

/// The name of the files.
const FILE: &str = "meeting-record";

/// `POST /meetings/{id}/paper`
pub(super) async fn issue(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
) -> Result<Response> {
    let new = paper::draft(&app, &minutes::record(&app, &reader, id).await?)?;
    linli_papers::issue(&app, &reader, &page.t, &linli_papers::site(&app, &headers), new).await?;
    Ok(flash(redirect(&format!("/meetings/{id}/record")), "papers-issued-now"))
}

/// `GET /meetings/{id}/record.pdf`: as it was issued, or else a draft without a number.
pub(super) async fn pdf(State(app): State<App>, reader: Reader, Path(id): Path<MeetingId>) -> Result<Response> {
    let new = paper::draft(&app, &minutes::record(&app, &reader, id).await?)?;
    Ok(compose::pdf_file(FILE, compose::pdf(&app, new).await?))
}

/// `GET /meetings/{id}/record.docx`: the same as a Word file.
pub(super) async fn word(State(app): State<App>, reader: Reader, Path(id): Path<MeetingId>) -> Result<Response> {
    let new = paper::draft(&app, &minutes::record(&app, &reader, id).await?)?;
    Ok(compose::word_file(FILE, compose::word(&app, new).await?))
}
