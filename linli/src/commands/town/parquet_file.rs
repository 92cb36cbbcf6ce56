//! A town's table as Parquet: columns of text, with dictionaries, compressed with Snappy.

use std::{
    fs::File,
    io::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};
use townsim::{Cells, Table};

use super::Writing;
use crate::failure::{Failure, Outcome};

/// Rows that are held before they are written; each group of rows is compressed by itself.
const ROWS_A_GROUP: usize = 50_000;

/// A Parquet file.
pub(super) struct ParquetFile {
    path: PathBuf,
    writer: SerializedFileWriter<File>,
    columns: Vec<Vec<ByteArray>>,
}

fn schema(table: Table) -> Result<Type, ParquetError> {
    let column = |name: &&str| {
        let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(Some(LogicalType::String));
        column.build().map(Arc::new)
    };
    let columns = table.columns().iter().map(column).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder(table.name()).with_fields(columns).build()
}

impl ParquetFile {
    pub(super) fn create(path: &Path, table: Table) -> Outcome<Self> {
        let failed = |e: ParquetError| Failure::File(path.into(), Error::other(e));
        let file = File::create(path).map_err(Failure::file(path))?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let schema = Arc::new(schema(table).map_err(failed)?);
        let writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(failed)?;
        let columns = vec![Vec::with_capacity(ROWS_A_GROUP); table.columns().len()];
        Ok(ParquetFile { path: path.into(), writer, columns })
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for cells in &mut self.columns {
            let Some(mut column) = group.next_column()? else { break };
            column.typed::<ByteArrayType>().write_batch(cells, None, None)?;
            column.close()?;
            cells.clear();
        }
        group.close().map(|_| ())
    }

    fn failed(&self, e: ParquetError) -> Failure {
        Failure::File(self.path.clone(), Error::other(e))
    }
}

impl Writing for ParquetFile {
    fn row(&mut self, cells: &Cells) -> Outcome {
        for (column, cell) in self.columns.iter_mut().zip(cells.iter()) {
            column.push(ByteArray::from(cell.as_bytes().to_vec()));
        }
        if self.columns.first().is_some_and(|column| column.len() == ROWS_A_GROUP) {
            self.write_group().map_err(|e| self.failed(e))?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Outcome {
        if self.columns.first().is_some_and(|column| !column.is_empty()) {
            self.write_group().map_err(|e| self.failed(e))?;
        }
        let path = self.path.clone();
        self.writer.close().map_err(|e| Failure::File(path, Error::other(e)))?;
        Ok(())
    }
}
