//! `linli match`: a roster against a register; `linli link`: any two tables. CSV or Parquet in and out, by the endings
//! of the names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use roster_match::{
    Lang, Matcher, Model, ModelError, Options, RosterRow, RowResult,
    link::{self, Config, ConfigError},
    tables::{self, AddressTable, RegisterTable, RosterTable, TableError},
};

use crate::{
    commands::{
        output::{self, NewFile},
        parquet::{self, Kind, ParquetFile},
        table::{Sink, is_parquet},
        text::{self, MAX_HELD_BYTES},
        toml_file,
    },
    failure::{Failure, Outcome},
    said::Why,
};

const REGISTER: [&str; 6] = ["pid", "name", "doc_no", "phone", "addr_id", "employer_id"];
const ADDRESSES: [&str; 2] = ["addr_id", "text"];
const ROSTER: [&str; 6] = ["row_id", "employer_id", "name", "id_no", "phone", "address"];

/// The files of a comparison.
#[derive(Debug, clap::Args)]
pub struct Match {
    /// Registered people: `pid,name,doc_type,doc_no,phone,addr_id,employer_id`.
    #[arg(long)]
    pub register: PathBuf,
    /// Standard addresses: `addr_id,text`.
    #[arg(long)]
    pub addresses: PathBuf,
    /// The roster: `row_id,employer_id,employer,name,id_no,phone,address`.
    #[arg(long)]
    pub roster: PathBuf,
    /// Where results go: `row_id,pid,decision,cls,probability,reason`.
    #[arg(long)]
    pub out: PathBuf,
    /// Where those go who are registered at an employer of the roster and absent from it: `employer_id,pid`.
    #[arg(long)]
    pub missing: Option<PathBuf>,
    /// Weights: read if the file is there, else learnt from these rows and written to it.
    #[arg(long)]
    pub model: Option<PathBuf>,
}

/// The files of a linkage.
#[derive(Debug, clap::Args)]
pub struct Link {
    /// The left table, CSV with a heading or Parquet.
    #[arg(long)]
    pub left: PathBuf,
    /// The right table; without it, duplicates within the left one are found.
    #[arg(long)]
    pub right: Option<PathBuf>,
    /// Fields, comparators and blocks, TOML.
    #[arg(long)]
    pub config: PathBuf,
    /// Where links go: `left,right,probability`; without it, the screen.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Where the learnt weights go: `field,level,same,other`.
    #[arg(long)]
    pub weights: Option<PathBuf>,
}

/// Compares and writes the results.
///
/// # Errors
/// A table that cannot be read or lacks a column, with file, line and column; a model that cannot be read.
pub fn run(files: &Match, lang: Lang) -> Outcome {
    let inputs = [files.register.as_path(), &files.addresses, &files.roster];
    for out in [Some(&files.out), files.missing.as_ref(), files.model.as_ref()].into_iter().flatten() {
        output::apart(out, &inputs)?;
    }
    if files.missing.as_ref().is_some_and(|missing| *missing == files.out) {
        return Err(Failure::say("cli-out-twice").arg("file", files.out.display()));
    }
    let roster_file = read(&files.roster, &ROSTER)?;
    let (addresses, roster) = std::thread::scope(|scope| {
        let addresses = scope.spawn(|| {
            let table = read(&files.addresses, &ADDRESSES)?;
            AddressTable::read(&table.csv).map_err(cell(&files.addresses))
        });
        let roster = RosterTable::read(&roster_file.csv).map_err(cell(&files.roster));
        (addresses.join().expect("reading a table does not panic"), roster)
    });
    let (addresses, roster) = (addresses?, roster?);
    let Held { csv, whole } = read(&files.register, &REGISTER)?;
    let register = RegisterTable::read(&csv, addresses, &roster, Options::default()).map_err(cell(&files.register))?;
    drop(csv);
    let rows = roster.rows();
    let (matcher, results) = compare(files.model.as_deref(), &register, &rows)?;
    let pid = kind(&whole, "pid");
    if is_parquet(&files.out) {
        let row_id = ("row_id", kind(&roster_file.whole, "row_id"));
        let text = |name| (name, Kind::Text);
        let columns =
            [row_id, ("pid", pid), text("decision"), text("cls"), ("probability", Kind::Real), text("reason")];
        let mut out = ParquetFile::create(&files.out, &columns)?;
        tables::each_result(&roster, &register, &results, lang, |one| {
            out.row([one.row_id, one.pid, one.decision, one.cls, one.probability, one.reason].into_iter())
        })?;
        out.end()?;
    } else {
        write(&files.out, |out| tables::write_results(&roster, &register, &results, lang, out))?;
    }
    let Some(missing) = &files.missing else { return Ok(()) };
    let gone = matcher.missing(&rows, &results);
    if !is_parquet(missing) {
        return write(missing, |out| tables::write_missing(&roster, &register, &gone, out));
    }
    let columns = [("employer_id", kind(&roster_file.whole, "employer_id")), ("pid", pid)];
    let mut out = ParquetFile::create(missing, &columns)?;
    tables::each_missing(&roster, &register, &gone, |employer, pid| out.row([employer, pid].into_iter()))?;
    out.end()
}

