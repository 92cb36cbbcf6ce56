//! Tables that the register imports: addresses, homes, employers, residents, where they live, where they work, and
//! hand-overs from other jurisdictions.
//!
//! Each has one plan of what its rows would do; the preview counts it, and the confirmed import carries it out in one
//! transaction.

mod addresses;
mod employers;
mod employments;
mod homes;
mod inward;
mod places;
mod residences;
mod resident_plan;
mod residents;
mod words;

use std::{borrow::Cow, sync::Arc};

use linli_platform::{
    AppError,
    clock::At,
    import::{CellProblem, ColumnSpec, ImportKind, MappedRow},
};

use crate::rules::Problem;

/// The register's imports.
pub fn kinds() -> Vec<Arc<dyn ImportKind>> {
    vec![
        Arc::new(addresses::AddressImport),
        Arc::new(homes::HomeImport),
        Arc::new(employers::EmployerImport),
        Arc::new(residents::ResidentImport),
        Arc::new(residences::ResidenceImport),
        Arc::new(employments::EmploymentImport),
        Arc::new(inward::InwardImport),
    ]
}

const fn column(name: &'static str, headings: &'static [&'static str], required: bool, personal: bool) -> ColumnSpec {
    ColumnSpec { name, headings, required, personal }
}

/// The trimmed cell of a column; empty where there is none.
fn cell(row: &MappedRow, at: usize) -> &str {
    row.cells.get(at).map_or("", |c| c.trim())
}

fn filled(row: &MappedRow, at: usize) -> Option<String> {
    Some(cell(row, at)).filter(|c| !c.is_empty()).map(str::to_owned)
}

/// When a row was learnt (何时获知): none where the table does not say. R10's clock runs from there.
fn seen(row: &MappedRow, at: usize, column: &'static str, now: At, problems: &mut Vec<CellProblem>) -> Option<At> {
    match cell(row, at) {
        "" => None,
        text => match words::instant(text) {
            Some(seen) if seen <= now => Some(seen),
            Some(_) => {
                problems.push(problem(row.row, column, "seen-future", true));
                None
            }
            None => {
                problems.push(problem(row.row, column, "not-a-time", true));
                None
            }
        },
    }
}

/// The headings under which tables say when a row was learnt.
const SEEN_HEADINGS: &[&str] = &["获知时间", "采集时间", "采集日期", "登记采集时间", "seen_at", "collected_at"];

fn problem(row: u64, column: &'static str, code: &'static str, fatal: bool) -> CellProblem {
    CellProblem { row, column: Cow::Borrowed(column), code: Cow::Borrowed(code), args: Vec::new(), fatal }
}

fn with_arg(mut p: CellProblem, name: &str, value: impl ToString) -> CellProblem {
    p.args.push((name.to_owned(), value.to_string()));
    p
}

/// A rule's problem at a cell.
fn of_rule(row: u64, column: &'static str, rule: Problem) -> CellProblem {
    let args = rule.args.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    CellProblem { row, column: Cow::Borrowed(column), code: Cow::Borrowed(rule.code), args, fatal: rule.fatal }
}

/// The register changed since the preview, so that a row no longer fits: nothing is written.
fn refuse_fatal(problems: &[CellProblem]) -> Result<(), AppError> {
    match problems.iter().find(|p| p.fatal) {
        Some(p) => Err(AppError::rule("import-no-longer-fits").arg("row", p.row)),
        None => Ok(()),
    }
}
