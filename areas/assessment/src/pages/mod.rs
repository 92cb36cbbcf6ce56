//! Pages of the assessment.

pub(crate) mod committee;
pub(crate) mod entries;
pub(crate) mod rounds;
pub(crate) mod trial;
pub(crate) mod years;

use axum::response::{IntoResponse, Response};
use linli_platform::{AppError, Result, clock::Month};

pub(crate) const PDF: &str = "application/pdf";
pub(crate) const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(crate) const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The month of a path; anything else does not exist.
fn month(text: &str) -> Result<Month> {
    text.parse().map_err(|_| AppError::not_found())
}

/// A file; a PDF is shown, the others are saved.
fn file(media: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let how = if media == PDF { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename=\"{name}\"");
    ([("content-type", media.to_owned()), ("content-disposition", disposition)], bytes).into_response()
}
