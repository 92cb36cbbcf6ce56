//! A roster from a file without pages: for the command line.

use std::path::Path;

use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    import::{DroppedColumn, Problem, table::known_headings},
    reader::Reader,
    sheet::{self, normalise_heading},
    texts::Lang,
    web::Paging,
};
use linli_register::EmployerId;

use crate::{
    codes::{Class, Kind},
    columns::COLUMNS,
    compare, confirm,
    confirm::Confirmed,
    ids::RosterId,
    reasons::headline,
    results, send, store,
};

/// What [`run_file`] is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the file and staging its rows.
    Read,
    /// Checking its cells.
    Check,
    /// Comparing with the register.
    Compare,
    /// Confirming.
    Confirm,
}

/// One compared row, masked.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Row in the file; negative for who is gone from the roster.
    pub row: i64,
    /// Class of R15.
    pub class: Option<Class>,
    /// Name, masked.
    pub name: String,
    /// Number, masked.
    pub doc: String,
    /// Claimed address down to its road.
    pub road: String,
    /// How probable it is that both are the same person.
    pub probability: f64,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// What became of a roster.
#[derive(Debug, Clone)]
pub struct Report {
    /// The roster, as the pages show it.
    pub roster: RosterId,
    /// Rows.
    pub rows: i64,
    /// Rows with a message that should be put right.
    pub bad_rows: i64,
    /// Columns that were not stored, and why.
    pub dropped_columns: Vec<DroppedColumn>,
    /// Messages at cells; values are masked.
    pub problems: Vec<Problem>,
    /// Rows by class, every class in the order of R15.
    pub counts: Vec<(Class, i64)>,
    /// The compared rows that the reader sees.
    pub lines: Vec<Line>,
    /// What the confirmation did; `None` if it was not asked for.
    pub confirmed: Option<Confirmed>,
}

/// Reads, checks and compares an employer's full list of today, and confirms the comparison if `confirm`. `mapping`
/// names columns by heading, over what is guessed; an empty name drops the column. `progress` hears each stage.
///
/// # Errors
/// `sheet-…`, `import-column-…`, those of [`send::upload`] and [`confirm::confirm`]. `forbidden` for a reader who may
/// not send for the employer, see comparisons, or confirm.
pub async fn run_file(
    app: &App,
    reader: &Reader,
    employer: EmployerId,
    path: &Path,
    mapping: Option<&[(String, String)]>,
    confirm: bool,
    lang: Lang,
    progress: &(dyn Fn(Stage, u64, u64) + Send + Sync),
) -> Result<Report> {
    progress(Stage::Read, 0, 0);
    let file = path.to_owned();
    let sheet = tokio::task::spawn_blocking(move || sheet::read_file(&file, &known_headings(COLUMNS))).await;
    let sheet = sheet.map_err(AppError::internal)??;
    let file_name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let as_of_day: Day = app.store.now().day();
    let new = send::NewRoster { employer, kind: Kind::Full, as_of_day, file_name };
    let id = send::upload(&app.store, reader, new, sheet).await?;
    let mut roster = store::find(&app.store.reads(), reader, id).await?;
    let total = u64::try_from(roster.row_count).unwrap_or(0);
    progress(Stage::Check, 0, total);
    let columns = named(&roster, mapping.unwrap_or_default())?;
    send::map_columns(&app.store, reader, id, columns).await?;
    let problems = store::problems(&app.store.reads(), id).await?;
    progress(Stage::Compare, 0, total);
    send::send(&app.store, reader, id).await?;
    compare::compare(app, id, None).await?;
    progress(Stage::Compare, total, total);
    let counts = results::counts(&app.store.reads(), reader, id).await?;
    let lines = lines(app, reader, id, lang).await?;
    roster = store::find(&app.store.reads(), reader, id).await?;
    let mut confirmed = None;
    if confirm {
        progress(Stage::Confirm, 0, total);
        confirmed = Some(confirm::confirm(app, reader, id, roster.version).await?);
        progress(Stage::Confirm, total, total);
    }
    Ok(Report {
        roster: id,
        rows: roster.row_count,
        bad_rows: roster.bad_count,
        dropped_columns: roster.dropped()?,
        problems,
        counts,
        lines,
        confirmed,
    })
}

fn named(roster: &store::Roster, by_hand: &[(String, String)]) -> Result<linli_platform::import::Mapping> {
    let (headers, mut mapping) = (roster.headers()?, roster.mapping()?);
    for (i, heading) in headers.iter().enumerate() {
        let heading = normalise_heading(heading);
        match by_hand.iter().find(|(h, _)| normalise_heading(h) == heading) {
            Some((_, column)) => mapping.0[i] = (!column.is_empty()).then(|| column.clone()),
            // A column named by hand is taken from whatever the guess gave it to.
            None if by_hand.iter().any(|(_, c)| mapping.0[i].as_ref() == Some(c)) => mapping.0[i] = None,
            None => {}
        }
    }
    Ok(mapping)
}

async fn lines(app: &App, reader: &Reader, id: RosterId, lang: Lang) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut paging = Paging { page: 1, per_page: 1_000, total: 0 };
    loop {
        let (rows, total) = results::list(&app.store.reads(), reader, id, None, &paging).await?;
        lines.extend(rows.into_iter().map(|r| Line {
            row: r.row_no,
            class: r.class(),
            reasons: headline(&r.reasons(), lang),
            name: r.name_masked,
            doc: r.doc_masked,
            road: r.road,
            probability: r.probability,
        }));
        paging = paging.of(total);
        match paging.next() {
            Some(next) => paging.page = next,
            None => return Ok(lines),
        }
    }
}
