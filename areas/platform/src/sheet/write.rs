//! Writing `.xlsx`: every cell a text or a number, never a formula; a line that says who took the file and when.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Note, Workbook, Worksheet, XlsxError};

use crate::{
    clock::{At, shanghai},
    error::{AppError, Result},
};

/// Excel's limit for the text of one cell.
const MAX_CELL_CHARS: usize = 32_767;
/// The limit of a workbook's rows, less heading and watermark.
const MAX_WRITTEN_ROWS: usize = 1_048_000;
/// Excel's limit for a sheet's name.
const MAX_NAME_CHARS: usize = 31;
/// How wide a column gets at most, in characters.
const MAX_WIDTH: usize = 60;
/// How many notes one sheet gets at most; thousands of them make a workbook slow to open.
const MAX_NOTES: usize = 2_000;

/// A cell to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Out {
    /// A text, whatever it begins with.
    Text(String),
    /// A number.
    Number(f64),
    /// Nothing.
    Blank,
}

impl From<&str> for Out {
    fn from(text: &str) -> Self {
        if text.is_empty() { Out::Blank } else { Out::Text(text.to_owned()) }
    }
}
impl From<String> for Out {
    fn from(text: String) -> Self {
        if text.is_empty() { Out::Blank } else { Out::Text(text) }
    }
}
impl From<i64> for Out {
    fn from(n: i64) -> Self {
        Out::Number(n as f64)
    }
}
impl From<f64> for Out {
    fn from(n: f64) -> Self {
        Out::Number(n)
    }
}

/// How a workbook is written.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// The sheet's name; signs that Excel forbids are left out.
    pub sheet_name: String,
    /// A line above the heading and below each printed page: who took the file, when, and that it is confidential.
    /// Exports always have one (R37); templates none.
    pub watermark: Option<String>,
    /// When it is written.
    pub at: At,
}

/// A message at one cell of a [`MarkedRow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Index of the column.
    pub column: usize,
    /// The message.
    pub text: String,
    /// Red if so; amber for a hint.
    pub fatal: bool,
}

/// A row with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedRow {
    /// Its number in the file it came from.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// Messages at cells.
    pub marks: Vec<Mark>,
    /// All messages of the row, those at no cell included.
    pub messages: Vec<String>,
}

/// The table of an error workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedTable {
    /// Heading of the column with row numbers.
    pub number_heading: String,
    /// Headings of the columns.
    pub headings: Vec<String>,
    /// Heading of the last column with all messages.
    pub messages_heading: String,
    /// Rows.
    pub rows: Vec<MarkedRow>,
}

/// Writes a table.
///
/// # Errors
/// `sheet-too-many-rows` beyond what a workbook holds; `internal` if the writer fails.
pub fn write(headings: &[&str], rows: &[Vec<Out>], options: &WriteOptions) -> Result<Vec<u8>> {
    build(headings, rows.len(), options, |sheet, top| {
        for (row, cells) in (top..).zip(rows) {
            for (column, cell) in (0u16..).zip(cells) {
                match cell {
                    Out::Text(text) => write_text(sheet, row, column, text, None)?,
                    Out::Number(n) => {
                        sheet.write_number(row, column, *n)?;
                    }
                    Out::Blank => {}
                }
            }
        }
        Ok(widths(headings, rows.iter().map(Vec::as_slice), |cell| match cell {
            Out::Text(text) => width(text),
            _ => 0,
        }))
    })
}

/// Writes an error workbook: the columns as they came, cells with a message filled and noted, all messages of a row
/// in the last column.
///
/// # Errors
/// As [`write`].
pub fn write_marked(table: &MarkedTable, options: &WriteOptions) -> Result<Vec<u8>> {
    let mut headings = vec![table.number_heading.as_str()];
    headings.extend(table.headings.iter().map(String::as_str));
    headings.push(&table.messages_heading);
    let last = table.headings.len() + 1;
    build(&headings, table.rows.len(), options, |sheet, top| {
        let mut notes = 0;
        for (row, marked) in (top..).zip(&table.rows) {
            sheet.write_number(row, 0, marked.number as f64)?;
            for (i, cell) in marked.cells.iter().enumerate().take(table.headings.len()) {
                let mark = marked.marks.iter().find(|m| m.column == i);
                write_text(sheet, row, column_no(i + 1), cell, mark)?;
                if let Some(mark) = mark.filter(|_| notes < MAX_NOTES) {
                    notes += 1;
                    sheet.insert_note(row, column_no(i + 1), &Note::new(cut(&mark.text)))?;
                }
            }
            write_text(sheet, row, column_no(last), &marked.messages.join("\u{ff1b}"), None)?;
        }
        let mut widths = widths(&headings[1..last], table.rows.iter().map(|r| r.cells.as_slice()), |cell| width(cell));
        widths.insert(0, 8);
        widths.push(MAX_WIDTH);
        Ok(widths)
    })
}

