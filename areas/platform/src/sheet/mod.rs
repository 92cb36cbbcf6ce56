//! Tables in files (表格): reading `.xlsx`, `.xls` and `.csv` as a person sees them, and writing `.xlsx`.
//!
//! A file from outside is an adversary until read: its size, its expanded size, its rows, its columns and all its
//! text are limited, and what a spreadsheet has damaged (a document number turned into `1.23E+17`) is marked, never
//! silently rounded. Full-width digits stay as they are; rules normalise later.

mod archive;
mod heading;
mod table;
mod text;
mod workbook;
mod write;

use std::{
    fs::File,
    io::{self, Cursor, Read, Seek, SeekFrom},
    path::Path,
};

pub use heading::normalise_heading;
pub use table::write_table;
pub use write::{Mark, MarkedRow, MarkedTable, Out, WriteOptions, write, write_marked};

use crate::error::AppError;

/// The largest file that is read: 50 MB.
pub const MAX_FILE_BYTES: u64 = 50 * 1024 * 1024;
/// The largest size that a workbook's archive may expand to: 600 MB.
pub const MAX_EXPANDED_BYTES: u64 = 600 * 1024 * 1024;
/// How many times larger than the file its expanded archive may be. Real workbooks stay below 60.
pub const MAX_EXPANSION: u64 = 200;
/// The most rows below the heading.
pub const MAX_ROWS: usize = 500_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 300;
/// The most text in all cells together: strings that a workbook stores once and shows a million times count each time.
const MAX_TEXT_BYTES: usize = 400 * 1024 * 1024;
/// How far down the heading row may stand, counted in rows that are not empty.
const HEADING_WITHIN: usize = 30;

/// One cell as a person sees it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Cell {
    text: Box<str>,
    damaged: bool,
}

impl Cell {
    /// A cell with a text; spaces around it and one leading apostrophe are not part of it.
    pub(crate) fn new(text: &str) -> Self {
        let text = trim(text);
        let text = text.strip_prefix('\'').map_or(text, trim);
        Cell { text: text.into(), damaged: false }
    }
    /// A cell whose value the spreadsheet has lost: a number beyond 15 digits, or a formula's error.
    pub(crate) fn lost(shown: &str) -> Self {
        Cell { text: shown.into(), damaged: true }
    }
    /// The text; empty if the cell is.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Whether what is shown is not what was once entered: `1.23E+17`, `#N/A`.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cell({} bytes{})", self.text.len(), if self.damaged { ", damaged" } else { "" })
    }
}

/// White space of all kinds, and the invisible characters that web pages and exports leave behind.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}'))
}

/// One row with the number that a spreadsheet program shows beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Row number in the file, from 1.
    pub number: u64,
    /// Cells; trailing empty ones may be missing.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The text of a column; empty beyond the last cell.
    pub fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", Cell::text)
    }
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet's name in a workbook; empty for a text file.
    pub name: String,
    /// Row number of the heading.
    pub heading_row: u64,
    /// Headings as written.
    pub headers: Vec<String>,
    /// The rows below it that are not empty.
    pub rows: Vec<Row>,
}

