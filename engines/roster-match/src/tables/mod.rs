//! The tables of a comparison as CSV: bytes in, bytes out. Opening files is the caller's.
//!
//! Registers have `pid,name,doc_no,phone,addr_id,employer_id`, standard addresses `addr_id,text`, rosters
//! `row_id,employer_id,name,id_no,phone,address`; more columns are ignored, and the order does not matter.

mod csv;
mod results;

use std::borrow::Cow;

use csv::{Csv, Fault, Record};
pub use csv::{TableError, TableProblem};
pub use results::{ResultLine, each_missing, each_result, write_missing, write_results};
use rustc_hash::FxHashMap;

use crate::{Options, Register, RegisterBuilder, RegisterPerson, RosterRow};

/// Registered at an employer that is not on the roster.
const ELSEWHERE: u32 = u32::MAX - 1;
const TEXT: u64 = 1 << 63;
const SECOND: u64 = 1 << 62;

/// Reads some columns of any table, column by column.
///
/// # Errors
/// As [`RosterTable::read`].
pub fn read_columns(bytes: &[u8], names: &[&str]) -> Result<Vec<Vec<String>>, TableError> {
    let csv = Csv::open(bytes, names)?;
    let mut columns = vec![Vec::new(); names.len()];
    csv.each((csv.body, bytes.len()), |row| {
        columns.iter_mut().enumerate().try_for_each(|(n, column)| {
            column.push(row.get(n)?.into_owned());
            Ok(())
        })
    })?;
    Ok(columns)
}

/// A roster as it was read.
pub struct RosterTable<'a> {
    rows: Vec<Line<'a>>,
    employers: Vec<Cow<'a, str>>,
    numbers: FxHashMap<Vec<u8>, u32>,
}

struct Line<'a> {
    id: Cow<'a, str>,
    employer: u32,
    cells: [Cow<'a, str>; 4],
}

impl std::fmt::Debug for RosterTable<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RosterTable({} rows, masked)", self.rows.len())
    }
}

impl<'a> RosterTable<'a> {
    /// Reads a roster.
    ///
    /// # Errors
    /// A missing column, a line with too many or too few cells, text that is not UTF-8, an open quotation mark.
    pub fn read(bytes: &'a [u8]) -> Result<Self, TableError> {
        let csv = Csv::open(bytes, &["row_id", "employer_id", "name", "id_no", "phone", "address"])?;
        let mut table = Self { rows: Vec::new(), employers: Vec::new(), numbers: FxHashMap::default() };
        csv.each((csv.body, bytes.len()), |row| {
            let employer = table.employer_number(row)?;
            let cells = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
            table.rows.push(Line { id: row.get(0)?, employer, cells });
            Ok(())
        })?;
        Ok(table)
    }

    fn employer_number(&mut self, row: &Record<'a, '_>) -> Result<u32, Fault> {
        if let Some(&known) = self.numbers.get(row.raw(1)) {
            return Ok(known);
        }
        let number = self.employers.len() as u32;
        self.employers.push(row.get(1)?);
        self.numbers.insert(row.raw(1).to_vec(), number);
        Ok(number)
    }

    /// The rows as the matcher takes them; `row` is the position.
    #[must_use]
    pub fn rows(&self) -> Vec<RosterRow<'_>> {
        let lines = (0u64..).zip(&self.rows);
        lines
            .map(|(row, line)| {
                let [name, id_no, phone, address] = &line.cells;
                RosterRow { row, employer: line.employer, name, id_no, phone, address }
            })
            .collect()
    }
}

/// A register as it was read, with the ids of its people as text.
pub struct RegisterTable {
    /// The register.
    pub register: Register,
    pids: [Vec<Box<str>>; 2],
}

impl std::fmt::Debug for RegisterTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.register.fmt(f)
    }
}

/// Standard addresses by their id.
pub struct AddressTable {
    places: FxHashMap<u64, u32>,
    /// Places by id where ids are small numbers: no hashing.
    dense: Vec<u32>,
    builder: RegisterBuilder,
}

impl std::fmt::Debug for AddressTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.builder.fmt(f)
    }
}

