//! `linli match`: a roster against a register, from CSV.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use roster_match::{Class, Decision, Lang, Matcher, Model, Options, Register, RegisterPerson, RosterRow, RowResult};

use super::address::read_standard;
use crate::{
    commands::table::{Sink, Table},
    failure::{Failure, Outcome},
};

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

/// Texts as numbers, in the order in which they came.
#[derive(Default)]
struct Names {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// A line of cells, as the engine borrows them.
struct Row {
    key: String,
    employer: u32,
    cells: [String; 4],
}

/// Compares and writes the results.
///
/// # Errors
/// A table that cannot be read or lacks a column, with file, line and column; a model that cannot be read.
pub fn run(files: &Match, lang: Lang) -> Outcome {
    let mut employers = Names::default();
    let (addr_ids, addresses) = read_standard(&files.addresses)?;
    let places: HashMap<&str, u32> = addr_ids.iter().map(String::as_str).zip(0u32..).collect();
    let (pids, register) = read_register(&files.register, &places, &addresses, &mut employers)?;
    let roster = read_roster(&files.roster, &mut employers)?;
    let rows: Vec<RosterRow<'_>> = (0u64..)
        .zip(&roster)
        .map(|(row, r)| {
            let [name, id_no, phone, address] = &r.cells;
            RosterRow { row, employer: r.employer, name, id_no, phone, address }
        })
        .collect();
    let model = model(files.model.as_deref(), &register, &rows)?;
    let matcher = Matcher::new(&register, &model);
    let results = matcher.compare(&rows);
    write_results(&files.out, &roster, &pids, &results, lang)?;
    if let Some(missing) = &files.missing {
        let mut sink = Sink::create(Some(missing))?;
        sink.row(["employer_id", "pid"])?;
        for (employer, pid) in matcher.missing(&rows, &results) {
            sink.row([&employers.texts[employer as usize], &pids[pid as usize]])?;
        }
        sink.end()?;
    }
    Ok(())
}

fn read_register(
    file: &Path,
    places: &HashMap<&str, u32>,
    addresses: &[String],
    employers: &mut Names,
) -> Outcome<(Vec<String>, Register)> {
    let mut table = Table::open(file)?;
    let of = ["pid", "name", "doc_no", "phone", "addr_id", "employer_id"].map(|c| table.column(c));
    let [pid, name, doc, phone, addr, employer] = all(of)?;
    let mut people: Vec<(Row, u32)> = Vec::new();
    table.each(|_, row| {
        let text = |n: usize| row.get(n).unwrap_or_default();
        let employer = if text(employer).is_empty() { u32::MAX } else { employers.number(text(employer)) };
        let cells = [name, doc, phone, addr].map(|n| text(n).to_owned());
        let place = places.get(text(addr)).copied().unwrap_or(u32::MAX);
        people.push((Row { key: text(pid).to_owned(), employer, cells }, place));
        Ok(())
    })?;
    let registered = (0u64..).zip(&people).map(|(pid, (row, addr))| RegisterPerson {
        pid,
        name: &row.cells[0],
        doc_no: &row.cells[1],
        phone: &row.cells[2],
        addr: *addr,
        employer: row.employer,
    });
    let register = Register::build(registered, addresses.iter().map(String::as_str), Options::default());
    Ok((people.into_iter().map(|(row, _)| row.key).collect(), register))
}

fn read_roster(file: &Path, employers: &mut Names) -> Outcome<Vec<Row>> {
    let mut table = Table::open(file)?;
    let of = ["row_id", "employer_id", "name", "id_no", "phone", "address"].map(|c| table.column(c));
    let [row_id, employer, name, id_no, phone, address] = all(of)?;
    let mut rows = Vec::new();
    table.each(|_, row| {
        let text = |n: usize| row.get(n).unwrap_or_default();
        let cells = [name, id_no, phone, address].map(|n| text(n).to_owned());
        rows.push(Row { key: text(row_id).to_owned(), employer: employers.number(text(employer)), cells });
        Ok(())
    })?;
    Ok(rows)
}

fn all<const N: usize>(columns: [Outcome<usize>; N]) -> Outcome<[usize; N]> {
    let mut found = [0; N];
    for (place, column) in found.iter_mut().zip(columns) {
        *place = column?;
    }
    Ok(found)
}

/// Weights of the file, or learnt from these rows without labels; learnt ones are kept in the file.
fn model(file: Option<&Path>, register: &Register, rows: &[RosterRow<'_>]) -> Outcome<Model> {
    if let Some(file) = file.filter(|f| f.is_file()) {
        let text = fs::read_to_string(file).map_err(Failure::file(file))?;
        let reason = |e: roster_match::ModelError| Failure::Cell {
            file: file.into(),
            line: 0,
            column: 0,
            reason: e.to_string(),
        };
        return Model::from_toml(&text).map_err(reason);
    }
    let learnt = Matcher::new(register, &Model::default()).learn(rows);
    if let Some(file) = file {
        let text = learnt.to_toml().map_err(linli_platform::AppError::internal)?;
        fs::write(file, text).map_err(Failure::file(file))?;
    }
    Ok(learnt)
}

fn write_results(out: &Path, roster: &[Row], pids: &[String], results: &[RowResult], lang: Lang) -> Outcome {
    let mut sink = Sink::create(Some(out))?;
    sink.row(["row_id", "pid", "decision", "cls", "probability", "reason"])?;
    for result in results {
        let decision = match result.decision {
            Decision::Match => "match",
            Decision::Review => "review",
            Decision::None => "none",
        };
        let class = match result.class {
            Class::Same => "same",
            Class::Diff => "diff",
            Class::NotGiven => "",
        };
        let pid = result.pid.and_then(|p| pids.get(p as usize)).map_or("", String::as_str);
        let reasons: Vec<String> = result.reasons.iter().map(|f| f.reason.text(lang)).collect();
        let key = roster.get(result.row as usize).map_or("", |r| r.key.as_str());
        let probability = format!("{:.6}", result.probability);
        sink.row([key, pid, decision, class, &probability, &reasons.join("; ")])?;
    }
    sink.end()
}
