//! Imports of tables (导入): upload, mapping, preview, confirmation, all or nothing.
//!
//! An import goes through these states: `uploaded` (the file is read, its permitted columns are staged, sealed) →
//! `mapped` (somebody confirmed what each column is; the others are dropped) → `checking` → `checked` (each bad cell
//! has a message, nothing is written yet) → `applying` → `applied` (one transaction, all or nothing). It can be
//! `cancelled` until it is being applied, and `failed` says why. One whose job gave up stands still until somebody goes
//! on with it, checks it anew or cancels it. Staged rows go when it is applied or cancelled.
//!
//! Staged rows are sealed under a data key of the import's own and opened by recorded machine runs alone: pages show
//! personal columns masked. Columns about what Linli never stores (boundary 1) are dropped before staging and the
//! report names them (boundary 9).

mod apply;
mod case;
mod check;
mod file;
mod forbidden;
mod mapping;
mod pages;
mod stage;
pub mod table;
mod upload;
mod work;
mod workbook;

use std::borrow::Cow;

use futures::future::BoxFuture;

pub use apply::{apply, cancel, confirm, resume};
pub use case::{Case, DropReason, DroppedColumn, Problem, ProblemGroup, State, Summary, find, list, problems};
pub use check::{check, check_again};
pub use file::{ImportReport, Stage, run_file};
pub use forbidden::is_forbidden_heading;
pub use mapping::{Mapping, guess};
pub use pages::area;
pub use stage::{blank_rows, map_columns, stage};
pub use work::jobs;
pub use workbook::{problem_workbook, template};

use crate::{
    app::App,
    error::{AppError, Result},
    jobs::Job,
    reader::Reader,
    store::Tx,
};

/// The imports' Fluent texts: zh-CN, then en.
pub fn texts() -> (&'static str, &'static str) {
    (include_str!("../../texts/import.zh-CN.ftl"), include_str!("../../texts/import.en.ftl"))
}

/// The kind of import with this name.
///
/// # Errors
/// `import-kind-unknown`.
pub fn kind_of<'a>(app: &'a App, name: &str) -> Result<&'a dyn ImportKind> {
    let found = app.imports.iter().find(|k| k.name() == name).map(AsRef::as_ref);
    found.ok_or_else(|| AppError::rule("import-kind-unknown"))
}

/// One column that a table can have.
#[derive(Debug, Clone)]
pub struct ColumnSpec {
    /// Stable name; Fluent text: `column-<name>`.
    pub name: &'static str,
    /// Headings that mean it, Chinese and English, compared without spaces, case and width.
    pub headings: &'static [&'static str],
    /// Whether a table without it cannot be imported.
    pub required: bool,
    /// Whether its values are personal: shown masked in previews, sealed in staging.
    pub personal: bool,
}

/// A message at one cell.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CellProblem {
    /// Row number in the file, the heading being row 1.
    pub row: u64,
    /// Column name of [`ColumnSpec`]; empty for the row as a whole.
    pub column: Cow<'static, str>,
    /// Fluent key: `cell-<code>`.
    pub code: Cow<'static, str>,
    /// Arguments of the text; never personal values.
    pub args: Vec<(String, String)>,
    /// Whether the row cannot be imported (else it is a warning).
    pub fatal: bool,
}

/// One row with mapped columns only.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct MappedRow {
    /// Row number in the file, the heading being row 1.
    pub row: u64,
    /// One text per column of the kind, in the kind's order; empty where the file has none.
    pub cells: Vec<String>,
}

/// What an import would do, for the preview.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct CheckOutcome {
    /// Messages at cells.
    pub problems: Vec<CellProblem>,
    /// Counts for the preview, by Fluent key `import-count-<key>`: new, changed, same …
    pub counts: Vec<(String, i64)>,
}

/// A table that can be imported. Areas implement it; the pages, the staging and the error workbook are common.
pub trait ImportKind: Send + Sync {
    /// Stable name, also the command line's: `residents`. Fluent text: `import-<name>`.
    fn name(&self) -> &'static str;
    /// Its columns.
    fn columns(&self) -> &'static [ColumnSpec];
    /// Checks rows against the rules and the register; changes nothing. Called with all rows of the file.
    fn check<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        rows: &'a [MappedRow],
    ) -> BoxFuture<'a, Result<CheckOutcome>>;
    /// Writes all rows (which were checked without a fatal problem) in the given transaction, with their events.
    /// Returns how many records it made or changed. Reports progress through `job` where there is one.
    fn apply<'a>(
        &'a self,
        app: &'a App,
        tx: &'a Tx,
        rows: &'a [MappedRow],
        job: Option<&'a Job>,
    ) -> BoxFuture<'a, Result<u64>>;
    /// After the commit: refresh what is kept in memory.
    fn applied<'a>(&'a self, _app: &'a App) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}
