//! The record of a meeting as PDF, and issuing it under a number.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderMap,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use linli_papers::Body;
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    web::{Page, flash, redirect},
};

use crate::{ids::MeetingId, minutes, paper};

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
    let q = app.store.reads();
    let kept = linli_papers::state(&q, new.kind, &new.subject, &new.body).await?.file(&q).await?;
    let bytes = match (kept, new.body) {
        (Some(bytes), _) => bytes,
        (None, Body::Paper(paper)) => {
            let documents = app.documents.clone();
            // Typesetting takes its time; others are served meanwhile.
            let made = tokio::task::spawn_blocking(move || documents.paper_pdf(&paper));
            made.await.map_err(AppError::internal)??
        }
        (None, Body::Page(..)) => return Err(AppError::internal("a record is a paper")),
    };
    let headers = [(CONTENT_TYPE, "application/pdf"), (CONTENT_DISPOSITION, "inline; filename=\"meeting-record.pdf\"")];
    Ok((headers, bytes).into_response())
}
