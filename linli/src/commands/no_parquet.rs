//! What a program without the feature `parquet` says of such files.

use std::path::Path;

use crate::{
    failure::{Failure, Outcome},
    said::{Said, Why},
};

/// What a column would hold.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Whole,
    Real,
}

/// A file that is never written.
pub(super) enum ParquetFile {}

impl ParquetFile {
    pub fn create(path: &Path, _: &[(&str, Kind)]) -> Outcome<Self> {
        Err(without(path))
    }
    pub fn row<'c>(&mut self, _: impl Iterator<Item = &'c str>) -> Outcome {
        match *self {}
    }
    pub fn end(self) -> Outcome {
        match self {}
    }
}

/// A file that is never read.
///
/// # Errors
/// Always.
pub(super) fn read(file: &Path, _: &[&str], _: u64) -> Outcome<(Vec<u8>, Vec<String>)> {
    Err(without(file))
}

fn without(file: &Path) -> Failure {
    let english = "this program was built without Parquet; build it with the feature `parquet`, or use CSV";
    let reason = Why::new(english, Said::plain("cli-parquet-without"));
    Failure::Cell { file: file.into(), line: 0, column: 0, reason }
}
