//! The rows of a roster in comparable form.

use std::cell::{Cell, OnceCell};

use crate::{
    matcher::RosterRow,
    names,
    number::{self, RowNumber},
    sketch::{self, Sketch},
};

/// A row with its fields in comparable form.
pub(crate) struct Prepared<'r> {
    name: (u32, u32),
    pub name_hash: u32,
    pub sound: u32,
    pub number: RowNumber,
    pub birth: u32,
    pub phone: u64,
    pub employer: u32,
    pub written: &'r str,
    /// The name stands as it is compared.
    pub plain: bool,
}

/// All rows; their names in one text.
pub(crate) struct Rows<'r> {
    pub rows: Vec<Prepared<'r>>,
    names: String,
}

/// The claimed address, read only as far as it is needed.
pub(crate) struct Claimed<'r> {
    pub text: &'r str,
    sketch: OnceCell<Sketch>,
    /// Whether it has been parsed into the comparer's room for that.
    pub is_parsed: Cell<bool>,
}

impl<'r> Claimed<'r> {
    pub(crate) fn new(text: &'r str) -> Self {
        Self { text, sketch: OnceCell::new(), is_parsed: Cell::new(false) }
    }

    pub(crate) fn sketch(&self) -> &Sketch {
        self.sketch.get_or_init(|| Sketch::of(self.text))
    }
}

impl<'r> Rows<'r> {
    pub(crate) fn prepare(rows: &[RosterRow<'r>]) -> Self {
        let mut names = String::with_capacity(rows.len() * 10);
        let rows = rows.iter().map(|row| Prepared::of(row, &mut names)).collect();
        Self { rows, names }
    }

    /// The folded name of a row.
    pub(crate) fn name(&self, row: &Prepared<'_>) -> &str {
        &self.names[row.name.0 as usize..row.name.1 as usize]
    }
}

impl<'r> Prepared<'r> {
    fn of(row: &RosterRow<'r>, names: &mut String) -> Self {
        let start = names.len();
        names::fold_into(row.name, names);
        let name = &names[start..];
        let number = number::of_row(row.id_no);
        let birth = match &number {
            RowNumber::Valid(packed) => number::birth(*packed),
            RowNumber::Damaged(text) | RowNumber::Broken(text) => {
                text.get(6..14).and_then(|date| date.parse().ok()).unwrap_or(0)
            }
            _ => 0,
        };
        Self {
            sound: names::sound(name),
            name_hash: names::hash(name),
            plain: name == row.name,
            name: (start as u32, names.len() as u32),
            number,
            birth,
            phone: number::phone(row.phone),
            employer: row.employer,
            written: row.address.trim(),
        }
    }

    /// The first fifteen digits, where a spreadsheet has left no more.
    pub(crate) fn kept_prefix(&self) -> u64 {
        match &self.number {
            RowNumber::Damaged(text) if text.len() == 15 => text.parse().unwrap_or(0),
            _ => 0,
        }
    }

    /// The last number of the address (the room, mostly); 0 when there is none.
    pub(crate) fn last_number(&self) -> u32 {
        match sketch::last_number(self.written) {
            0 => Sketch::of(self.written).numbers.last().copied().unwrap_or(0),
            number => number,
        }
    }
}
