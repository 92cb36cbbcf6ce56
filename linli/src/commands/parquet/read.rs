//! Parquet as text, so that every table is read by one reader. A row is told as if the column names were line 1.

use std::{fs::File, path::Path};

use jiff::{Span, Timestamp, civil::Date};
use parquet::{
    basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
    schema::types::ColumnDescriptor,
};

use crate::{
    failure::{Failure, Outcome},
    said::{ParquetFault, TextFault, Why},
};

/// So many rows are turned into text at a time.
const BATCH_ROWS: usize = 8_192;

/// How values of a column are said as text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Text,
    Whole,
    Unsigned,
    Real,
    Flag,
    Day,
    /// Nanoseconds in a unit.
    Instant(i128),
}

/// The wanted columns of a Parquet file that are there, as CSV, and the names of those that hold whole numbers.
///
/// # Errors
/// A file that is no Parquet or is damaged; a wanted column that is nested or holds what is no text, number, day or
/// instant; a text longer than so many bytes: with row and column.
pub(in crate::commands) fn read(file: &Path, wanted: &[&str], most_bytes: u64) -> Outcome<(Vec<u8>, Vec<String>)> {
    // Some damage ends in a panic of the library, such as a negative length in the file's list of columns.
    std::panic::catch_unwind(|| read_sound(file, wanted, most_bytes))
        .unwrap_or_else(|_| Err(cell(file, 0, 0, ParquetFault::Unsound)))
}

fn read_sound(file: &Path, wanted: &[&str], most_bytes: u64) -> Outcome<(Vec<u8>, Vec<String>)> {
    let opened = File::open(file).map_err(Failure::file(file))?;
    let damaged = |e: ParquetError| cell(file, 0, 0, ParquetFault::Damaged(e.to_string()));
    let reader = SerializedFileReader::new(opened).map_err(damaged)?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let mut taken = Vec::new();
    for (place, column) in schema.columns().iter().enumerate() {
        let name = column.path().parts().first().map_or("", String::as_str);
        if wanted.contains(&name) {
            let said = said(column).map_err(|reason| cell(file, 1, place + 1, reason))?;
            taken.push(Taken { place, said, levels: column.max_def_level(), batch: Batch::default() });
        }
    }
    let name = |one: &Taken| schema.column(one.place).name().to_owned();
    let whole = taken.iter().filter(|one| one.said == Said::Whole).map(name).collect();
    let mut csv = String::new();
    push_row(taken.iter().map(name), &mut csv);
    let mut row = 1;
    for number in 0..reader.num_row_groups() {
        let group = reader.get_row_group(number).map_err(damaged)?;
        let mut readers = Vec::with_capacity(taken.len());
        for one in &taken {
            readers.push(group.get_column_reader(one.place).map_err(damaged)?);
        }
        let mut left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        while left > 0 && !taken.is_empty() {
            let rows = left.min(BATCH_ROWS);
            for (one, reader) in taken.iter_mut().zip(&mut readers) {
                one.fill(reader, rows).map_err(|(at, reason)| cell(file, row + 1 + at, one.place + 1, reason))?;
            }
            for at in 0..rows {
                push_row(taken.iter().map(|one| one.batch.cell(at)), &mut csv);
            }
            row += rows as u64;
            left -= rows;
            if csv.len() as u64 > most_bytes {
                let most = most_bytes >> 20;
                return Err(cell(file, row, 1, TextFault::TooLarge { most }));
            }
        }
    }
    Ok((csv.into_bytes(), whole))
}

fn cell(file: &Path, line: u64, column: usize, reason: impl Into<Why>) -> Failure {
    Failure::Cell { file: file.into(), line, column: column as u64, reason: reason.into() }
}

/// How a column's values are said, or why they cannot be.
fn said(column: &ColumnDescriptor) -> Result<Said, ParquetFault> {
    let name = column.path().string();
    if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
        return Err(ParquetFault::Nested(name));
    }
    if let Some(LogicalType::Timestamp(instant)) = column.logical_type_ref() {
        return Ok(Said::Instant(match instant.unit {
            TimeUnit::MILLIS => 1_000_000,
            TimeUnit::MICROS => 1_000,
            TimeUnit::NANOS => 1,
        }));
    }
    use ConvertedType as C;
    Ok(match (column.physical_type(), column.converted_type()) {
        (Physical::BYTE_ARRAY, C::UTF8 | C::NONE | C::ENUM | C::JSON) => Said::Text,
        (Physical::INT32 | Physical::INT64, C::NONE | C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64) => Said::Whole,
        (Physical::INT32 | Physical::INT64, C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64) => Said::Unsigned,
        (Physical::INT32, C::DATE) => Said::Day,
        (Physical::INT64, C::TIMESTAMP_MILLIS) => Said::Instant(1_000_000),
        (Physical::INT64, C::TIMESTAMP_MICROS) => Said::Instant(1_000),
        (Physical::FLOAT | Physical::DOUBLE, C::NONE) => Said::Real,
        (Physical::BOOLEAN, C::NONE) => Said::Flag,
        _ => return Err(ParquetFault::Kind(name)),
    })
}

