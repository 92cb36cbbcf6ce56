//! A town as tables of text, to be written to CSV or Parquet row by row.

use crate::model::{DocKind, Facts, PremisesKind, Sex};
use crate::town::Town;
use jiff::civil::Date;
use std::fmt::Write as _;

/// A table of a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// The register: one row a record.
    Persons,
    /// The truth: one row a person who lives in the town, with the columns of the register.
    Truth,
    /// The standard addresses.
    Addresses,
    /// The employers.
    Employers,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 4] = [Table::Persons, Table::Truth, Table::Addresses, Table::Employers];

    /// The name, as a file is called.
    pub fn name(self) -> &'static str {
        match self {
            Table::Persons => "persons",
            Table::Truth => "truth",
            Table::Addresses => "addresses",
            Table::Employers => "employers",
        }
    }

    /// The columns; those of persons and addresses begin with what `linli match` reads.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Persons | Table::Truth => &[
                "pid",
                "name",
                "doc_type",
                "doc_no",
                "phone",
                "addr_id",
                "employer_id",
                "sex",
                "birth",
                "local",
                "household",
                "since",
                "verified_on",
                "division",
            ],
            Table::Addresses => &["addr_id", "text", "committee", "grid", "premises", "division"],
            Table::Employers => &["employer_id", "org_code", "name", "business", "addr_id", "staff", "division"],
        }
    }
}

/// The cells of one row. They are written over for the next, so that millions of rows need no memory of their own.
#[derive(Debug, Default)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn text(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn show(&mut self, cell: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{cell}");
        self.ends.push(self.text.len());
    }

    fn show_if(&mut self, cell: Option<impl std::fmt::Display>) {
        match cell {
            Some(cell) => self.show(cell),
            None => self.text(""),
        }
    }

    /// The cells in the order of [`Table::columns`].
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| &self.text[begin..*end])
    }
}

/// Hands over every row of a table. Numbers of persons, addresses and employers are unique in the city.
///
/// # Errors
/// Whatever `row` ends in; no row is handed over after it.
pub fn table<E>(town: &Town, table: Table, mut row: impl FnMut(&Cells) -> Result<(), E>) -> Result<(), E> {
    let mut cells = Cells::default();
    let writer = Writer { town, division: town.config().district.division_code() };
    match table {
        Table::Persons => {
            for record in town.register().residents() {
                writer.person(&mut cells, record.id, &record.facts, record.verified_on);
                row(&cells)?;
            }
        }
        Table::Truth => {
            for (person, facts) in town.truth().inhabitants() {
                writer.person(&mut cells, person, facts, None);
                row(&cells)?;
            }
        }
        Table::Addresses => {
            let prefix = town.config().district.address_prefix();
            for address in town.addresses() {
                let grid = &town.grids()[address.grid as usize];
                cells.clear();
                cells.show(writer.unique(address.id));
                cells.show(format_args!("{prefix}{}", address.text));
                cells.text(town.committees()[grid.committee as usize].name);
                cells.text(&grid.code);
                cells.text(premises(address.premises_kind));
                cells.text(&writer.division);
                row(&cells)?;
            }
        }
        Table::Employers => {
            for employer in town.employers() {
                cells.clear();
                cells.show(writer.unique(employer.id));
                cells.text(&employer.org_code);
                cells.text(&employer.name);
                cells.text(employer.business);
                cells.show(writer.unique(employer.address));
                cells.show(employer.staff_count);
                cells.text(&writer.division);
                row(&cells)?;
            }
        }
    }
    Ok(())
}

struct Writer<'a> {
    town: &'a Town,
    division: String,
}

impl Writer<'_> {
    fn unique(&self, id: u32) -> u64 {
        self.town.config().district.unique(id)
    }

    fn person(&self, cells: &mut Cells, person: u32, facts: &Facts, verified_on: Option<Date>) {
        cells.clear();
        cells.show(self.unique(person));
        cells.text(facts.name.as_str());
        cells.text(document(facts.doc_kind));
        cells.text(facts.doc_no.as_str());
        cells.text(facts.mobile.as_ref().map_or("", |mobile| mobile.as_str()));
        cells.show(self.unique(self.town.homes()[facts.home as usize].address));
        cells.show_if(facts.employer.map(|employer| self.unique(employer)));
        cells.text(if facts.sex == Sex::Male { "male" } else { "female" });
        cells.show(facts.birth);
        cells.text(if facts.local { "true" } else { "false" });
        cells.show(self.unique(facts.household));
        cells.show(facts.since);
        cells.show_if(verified_on);
        cells.text(&self.division);
    }
}

fn document(kind: DocKind) -> &'static str {
    match kind {
        DocKind::ResidentId => "resident",
        DocKind::HmtResidencePermit => "hmt-permit",
        DocKind::HmtTravelPermit => "travel-permit",
        DocKind::Passport => "passport",
    }
}

fn premises(kind: PremisesKind) -> &'static str {
    match kind {
        PremisesKind::Flat => "flat",
        PremisesKind::House => "house",
        PremisesKind::SharedLet => "shared-let",
        PremisesKind::Dormitory => "dormitory",
        PremisesKind::Shop => "shop",
        PremisesKind::Basement => "basement",
        PremisesKind::FieldHut => "field-hut",
        PremisesKind::SiteHut => "site-hut",
        PremisesKind::Workplace => "workplace",
    }
}
