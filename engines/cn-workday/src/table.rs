//! The table of special days as CSV: `date,name,kind`.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// A day that differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Special {
    pub name: String,
    pub workday: bool,
}

/// A line of the table that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct RowError {
    /// Line in the file, from 1; the heading is line 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: RowProblem,
}

/// What can be wrong with a line of the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// A heading is missing: the table needs `date`, `name` and `kind`.
    #[error("the heading {column} is missing")]
    MissingColumn {
        /// The missing heading.
        column: &'static str,
    },
    /// The line is no CSV.
    #[error("the line cannot be read as CSV")]
    NotCsv,
    /// Not a date written YYYY-MM-DD.
    #[error("{found:?} is not a date written YYYY-MM-DD")]
    BadDate {
        /// What stands there.
        found: String,
    },
    /// The kind is neither `off` nor `work`.
    #[error("the kind is {found:?}; it must be off or work")]
    BadKind {
        /// What stands there.
        found: String,
    },
    /// The name of the holiday is empty.
    #[error("the name is empty")]
    EmptyName,
    /// The date has a line already.
    #[error("{date} has a line already")]
    Duplicate {
        /// The date.
        date: Date,
    },
    /// There is no line below the heading.
    #[error("the table has no lines")]
    NoRows,
}

/// Reads the whole table, or says what is wrong with every line.
pub(crate) fn read(text: &str) -> Result<BTreeMap<Date, Special>, Vec<RowError>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings = match reader.headers() {
        Ok(headings) => headings.clone(),
        Err(_) => return Err(vec![RowError { line: 1, problem: RowProblem::NotCsv }]),
    };
    let place = |column: &'static str| {
        headings
            .iter()
            .position(|h| h.eq_ignore_ascii_case(column))
            .ok_or_else(|| vec![RowError { line: 1, problem: RowProblem::MissingColumn { column } }])
    };
    let columns = [place("date")?, place("name")?, place("kind")?];

    let mut days = BTreeMap::new();
    let mut errors = Vec::new();
    for record in reader.records() {
        let (line, row) = match &record {
            Ok(record) => (record.position().map_or(1, csv::Position::line), special(record, columns)),
            Err(error) => (error.position().map_or(1, csv::Position::line), Err(RowProblem::NotCsv)),
        };
        match row {
            Ok((date, _)) if days.contains_key(&date) => {
                errors.push(RowError { line, problem: RowProblem::Duplicate { date } });
            }
            Ok((date, day)) => {
                days.insert(date, day);
            }
            Err(problem) => errors.push(RowError { line, problem }),
        }
    }
    if days.is_empty() && errors.is_empty() {
        errors.push(RowError { line: 1, problem: RowProblem::NoRows });
    }
    if errors.is_empty() { Ok(days) } else { Err(errors) }
}

fn special(record: &csv::StringRecord, [date, name, kind]: [usize; 3]) -> Result<(Date, Special), RowProblem> {
    let field = |place: usize| record.get(place).unwrap_or_default();
    let written = field(date);
    // jiff reads more forms than a table of days should hold.
    let plain = written.len() == 10 && written.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date: Date =
        written.parse().ok().filter(|_| plain).ok_or_else(|| RowProblem::BadDate { found: written.to_owned() })?;
    let workday = match field(kind) {
        "off" => false,
        "work" => true,
        found => return Err(RowProblem::BadKind { found: found.to_owned() }),
    };
    match field(name) {
        "" => Err(RowProblem::EmptyName),
        name => Ok((date, Special { name: name.to_owned(), workday })),
    }
}