/// A column that is read.
struct Taken {
    place: usize,
    said: Said,
    /// The level of a value that is there.
    levels: i16,
    batch: Batch,
}

/// The cells of some rows of a column.
#[derive(Default)]
struct Batch {
    text: String,
    ends: Vec<usize>,
}

impl Batch {
    fn cell(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

impl Taken {
    /// Reads so many rows; where and why it cannot.
    fn fill(&mut self, reader: &mut ColumnReader, rows: usize) -> Result<(), (u64, ParquetFault)> {
        let (said, levels, batch) = (self.said, self.levels, &mut self.batch);
        match reader {
            ColumnReader::ByteArrayColumnReader(reader) => fill(reader, rows, levels, batch, push_text),
            ColumnReader::Int32ColumnReader(reader) => fill(reader, rows, levels, batch, |value, out| match said {
                Said::Unsigned => push_shown(value.cast_unsigned(), out),
                Said::Day => push_day(*value, out),
                _ => push_shown(value, out),
            }),
            ColumnReader::Int64ColumnReader(reader) => fill(reader, rows, levels, batch, |value, out| match said {
                Said::Unsigned => push_shown(value.cast_unsigned(), out),
                Said::Instant(nanoseconds) => push_instant(i128::from(*value) * nanoseconds, out),
                _ => push_shown(value, out),
            }),
            ColumnReader::FloatColumnReader(reader) => {
                fill(reader, rows, levels, batch, |value, out| push_real(f64::from(*value), out))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                fill(reader, rows, levels, batch, |value, out| push_real(*value, out))
            }
            ColumnReader::BoolColumnReader(reader) => {
                fill(reader, rows, levels, batch, |value, out| push_shown(value, out))
            }
            ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
                Err((0, ParquetFault::Form))
            }
        }
    }
}

fn fill<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    there: i16,
    batch: &mut Batch,
    mut push: impl FnMut(&T::T, &mut String) -> Result<(), ParquetFault>,
) -> Result<(), (u64, ParquetFault)> {
    let (mut values, mut levels) = (Vec::with_capacity(rows), Vec::new());
    let asked = (there > 0).then_some(&mut levels);
    let read =
        reader.read_records(rows, asked, None, &mut values).map_err(|e| (0, ParquetFault::Damaged(e.to_string())))?;
    if read.0 != rows {
        return Err((read.0 as u64, ParquetFault::Short));
    }
    batch.text.clear();
    batch.ends.clear();
    let mut values = values.iter();
    for row in 0..rows {
        if there == 0 || levels.get(row) == Some(&there) {
            let value = values.next().ok_or((row as u64, ParquetFault::Short))?;
            push(value, &mut batch.text).map_err(|reason| (row as u64, reason))?;
        }
        batch.ends.push(batch.text.len());
    }
    Ok(())
}

fn push_text(value: &ByteArray, out: &mut String) -> Result<(), ParquetFault> {
    let text = std::str::from_utf8(value.data()).map_err(|_| ParquetFault::NotUtf8)?;
    out.push_str(text);
    Ok(())
}

/// A whole number among decimals has none, which is how numbers with gaps come out of pandas; no number is no text.
fn push_real(value: f64, out: &mut String) -> Result<(), ParquetFault> {
    if value.is_nan() { Ok(()) } else { push_shown(value, out) }
}

fn push_shown(value: impl std::fmt::Display, out: &mut String) -> Result<(), ParquetFault> {
    use std::fmt::Write as _;
    write!(out, "{value}").map_err(|e| ParquetFault::Damaged(e.to_string()))
}

fn push_day(days: i32, out: &mut String) -> Result<(), ParquetFault> {
    let span = Span::new().try_days(days).map_err(|e| ParquetFault::NoDay(e.to_string()))?;
    let day = Date::constant(1970, 1, 1).checked_add(span).map_err(|e| ParquetFault::NoDay(e.to_string()))?;
    push_shown(day, out)
}

/// Midnight is the day.
fn push_instant(nanoseconds: i128, out: &mut String) -> Result<(), ParquetFault> {
    let instant = Timestamp::from_nanosecond(nanoseconds).map_err(|e| ParquetFault::NoDay(e.to_string()))?;
    let text = instant.to_string();
    out.push_str(text.strip_suffix("T00:00:00Z").unwrap_or(&text));
    Ok(())
}

fn push_row(cells: impl Iterator<Item = impl AsRef<str>>, out: &mut String) {
    for (n, cell) in cells.enumerate() {
        let cell = cell.as_ref();
        out.push_str(if n > 0 { "," } else { "" });
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}
