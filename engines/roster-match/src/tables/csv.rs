//! CSV in memory, record by record, without copying; what is wrong is told with line and column.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct TableError {
    /// Line, from 1.
    pub line: u64,
    /// Column (cell), from 1; 0 for the whole line.
    pub column: u64,
    /// What is wrong.
    pub problem: TableProblem,
}

/// What is wrong with a line or cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableProblem {
    /// The heading lacks a column.
    #[error("there is no column `{name}`")]
    NoColumn {
        /// Its name.
        name: String,
    },
    /// A line has more or fewer cells than the heading.
    #[error("the line has {cells} cells, the heading has {expected}")]
    Cells {
        /// How many the line has.
        cells: usize,
        /// How many the heading has.
        expected: usize,
    },
    /// A cell is not UTF-8.
    #[error("the text is not UTF-8; save the table as CSV UTF-8")]
    Encoding,
    /// A cell begins with a quotation mark that nothing closes.
    #[error("the quotation mark at the beginning of the cell is never closed")]
    OpenQuote,
    /// Text stands behind a closing quotation mark.
    #[error("text stands behind the closing quotation mark of the cell")]
    BehindQuote,
    /// There is no heading.
    #[error("the table is empty")]
    Empty,
    /// An id that must stand once stands twice.
    #[error("the id stands in line {line} already")]
    Twice {
        /// The line where it stands first.
        line: u64,
    },
}

/// An error by its place in the bytes; lines are counted only when one is told.
#[derive(Debug)]
pub(super) struct Fault {
    at: usize,
    column: usize,
    problem: TableProblem,
}

/// Bytes of a table and where each needed column stands.
pub(super) struct Csv<'a> {
    bytes: &'a [u8],
    /// Where the first record begins.
    pub body: usize,
    columns: Vec<usize>,
    width: usize,
}

#[derive(Clone, Copy)]
struct Cell {
    from: usize,
    to: usize,
    escaped: bool,
}

/// The cells of one record.
pub(super) struct Record<'a, 'c> {
    bytes: &'a [u8],
    at: usize,
    cells: SmallVec<[Cell; 12]>,
    columns: &'c [usize],
}

impl<'a> Csv<'a> {
    /// Reads the heading.
    pub(super) fn open(bytes: &'a [u8], names: &[&str]) -> Result<Self, TableError> {
        let start = if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        let mut cells = SmallVec::new();
        let told = |fault: Fault| fault.told(bytes);
        let Some(body) = record(bytes, start, &mut cells).map_err(told)? else {
            return Err(Fault { at: 0, column: 0, problem: TableProblem::Empty }.told(bytes));
        };
        let heading = Record { bytes, at: start, cells, columns: &[] };
        let mut headings = Vec::with_capacity(heading.cells.len());
        for n in 0..heading.cells.len() {
            headings.push(heading.text(n).map_err(told)?.trim().to_owned());
        }
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let found = headings.iter().position(|heading| heading == name);
            // It would begin where the heading ends.
            let column = headings.len() + 1;
            let missing = || Fault { at: start, column, problem: TableProblem::NoColumn { name: (*name).to_owned() } };
            columns.push(found.ok_or_else(|| missing().told(bytes))?);
        }
        Ok(Self { bytes, body, columns, width: headings.len() })
    }

    /// About how many lines there are, judged by the first ones.
    pub(super) fn lines_about(&self) -> usize {
        let first = &self.bytes[self.body..self.bytes.len().min(self.body + (1 << 16))];
        let lines = first.iter().filter(|&&b| b == b'\n').count().max(1);
        (self.bytes.len() - self.body) / (first.len() / lines).max(1) + 1
    }

    /// The bodies of two halves that can be read apart; the second is empty when a quoted cell may hide a line's end.
    pub(super) fn halves(&self) -> [(usize, usize); 2] {
        let (from, to) = (self.body, self.bytes.len());
        let middle = from + (to - from) / 2;
        let end_of_line = self.bytes[middle..].iter().position(|&b| b == b'\n').map(|n| middle + n + 1);
        match end_of_line {
            Some(cut) if to - from > 1 << 16 && !self.bytes[from..].contains(&b'"') => [(from, cut), (cut, to)],
            _ => [(from, to), (to, to)],
        }
    }

    /// Hands over each record between two places.
    pub(super) fn each(
        &self,
        (from, to): (usize, usize),
        mut row: impl FnMut(&Record<'a, '_>) -> Result<(), Fault>,
    ) -> Result<(), TableError> {
        let bytes = &self.bytes[..to];
        let mut one = Record { bytes, at: from, cells: SmallVec::new(), columns: &self.columns };
        let mut at = from;
        let told = |fault: Fault| fault.told(self.bytes);
        while let Some(next) = record(bytes, at, &mut one.cells).map_err(told)? {
            one.at = at;
            at = next;
            if is_blank(&one.cells) {
                continue;
            }
            if one.cells.len() != self.width {
                let problem = TableProblem::Cells { cells: one.cells.len(), expected: self.width };
                return Err(told(Fault { at: one.at, column: one.cells.len(), problem }));
            }
            row(&one).map_err(told)?;
        }
        Ok(())
    }
}

