//! Who told a fact, and when it was seen and entered.

use linli_platform::clock::At;

use crate::codes::Source;

/// How far back something may have been seen that is entered now: a year and a day, as on the phone (R10, R16).
pub const SEEN_BACK_DAYS: i64 = 366;

/// The circumstances of a change: each carries its source, when it was seen, and when it was entered if not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Where it comes from.
    pub source: Source,
    /// When it was seen in the world; R10's clock starts here.
    pub seen_at: Option<At>,
    /// When it was entered; now where there is none. Only for building the past of a demonstration.
    pub entered_at: Option<At>,
}

impl Told {
    /// Seen at an instant.
    pub fn seen(source: Source, at: At) -> Self {
        Told { source, seen_at: Some(at), entered_at: None }
    }
}

impl From<Source> for Told {
    fn from(source: Source) -> Self {
        Told { source, seen_at: None, entered_at: None }
    }
}

/// A stretch of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// So many rows are skipped.
    pub offset: i64,
    /// At most so many are given, 1..=500.
    pub limit: i64,
}

impl Slice {
    /// The first rows.
    pub fn first(limit: i64) -> Self {
        Slice { offset: 0, limit }
    }
    /// How many there are in all, where the rows given say so: the stretch was not full.
    pub(crate) fn total_of(self, rows: usize) -> Option<i64> {
        let (rows, offset) = (i64::try_from(rows).ok()?, self.offset.max(0));
        // An empty stretch far behind says nothing.
        (rows < self.limit.clamp(1, 500) && (rows > 0 || offset == 0)).then_some(offset + rows)
    }
    /// ` LIMIT … OFFSET …`; numbers only, so it needs no marks.
    pub(crate) fn sql(self) -> String {
        format!(" LIMIT {} OFFSET {}", self.limit.clamp(1, 500), self.offset.max(0))
    }
}

/// A stretch of a list and how many there are in all, within the reader's scope.
#[derive(Debug, Clone)]
pub struct Found<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are.
    pub total: i64,
}

impl<T> Found<T> {
    /// Nothing.
    pub fn nothing() -> Self {
        Found { rows: Vec::new(), total: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_that_is_not_full_tells_how_many_there_are() {
        for (offset, rows, total) in
            [(0, 0, Some(0)), (0, 3, Some(3)), (0, 20, None), (40, 3, Some(43)), (40, 0, None), (40, 20, None)]
        {
            assert_eq!(Slice { offset, limit: 20 }.total_of(rows), total, "{offset} {rows}");
        }
    }
}
