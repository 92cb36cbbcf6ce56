//! Cells of a CSV table as values; what cannot be read is said with file, line and column.

use std::{path::Path, str::FromStr};

use csv::StringRecord;

use crate::{
    failure::{Failure, Outcome},
    said::{Wanted, Why, cell_text},
};

/// A row with its place.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    file: &'a Path,
    line: u64,
    row: &'a StringRecord,
}

impl<'a> Cells<'a> {
    /// A row of a file.
    pub fn new(file: &'a Path, line: u64, row: &'a StringRecord) -> Self {
        Cells { file, line, row }
    }
    /// The text of a column, without the space around it; empty where there is no such column.
    pub fn text(&self, at: Option<usize>) -> &'a str {
        at.and_then(|at| self.row.get(at)).unwrap_or_default().trim()
    }
    /// The value of a column; `None` where the cell is empty or there is no such column.
    ///
    /// # Errors
    /// A cell that holds something else than `wanted`, such as `a date such as 2026-05-31`.
    pub fn optional<T: FromStr>(&self, at: Option<usize>, wanted: Wanted) -> Outcome<Option<T>> {
        match self.text(at) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.wrong(at, cell_text(Some(text), wanted))),
        }
    }
    /// The value of a column that must hold one.
    ///
    /// # Errors
    /// As [`Cells::optional`]; an empty cell.
    pub fn required<T: FromStr>(&self, at: usize, wanted: Wanted) -> Outcome<T> {
        self.optional(Some(at), wanted)?.ok_or_else(|| self.wrong(Some(at), cell_text(None, wanted)))
    }
    /// Something is wrong in a column.
    pub fn wrong(&self, at: Option<usize>, reason: impl Into<Why>) -> Failure {
        let column = at.map_or(0, |at| at as u64 + 1);
        Failure::Cell { file: self.file.into(), line: self.line, column, reason: reason.into() }
    }
}
