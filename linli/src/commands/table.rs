//! CSV of any size, read row by row; tables written as CSV or Parquet. What is wrong is said with file, line and column.

use std::{
    borrow::Cow,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use csv::StringRecord;
use roster_match::tables::TableProblem;

use super::{
    output::{self, NewFile},
    parquet::{Kind, ParquetFile},
    text::{BLOCK_BYTES, Block, MAX_HELD_BYTES, Text},
};
use crate::{
    failure::{Failure, Outcome},
    said::TextFault,
};

/// A longer row is a quotation mark that nothing closes.
const MAX_ROW_BYTES: usize = 4 * BLOCK_BYTES;

/// A CSV file with a heading.
pub(super) struct Table {
    file: PathBuf,
    text: Text,
    headings: Vec<String>,
    /// What has been read, how much of it was handed over, and the number of the line there.
    block: String,
    at: usize,
    line: u64,
    /// So much may still be read.
    left_bytes: u64,
}

/// What is wrong with a row, at a place of its text.
struct Fault {
    at: usize,
    /// The cell, from 1.
    cell: usize,
    problem: TableProblem,
}

impl Table {
    /// Opens it and reads the heading.
    pub fn open(file: &Path) -> Outcome<Self> {
        Self::begun(file, Text::open(file)?, Block::default())
    }
    /// The same of a table whose rows will be held in memory: one that is too large is refused in words.
    pub fn held(file: &Path) -> Outcome<Self> {
        Ok(Table { left_bytes: MAX_HELD_BYTES, ..Self::open(file)? })
    }
    /// Goes on with a file of which the first block has been read.
    pub fn begun(file: &Path, text: Text, first: Block) -> Outcome<Self> {
        let (headings, block) = (Vec::new(), first.text);
        let mut table = Table { file: file.into(), text, headings, block, at: 0, line: 1, left_bytes: u64::MAX };
        let mut heading = StringRecord::new();
        if table.row(&mut heading)?.is_none() {
            return Err(table.cell(1, 0, &TableProblem::Empty));
        }
        table.headings = heading.iter().map(|name| name.trim().to_owned()).collect();
        Ok(table)
    }
    /// The headings.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }
    /// Where a column stands.
    pub fn column(&self, name: &str) -> Outcome<usize> {
        // It would begin where the heading ends.
        let missing = || self.cell(1, self.headings.len() + 1, &TableProblem::NoColumn { name: name.to_owned() });
        self.find(name).ok_or_else(missing)
    }
    /// Where a column stands, if there is one.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.headings.iter().position(|h| h == name)
    }
    /// Something is wrong at a line and column, each from 1; column 0 stands for the line.
    fn cell(&self, line: u64, column: usize, problem: &TableProblem) -> Failure {
        Failure::Cell { file: self.file.clone(), line, column: column as u64, reason: problem.into() }
    }
    /// Hands over every row that is not blank, with its line.
    ///
    /// # Errors
    /// A file that cannot be read; what is no text; a quotation mark in a wrong place; a row with more or fewer cells
    /// than the heading.
    pub fn each(&mut self, mut row: impl FnMut(u64, &StringRecord) -> Outcome) -> Outcome {
        let mut record = StringRecord::new();
        while let Some(line) = self.row(&mut record)? {
            if record.len() != self.headings.len() {
                let problem = TableProblem::Cells { cells: record.len(), expected: self.headings.len() };
                return Err(self.cell(line, record.len(), &problem));
            }
            row(line, &record)?;
        }
        Ok(())
    }
    /// Reads the next row that is not blank; the line where it begins, or nothing at the end.
    fn row(&mut self, record: &mut StringRecord) -> Outcome<Option<u64>> {
        loop {
            if self.at == self.block.len() && !self.more()? {
                return Ok(None);
            }
            let rest = &self.block[self.at..];
            match split(rest, record) {
                Ok(end) => {
                    let line = self.line;
                    self.line += line_feeds(&rest[..end]);
                    self.at += end;
                    if record.len() > 1 || !record[0].is_empty() {
                        return Ok(Some(line));
                    }
                }
                // The cell may be closed in the next block.
                Err(fault)
                    if fault.problem == TableProblem::OpenQuote && rest.len() < MAX_ROW_BYTES && self.more()? => {}
                Err(Fault { at, cell, problem }) => {
                    let line = self.line + line_feeds(&self.block[self.at..self.at + at]);
                    return Err(self.cell(line, cell, &problem));
                }
            }
        }
    }
    /// Reads the next block behind what has not been handed over; false at the end.
    fn more(&mut self) -> Outcome<bool> {
        let Some(next) = self.text.next()? else { return Ok(false) };
        let left = self.left_bytes.checked_sub(next.text.len() as u64);
        self.left_bytes = left.ok_or_else(|| Failure::Cell {
            file: self.file.clone(),
            line: next.first_line,
            column: 1,
            reason: TextFault::TooLarge { most: MAX_HELD_BYTES >> 20 }.into(),
        })?;
        self.block.drain(..self.at);
        self.at = 0;
        self.block.push_str(&next.text);
        Ok(true)
    }
}

