//! A ledger as a workbook: a real table with filters, a heading row that every printed page repeats, a print area as
//! wide as one page, a title, and the line that says who took it.

use rust_xlsxwriter::{Color, Format, FormatAlign, Table, TableColumn, TableStyle, Workbook, XlsxError};

use super::{
    Out, WriteOptions,
    write::{cut, properties, sheet_name, width, widths, write_text},
};
use crate::{
    error::{AppError, Result},
    ledger::MAX_ROWS,
};

/// Title, watermark; then the headings.
const HEAD_ROW: u32 = 2;
/// Columns are as wide as their words, within these, in half-width characters.
const WIDTHS: (usize, usize) = (8, 42);

/// Writes a table under a title. Headings must differ from each other.
///
/// # Errors
/// `sheet-too-many-rows`; `internal` if the writer fails.
pub fn write_table(title: &str, headings: &[&str], rows: &[Vec<Out>], options: &WriteOptions) -> Result<Vec<u8>> {
    if rows.len() > MAX_ROWS || headings.is_empty() || headings.len() > super::MAX_COLUMNS {
        return Err(AppError::rule("sheet-too-many-rows").arg("limit", MAX_ROWS));
    }
    written(title, headings, rows, options).map_err(AppError::internal)
}

fn written(title: &str, headings: &[&str], rows: &[Vec<Out>], options: &WriteOptions) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(options.at)?.set_title(title));
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(&options.sheet_name))?;
    let last_column = u16::try_from(headings.len() - 1).unwrap_or(u16::MAX);
    // A table has at least one row below its headings.
    let last_row = HEAD_ROW + u32::try_from(rows.len().max(1)).unwrap_or(u32::MAX);

    let large = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::VerticalCenter);
    sheet.set_row_height(0, 26)?;
    sheet.write_string_with_format(0, 0, cut(title), &large)?;
    let mark = options.watermark.as_deref().unwrap_or_default();
    let faint = Format::new().set_italic().set_font_color(Color::RGB(0x0080_8080));
    sheet.write_string_with_format(1, 0, cut(mark), &faint)?;

    let columns: Vec<TableColumn> = headings.iter().map(|h| TableColumn::new().set_header(cut(h))).collect();
    let table = Table::new().set_name("ledger").set_columns(&columns).set_style(TableStyle::Light15);
    sheet.add_table(HEAD_ROW, 0, last_row, last_column, &table)?;
    for (row, cells) in (HEAD_ROW + 1..).zip(rows) {
        for (column, cell) in (0..=last_column).zip(cells) {
            match cell {
                Out::Text(text) => write_text(sheet, row, column, text, None)?,
                Out::Number(n) => {
                    sheet.write_number(row, column, *n)?;
                }
                Out::Blank => {}
            }
        }
    }
    let widths = widths(headings, rows.iter().map(Vec::as_slice), |cell| match cell {
        Out::Text(text) => width(text),
        Out::Number(n) => n.to_string().len(),
        Out::Blank => 0,
    });
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, (width.clamp(WIDTHS.0, WIDTHS.1) + 4) as f64)?;
    }
    sheet.set_freeze_panes(HEAD_ROW + 1, 0)?;
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_print_area(0, 0, last_row, last_column)?;
    sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
    // An ampersand begins a command in a footer.
    let foot: String = mark.chars().take(110).collect();
    sheet.set_footer(format!("&L&8{}&R&8&P / &N", foot.replace('&', "&&")));
    book.save_to_buffer()
}