impl Csv<'_> {
    /// Checks that no two records have the same text in a needed cell.
    pub(super) fn each_once(&self, needed: usize) -> Result<(), TableError> {
        let mut seen = FxHashMap::default();
        self.each((self.body, self.bytes.len()), |row| match seen.insert(row.raw(needed), row.at) {
            None => Ok(()),
            Some(before) => {
                let line = line_at(self.bytes, before);
                let column = self.columns[needed] + 1;
                Err(Fault { at: row.at, column, problem: TableProblem::Twice { line } })
            }
        })
    }
}

fn line_at(bytes: &[u8], at: usize) -> u64 {
    1 + bytes[..at].iter().filter(|&&b| b == b'\n').count() as u64
}

fn is_blank(cells: &[Cell]) -> bool {
    matches!(cells, [only] if only.from == only.to)
}

impl<'a> Record<'a, '_> {
    /// A needed cell as bytes, escapes and all.
    pub(super) fn raw(&self, needed: usize) -> &'a [u8] {
        let cell = self.cells[self.columns[needed]];
        &self.bytes[cell.from..cell.to]
    }

    /// A needed cell as text.
    pub(super) fn get(&self, needed: usize) -> Result<Cow<'a, str>, Fault> {
        self.text(self.columns[needed])
    }

    fn text(&self, n: usize) -> Result<Cow<'a, str>, Fault> {
        let cell = self.cells[n];
        let wrong = |_| Fault { at: cell.from, column: n + 1, problem: TableProblem::Encoding };
        let text = std::str::from_utf8(&self.bytes[cell.from..cell.to]).map_err(wrong)?;
        Ok(if cell.escaped { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) })
    }
}

impl Fault {
    pub(super) fn told(self, bytes: &[u8]) -> TableError {
        let line = line_at(bytes, self.at);
        TableError { line, column: self.column as u64, problem: self.problem }
    }
}

/// Splits the record that begins at a place; where the next one begins, or nothing at the end.
fn record(bytes: &[u8], start: usize, cells: &mut SmallVec<[Cell; 12]>) -> Result<Option<usize>, Fault> {
    cells.clear();
    if start >= bytes.len() {
        return Ok(None);
    }
    let mut at = start;
    loop {
        let (cell, end) = if bytes.get(at) == Some(&b'"') {
            quoted(bytes, at, cells.len())?
        } else {
            let end = cell_end(bytes, at);
            (Cell { from: at, to: end, escaped: false }, end)
        };
        cells.push(cell);
        match bytes.get(end) {
            Some(b',') => at = end + 1,
            next => {
                let last = cells.last_mut().expect("a cell was pushed");
                if last.to > last.from && bytes[last.to - 1] == b'\r' && last.to == end {
                    last.to -= 1;
                }
                return Ok(Some(if next.is_some() { end + 1 } else { end }));
            }
        }
    }
}

/// Where the next comma or line's end stands, or the end: eight bytes are looked at together.
fn cell_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    /// The highest bit of each byte that is zero; of those above the first it may say so wrongly.
    fn zeros(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word & HIGH
    }
    while let Some(eight) = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()) {
        let word = u64::from_le_bytes(eight);
        let found = zeros(word ^ (ONES * u64::from(b','))) | zeros(word ^ (ONES * u64::from(b'\n')));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    bytes[at..].iter().position(|&b| b == b',' || b == b'\n').map_or(bytes.len(), |n| at + n)
}

/// A quoted cell, and where its comma or line's end stands.
fn quoted(bytes: &[u8], start: usize, column: usize) -> Result<(Cell, usize), Fault> {
    let fault = |at, problem| Fault { at, column: column + 1, problem };
    let (mut at, mut escaped) = (start + 1, false);
    loop {
        let Some(mark) = bytes[at..].iter().position(|&b| b == b'"').map(|n| at + n) else {
            return Err(fault(start, TableProblem::OpenQuote));
        };
        match (bytes.get(mark + 1), bytes.get(mark + 2)) {
            (Some(b'"'), _) => {
                escaped = true;
                at = mark + 2;
            }
            (None | Some(b',' | b'\n'), _) => return Ok((Cell { from: start + 1, to: mark, escaped }, mark + 1)),
            (Some(b'\r'), None | Some(b'\n')) => return Ok((Cell { from: start + 1, to: mark, escaped }, mark + 2)),
            _ => return Err(fault(mark, TableProblem::BehindQuote)),
        }
    }
}