impl AddressTable {
    /// Reads standard addresses.
    ///
    /// # Errors
    /// As [`RosterTable::read`].
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        let csv = Csv::open(bytes, &["addr_id", "text"])?;
        let mut builder = RegisterBuilder::new();
        let mut keys: Vec<u64> = Vec::new();
        csv.each((csv.body, bytes.len()), |row| {
            builder.address(&row.get(1)?);
            keys.push(key(row.raw(0)));
            Ok(())
        })?;
        let most = keys.iter().copied().max().unwrap_or(0);
        let (mut places, mut dense) = (FxHashMap::default(), Vec::new());
        if most <= keys.len() as u64 * 4 + 1_024 {
            dense = vec![u32::MAX; most as usize + 1];
            (0u32..).zip(&keys).for_each(|(place, &key)| dense[key as usize] = place);
        } else {
            places = (0u32..).zip(&keys).map(|(place, &key)| (key, place)).collect();
        }
        Ok(Self { places, dense, builder })
    }

    fn place(&self, id: &[u8]) -> u32 {
        if id.is_empty() {
            return u32::MAX;
        }
        let key = key(id);
        let dense = usize::try_from(key).ok().and_then(|key| self.dense.get(key)).copied();
        dense.or_else(|| self.places.get(&key).copied()).unwrap_or(u32::MAX)
    }
}

/// A decimal number without leading zeros as itself; anything else by its hash.
fn key(id: &[u8]) -> u64 {
    number(id).unwrap_or_else(|| {
        let hash =
            id.iter().fold(0xCBF2_9CE4_8422_2325u64, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
        hash | TEXT
    })
}

fn number(id: &[u8]) -> Option<u64> {
    let plain = (1..=18).contains(&id.len()) && id.iter().all(u8::is_ascii_digit) && (id[0] != b'0' || id.len() == 1);
    plain.then(|| id.iter().fold(0, |value, b| value * 10 + u64::from(b - b'0')))
}

impl RegisterTable {
    /// Reads a register in two threads; the roster tells which employers matter.
    ///
    /// # Errors
    /// As [`RosterTable::read`]; a `pid` that stands twice.
    pub fn read(
        bytes: &[u8],
        addresses: AddressTable,
        roster: &RosterTable<'_>,
        options: Options,
    ) -> Result<Self, TableError> {
        let csv = Csv::open(bytes, &["pid", "name", "doc_no", "phone", "addr_id", "employer_id"])?;
        let [first, second] = csv.halves();
        let lines = csv.lines_about();
        let part = |range, mark, lines| Part::read(&csv, range, mark, lines, &addresses, roster);
        let (one, other) = std::thread::scope(|scope| {
            let other = (second.0 < second.1).then(|| scope.spawn(|| part(second, SECOND, lines / 2)));
            let one = part(first, 0, lines);
            (one, other.map_or_else(|| Ok(Part::default()), |other| other.join().expect("a reader does not panic")))
        });
        let (mut one, other) = (one?, other?);
        one.keys.extend(other.keys);
        if may_repeat(one.keys) {
            csv.each_once(0)?;
        }
        let mut builder = one.builder;
        builder.append(addresses.builder);
        builder.append(other.builder);
        Ok(Self { register: builder.finish(options), pids: [one.pids, other.pids] })
    }

    /// The id of a person as it was read.
    #[must_use]
    pub fn pid(&self, pid: u64) -> Cow<'_, str> {
        if pid & TEXT == 0 {
            return Cow::Owned(pid.to_string());
        }
        let text = self.pids[usize::from(pid & SECOND != 0)].get((pid & (SECOND - 1)) as usize);
        Cow::Borrowed(text.map_or("", |text| text))
    }
}

/// Whether two keys may be equal. Registers are mostly sorted by id: then one look is enough.
fn may_repeat(mut keys: Vec<u64>) -> bool {
    let rising = |pair: &[u64]| pair[0] < pair[1];
    if keys.windows(2).all(rising) {
        return false;
    }
    keys.sort_unstable();
    !keys.windows(2).all(rising)
}

#[derive(Default)]
struct Part {
    builder: RegisterBuilder,
    keys: Vec<u64>,
    pids: Vec<Box<str>>,
}

impl Part {
    fn read(
        csv: &Csv<'_>,
        range: (usize, usize),
        mark: u64,
        lines: usize,
        addresses: &AddressTable,
        roster: &RosterTable<'_>,
    ) -> Result<Self, TableError> {
        let mut part = Self::default();
        part.builder.reserve(lines);
        part.keys.reserve(lines);
        csv.each(range, |row| {
            part.keys.push(key(row.raw(0)));
            let pid = match number(row.raw(0)) {
                Some(number) => number,
                None => {
                    part.pids.push(row.get(0)?.into());
                    TEXT | mark | (part.pids.len() - 1) as u64
                }
            };
            let employer = match row.raw(5) {
                b"" => u32::MAX,
                id => roster.numbers.get(id).copied().unwrap_or(ELSEWHERE),
            };
            let (name, doc_no, phone) = (row.get(1)?, row.get(2)?, row.get(3)?);
            part.builder.person(&RegisterPerson {
                pid,
                name: &name,
                doc_no: &doc_no,
                phone: &phone,
                addr: addresses.place(row.raw(4)),
                employer,
            });
            Ok(())
        })?;
        Ok(part)
    }
}
