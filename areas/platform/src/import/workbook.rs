//! Workbooks of an import: the empty template, and the rows with messages.

use std::collections::BTreeMap;

use super::{ColumnSpec, ImportKind, Problem, case, check::masked, kind_of, stage, table};
use crate::{
    app::App,
    clock::At,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::ImportId,
    reader::Reader,
    sheet::{self, Mark, MarkedRow, MarkedTable, Out, WriteOptions},
    texts::{Lang, T},
};

/// A template: the headings of a kind, required ones with a star, and a sample row, which an import leaves out.
///
/// # Errors
/// `internal` if writing fails.
pub fn template(t: &T, kind: &dyn ImportKind, at: At) -> Result<Vec<u8>> {
    let headings: Vec<String> =
        kind.columns().iter().map(|c| format!("{}{}", heading(t, c), if c.required { "*" } else { "" })).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut sample: Vec<String> = kind.columns().iter().map(|c| sample(t, kind, c)).collect();
    if let Some(first) = sample.first_mut() {
        first.insert_str(0, table::SAMPLE_MARKS[usize::from(t.lang == Lang::En)]);
    }
    let sample: Vec<Out> = sample.into_iter().map(Out::from).collect();
    let options = WriteOptions { sheet_name: t.s(format!("import-{}", kind.name())), watermark: None, at };
    sheet::write(&headings, &[sample], &options)
}

/// The heading in the page's language: the first known one that is written in it.
fn heading(t: &T, column: &ColumnSpec) -> String {
    let wanted = |h: &&&str| h.is_ascii() == (t.lang == Lang::En);
    column.headings.iter().find(wanted).or(column.headings.first()).map_or(column.name, |h| h).to_owned()
}

/// The value of the sample row, from the text `sample-<kind>-<column>` where the area has one.
fn sample(t: &T, kind: &dyn ImportKind, column: &ColumnSpec) -> String {
    let key = format!("sample-{}-{}", kind.name(), column.name);
    let text = t.message(&key);
    if text == key { String::new() } else { text }
}

/// The rows that have messages: mapped columns as they came (personal ones masked, R37), cells with a message filled
/// and noted, all messages in the last column. Taking it is an event; the workbook says who took it and when.
///
/// # Errors
/// `not-found` for others' imports; `stale-version` once nothing is staged any more.
pub async fn problem_workbook(app: &App, reader: &Reader, t: &T, id: ImportId) -> Result<Vec<u8>> {
    let tx = app.store.begin(reader).await?;
    let case = case::find(&tx, reader, id).await?;
    if case.state != super::State::Checked {
        return Err(AppError::stale());
    }
    let kind = kind_of(app, &case.kind)?;
    let staged = stage::load(&tx, kind, &case).await?;
    let mut by_row: BTreeMap<u64, Vec<Problem>> = BTreeMap::new();
    for problem in case::problems(&tx, id).await? {
        by_row.entry(problem.row).or_default().push(problem);
    }
    let columns = case.mapping.used(kind.columns());
    let places: Vec<usize> =
        columns.iter().filter_map(|c| kind.columns().iter().position(|k| k.name == c.name)).collect();
    let rows: Vec<MarkedRow> = staged
        .iter()
        .filter_map(|r| {
            let problems = by_row.get(&r.row)?;
            let value = |i: &usize| {
                let text = r.cells.get(*i).map_or("", String::as_str);
                if kind.columns()[*i].personal { masked(true, text) } else { text.to_owned() }
            };
            Some(marked(t, &columns, r.row, places.iter().map(value).collect(), problems))
        })
        .collect();
    let event = NewEvent::new("import.errors-exported", SubjectRef::new("import", id, None));
    tx.event(event.body(serde_json::json!({ "rows": rows.len() }))).await?;
    let now = tx.now();
    tx.commit().await?;
    let table = MarkedTable {
        number_heading: t.s("import-errors-row"),
        headings: columns.iter().map(|c| t.s(format!("column-{}", c.name))).collect(),
        messages_heading: t.s("import-errors-messages"),
        rows,
    };
    let watermark = t.all("import-errors-watermark", &[("who", reader.name.clone()), ("when", now.minute_text())]);
    let options = WriteOptions { sheet_name: t.s("import-errors-sheet"), watermark: Some(watermark), at: now };
    tokio::task::spawn_blocking(move || sheet::write_marked(&table, &options)).await.map_err(AppError::internal)?
}

fn marked(t: &T, columns: &[&ColumnSpec], number: u64, cells: Vec<String>, problems: &[Problem]) -> MarkedRow {
    let mut marks: Vec<Mark> = Vec::new();
    for problem in problems {
        let Some(column) = columns.iter().position(|c| c.name == problem.column) else { continue };
        let text = message(t, &problem.code, &problem.args);
        match marks.iter_mut().find(|m| m.column == column) {
            Some(mark) => {
                mark.text = format!("{}\n{text}", mark.text);
                mark.fatal |= problem.fatal;
            }
            None => marks.push(Mark { column, text, fatal: problem.fatal }),
        }
    }
    let messages = problems.iter().map(|p| match p.column.as_str() {
        "" => message(t, &p.code, &p.args),
        column => format!("{}: {}", t.s(format!("column-{column}")), message(t, &p.code, &p.args)),
    });
    MarkedRow { number, cells, marks, messages: messages.collect() }
}

/// A message in the page's language.
pub(super) fn message(t: &T, code: &str, args: &[(String, String)]) -> String {
    let args: Vec<(&str, String)> = args.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    t.all(format!("cell-{code}"), &args)
}
