//! Pages of the assessment.

pub(crate) mod committee;
pub(crate) mod entries;
pub(crate) mod rounds;

use linli_platform::{AppError, Result, clock::Month};

/// The month of a path; anything else does not exist.
fn month(text: &str) -> Result<Month> {
    text.parse().map_err(|_| AppError::not_found())
}
