//! TOML files; what cannot be read is said with file, line and column.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::{
    failure::{Failure, Outcome},
    said::{Why, written},
};

/// What a file's text says.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub(super) fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Outcome<T> {
    toml::from_str(text).map_err(|e| {
        let (line, column) = e.span().map_or((0, 0), |span| place(text, span.start));
        Failure::Cell { file: file.into(), line, column, reason: written(e.message()) }
    })
}

/// The failure behind a whole report of `toml`, which names the place in its first line and the reason in its last;
/// `otherwise` what is no such report.
pub(super) fn reported(file: &Path, report: &str, otherwise: Why) -> Failure {
    let place = || {
        let place = report.lines().next()?.strip_prefix("TOML parse error at line ")?;
        let (line, column) = place.split_once(", column ")?;
        Some((line.parse().ok()?, column.parse().ok()?))
    };
    let reason = report.lines().rev().find(|line| !line.trim().is_empty());
    match place().zip(reason) {
        Some(((line, column), reason)) => Failure::Cell { file: file.into(), line, column, reason: written(reason) },
        None => Failure::Cell { file: file.into(), line: 0, column: 0, reason: otherwise },
    }
}

/// What is wrong with a JSON file.
pub(super) fn json(file: &Path, e: &serde_json::Error) -> Failure {
    let message = e.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
    Failure::Cell { file: file.into(), line: e.line() as u64, column: e.column() as u64, reason: written(reason) }
}

/// Line and column, each from 1, of a byte of a text.
fn place(text: &str, at: usize) -> (u64, u64) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line as u64, column as u64)
}