/// Ids that are whole numbers in Parquet stay so; others are text.
fn kind(whole: &[String], column: &str) -> Kind {
    if whole.iter().any(|name| name == column) { Kind::Whole } else { Kind::Text }
}

/// By the weights of the file, or by weights learnt from these rows without labels; learnt ones are kept in the file.
fn compare<'a>(
    file: Option<&Path>,
    register: &'a RegisterTable,
    rows: &[RosterRow<'_>],
) -> Outcome<(Matcher<'a>, Vec<RowResult>)> {
    if let Some(file) = file.filter(|f| f.is_file()) {
        let model = Model::from_toml(&text::small(file)?).map_err(|e| model_failure(file, &e))?;
        let matcher = Matcher::new(&register.register, &model);
        let results = matcher.compare(rows);
        return Ok((matcher, results));
    }
    let matcher = Matcher::new(&register.register, &Model::default());
    let (learnt, results) = matcher.learn_and_compare(rows);
    if let Some(file) = file {
        let text = learnt.to_toml().map_err(linli_platform::AppError::internal)?;
        fs::write(file, text).map_err(Failure::file(file))?;
    }
    Ok((matcher, results))
}

/// Links two tables, or finds the duplicates of one.
///
/// # Errors
/// A table or configuration that cannot be read, with file, line and column.
pub fn link(files: &Link) -> Outcome {
    let config = Config::from_toml(&text::small(&files.config)?).map_err(|e| config_failure(&files.config, &e))?;
    let [left_columns, right_columns] = config.columns();
    let (left, left_ids) = columns(&files.left, &left_columns, &config)?;
    let right = files.right.as_ref().map(|file| columns(file, &right_columns, &config)).transpose()?;
    let found = link::link(&left, right.as_ref().map(|(table, _)| table.as_slice()), &config);
    let right_ids = right.as_ref().map_or(&left_ids, |(_, ids)| ids);
    let inputs: Vec<&Path> =
        [&files.left, &files.config].into_iter().chain(&files.right).map(PathBuf::as_path).collect();
    if let Some(weights) = &files.weights {
        output::apart(weights, &inputs)?;
    }
    let mut sink = Sink::create(files.out.as_deref(), &inputs)?;
    sink.row(["left", "right", "probability"])?;
    for one in &found.links {
        sink.row([name(&left_ids, one.left), name(right_ids, one.right), format!("{:.6}", one.probability)])?;
    }
    sink.end()?;
    let Some(weights) = &files.weights else { return Ok(()) };
    let mut sink = Sink::create(Some(weights), &inputs)?;
    sink.row(["field", "level", "same", "other"])?;
    for one in &found.weights {
        sink.row([one.field.clone(), one.level.to_owned(), format!("{:.6}", one.same), format!("{:.9}", one.other)])?;
    }
    sink.end()
}

type Columns = (Vec<Vec<String>>, Vec<String>);

fn columns(file: &Path, names: &[&str], config: &Config) -> Outcome<Columns> {
    let wanted: Vec<&str> = names.iter().copied().chain(config.id.as_deref()).collect();
    let Held { csv, .. } = read(file, &wanted)?;
    let table = tables::read_columns(&csv, names).map_err(cell(file))?;
    let ids = match &config.id {
        Some(id) => tables::read_columns(&csv, &[id]).map_err(cell(file))?.pop().unwrap_or_default(),
        None => Vec::new(),
    };
    Ok((table, ids))
}

fn name(ids: &[String], row: u32) -> String {
    ids.get(row as usize).cloned().unwrap_or_else(|| row.to_string())
}

/// A table that is held in memory, as CSV.
struct Held {
    csv: Vec<u8>,
    /// Which of its columns were numbers and not text.
    whole: Vec<String>,
}

/// Reads a table; of Parquet only the wanted columns.
fn read(file: &Path, wanted: &[&str]) -> Outcome<Held> {
    if is_parquet(file) {
        let (csv, whole) = parquet::read(file, wanted, MAX_HELD_BYTES)?;
        return Ok(Held { csv, whole });
    }
    Ok(Held { csv: text::whole(file, MAX_HELD_BYTES)?, whole: Vec::new() })
}

fn write(file: &Path, rows: impl FnOnce(&mut NewFile) -> std::io::Result<()>) -> Outcome {
    let mut out = NewFile::create(file, &[])?;
    rows(&mut out).map_err(Failure::file(file))?;
    out.finish()
}

fn cell(file: &Path) -> impl Fn(TableError) -> Failure + '_ {
    move |e| Failure::Cell { file: file.into(), line: e.line, column: e.column, reason: (&e.problem).into() }
}

fn model_failure(file: &Path, e: &ModelError) -> Failure {
    let report = if let ModelError::Unreadable { message } = e { message } else { "" };
    toml_file::reported(file, report, Why::from(e))
}

fn config_failure(file: &Path, e: &ConfigError) -> Failure {
    let report = if let ConfigError::Unreadable { message } = e { message } else { "" };
    toml_file::reported(file, report, Why::from(e))
}
