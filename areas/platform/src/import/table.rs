//! A table as it came, cut down to what may be stored: what imports and rosters have in common.

use serde::{Deserialize, Serialize};

use super::{ColumnSpec, DropReason, DroppedColumn, Mapping, guess, is_forbidden_heading};
use crate::{
    error::Result,
    sheet::{Sheet, SheetError, normalise_heading},
};

/// How the sample row of a template begins, in Chinese and in English; such a row is not imported.
pub const SAMPLE_MARKS: [&str; 2] = ["示例：", "Example:"];

/// A staged row. Before mapping its cells are the file's permitted columns, afterwards the known columns.
#[derive(Clone, Serialize, Deserialize)]
pub struct StagedRow {
    /// Row number in the file, the heading being row 1.
    pub row: u64,
    /// Texts of its cells.
    pub cells: Vec<String>,
    /// Cells whose value the spreadsheet has lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<usize>,
}

impl StagedRow {
    /// The text of a cell; empty where the row ends before it.
    pub fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Blanks the cells of rows; how many.
pub fn blank(rows: &mut [StagedRow], goes: &impl Fn(&StagedRow) -> bool) -> u64 {
    let mut blanked = 0;
    for row in rows.iter_mut().filter(|row| goes(row)) {
        row.cells.iter_mut().for_each(String::clear);
        row.damaged.clear();
        blanked += 1;
    }
    blanked
}

/// A file cut down to its permitted columns.
pub struct Permitted {
    /// Headings of the permitted columns.
    pub headers: Vec<String>,
    /// Its rows.
    pub rows: Vec<StagedRow>,
    /// What the columns seem to be.
    pub mapping: Mapping,
    /// Columns that were dropped at once.
    pub dropped: Vec<DroppedColumn>,
    /// The row of the headings in the file.
    pub heading_row: u64,
}

/// All headings of a table's columns, which help to find the heading row.
pub fn known_headings(columns: &[ColumnSpec]) -> Vec<&'static str> {
    columns.iter().flat_map(|c| c.headings.iter().copied().chain([c.name])).collect()
}

/// Leaves only permitted columns of a sheet (boundary 1) and guesses what they are.
///
/// # Errors
/// `sheet-no-heading` if not one heading is known: the row taken for the heading may then hold somebody's data,
/// which must not be stored in clear or shown; `sheet-no-rows`.
pub fn permit(columns: &[ColumnSpec], sheet: Sheet) -> Result<Permitted> {
    let (kept, dropped) = permitted(&sheet);
    let heading_row = sheet.heading_row;
    let headers: Vec<String> = kept.iter().map(|(_, h)| h.clone()).collect();
    let mapping = guess(columns, &headers);
    if mapping.0.iter().all(Option::is_none) {
        return Err(SheetError::NoHeading.into());
    }
    let rows: Vec<StagedRow> = sheet
        .rows
        .into_iter()
        .filter(|r| !SAMPLE_MARKS.iter().any(|mark| r.cells.iter().any(|c| c.text().starts_with(mark))))
        .map(|r| StagedRow {
            row: r.number,
            cells: kept.iter().map(|(i, _)| r.text(*i).to_owned()).collect(),
            damaged: (0..kept.len()).filter(|k| r.cells.get(kept[*k].0).is_some_and(|c| c.is_damaged())).collect(),
        })
        .collect();
    if rows.is_empty() {
        return Err(SheetError::NoRows.into());
    }
    Ok(Permitted { headers, rows, mapping, dropped, heading_row })
}

/// The columns of a file that may be staged, with their headings, and those dropped at once because they are
/// forbidden. Columns without a heading are left out silently: nobody could say what they are.
fn permitted(sheet: &Sheet) -> (Vec<(usize, String)>, Vec<DroppedColumn>) {
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    for (i, heading) in sheet.headers.iter().enumerate() {
        if is_forbidden_heading(heading) {
            dropped.push(DroppedColumn { heading: heading.clone(), reason: DropReason::Forbidden });
        } else if !normalise_heading(heading).is_empty() {
            kept.push((i, heading.clone()));
        }
    }
    (kept, dropped)
}

/// Brings rows into the known columns; the rest is dropped, and rows in which nothing is left with it.
pub fn remap(columns: &[ColumnSpec], mapping: &Mapping, rows: Vec<StagedRow>) -> Vec<StagedRow> {
    let sources: Vec<Option<usize>> = columns.iter().map(|c| mapping.source(c.name)).collect();
    rows.into_iter()
        .map(|mut r| StagedRow {
            row: r.row,
            damaged: (0..sources.len()).filter(|c| sources[*c].is_some_and(|s| r.damaged.contains(&s))).collect(),
            cells: sources
                .iter()
                .map(|s| s.and_then(|s| r.cells.get_mut(s)).map(std::mem::take).unwrap_or_default())
                .collect(),
        })
        .filter(|r| r.cells.iter().any(|c| !c.is_empty()))
        .collect()
}

/// The columns that are not mapped to anything.
pub fn unmapped(headers: &[String], mapping: &Mapping) -> Vec<DroppedColumn> {
    let unmapped = headers.iter().zip(&mapping.0).filter(|(h, m)| m.is_none() && !normalise_heading(h).is_empty());
    unmapped.map(|(h, _)| DroppedColumn { heading: h.clone(), reason: DropReason::Unmapped }).collect()
}
