//! Premises and past checks as rows of text: what the columns are called, and what a cell may hold. Whoever has a table
//! brings its headings and rows, from CSV or elsewhere.

use std::str::FromStr;

use crate::due::Premises;
use crate::hazard::{PastCheck, Seen};
use crate::route::Point;

/// What is wrong with a table's heading or with a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {problem}")]
pub struct CellError {
    /// Column, from 1; that behind the last one where a column is missing.
    pub column: usize,
    /// What is wrong.
    pub problem: CellProblem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellProblem {
    /// The heading lacks a column.
    #[error("there is no column `{0}`")]
    NoColumn(&'static str),
    /// The cell must hold something.
    #[error("the cell is empty; it wants {0}")]
    Empty(Wanted),
    /// The cell holds something else than it must.
    #[error("`{text}` is not {wanted}")]
    Other {
        /// What stands there.
        text: String,
        /// What must stand there.
        wanted: Wanted,
    },
    /// The place is not on the earth.
    #[error("longitude or latitude is out of range")]
    OffTheEarth,
}

/// What a cell must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wanted {
    /// A whole number from 0.
    #[error("a whole number from 0")]
    Number,
    /// A date.
    #[error("a date such as 2026-05-31")]
    Date,
    /// Longitude or latitude.
    #[error("a number of degrees")]
    Degrees,
    /// `true`, `yes`, `1` or `是`; `false`, `no`, `0`, `否` or nothing.
    #[error("`true` or `false`")]
    TrueOrFalse,
    /// The premises' identifier.
    #[error("the name of the premises")]
    Premises,
    /// A type of premises.
    #[error("a type of premises")]
    Kind,
}

/// Where the columns of a table of premises stand: `id`, and as far as they are known `lon`, `lat`, `max_gap_days`,
/// `last_visited`, `monthly`, `monthly_verified`, `kind`, `size`, `last_seen`; others do not matter.
///
/// ```
/// use visit_plan::{CellProblem, PremisesColumns, Wanted};
///
/// let columns = PremisesColumns::of(&["id", "note", "max_gap_days"])?;
/// assert_eq!(columns.premises(&["dormitory 3", "", "10"])?.max_gap_days, Some(10));
/// let wrong = columns.premises(&["dormitory 3", "", "ten"]).unwrap_err();
/// assert_eq!(wrong.to_string(), "column 3: `ten` is not a whole number from 0");
/// # Ok::<(), visit_plan::CellError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PremisesColumns {
    id: usize,
    width: usize,
    place: [Option<usize>; 2],
    gap: Option<usize>,
    visited: Option<usize>,
    monthly: Option<usize>,
    verified: Option<usize>,
    kind: Option<usize>,
    size: Option<usize>,
    last_seen: Option<usize>,
}

impl PremisesColumns {
    /// Finds them in a heading.
    ///
    /// # Errors
    /// [`CellProblem::NoColumn`] without `id`.
    pub fn of<S: AsRef<str>>(headings: &[S]) -> Result<Self, CellError> {
        let at = |name| find(headings, name);
        Ok(PremisesColumns {
            id: required(headings, "id")?,
            width: headings.len(),
            place: [at("lon"), at("lat")],
            gap: at("max_gap_days"),
            visited: at("last_visited"),
            monthly: at("monthly"),
            verified: at("monthly_verified"),
            kind: at("kind"),
            size: at("size"),
            last_seen: at("last_seen"),
        })
    }

    /// A row as premises to be visited.
    ///
    /// # Errors
    /// A cell that holds something else than it must.
    pub fn premises(&self, row: &[&str]) -> Result<Premises<String>, CellError> {
        Ok(Premises {
            id: filled(row, self.id, Wanted::Premises)?,
            max_gap_days: value(row, self.gap, Wanted::Number)?,
            last_visited: value(row, self.visited, Wanted::Date)?,
            monthly: flag(row, self.monthly)?,
            monthly_verified: value(row, self.verified, Wanted::Date)?,
            location: self.location(row)?,
        })
    }

    /// A row as premises that may be stale: `size` counts 1 where it is not given, and without `last_seen` nobody has
    /// seen them.
    ///
    /// # Errors
    /// [`CellProblem::NoColumn`] without `kind`; a cell that holds something else than it must.
    pub fn seen(&self, row: &[&str]) -> Result<Seen<String, String>, CellError> {
        let missing = || CellError { column: self.width + 1, problem: CellProblem::NoColumn("kind") };
        Ok(Seen {
            id: filled(row, self.id, Wanted::Premises)?,
            kind: text(row, Some(self.kind.ok_or_else(missing)?)).to_owned(),
            size: value(row, self.size, Wanted::Number)?.unwrap_or(1),
            last_seen: value(row, self.last_seen, Wanted::Date)?,
            location: self.location(row)?,
        })
    }

    /// Whether [`PremisesColumns::seen`] has what it needs.
    ///
    /// # Errors
    /// [`CellProblem::NoColumn`] without `kind`.
    pub fn with_kind(self) -> Result<Self, CellError> {
        match self.kind {
            Some(_) => Ok(self),
            None => Err(CellError { column: self.width + 1, problem: CellProblem::NoColumn("kind") }),
        }
    }

    fn location(&self, row: &[&str]) -> Result<Option<Point>, CellError> {
        let [lon, lat] = self.place;
        let (lon_deg, lat_deg) = (value(row, lon, Wanted::Degrees)?, value(row, lat, Wanted::Degrees)?);
        let Some((lon_deg, lat_deg)) = lon_deg.zip(lat_deg) else { return Ok(None) };
        let off = || CellError { column: lon.map_or(0, |at| at + 1), problem: CellProblem::OffTheEarth };
        Point::new(lon_deg, lat_deg).map(Some).ok_or_else(off)
    }
}

