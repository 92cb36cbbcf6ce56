//! TOML files; what cannot be read is said with file, line and column.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::failure::{Failure, Outcome};

/// What a file's text says.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub(super) fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Outcome<T> {
    toml::from_str(text).map_err(|e| {
        let (line, column) = e.span().map_or((0, 0), |span| place(text, span.start));
        Failure::Cell { file: file.into(), line, column, reason: e.message().to_owned() }
    })
}

/// Line and column, each from 1, of a byte of a text.
fn place(text: &str, at: usize) -> (u64, u64) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line as u64, column as u64)
}
