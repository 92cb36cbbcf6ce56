//! `linli address compare`: do two writings mean the same door?

use std::path::PathBuf;

use cn_address::{Comparison, Level, Parser};
use linli_platform::texts::T;

use crate::{
    commands::{
        cells::Cells,
        table::{Sink, Table},
    },
    failure::Outcome,
    said::Words,
};

/// What is compared.
#[derive(Debug, clap::Args)]
pub struct Compare {
    /// Two addresses.
    #[arg(value_name = "ADDRESS", num_args = 2, required_unless_present = "file", conflicts_with = "file")]
    addresses: Vec<String>,
    /// A table with an address in each of two columns, CSV; adds `level` and `reason`.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The one column.
    #[arg(long, default_value = "left", requires = "file")]
    left: String,
    /// The other column.
    #[arg(long, default_value = "right", requires = "file")]
    right: String,
    /// Where the table goes; without it, the screen.
    #[arg(long, requires = "file")]
    out: Option<PathBuf>,
}

/// Compares and prints level and reason.
///
/// # Errors
/// A table that cannot be read, or lacks a column.
pub fn run(asked: &Compare, t: &T) -> Outcome {
    let words = Words::new(t);
    let parser = Parser::new();
    let judge = |left: &str, right: &str| cn_address::compare(&parser.parse(left), &parser.parse(right));
    let Some(file) = &asked.file else {
        if let [left, right] = asked.addresses.as_slice() {
            let found = judge(left, right);
            crate::say!("{}: {}", level(found.level), words.of(found.reason));
        }
        return Ok(());
    };
    let mut table = Table::open(file)?;
    let (left, right) = (table.column(&asked.left)?, table.column(&asked.right)?);
    let mut sink = Sink::create(asked.out.as_deref(), &[file])?;
    sink.row(table.headings().iter().map(String::as_str).chain(["level", "reason"]))?;
    table.each(|line, row| {
        let cells = Cells::new(file, line, row);
        let Comparison { level: found, reason } = judge(cells.text(Some(left)), cells.text(Some(right)));
        sink.row(row.iter().chain([level(found), words.of(reason)]))
    })?;
    sink.end()
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Unknown => "unknown",
        Level::Different => "different",
        Level::SameRoadOrVillage => "same-road-or-village",
        Level::SameBuilding => "same-building",
        Level::SameDoor => "same-door",
    }
}
