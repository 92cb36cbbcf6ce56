//! `linli link` without the rest of Linli: `cargo run --release -p roster-match --example link -- CONFIG LEFT [RIGHT]`
//! prints `left,right,probability`.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{error::Error, fs};

use roster_match::{
    link::{Config, link},
    tables::read_columns,
};

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [config, left, rest @ ..] = files.as_slice() else { return Err("CONFIG LEFT [RIGHT]".into()) };
    let config = Config::from_toml(&fs::read_to_string(config)?)?;
    let [left_columns, right_columns] = config.columns();
    let read = |file: &String, columns: &[&str]| -> Result<_, Box<dyn Error>> {
        let bytes = fs::read(file)?;
        let ids = config.id.as_deref().map(|id| read_columns(&bytes, &[id])).transpose()?;
        Ok((read_columns(&bytes, columns)?, ids.and_then(|mut ids| ids.pop())))
    };
    let (one, ids) = read(left, &left_columns)?;
    let other = rest.first().map(|right| read(right, &right_columns)).transpose()?;
    let found = link(&one, other.as_ref().map(|(table, _)| table.as_slice()), &config);
    let right_ids = other.as_ref().map_or(&ids, |(_, ids)| ids);
    let name = |ids: &Option<Vec<String>>, row: u32| {
        ids.as_ref().and_then(|ids| ids.get(row as usize)).cloned().unwrap_or_else(|| row.to_string())
    };
    println!("left,right,probability");
    for one in &found.links {
        println!("{},{},{:.6}", name(&ids, one.left), name(right_ids, one.right), one.probability);
    }
    for weight in &found.weights {
        eprintln!("{} {}: {:.4} {:.6}", weight.field, weight.level, weight.same, weight.other);
    }
    eprintln!("{} pairs compared, {} links", found.compared, found.links.len());
    Ok(())
}
