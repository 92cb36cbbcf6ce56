//! Streams the register of a city to standard output, town by town, and tells on standard error how much memory
//! that took at most: `cargo run --release -p townsim --example city -- 1000000 1 > persons.csv` for a million
//! residents, seed 1.

use std::io::{BufWriter, Write};

use jiff::civil::date;
use townsim::{City, Table, Town, table};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u32>().unwrap_or(1));
    let residents = arguments.next().unwrap_or(1_000_000);
    let city = City::new(residents, u64::from(arguments.next().unwrap_or(1)), date(2026, 1, 1));
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    writeln!(out, "{}", Table::Persons.columns().join(","))?;
    let mut rows = 0_u64;
    for number in 0..city.districts() {
        let town = Town::new(city.config(number));
        table(&town, Table::Persons, |cells| {
            rows += 1;
            for (position, cell) in cells.iter().enumerate() {
                // No invented value holds a comma, a quotation mark or a line feed.
                write!(out, "{}{cell}", if position == 0 { "" } else { "," })?;
            }
            writeln!(out)
        })?;
    }
    out.flush()?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("peak memory not known");
    eprintln!("{} towns, {rows} records; {peak}", city.districts());
    Ok(())
}
