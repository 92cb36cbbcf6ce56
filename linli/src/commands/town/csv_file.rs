//! A town's table as CSV.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use townsim::{Cells, Table};

use super::Writing;
use crate::failure::{Failure, Outcome};

/// A CSV file with a heading.
pub(super) struct CsvFile {
    path: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
}

impl CsvFile {
    pub(super) fn create(path: &Path, table: Table) -> Outcome<Self> {
        let file = File::create(path).map_err(Failure::file(path))?;
        let mut writer = csv::Writer::from_writer(BufWriter::with_capacity(1 << 20, file));
        writer.write_record(table.columns()).map_err(|e| Failure::File(path.into(), e.into()))?;
        Ok(CsvFile { path: path.into(), writer })
    }
}

impl Writing for CsvFile {
    fn row(&mut self, cells: &Cells) -> Outcome {
        self.writer.write_record(cells.iter()).map_err(|e| Failure::File(self.path.clone(), e.into()))
    }

    fn end(self: Box<Self>) -> Outcome {
        let path = self.path;
        let inner = self.writer.into_inner().map_err(|e| Failure::File(path.clone(), e.into_error()))?;
        inner
            .into_inner()
            .map_err(|e| Failure::File(path.clone(), e.into_error()))?
            .flush()
            .map_err(Failure::file(&path))
    }
}
