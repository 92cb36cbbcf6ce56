//! Founding a town, living a month in it, and streaming its tables beside writing the same bytes:
//! `cargo bench -p townsim`.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{convert::Infallible, hint::black_box, time::Instant};

use jiff::civil::date;
use townsim::{Config, Table, Town, table};

const RESIDENTS: u32 = 100_000;

/// Rows as CSV into a buffer that is written over and over, as if it went to a file.
fn stream(town: &Town, which: Table, out: &mut Vec<u8>) -> usize {
    let mut written = 0;
    let done = table(town, which, |cells| {
        if out.len() > 1 << 20 {
            written += out.len();
            out.clear();
        }
        for (position, cell) in cells.iter().enumerate() {
            out.extend_from_slice(if position == 0 { b"" } else { b"," });
            out.extend_from_slice(cell.as_bytes());
        }
        out.push(b'\n');
        Ok::<(), Infallible>(())
    });
    match done {
        Ok(()) => written + out.len(),
    }
}

/// The same bytes, from rows that are there already.
fn copy(rows: &[String], out: &mut Vec<u8>) -> usize {
    let mut written = 0;
    out.clear();
    for row in rows {
        if out.len() > 1 << 20 {
            written += out.len();
            out.clear();
        }
        out.extend_from_slice(row.as_bytes());
        out.push(b'\n');
    }
    written + out.len()
}

fn rows(town: &Town, which: Table) -> Vec<String> {
    let mut rows = Vec::new();
    let done = table(town, which, |cells| {
        rows.push(cells.iter().collect::<Vec<_>>().join(","));
        Ok::<(), Infallible>(())
    });
    match done {
        Ok(()) => rows,
    }
}

fn main() {
    let begun = Instant::now();
    let mut town = Town::new(Config::new(RESIDENTS, 1, date(2026, 1, 1)));
    let founded = begun.elapsed().as_secs_f64();
    println!("a town of {RESIDENTS} founded and aged: {founded:.2} s, {:.1} µs a resident", founded * 1e6 / 1e5);
    let begun = Instant::now();
    let events = town.live(1).len();
    let lived = begun.elapsed().as_secs_f64();
    println!("a month of its life, {events} events and {} entries: {lived:.3} s", town.acts().len());

    let mut out = Vec::with_capacity(2 << 20);
    for which in Table::ALL {
        let rows = rows(&town, which);
        let name = which.name();
        let base = timed(&format!("{name}: the same bytes"), rows.len(), None, || copy(&rows, &mut out));
        timed(&format!("{name}: streamed"), rows.len(), Some(base), || {
            out.clear();
            stream(&town, which, &mut out)
        });
    }
}

/// Times the best of five runs and prints it with the ratio to a baseline.
fn timed(what: &str, count: usize, baseline: Option<f64>, mut work: impl FnMut() -> usize) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        black_box(work());
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let each_ns = best * 1e9 / count as f64;
    let ratio = baseline.map_or(String::new(), |base| format!("  ×{:.2} of the baseline's time", each_ns / base));
    println!("{what:28} {each_ns:8.0} ns a row of {count}{ratio}");
    each_ns
}