/// Where the columns of a table of past checks stand: `kind`, `gap_days`, `size`, `changes`.
#[derive(Clone, Debug)]
pub struct PastColumns([usize; 4]);

impl PastColumns {
    /// Finds them in a heading.
    ///
    /// # Errors
    /// [`CellProblem::NoColumn`] where one is missing.
    pub fn of<S: AsRef<str>>(headings: &[S]) -> Result<Self, CellError> {
        let at = |name| required(headings, name);
        Ok(PastColumns([at("kind")?, at("gap_days")?, at("size")?, at("changes")?]))
    }

    /// A row as a past check.
    ///
    /// # Errors
    /// An empty cell, or one that holds something else than it must.
    pub fn check(&self, row: &[&str]) -> Result<PastCheck<String>, CellError> {
        let PastColumns([kind, gap_days, size, changes]) = *self;
        Ok(PastCheck {
            kind: filled(row, kind, Wanted::Kind)?,
            gap_days: filled(row, gap_days, Wanted::Number)?,
            size: filled(row, size, Wanted::Number)?,
            changes: filled(row, changes, Wanted::Number)?,
        })
    }
}

fn find<S: AsRef<str>>(headings: &[S], name: &str) -> Option<usize> {
    headings.iter().position(|heading| heading.as_ref().trim() == name)
}

fn required<S: AsRef<str>>(headings: &[S], name: &'static str) -> Result<usize, CellError> {
    find(headings, name).ok_or(CellError { column: headings.len() + 1, problem: CellProblem::NoColumn(name) })
}

/// The text of a column, without the space around it; empty where there is no such column.
fn text<'a>(row: &[&'a str], at: Option<usize>) -> &'a str {
    at.and_then(|at| row.get(at)).map_or("", |cell| cell.trim())
}

/// The value of a column; `None` where the cell is empty or there is no such column.
fn value<T: FromStr>(row: &[&str], at: Option<usize>, wanted: Wanted) -> Result<Option<T>, CellError> {
    match text(row, at) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| other(at, text, wanted)),
    }
}

fn filled<T: FromStr>(row: &[&str], at: usize, wanted: Wanted) -> Result<T, CellError> {
    value(row, Some(at), wanted)?.ok_or(CellError { column: at + 1, problem: CellProblem::Empty(wanted) })
}

fn flag(row: &[&str], at: Option<usize>) -> Result<bool, CellError> {
    match text(row, at).to_lowercase().as_str() {
        "true" | "yes" | "1" | "是" => Ok(true),
        "" | "false" | "no" | "0" | "否" => Ok(false),
        word => Err(other(at, word, Wanted::TrueOrFalse)),
    }
}

fn other(at: Option<usize>, text: &str, wanted: Wanted) -> CellError {
    let problem = CellProblem::Other { text: text.to_owned(), wanted };
    CellError { column: at.map_or(0, |at| at + 1), problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const HEADINGS: [&str; 9] =
        ["id", "lon", "lat", "max_gap_days", "last_visited", "monthly", "kind", "size", "last_seen"];

    #[test]
    fn a_row_is_premises_to_be_visited_and_premises_that_may_be_stale() {
        let columns = PremisesColumns::of(&HEADINGS).unwrap().with_kind().unwrap();
        let row = [" d3 ", "121.1", "31.15", "10", "2026-05-01", "是", "dormitory", "", "2026-05-01"];
        let premises = columns.premises(&row).unwrap();
        assert_eq!((premises.id.as_str(), premises.max_gap_days, premises.monthly), ("d3", Some(10), true));
        assert_eq!((premises.last_visited, premises.monthly_verified), (Some(date(2026, 5, 1)), None));
        assert_eq!(premises.location, Point::new(121.1, 31.15));
        let seen = columns.seen(&row).unwrap();
        assert_eq!((seen.kind.as_str(), seen.size, seen.last_seen), ("dormitory", 1, Some(date(2026, 5, 1))));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_column() {
        let columns = PremisesColumns::of(&HEADINGS).unwrap();
        for (at, cell, words) in [
            (0, " ", "column 1: the cell is empty; it wants the name of the premises"),
            (1, "east", "column 2: `east` is not a number of degrees"),
            (1, "181", "column 2: longitude or latitude is out of range"),
            (2, "nan", "column 2: longitude or latitude is out of range"),
            (3, "-1", "column 4: `-1` is not a whole number from 0"),
            (4, "1 May", "column 5: `1 May` is not a date such as 2026-05-31"),
            (5, "maybe", "column 6: `maybe` is not `true` or `false`"),
        ] {
            let mut row = ["d3", "121.1", "31.15", "10", "", "", "dormitory", "", ""];
            row[at] = cell;
            assert_eq!(columns.premises(&row).unwrap_err().to_string(), words);
        }
        assert_eq!(PremisesColumns::of(&["a"]).unwrap_err().to_string(), "column 2: there is no column `id`");
        let no_kind = PremisesColumns::of(&["id"]).unwrap();
        assert_eq!(no_kind.seen(&["d3"]).unwrap_err().problem, CellProblem::NoColumn("kind"));
        assert_eq!(no_kind.with_kind().unwrap_err().column, 2);
        let past = PastColumns::of(&["kind", "gap_days", "size", "changes"]).unwrap();
        assert_eq!(past.check(&["flat", "30", "2", "1"]).unwrap().gap_days, 30);
        assert_eq!(past.check(&["flat", "30", "", "1"]).unwrap_err().column, 3);
        assert_eq!(past.check(&["flat", "30"]).unwrap_err().column, 3, "a short row has empty cells");
    }
}
