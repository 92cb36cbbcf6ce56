//! CSV of any size, read row by row; what is wrong is said with file, line and column.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use csv::{ErrorKind, StringRecord};

use crate::failure::{Failure, Outcome};

/// A CSV file with a heading, in UTF-8.
pub(super) struct Table {
    file: PathBuf,
    reader: csv::Reader<File>,
    headings: Vec<String>,
}

impl Table {
    /// Opens it and reads the heading.
    pub fn open(file: &Path) -> Outcome<Self> {
        let opened = File::open(file).map_err(Failure::file(file))?;
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 20).from_reader(opened);
        let headings = match reader.headers() {
            Ok(headings) => headings.iter().map(|h| h.trim_start_matches('\u{FEFF}').trim().to_owned()).collect(),
            Err(e) => return Err(wrong(file, &e)),
        };
        Ok(Table { file: file.into(), reader, headings })
    }
    /// The headings.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }
    /// Where a column stands.
    pub fn column(&self, name: &str) -> Outcome<usize> {
        self.find(name).ok_or_else(|| self.cell(1, 0, format!("there is no column `{name}`")))
    }
    /// Where a column stands, if there is one.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.headings.iter().position(|h| h == name)
    }
    /// Something is wrong at a line and column, each from 1; column 0 stands for the line.
    pub fn cell(&self, line: u64, column: usize, reason: String) -> Failure {
        Failure::Cell { file: self.file.clone(), line, column: column as u64, reason }
    }
    /// Hands over every row with its line.
    pub fn each(&mut self, mut row: impl FnMut(u64, &StringRecord) -> Outcome) -> Outcome {
        let mut record = StringRecord::new();
        while self.reader.read_record(&mut record).map_err(|e| wrong(&self.file, &e))? {
            row(record.position().map_or(0, csv::Position::line), &record)?;
        }
        Ok(())
    }
}

/// What is wrong with CSV, in words of a table.
fn wrong(file: &Path, error: &csv::Error) -> Failure {
    let line = error.position().map_or(1, csv::Position::line);
    let cell = |column: usize, reason: String| Failure::Cell { file: file.into(), line, column: column as u64, reason };
    match error.kind() {
        ErrorKind::Utf8 { err, .. } => {
            cell(err.field() + 1, "the text is not UTF-8; save the table as CSV UTF-8".into())
        }
        ErrorKind::UnequalLengths { expected_len, len, .. } => cell(
            usize::try_from(*len).unwrap_or(0),
            format!("the line has {len} cells, the heading has {expected_len}"),
        ),
        _ => cell(0, error.to_string()),
    }
}

/// Writes a CSV file.
pub(super) struct Sink {
    file: PathBuf,
    writer: csv::Writer<Box<dyn std::io::Write>>,
}

impl Sink {
    /// Into a file, or onto the screen.
    pub fn create(file: Option<&Path>) -> Outcome<Self> {
        let out: Box<dyn std::io::Write> = match file {
            Some(file) => Box::new(BufWriter::new(File::create(file).map_err(Failure::file(file))?)),
            None => Box::new(BufWriter::new(std::io::stdout())),
        };
        let file = file.unwrap_or(Path::new("-")).to_owned();
        Ok(Sink { file, writer: csv::Writer::from_writer(out) })
    }
    /// One row.
    pub fn row<I: IntoIterator<Item = T>, T: AsRef<[u8]>>(&mut self, cells: I) -> Outcome {
        self.writer.write_record(cells).map_err(|e| Failure::File(self.file.clone(), e.into()))
    }
    /// Everything is written.
    pub fn end(mut self) -> Outcome {
        self.writer.flush().map_err(|e| Failure::File(self.file.clone(), e))?;
        let inner = self.writer.into_inner().map_err(|e| Failure::File(self.file.clone(), e.into_error()));
        inner?.flush().map_err(|e| Failure::File(self.file, e))
    }
}
