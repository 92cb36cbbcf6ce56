//! Which columns are sealed under a subject's own key, and which blind indexes stand beside them.

/// A sealed value that is found by a blind index.
#[derive(Debug, Clone, Copy)]
pub struct Indexed {
    /// The sealed column: the normalised value.
    pub sealed: &'static str,
    /// The column of the index.
    pub blind: &'static str,
    /// The kind it is computed for: `doc`, `mobile`.
    pub kind: &'static str,
}

/// Columns sealed under a subject's own key.
#[derive(Debug, Clone, Copy)]
pub struct SealedTable {
    /// The table.
    pub table: &'static str,
    /// The column that names the subject.
    pub id: &'static str,
    /// The column that names the row; the subject's own where there is one row of each.
    pub row: &'static str,
    /// The table that the values are bound to: the own one, or the one that they are copies of.
    pub bound: &'static str,
    /// The sealed columns.
    pub columns: &'static [&'static str],
    /// Those of them that are found by a blind index.
    pub indexed: &'static [Indexed],
}

impl SealedTable {
    /// A table with one row of each subject, named by the subject's id.
    pub const fn new(table: &'static str, id: &'static str, columns: &'static [&'static str]) -> Self {
        SealedTable { table, id, row: id, bound: table, columns, indexed: &[] }
    }
    /// A table that keeps copies of another's sealed values, several of a subject.
    pub const fn copies(
        (table, row): (&'static str, &'static str),
        of: &'static str,
        id: &'static str,
        columns: &'static [&'static str],
    ) -> Self {
        SealedTable { table, id, row, bound: of, columns, indexed: &[] }
    }
    /// With the blind indexes of some of its columns.
    #[must_use]
    pub const fn indexed(mut self, indexed: &'static [Indexed]) -> Self {
        self.indexed = indexed;
        self
    }
}
