//! The columns of a roster, and its rows as they are staged.

use cn_address::{Element, Parser};
use linli_platform::{
    Result,
    import::{ColumnSpec, DropReason, DroppedColumn, Mapping, guess, is_forbidden_heading},
    sheet::{Sheet, SheetError, normalise_heading},
};
use serde::{Deserialize, Serialize};

/// Columns of a roster (R14). Texts: `column-<name>`.
pub const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec { name: "roster-name", headings: &["姓名", "员工姓名", "Name"], required: true, personal: true },
    ColumnSpec {
        name: "roster-doc",
        headings: &["证件号码", "身份证号码", "身份证号", "证件号", "公民身份号码", "ID number"],
        required: true,
        personal: true,
    },
    ColumnSpec {
        name: "roster-phone",
        headings: &["手机号", "手机号码", "联系电话", "电话", "Mobile"],
        required: false,
        personal: true,
    },
    ColumnSpec {
        name: "roster-address",
        headings: &["居住地址", "现住址", "现居住地址", "住址", "地址", "Address"],
        required: false,
        personal: true,
    },
    ColumnSpec {
        name: "roster-change",
        headings: &["变动", "入离职", "在职状态", "Change"],
        required: false,
        personal: false,
    },
];

/// Positions in [`COLUMNS`].
pub(crate) const NAME: usize = 0;
pub(crate) const DOC: usize = 1;
pub(crate) const PHONE: usize = 2;
pub(crate) const ADDRESS: usize = 3;
const CHANGE: usize = 4;

/// How the sample row of the template begins; such a row is left out.
pub(crate) const SAMPLE_MARKS: [&str; 2] = ["示例：", "Example: "];

/// A staged row: before mapping the file's permitted columns, afterwards those of [`COLUMNS`].
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StagedRow {
    pub row: u64,
    pub cells: Vec<String>,
    /// Cells whose value the spreadsheet has lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<usize>,
}

impl StagedRow {
    pub(crate) fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
    /// Whether the row says that somebody left; a word in the column for changes.
    pub(crate) fn has_left(&self) -> bool {
        let word = self.text(CHANGE).to_lowercase();
        ["离", "退", "减", "left", "leave"].iter().any(|w| word.contains(w))
    }
    /// Without a name and a number there is nobody to compare.
    pub(crate) fn names_somebody(&self) -> bool {
        !self.text(NAME).is_empty() || !self.text(DOC).is_empty()
    }
}

/// A file cut down to its permitted columns.
pub(crate) struct Permitted {
    pub headers: Vec<String>,
    pub rows: Vec<StagedRow>,
    pub mapping: Mapping,
    pub dropped: Vec<DroppedColumn>,
}

/// The headings that help to find the heading row.
pub(crate) fn known_headings() -> Vec<&'static str> {
    COLUMNS.iter().flat_map(|c| c.headings.iter().copied()).collect()
}

/// Leaves only permitted columns (boundary 1) and guesses what they are.
///
/// # Errors
/// `sheet-no-heading` if no heading is known; `sheet-no-rows`.
pub(crate) fn permit(sheet: Sheet) -> Result<Permitted> {
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    for (i, heading) in sheet.headers.iter().enumerate() {
        if is_forbidden_heading(heading) {
            dropped.push(DroppedColumn { heading: heading.clone(), reason: DropReason::Forbidden });
        } else if !normalise_heading(heading).is_empty() {
            kept.push((i, heading.clone()));
        }
    }
    let headers: Vec<String> = kept.iter().map(|(_, h)| h.clone()).collect();
    let mapping = guess(COLUMNS, &headers);
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
    Ok(Permitted { headers, rows, mapping, dropped })
}

/// The columns of the file that nobody mapped to anything.
pub(crate) fn unmapped(headers: &[String], mapping: &Mapping) -> Vec<DroppedColumn> {
    let unmapped = headers.iter().zip(&mapping.0).filter(|(_, m)| m.is_none());
    unmapped.map(|(h, _)| DroppedColumn { heading: h.clone(), reason: DropReason::Unmapped }).collect()
}

/// Brings rows into the known columns; the rest is dropped, and rows in which nothing is left with it.
pub(crate) fn remap(mapping: &Mapping, rows: Vec<StagedRow>) -> Vec<StagedRow> {
    let sources: Vec<Option<usize>> = COLUMNS.iter().map(|c| mapping.source(c.name)).collect();
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

/// A value of a column as pages and workbooks may show it (R37).
pub(crate) fn masked(parser: &Parser, column: usize, text: &str) -> String {
    match column {
        NAME => cn_identity::mask::name(text),
        DOC => cn_identity::mask::any_document(text),
        PHONE => cn_identity::mask::mobile(text),
        ADDRESS => road(parser, text),
        _ => text.chars().take(20).collect(),
    }
}

/// An address down to its road, village or site, as written; empty where none is recognised.
pub(crate) fn road(parser: &Parser, text: &str) -> String {
    let address = parser.parse(text);
    let span = [Element::Road, Element::Village, Element::Site, Element::Hamlet]
        .into_iter()
        .find_map(|element| address.span(element));
    span.and_then(|span| text.get(span)).unwrap_or_default().to_owned()
}
