//! A town's table as Parquet: columns of text.

use std::path::Path;

use townsim::{Cells, Table};

use super::Writing;
use crate::{
    commands::parquet::{Kind, ParquetFile},
    failure::Outcome,
};

/// Creates the file of a table.
pub(super) fn create(path: &Path, table: Table) -> Outcome<ParquetFile> {
    let columns: Vec<_> = table.columns().iter().map(|name| (*name, Kind::Text)).collect();
    ParquetFile::create(path, &columns)
}

impl Writing for ParquetFile {
    fn row(&mut self, cells: &Cells) -> Outcome {
        ParquetFile::row(self, cells.iter())
    }

    fn end(self: Box<Self>) -> Outcome {
        ParquetFile::end(*self)
    }
}
