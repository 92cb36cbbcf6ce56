//! The bench's invented town as files: `cargo run --release -p roster-match --example roster_town -- DIR 1000000 100000 1.0 1`
//! (people, rows, noise, seed) writes `persons.csv`, `addresses.csv`, `roster.csv` and `truth.csv`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

#[path = "../benches/town/mod.rs"]
mod town;

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::PathBuf,
};

use town::Town;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "town".into()));
    let numbers: Vec<f64> = arguments.filter_map(|text| text.parse().ok()).collect();
    let number = |n: usize, otherwise: f64| numbers.get(n).copied().unwrap_or(otherwise);
    let (people, rows, noise, seed) =
        (number(0, 1e6) as usize, number(1, 1e5) as usize, number(2, 1.0), number(3, 1.0) as u64);
    fs::create_dir_all(&folder)?;
    let town = Town::grow(seed, people, rows, noise);
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let mut persons = file("persons.csv")?;
    writeln!(persons, "pid,name,doc_type,doc_no,phone,addr_id,employer_id")?;
    for (pid, one) in town.people.iter().enumerate() {
        let employer = if one.employer == u32::MAX { String::new() } else { one.employer.to_string() };
        writeln!(persons, "{pid},{},resident,{},{},{},{employer}", one.name, one.number, one.phone, one.addr)?;
    }
    let mut addresses = file("addresses.csv")?;
    writeln!(addresses, "addr_id,text")?;
    for (id, text) in town.addresses.iter().enumerate() {
        writeln!(addresses, "{id},{text}")?;
    }
    let mut roster = file("roster.csv")?;
    let mut truth = file("truth.csv")?;
    writeln!(roster, "row_id,employer_id,employer,name,id_no,phone,address")?;
    writeln!(truth, "row_id,entity,same")?;
    for (id, row) in town.rows.iter().enumerate() {
        writeln!(
            roster,
            "{id},{0},某单位{0},{1},{2},{3},{4}",
            row.employer, row.name, row.id_no, row.phone, row.address
        )?;
        let entity = row.truth.map(|n| n.to_string()).unwrap_or_default();
        let same = row.same.map(|same| if same { "same" } else { "diff" }).unwrap_or_default();
        writeln!(truth, "{id},{entity},{same}")?;
    }
    let mut entities = file("entities.csv")?;
    writeln!(entities, "pid,entity")?;
    for (pid, one) in town.people.iter().enumerate() {
        writeln!(entities, "{pid},{}", one.entity)?;
    }
    Ok(())
}
