//! The checks of a roster's cells: all that its sender is told. The register takes no part in them.

use std::collections::HashMap;

use cn_address::Parser;
use cn_identity::{DocumentKind, NumberError, check_document};
use linli_platform::import::{Problem as CellProblem, table::StagedRow};
use linli_register::rules::{self, Problem};

use crate::columns::{ADDRESS, COLUMNS, Claim as _, DOC, NAME, PHONE, masked};

/// Messages at the cells of mapped rows, in the order of the rows; values are masked. A *fatal* one should be put
/// right before sending. Rows are compared all the same, since a comparison forgives a wrong character; only a row
/// with neither name nor number (`roster-row-empty`) is left out.
pub(crate) fn check(rows: &[StagedRow]) -> Vec<CellProblem> {
    let parser = Parser::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut problems = Vec::new();
    for row in rows {
        let mut add = |column: usize, p: Problem| {
            let lost = column < COLUMNS.len() && row.damaged.contains(&column);
            let p = if lost { damaged(row.text(column)) } else { p };
            problems.push(CellProblem {
                row: row.row,
                column: COLUMNS.get(column).map_or("", |c| c.name).to_owned(),
                code: p.code.to_owned(),
                args: p.args.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
                fatal: p.fatal,
                shown: masked(&parser, column, row.text(column)),
            });
        };
        if !row.names_somebody() {
            add(COLUMNS.len(), Problem::fatal("", "roster-row-empty"));
            continue;
        }
        if let Err(p) = rules::check_name(row.text(NAME)) {
            add(NAME, p);
        }
        match number(row.text(DOC)) {
            Ok(Some(number)) => {
                let first = *seen.entry(number).or_insert(row.row);
                if first != row.row {
                    add(DOC, Problem::warning("doc_no", "roster-row-twice").arg("row", first));
                }
            }
            Ok(None) => add(DOC, Problem::warning("doc_no", "roster-doc-missing")),
            Err(p) => add(DOC, p),
        }
        if let Err(p) = rules::check_phone(row.text(PHONE)) {
            add(PHONE, p);
        }
        if row.text(ADDRESS).is_empty() && !row.has_left() {
            add(ADDRESS, Problem::warning("address", "roster-address-missing"));
        }
    }
    problems
}

fn damaged(shown: &str) -> Problem {
    Problem::fatal("", if shown.starts_with('#') { "formula-error" } else { "damaged-number" })
}

/// The number in normal form, as whatever document it looks like. An empty cell has none.
pub(crate) fn number(written: &str) -> Result<Option<String>, Problem> {
    if written.is_empty() {
        return Ok(None);
    }
    let kind = match check_document(DocumentKind::Resident, written) {
        Err(NumberError::OtherKind { looks_like }) => looks_like,
        _ => DocumentKind::Resident,
    };
    rules::check_number(kind, written, false).map(|d| Some(d.number))
}

/// How many rows have a fatal message.
pub(crate) fn bad_rows(problems: &[CellProblem]) -> i64 {
    let mut rows: Vec<u64> = problems.iter().filter(|p| p.fatal).map(|p| p.row).collect();
    rows.dedup();
    rows.len().try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, doc: &str, phone: &str, address: &str) -> Vec<(String, String, bool)> {
        let cells = [name, doc, phone, address, ""].map(str::to_owned).to_vec();
        let problems = check(&[StagedRow { row: 2, cells, damaged: Vec::new() }]);
        problems.into_iter().map(|p| (p.column, p.code, p.fatal)).collect()
    }

    #[test]
    fn each_bad_cell_has_its_message_and_nothing_is_said_of_good_ones() {
        let good = cn_identity::make::resident_number("990101", (1990, 3, 7), 11);
        let good = good.as_str();
        let wrong = format!("{}{}", &good[..17], if good.ends_with('1') { '2' } else { '1' });
        for (row, expected) in [
            (["张小满", good, "19900000001", "某路1号"], &[][..]),
            (["张小满", &wrong, "", "某路1号"], &[("roster-doc", "number-check", true)]),
            (["张小满", "", "", "某路1号"], &[("roster-doc", "roster-doc-missing", false)]),
            (["", good, "", "某路1号"], &[("roster-name", "name-empty", true)]),
            (["张小满", good, "1990", "某路1号"], &[("roster-phone", "phone-length", true)]),
            (["张小满", good, "", ""], &[("roster-address", "roster-address-missing", false)]),
            (["", "", "19900000001", "某路1号"], &[("", "roster-row-empty", true)]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(c, m, f)| ((*c).to_owned(), (*m).to_owned(), *f)).collect();
            assert_eq!(found(row[0], row[1], row[2], row[3]), expected);
        }
    }
    #[test]
    fn a_number_that_stands_twice_is_told_once_with_the_first_row() {
        let good = cn_identity::make::resident_number("990101", (1990, 3, 7), 12);
        let row = |n| StagedRow {
            row: n,
            cells: ["甲", good.as_str(), "", "某路1号", ""].map(str::to_owned).to_vec(),
            damaged: Vec::new(),
        };
        let problems = check(&[row(2), row(9)]);
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].row, problems[0].code.as_str()), (9, "roster-row-twice"));
        assert_eq!(problems[0].args, [("row".to_owned(), "2".to_owned())]);
    }
}
