//! `linli town`: a synthetic town or city as tables, town by town in bounded memory.

mod csv_file;
mod parquet_file;

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use jiff::civil::Date;
use linli_platform::texts::T;
use townsim::{Cells, City, Table, Town, table};

use crate::failure::{Failure, Outcome};

/// Fewer make no town, more no city.
const RESIDENTS: std::ops::RangeInclusive<i64> = townsim::Config::MIN_RESIDENTS as i64..=City::MAX_RESIDENTS as i64;

/// Which town or city.
#[derive(clap::Args, Debug)]
pub(super) struct Residents {
    /// How many residents, up to 40 million; above 100,000 they live in several sub-districts, made one after the other.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(RESIDENTS))]
    residents: u32,
    /// Equal seeds give equal towns.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first day.
    #[arg(long, default_value = "2026-01-01")]
    pub start: Date,
}

impl Residents {
    /// As it is by default.
    pub fn city(&self) -> City {
        City::new(self.residents, self.seed, self.start)
    }
}

/// What is written, and where.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// The folder; `persons`, `truth`, `addresses` and `employers` are written into it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    people: Residents,
    /// Months lived before it is written.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=120))]
    months: u32,
    /// How the tables are written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// How many towns are made at the same time; each needs about 120 MB.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    jobs: u32,
}

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Text, UTF-8, with a heading.
    Csv,
    /// Columns of text, compressed.
    Parquet,
}

/// A table that is being written.
trait Writing {
    fn row(&mut self, cells: &Cells) -> Outcome;
    fn end(self: Box<Self>) -> Outcome;
}

fn create(folder: &Path, table: Table, format: Format) -> Outcome<Box<dyn Writing>> {
    match format {
        Format::Csv => Ok(Box::new(csv_file::CsvFile::create(&folder.join(format!("{}.csv", table.name())), table)?)),
        Format::Parquet => {
            let file = folder.join(format!("{}.parquet", table.name()));
            Ok(Box::new(parquet_file::create(&file, table)?))
        }
    }
}

/// Makes the towns and writes their tables; no more towns than `jobs` are held at a time.
///
/// # Errors
/// A folder or file that cannot be written.
pub fn run(options: &Options, t: &T) -> Outcome {
    fs::create_dir_all(&options.out).map_err(Failure::file(&options.out))?;
    let mut files = Vec::new();
    for which in Table::ALL {
        files.push((which, create(&options.out, which, options.format)?, 0_u64));
    }
    let city = options.people.city();
    let numbers: Vec<u32> = (0..city.districts()).collect();
    for together in numbers.chunks(options.jobs as usize) {
        for town in made(&city, together, options.months) {
            for (which, file, rows) in &mut files {
                table(&town, *which, |cells| {
                    *rows += 1;
                    file.row(cells)
                })?;
            }
        }
    }
    let mut counts = vec![("dir", options.out.display().to_string()), ("towns", city.districts().to_string())];
    for (which, file, rows) in files {
        file.end()?;
        counts.push((which.name(), rows.to_string()));
    }
    crate::say!("{}", t.all("cli-town-written", &counts));
    Ok(())
}

/// Some towns, made at the same time, in their order.
fn made(city: &City, numbers: &[u32], months: u32) -> Vec<Town> {
    let make = |number: u32| {
        let mut town = Town::new(city.config(number));
        town.live(months);
        town
    };
    thread::scope(|scope| {
        let threads: Vec<_> = numbers.iter().map(|number| scope.spawn(move || make(*number))).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|town| town.expect("a town is made without a panic")).collect()
    })
}