fn line_feeds(text: &str) -> u64 {
    text.bytes().filter(|b| *b == b'\n').count() as u64
}

/// Splits the row that a text begins with; where the next one begins.
fn split(text: &str, record: &mut StringRecord) -> Result<usize, Fault> {
    record.clear();
    let line = text.find('\n').unwrap_or(text.len());
    if !text[..line].contains('"') {
        text[..line].split(',').for_each(|cell| record.push_field(cell));
        return Ok(text.len().min(line + 1));
    }
    let mut at = 0;
    loop {
        let end = if text[at..].starts_with('"') {
            let (cell, end) = quoted(text, at, record.len() + 1)?;
            record.push_field(&cell);
            end
        } else {
            let end = text[at..].find([',', '\n']).map_or(text.len(), |n| at + n);
            record.push_field(&text[at..end]);
            end
        };
        match text.as_bytes().get(end) {
            Some(b',') => at = end + 1,
            after => return Ok(end + usize::from(after.is_some())),
        }
    }
}

/// A quoted cell, and where it ends.
fn quoted(text: &str, start: usize, cell: usize) -> Result<(Cow<'_, str>, usize), Fault> {
    let mut at = start + 1;
    loop {
        let Some(mark) = text[at..].find('"').map(|n| at + n) else {
            return Err(Fault { at: start, cell, problem: TableProblem::OpenQuote });
        };
        match text.as_bytes().get(mark + 1) {
            Some(b'"') => at = mark + 2,
            None | Some(b',' | b'\n') => {
                let inner = &text[start + 1..mark];
                let inner = if inner.contains('"') { inner.replace("\"\"", "\"").into() } else { inner.into() };
                return Ok((inner, mark + 1));
            }
            Some(_) => return Err(Fault { at: mark, cell, problem: TableProblem::BehindQuote }),
        }
    }
}
/// Writes a table, its headings first: CSV, or Parquet by the ending of the file's name.
pub(super) struct Sink {
    file: PathBuf,
    form: Form,
}

enum Out {
    File(NewFile),
    Screen(BufWriter<std::io::Stdout>),
}

impl std::io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Out::File(file) => file.write(bytes),
            Out::Screen(screen) => screen.write(bytes),
        }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Out::File(file) => file.flush(),
            Out::Screen(screen) => screen.flush(),
        }
    }
}

enum Form {
    Csv(Box<csv::Writer<Out>>),
    /// Columns of text; nothing is written before the headings are known.
    Parquet(Option<Box<ParquetFile>>),
}

