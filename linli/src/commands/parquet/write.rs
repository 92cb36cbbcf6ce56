//! A table as Parquet: columns of text or numbers, with dictionaries, compressed with Snappy.

use std::{
    io::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use crate::{
    commands::output::NewFile,
    failure::{Failure, Outcome},
};

/// Rows that are held before they are written; each group of rows is compressed by itself.
const ROWS_A_GROUP: usize = 50_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Kind {
    /// Text, empty where there is none.
    Text,
    /// Whole numbers of 64 bits, null where there is none.
    Whole,
    /// Numbers with decimals.
    Real,
}

/// Cells that have not been written yet; of numbers, 1 for each that is there and 0 for each that is not.
enum Cells {
    Text(Vec<ByteArray>),
    Whole(Vec<i64>, Vec<i16>),
    Real(Vec<f64>),
}

impl Cells {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Cells::Text(Vec::with_capacity(ROWS_A_GROUP)),
            Kind::Whole => Cells::Whole(Vec::with_capacity(ROWS_A_GROUP), Vec::with_capacity(ROWS_A_GROUP)),
            Kind::Real => Cells::Real(Vec::with_capacity(ROWS_A_GROUP)),
        }
    }

    fn push(&mut self, cell: &str) -> Result<(), String> {
        let no_number = |_| "a cell of a column of numbers is none".to_owned();
        match self {
            Cells::Text(cells) => cells.push(ByteArray::from(cell.as_bytes().to_vec())),
            Cells::Whole(_, there) if cell.is_empty() => there.push(0),
            Cells::Whole(cells, there) => {
                cells.push(cell.parse().map_err(|e: std::num::ParseIntError| e.to_string()).map_err(no_number)?);
                there.push(1);
            }
            Cells::Real(cells) => {
                cells.push(cell.parse().map_err(|e: std::num::ParseFloatError| e.to_string()).map_err(no_number)?);
            }
        }
        Ok(())
    }
}

/// A Parquet file that is being written.
pub(in crate::commands) struct ParquetFile {
    path: PathBuf,
    writer: SerializedFileWriter<NewFile>,
    columns: Vec<Cells>,
    held: usize,
}

fn schema(columns: &[(&str, Kind)]) -> Result<Type, ParquetError> {
    let column = |(name, kind): &(&str, Kind)| {
        let (physical, repetition, logical) = match kind {
            Kind::Text => (Physical::BYTE_ARRAY, Repetition::REQUIRED, Some(LogicalType::String)),
            Kind::Whole => (Physical::INT64, Repetition::OPTIONAL, None),
            Kind::Real => (Physical::DOUBLE, Repetition::REQUIRED, None),
        };
        let column = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        column.with_logical_type(logical).build().map(Arc::new)
    };
    let columns = columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("table").with_fields(columns).build()
}

impl ParquetFile {
    /// Creates it with its columns.
    pub fn create(path: &Path, columns: &[(&str, Kind)]) -> Outcome<Self> {
        let failed = |e: ParquetError| Failure::File(path.into(), Error::other(e));
        let file = NewFile::create(path, &[])?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let schema = Arc::new(schema(columns).map_err(failed)?);
        let writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(failed)?;
        let columns = columns.iter().map(|(_, kind)| Cells::of(*kind)).collect();
        Ok(ParquetFile { path: path.into(), writer, columns, held: 0 })
    }

    /// One row, a cell for each column.
    pub fn row<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Outcome {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell).map_err(|reason| Failure::File(self.path.clone(), Error::other(reason)))?;
        }
        self.held += 1;
        if self.held == ROWS_A_GROUP { self.write_group() } else { Ok(()) }
    }

    /// Everything is written.
    pub fn end(mut self) -> Outcome {
        if self.held > 0 {
            self.write_group()?;
        }
        let file = self.writer.into_inner().map_err(|e| Failure::File(self.path, Error::other(e)))?;
        file.finish()
    }

    fn write_group(&mut self) -> Outcome {
        self.held = 0;
        write_group(&mut self.writer, &mut self.columns).map_err(|e| Failure::File(self.path.clone(), Error::other(e)))
    }
}

fn write_group(writer: &mut SerializedFileWriter<NewFile>, columns: &mut [Cells]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for cells in columns {
        let Some(mut column) = group.next_column()? else { break };
        match cells {
            Cells::Text(cells) => {
                column.typed::<ByteArrayType>().write_batch(cells, None, None)?;
                cells.clear();
            }
            Cells::Whole(cells, there) => {
                column.typed::<Int64Type>().write_batch(cells, Some(there), None)?;
                cells.clear();
                there.clear();
            }
            Cells::Real(cells) => {
                column.typed::<DoubleType>().write_batch(cells, None, None)?;
                cells.clear();
            }
        }
        column.close()?;
    }
    group.close().map(|_| ())
}
