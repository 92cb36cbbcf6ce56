//! Excel workbooks, new (`.xlsx`, cell by cell) and old (`.xls`).

use std::{
    io::{Cursor, Read, Seek},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{
    Data, DataRef, ExcelDateTime, Reader as _, Sheet as SheetMeta, SheetType, SheetVisible, Xls, XlsError, Xlsx,
    XlsxError,
};

use super::{Cell, Collector, Sheet, SheetError, heading};

/// The largest `.xls` that is read: the old format is laid out in memory as a whole.
const MAX_XLS_BYTES: usize = 20 * 1024 * 1024;
/// Excel shows 15 digits of a number and forgets the rest.
const EXACT_BELOW: f64 = 1e15;

pub(super) fn read_xlsx<R: Read + Seek>(file: R, known: &[&str]) -> Result<Sheet, SheetError> {
    guarded(|| {
        let mut book = Xlsx::new(file).map_err(xlsx_error)?;
        let names = visible(book.sheets_metadata());
        choose(names, known, |name| {
            let mut collected = Collector::default();
            let mut cells = book.worksheet_cells_reader(name).map_err(xlsx_error)?;
            while let Some(cell) = cells.next_cell().map_err(xlsx_error)? {
                let (row, column) = cell.get_position();
                collected.cell(u64::from(row) + 1, column as usize, new_cell(cell.get_value()))?;
            }
            Ok(collected)
        })
    })
}

pub(super) fn read_xls(bytes: Vec<u8>, known: &[&str]) -> Result<Sheet, SheetError> {
    let marker: Vec<u8> = "EncryptedPackage".bytes().flat_map(|b| [b, 0]).collect();
    if bytes.windows(marker.len()).any(|w| w == marker) {
        return Err(SheetError::Encrypted);
    }
    if bytes.len() > MAX_XLS_BYTES {
        return Err(SheetError::TooLarge);
    }
    guarded(|| {
        let mut book = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
            XlsError::Password => SheetError::Encrypted,
            _ => SheetError::NotAWorkbook,
        })?;
        let names = visible(book.sheets_metadata());
        choose(names, known, |name| {
            let range = book.worksheet_range(name).map_err(|_| SheetError::NotAWorkbook)?;
            let (first_row, first_column) = range.start().unwrap_or((0, 0));
            let mut collected = Collector::default();
            for (row, column, value) in range.used_cells() {
                let number = (row + first_row as usize) as u64 + 1;
                collected.cell(number, column + first_column as usize, old_cell(value))?;
            }
            Ok(collected)
        })
    })
}

/// A malformed workbook must not end the process, whatever the parser makes of it.
fn guarded(read: impl FnOnce() -> Result<Sheet, SheetError>) -> Result<Sheet, SheetError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(SheetError::NotAWorkbook))
}

fn visible(sheets: &[SheetMeta]) -> Vec<String> {
    let shown = |s: &&SheetMeta| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible;
    sheets.iter().filter(shown).map(|s| s.name.clone()).collect()
}

/// The first sheet with known headings; otherwise the first with any heading.
fn choose(
    names: Vec<String>,
    known: &[&str],
    mut collect: impl FnMut(&str) -> Result<Collector, SheetError>,
) -> Result<Sheet, SheetError> {
    let mut fallback = None;
    for name in names {
        let collected = collect(&name)?;
        match heading::find(&collected.rows, known) {
            Some(found) if found.known => return heading::sheet(name, collected, Some(found)),
            Some(found) if fallback.is_none() => fallback = Some((name, collected, found)),
            _ => {}
        }
    }
    let (name, collected, found) = fallback.ok_or(SheetError::NoHeading)?;
    heading::sheet(name, collected, Some(found))
}

fn xlsx_error(e: XlsxError) -> SheetError {
    match e {
        XlsxError::Password => SheetError::Encrypted,
        XlsxError::Io(e) => SheetError::Io(e),
        _ => SheetError::NotAWorkbook,
    }
}

fn new_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::default(),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::new(text),
        DataRef::SharedString(text) => Cell::new(text),
        DataRef::Int(n) => integer(*n),
        DataRef::Float(n) => number(*n),
        DataRef::Bool(b) => truth(*b),
        DataRef::DateTime(at) => date(at),
        DataRef::DateTimeIso(text) => iso_date(text),
        DataRef::Error(e) => Cell::lost(&e.to_string()),
    }
}

fn old_cell(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::default(),
        Data::String(text) | Data::DurationIso(text) => Cell::new(text),
        Data::Int(n) => integer(*n),
        Data::Float(n) => number(*n),
        Data::Bool(b) => truth(*b),
        Data::DateTime(at) => date(at),
        Data::DateTimeIso(text) => iso_date(text),
        Data::Error(e) => Cell::lost(&e.to_string()),
    }
}

fn truth(yes: bool) -> Cell {
    Cell::new(if yes { "TRUE" } else { "FALSE" })
}

fn integer(n: i64) -> Cell {
    if n.unsigned_abs() >= EXACT_BELOW as u64 { number(n as f64) } else { Cell::new(&n.to_string()) }
}

/// A number as shown: whole ones without a point, others with at most 15 digits; longer ones have lost digits.
fn number(n: f64) -> Cell {
    if !n.is_finite() {
        return Cell::lost("#NUM!");
    }
    if n.abs() >= EXACT_BELOW {
        let shown = format!("{n:.5E}");
        let (mantissa, exponent) = shown.split_once('E').unwrap_or((&shown, "0"));
        let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
        return Cell::lost(&format!("{mantissa}E+{exponent}"));
    }
    if n.fract() == 0.0 {
        return Cell::new(&format!("{n:.0}"));
    }
    let fifteen_digits: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    Cell::new(&fifteen_digits.to_string())
}

/// `YYYY-MM-DD`, with the time if there is one; a time alone; or hours for a duration.
fn date(at: &ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
    if at.is_duration() {
        let minutes = (at.as_f64() * 1440.0).round() as i64;
        return Cell::new(&format!("{}:{:02}", minutes / 60, minutes % 60));
    }
    if (0.0..1.0).contains(&at.as_f64()) {
        return Cell::new(&format!("{hour:02}:{minute:02}{seconds}"));
    }
    if (hour, minute, second) == (0, 0, 0) {
        return Cell::new(&format!("{year:04}-{month:02}-{day:02}"));
    }
    Cell::new(&format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}{seconds}"))
}

fn iso_date(text: &str) -> Cell {
    let text = text.split('.').next().unwrap_or(text);
    Cell::new(&text.trim_end_matches("T00:00:00").replacen('T', " ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_a_person_sees_them() {
        for (value, shown, damaged) in [
            (3.0, "3", false),
            (-12.0, "-12", false),
            (0.1 + 0.2, "0.3", false),
            (13_800_138_000.0, "13800138000", false),
            (999_999_999_999_999.0, "999999999999999", false),
            (1.23e17, "1.23E+17", true),
            (100_101_199_001_011_230.0, "1.00101E+17", true),
        ] {
            let cell = number(value);
            assert_eq!((cell.text(), cell.is_damaged()), (shown, damaged));
        }
    }
}