/// Heading, watermark and frame around what `fill` writes from the row it is given; `fill` returns column widths.
fn build(
    headings: &[&str],
    rows: usize,
    options: &WriteOptions,
    fill: impl FnOnce(&mut Worksheet, u32) -> Result<Vec<usize>, XlsxError>,
) -> Result<Vec<u8>> {
    if rows > MAX_WRITTEN_ROWS || headings.len() > super::MAX_COLUMNS {
        return Err(AppError::rule("sheet-too-many-rows").arg("limit", MAX_WRITTEN_ROWS));
    }
    let written = || -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.set_properties(&properties(options.at)?);
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&options.sheet_name))?;
        let mut top = 0;
        if let Some(mark) = &options.watermark {
            let faint = Format::new().set_italic().set_font_color(Color::RGB(0x0080_8080));
            sheet.write_string_with_format(0, 0, cut(mark), &faint)?;
            // An ampersand begins a command in a footer.
            let footer: String = mark.chars().take(120).collect();
            sheet.set_footer(format!("&L{}", footer.replace('&', "&&")));
            top = 1;
        }
        let bold = Format::new().set_bold().set_background_color(Color::RGB(0x00DC_EBE8));
        for (column, heading) in (0u16..).zip(headings) {
            sheet.write_string_with_format(top, column, cut(heading), &bold)?;
        }
        sheet.set_freeze_panes(top + 1, 0)?;
        let widths = fill(sheet, top + 1)?;
        for (column, width) in (0u16..).zip(widths) {
            sheet.set_column_width(column, (width.clamp(6, MAX_WIDTH) + 2) as f64)?;
        }
        book.save_to_buffer()
    };
    written().map_err(AppError::internal)
}

pub(super) fn properties(at: At) -> Result<DocProperties, XlsxError> {
    let t = at.timestamp().to_zoned(shanghai());
    let year = u16::try_from(t.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, t.month().unsigned_abs(), t.day().unsigned_abs())?.and_hms(
        u16::from(t.hour().unsigned_abs()),
        t.minute().unsigned_abs(),
        f64::from(t.second()),
    )?;
    Ok(DocProperties::new().set_creation_datetime(&made))
}

/// A text cell. It is a string in the file, so nothing in it is computed; the quote prefix keeps it one when
/// somebody edits it.
pub(super) fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    mark: Option<&Mark>,
) -> Result<(), XlsxError> {
    let mut format = Format::new();
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if risky {
        format = format.set_quote_prefix();
    }
    if let Some(mark) = mark {
        format = format.set_background_color(Color::RGB(if mark.fatal { 0x00F8_CFC8 } else { 0x00FB_E9C0 }));
    }
    match (risky || mark.is_some(), text.is_empty()) {
        (true, true) => sheet.write_blank(row, column, &format)?,
        (true, false) => sheet.write_string_with_format(row, column, cut(text), &format)?,
        (false, true) => sheet,
        (false, false) => sheet.write_string(row, column, cut(text))?,
    };
    Ok(())
}

pub(super) fn cut(text: &str) -> String {
    text.chars().take(MAX_CELL_CHARS).collect()
}

fn column_no(i: usize) -> u16 {
    u16::try_from(i).unwrap_or(u16::MAX)
}

pub(super) fn sheet_name(name: &str) -> String {
    let name: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(MAX_NAME_CHARS).collect();
    if name.trim().is_empty() { "1".into() } else { name }
}

/// Width in half-width characters.
pub(super) fn width(text: &str) -> usize {
    text.chars().take(MAX_WIDTH).map(|c| if (c as u32) < 0x1100 { 1 } else { 2 }).sum()
}

/// The widths of the columns, from the headings and the first rows.
pub(super) fn widths<'a, C: 'a>(
    headings: &[&str],
    rows: impl Iterator<Item = &'a [C]>,
    of: impl Fn(&C) -> usize,
) -> Vec<usize> {
    let mut widths: Vec<usize> = headings.iter().map(|h| width(h)).collect();
    for row in rows.take(200) {
        for (w, cell) in widths.iter_mut().zip(row) {
            *w = (*w).max(of(cell));
        }
    }
    widths
}