impl Sink {
    /// Into a file that is none of those read, or onto the screen.
    pub fn create(file: Option<&Path>, inputs: &[&Path]) -> Outcome<Self> {
        let out = match file {
            Some(file) if is_parquet(file) => {
                output::apart(file, inputs)?;
                return Ok(Sink { file: file.into(), form: Form::Parquet(None) });
            }
            Some(file) => Out::File(NewFile::create(file, inputs)?),
            None => Out::Screen(BufWriter::new(std::io::stdout())),
        };
        let file = file.unwrap_or(Path::new("-")).to_owned();
        Ok(Sink { file, form: Form::Csv(Box::new(csv::Writer::from_writer(out))) })
    }
    /// One row.
    pub fn row<I: IntoIterator<Item = T>, T: AsRef<str>>(&mut self, cells: I) -> Outcome {
        let failed = |e: csv::Error| Failure::File(self.file.clone(), e.into());
        match &mut self.form {
            Form::Csv(writer) => {
                for cell in cells {
                    writer.write_field(cell.as_ref()).map_err(failed)?;
                }
                writer.write_record(None::<&[u8]>).map_err(failed)
            }
            Form::Parquet(parquet) => {
                let cells: Vec<T> = cells.into_iter().collect();
                if let Some(parquet) = parquet {
                    return parquet.row(cells.iter().map(AsRef::as_ref));
                }
                let columns: Vec<_> = cells.iter().map(|name| (name.as_ref(), Kind::Text)).collect();
                *parquet = Some(Box::new(ParquetFile::create(&self.file, &columns)?));
                Ok(())
            }
        }
    }
    /// Everything is written.
    pub fn end(self) -> Outcome {
        let file = self.file;
        match self.form {
            Form::Csv(writer) => {
                let inner = writer.into_inner().map_err(|e| Failure::File(file.clone(), e.into_error()));
                match inner? {
                    Out::File(out) => out.finish(),
                    Out::Screen(mut screen) => screen.flush().map_err(|e| Failure::File(file, e)),
                }
            }
            Form::Parquet(parquet) => parquet.map_or(Ok(()), |file| file.end()),
        }
    }
}

/// Whether a file is Parquet by its name.
pub(super) fn is_parquet(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Result<Vec<(u64, Vec<String>)>, String> {
        let work = tempfile::tempdir().expect("a folder for the test");
        let file = work.path().join("t.csv");
        std::fs::write(&file, content).expect("the table is written");
        let mut rows = Vec::new();
        let mut table = Table::open(&file).map_err(|e| e.to_string())?;
        table
            .each(|line, row| {
                rows.push((line, row.iter().map(str::to_owned).collect()));
                Ok(())
            })
            .map_err(|e| e.to_string().replace(&format!("{}/", work.path().display()), ""))?;
        Ok(rows)
    }

    #[test]
    fn cells_may_be_quoted_and_hold_commas_marks_and_lines() {
        let rows = read("\u{FEFF}a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n,\"\"\r\n\"3\",5\"".as_bytes()).unwrap();
        let cells = |line: u64, one: &str, other: &str| (line, vec![one.to_owned(), other.to_owned()]);
        assert_eq!(rows, [cells(2, "1", "x, \"y\"\nz"), cells(5, "", ""), cells(6, "3", "5\"")]);
    }

    #[test]
    fn a_cell_may_run_over_the_edge_of_a_block() {
        let long = "大盈村\n".repeat(BLOCK_BYTES / 8);
        let table = format!("a,b\n1,\"{long}\"\n2,x\n");
        let rows = read(table.as_bytes()).unwrap();
        assert_eq!((rows.len(), rows[0].1[1] == long), (2, true));
        assert_eq!(rows[1].0, 3 + long.lines().count() as u64);
    }

    #[test]
    fn broken_tables_are_told_with_line_and_column() {
        let gb = encoding_rs::GB18030.encode("姓名,b\n张小满,2\n").0.into_owned();
        assert_eq!(read(&gb).unwrap()[0].1[0], "张小满");
        for (content, words) in [
            (b"".to_vec(), "t.csv:1: the table is empty"),
            (b"a,b\n1,2\n\n1\n".to_vec(), "t.csv:4:1: the line has 1 cells"),
            (b"a,b\n1,2,3\n".to_vec(), "t.csv:2:3: the line has 3 cells"),
            (b"a,b\n1,\"x\ny\n".to_vec(), "t.csv:2:2: the quotation mark"),
            (b"a,b\n\"x\ny\" z,1\n".to_vec(), "t.csv:3:1: text stands behind"),
            ([gb, "香花桥街道,3\n".into()].concat(), "t.csv:3:1: UTF-8, unlike"),
            ([b"a,b\n1,\"".to_vec(), b"x\n".repeat(MAX_ROW_BYTES)].concat(), "t.csv:2:2: the quotation mark"),
        ] {
            let said = read(&content).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
    }
}
