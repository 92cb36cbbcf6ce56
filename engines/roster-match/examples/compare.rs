//! `linli match` without the rest of Linli: `cargo run --release -p roster-match --example compare -- DIR` reads
//! `persons.csv`, `addresses.csv` and `roster.csv` of a folder and writes `results.csv` and `missing.csv` there.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{error::Error, fs, io::BufWriter, path::PathBuf, time::Instant};

use roster_match::{
    Lang, Matcher, Model, Options,
    tables::{AddressTable, RegisterTable, RosterTable, write_missing, write_results},
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let begun = Instant::now();
    let roster_bytes = fs::read(folder.join("roster.csv"))?;
    let (addresses, roster) = std::thread::scope(|scope| {
        let addresses = scope.spawn(|| {
            let bytes = fs::read(folder.join("addresses.csv")).map_err(|e| e.to_string())?;
            AddressTable::read(&bytes).map_err(|e| format!("addresses.csv: {e}"))
        });
        let roster = RosterTable::read(&roster_bytes);
        (addresses.join().expect("a reader does not panic"), roster)
    });
    let (addresses, roster) = (addresses?, roster?);
    eprintln!("addresses and roster {:.0?}", begun.elapsed());
    let register = RegisterTable::read(&fs::read(folder.join("persons.csv"))?, addresses, &roster, Options::default())?;
    eprintln!("register {:.0?}", begun.elapsed());
    let rows = roster.rows();
    let matcher = Matcher::new(&register.register, &Model::default());
    let (_, results) = matcher.learn_and_compare(&rows);
    eprintln!("compared {:.0?}", begun.elapsed());
    write_results(
        &roster,
        &register,
        &results,
        Lang::En,
        &mut BufWriter::new(fs::File::create(folder.join("results.csv"))?),
    )?;
    eprintln!("written {:.0?}", begun.elapsed());
    let missing = matcher.missing(&rows, &results);
    write_missing(&roster, &register, &missing, &mut BufWriter::new(fs::File::create(folder.join("missing.csv"))?))?;
    eprintln!("missing {:.0?}", begun.elapsed());
    Ok(())
}