/// Why a file cannot be read as a table. As [`AppError`]: rule codes `sheet-…` with the data as arguments.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Neither an Excel workbook nor a text table.
    #[error("the file is not an .xlsx, .xls or .csv table")]
    NotAWorkbook,
    /// More than [`MAX_FILE_BYTES`].
    #[error("the file is larger than {} MB", MAX_FILE_BYTES / 1024 / 1024)]
    TooLarge,
    /// The archive expands beyond [`MAX_EXPANDED_BYTES`] or [`MAX_EXPANSION`] times, or its cells hold too much text.
    #[error("the workbook expands to more than it may")]
    TooExpanded,
    /// More than [`MAX_ROWS`].
    #[error("the table has more than {MAX_ROWS} rows")]
    TooManyRows,
    /// More than [`MAX_COLUMNS`].
    #[error("the table has more than {MAX_COLUMNS} columns")]
    TooManyColumns,
    /// No row looks like a heading.
    #[error("the table has no heading row")]
    NoHeading,
    /// Nothing below the heading.
    #[error("the table has no rows below its heading")]
    NoRows,
    /// The workbook is protected by a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// A quotation mark in a text table is not closed, or something follows a closed one.
    #[error("a quotation mark in line {line}, column {column}, is not closed properly")]
    BrokenQuotes {
        /// Line in the file, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
    },
    /// The text, or a line of it, is neither UTF-8 nor GB 18030.
    #[error("line {line}, column {column}, is in an encoding that is not known, or in another than the rest")]
    Encoding {
        /// First line that does not fit the rest, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
    },
    /// Reading failed.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl From<SheetError> for AppError {
    fn from(e: SheetError) -> Self {
        match e {
            SheetError::NotAWorkbook => AppError::rule("sheet-not-a-workbook"),
            SheetError::TooLarge => AppError::rule("sheet-too-large").arg("limit", MAX_FILE_BYTES / 1024 / 1024),
            SheetError::TooExpanded => {
                AppError::rule("sheet-too-expanded").arg("limit", MAX_EXPANDED_BYTES / 1024 / 1024)
            }
            SheetError::TooManyRows => AppError::rule("sheet-too-many-rows").arg("limit", MAX_ROWS),
            SheetError::TooManyColumns => AppError::rule("sheet-too-many-columns").arg("limit", MAX_COLUMNS),
            SheetError::NoHeading => AppError::rule("sheet-no-heading"),
            SheetError::NoRows => AppError::rule("sheet-no-rows"),
            SheetError::Encrypted => AppError::rule("sheet-encrypted"),
            SheetError::BrokenQuotes { line, column } => {
                AppError::rule("sheet-broken-quotes").arg("line", line).arg("column", column)
            }
            SheetError::Encoding { line, column } => {
                AppError::rule("sheet-encoding").arg("line", line).arg("column", column)
            }
            SheetError::Io(e) => AppError::internal(e),
        }
    }
}

/// Reads a table from a file on disk. `known` are headings that the caller understands; they help to find the
/// heading row and, in a workbook, the sheet.
///
/// # Errors
/// Every [`SheetError`].
pub fn read_file(path: &Path, known: &[&str]) -> Result<Sheet, SheetError> {
    read(File::open(path)?, known)
}

/// Reads a table from bytes; see [`read_file`].
///
/// # Errors
/// Every [`SheetError`] but `Io`.
pub fn read_bytes(bytes: &[u8], known: &[&str]) -> Result<Sheet, SheetError> {
    read(Cursor::new(bytes), known)
}

/// Reads a table from anything that can be read and sought; see [`read_file`]. What the file is, its content
/// decides, never its name. It blocks; call it where blocking is allowed.
///
/// # Errors
/// Every [`SheetError`].
pub fn read<R: Read + Seek>(mut file: R, known: &[&str]) -> Result<Sheet, SheetError> {
    let file_bytes = file.seek(SeekFrom::End(0))?;
    if file_bytes > MAX_FILE_BYTES {
        return Err(SheetError::TooLarge);
    }
    let mut start = Vec::with_capacity(8);
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(8).read_to_end(&mut start)?;
    file.seek(SeekFrom::Start(0))?;
    if start.starts_with(b"PK\x03\x04") {
        archive::check(&mut file, file_bytes)?;
        file.seek(SeekFrom::Start(0))?;
        return workbook::read_xlsx(file, known);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(file_bytes).unwrap_or(0));
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return workbook::read_xls(bytes, known);
    }
    text::read(&bytes, known)
}

/// Rows being collected under the limits.
#[derive(Default)]
struct Collector {
    rows: Vec<Row>,
    text_bytes: usize,
}

impl Collector {
    /// Adds a cell; rows must come in order, cells of a row too.
    fn cell(&mut self, row: u64, column: usize, cell: Cell) -> Result<(), SheetError> {
        if cell.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(SheetError::TooManyColumns);
        }
        self.text_bytes += cell.text.len();
        if self.text_bytes > MAX_TEXT_BYTES {
            return Err(SheetError::TooExpanded);
        }
        match self.rows.last() {
            Some(last) if last.number == row => {}
            Some(last) if last.number > row => return Err(SheetError::NotAWorkbook),
            _ if self.rows.len() >= MAX_ROWS + HEADING_WITHIN => return Err(SheetError::TooManyRows),
            _ => self.rows.push(Row { number: row, cells: Vec::new() }),
        }
        let cells = &mut self.rows.last_mut().expect("a row was just made sure of").cells;
        if cells.len() <= column {
            cells.resize(column + 1, Cell::default());
        }
        cells[column] = cell;
        Ok(())
    }
}
