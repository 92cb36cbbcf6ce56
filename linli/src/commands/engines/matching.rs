//! `linli match`: a roster against a register; `linli link`: any two tables. CSV in and out.

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use roster_match::{
    Lang, Matcher, Model, Options, RosterRow, RowResult,
    link::{self, Config},
    tables::{self, AddressTable, RegisterTable, RosterTable, TableError},
};

use crate::{
    commands::table::Sink,
    failure::{Failure, Outcome},
};

/// A table is held in memory while it is read; a larger file is refused in words instead of by the machine.
const MAX_FILE_BYTES: u64 = 4 << 30;

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
    /// The left table, CSV with a heading.
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
    let roster_bytes = read(&files.roster)?;
    let (addresses, roster) = std::thread::scope(|scope| {
        let addresses = scope.spawn(|| AddressTable::read(&read(&files.addresses)?).map_err(cell(&files.addresses)));
        let roster = RosterTable::read(&roster_bytes).map_err(cell(&files.roster));
        (addresses.join().expect("reading a table does not panic"), roster)
    });
    let (addresses, roster) = (addresses?, roster?);
    let register = RegisterTable::read(&read(&files.register)?, addresses, &roster, Options::default())
        .map_err(cell(&files.register))?;
    let rows = roster.rows();
    let (matcher, results) = compare(files.model.as_deref(), &register, &rows)?;
    write(&files.out, |out| tables::write_results(&roster, &register, &results, lang, out))?;
    if let Some(missing) = &files.missing {
        let gone = matcher.missing(&rows, &results);
        write(missing, |out| tables::write_missing(&roster, &register, &gone, out))?;
    }
    Ok(())
}

/// By the weights of the file, or by weights learnt from these rows without labels; learnt ones are kept in the file.
fn compare<'a>(
    file: Option<&Path>,
    register: &'a RegisterTable,
    rows: &[RosterRow<'_>],
) -> Outcome<(Matcher<'a>, Vec<RowResult>)> {
    if let Some(file) = file.filter(|f| f.is_file()) {
        let text = fs::read_to_string(file).map_err(Failure::file(file))?;
        let model = Model::from_toml(&text).map_err(|e| whole_file(file, &e))?;
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
    let text = fs::read_to_string(&files.config).map_err(Failure::file(&files.config))?;
    let config = Config::from_toml(&text).map_err(|e| whole_file(&files.config, &e))?;
    let [left_columns, right_columns] = config.columns();
    let (left, left_ids) = columns(&files.left, &left_columns, &config)?;
    let right = files.right.as_ref().map(|file| columns(file, &right_columns, &config)).transpose()?;
    let found = link::link(&left, right.as_ref().map(|(table, _)| table.as_slice()), &config);
    let right_ids = right.as_ref().map_or(&left_ids, |(_, ids)| ids);
    let mut sink = Sink::create(files.out.as_deref())?;
    sink.row(["left", "right", "probability"])?;
    for one in &found.links {
        sink.row([name(&left_ids, one.left), name(right_ids, one.right), format!("{:.6}", one.probability)])?;
    }
    sink.end()?;
    let Some(weights) = &files.weights else { return Ok(()) };
    let mut sink = Sink::create(Some(weights))?;
    sink.row(["field", "level", "same", "other"])?;
    for one in &found.weights {
        sink.row([one.field.clone(), one.level.to_owned(), format!("{:.6}", one.same), format!("{:.9}", one.other)])?;
    }
    sink.end()
}

type Columns = (Vec<Vec<String>>, Vec<String>);

fn columns(file: &Path, names: &[&str], config: &Config) -> Outcome<Columns> {
    let bytes = read(file)?;
    let table = tables::read_columns(&bytes, names).map_err(cell(file))?;
    let ids = match &config.id {
        Some(id) => tables::read_columns(&bytes, &[id]).map_err(cell(file))?.pop().unwrap_or_default(),
        None => Vec::new(),
    };
    Ok((table, ids))
}

fn name(ids: &[String], row: u32) -> String {
    ids.get(row as usize).cloned().unwrap_or_else(|| row.to_string())
}

fn read(file: &Path) -> Outcome<Vec<u8>> {
    let bytes = fs::metadata(file).map_err(Failure::file(file))?.len();
    if bytes > MAX_FILE_BYTES {
        let reason = format!("the file has {} MB; at most {} MB are read at once", bytes >> 20, MAX_FILE_BYTES >> 20);
        return Err(Failure::Cell { file: file.into(), line: 0, column: 0, reason });
    }
    fs::read(file).map_err(Failure::file(file))
}

fn write(file: &Path, rows: impl FnOnce(&mut BufWriter<fs::File>) -> std::io::Result<()>) -> Outcome {
    let mut out = BufWriter::new(fs::File::create(file).map_err(Failure::file(file))?);
    rows(&mut out).and_then(|()| out.flush()).map_err(Failure::file(file))
}

fn cell(file: &Path) -> impl Fn(TableError) -> Failure + '_ {
    move |e| Failure::Cell { file: file.into(), line: e.line, column: e.column, reason: e.problem.to_string() }
}

fn whole_file(file: &Path, reason: &impl ToString) -> Failure {
    Failure::Cell { file: file.into(), line: 0, column: 0, reason: reason.to_string() }
}
