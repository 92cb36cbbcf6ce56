//! Importing a file without pages: for the command line.

use std::path::Path;

use super::{
    CellProblem, DroppedColumn, ImportKind, Mapping, Summary,
    apply::{self, may_import},
    case::{self, State},
    check::{self, count},
    kind_of, stage,
    table::{self, Permitted, known_headings},
};
use crate::{
    app::App,
    error::{AppError, Result},
    ids::ImportId,
    reader::Reader,
    sheet::{self, normalise_heading},
};

/// What an import from a file is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the file.
    Read,
    /// Checking rows.
    Check,
    /// Writing them.
    Apply,
}

/// What an import from a file found and did.
#[derive(Debug, Clone)]
pub struct ImportReport {
    /// The import, as the list of imports shows it; `None` if nothing was written.
    pub import: Option<ImportId>,
    /// Rows of the file with something in a mapped column.
    pub rows: u64,
    /// Records made or changed; `None` if nothing was written.
    pub applied: Option<u64>,
    /// Rows with a fatal message.
    pub bad_rows: u64,
    /// Which heading was taken for which column.
    pub mapped_columns: Vec<(String, String)>,
    /// Columns that were not imported, and why.
    pub dropped_columns: Vec<DroppedColumn>,
    /// Counts of the check, by Fluent key `import-count-<key>`.
    pub counts: Vec<(String, i64)>,
    /// Every message.
    pub problems: Vec<CellProblem>,
}

/// Reads, checks and writes a table. `mapping` names columns by heading, over what is guessed; an empty name drops
/// the column. With fatal messages nothing is written unless `leave_out_bad`; with `dry_run` never. `progress` hears
/// the stage, rows done, and rows in all.
///
/// # Errors
/// `sheet-…` if the file cannot be read, `import-column-…` if columns do not fit, and those of the kind.
pub async fn run_file(
    app: &App,
    reader: &Reader,
    kind_name: &str,
    path: &Path,
    mapping: Option<&[(String, String)]>,
    leave_out_bad: bool,
    dry_run: bool,
    progress: &(dyn Fn(Stage, u64, u64) + Send + Sync),
) -> Result<ImportReport> {
    may_import(reader)?;
    let kind = kind_of(app, kind_name)?;
    progress(Stage::Read, 0, 0);
    let mut permitted = read(kind, path).await?;
    override_mapping(&mut permitted, mapping.unwrap_or_default());
    // What is wrong with the columns is wrong in the line of the headings.
    permitted.mapping.validate(kind.columns()).map_err(|e| e.arg("line", permitted.heading_row))?;
    permitted.dropped.extend(table::unmapped(&permitted.headers, &permitted.mapping));
    let staged = table::remap(kind.columns(), &permitted.mapping, std::mem::take(&mut permitted.rows));
    let total = staged.len() as u64;
    progress(Stage::Check, 0, total);
    let (rows, outcome) = check::outcome(app, reader, kind, staged).await?;
    let (bad, blocked) = check::bad_rows(&rows, &outcome.problems);
    progress(Stage::Check, total, total);
    let mut report = ImportReport {
        import: None,
        rows: total,
        applied: None,
        bad_rows: bad.len() as u64,
        mapped_columns: mapped(&permitted),
        dropped_columns: permitted.dropped.clone(),
        counts: outcome.counts,
        problems: outcome.problems,
    };
    if dry_run || blocked || (!bad.is_empty() && !leave_out_bad) || bad.len() == rows.len() {
        return Ok(report);
    }
    let good: Vec<_> = rows.into_iter().filter(|r| !bad.contains(&r.row)).collect();
    progress(Stage::Apply, 0, good.len() as u64);
    let tx = app.store.begin(reader).await?;
    let id: ImportId = tx.new_id();
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    stage::insert_case(&tx, id, kind, &name, State::Applied, &permitted).await?;
    let records = kind.apply(app, &tx, &good, None).await?;
    let mut case = case::find(&tx, reader, id).await?;
    case.row_count = i64::try_from(total).unwrap_or(i64::MAX);
    case.summary = Summary { counts: report.counts.clone(), ..Summary::default() };
    apply::finish(&tx, &case, count(good.len()), records).await?;
    tx.commit().await?;
    kind.applied(app).await?;
    progress(Stage::Apply, good.len() as u64, good.len() as u64);
    report.import = Some(id);
    report.applied = Some(records);
    Ok(report)
}

async fn read(kind: &dyn ImportKind, path: &Path) -> Result<Permitted> {
    let known = known_headings(kind.columns());
    let path = path.to_owned();
    let sheet = tokio::task::spawn_blocking(move || sheet::read_file(&path, &known)).await;
    table::permit(kind.columns(), sheet.map_err(AppError::internal)??)
}

fn override_mapping(permitted: &mut Permitted, named: &[(String, String)]) {
    let Mapping(mapping) = &mut permitted.mapping;
    for (heading, column) in named {
        let wanted = normalise_heading(heading);
        for i in (0..mapping.len()).filter(|i| normalise_heading(&permitted.headers[*i]) == wanted) {
            mapping[i] = (!column.is_empty()).then(|| column.clone());
        }
    }
    // A column named by hand is taken from whatever the guess gave it to.
    for (heading, column) in named {
        for (i, m) in mapping.iter_mut().enumerate() {
            let by_hand = normalise_heading(&permitted.headers[i]) == normalise_heading(heading);
            if !by_hand && m.as_ref() == Some(column) {
                *m = None;
            }
        }
    }
}

fn mapped(permitted: &Permitted) -> Vec<(String, String)> {
    let pairs = permitted.headers.iter().zip(&permitted.mapping.0);
    pairs.filter_map(|(h, m)| m.as_ref().map(|m| (h.clone(), m.clone()))).collect()
}
