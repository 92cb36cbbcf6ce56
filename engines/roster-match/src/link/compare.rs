//! Values in comparable form, and how far two agree.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::config::{Comparator, Config};

/// Near: one slip in a word. Alike: more than chance.
const NEAR: f64 = 0.92;
const ALIKE: f64 = 0.80;

/// How far two values agree, from the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Equal,
    Near,
    Alike,
    Differs,
    Missing,
}

impl Level {
    pub(super) const NAMES: [&'static str; 4] = ["equal", "near", "alike", "differs"];
}

/// A table's fields as comparison keys, each value once.
pub(super) struct Columns {
    fields: Vec<Column>,
    rows: usize,
}

struct Column {
    comparator: Comparator,
    values: Vec<Box<str>>,
    of_row: Vec<u32>,
    counts: Vec<u32>,
}

impl Columns {
    pub(super) fn read(table: &[Vec<String>], config: &Config) -> Self {
        let rows = table.iter().map(Vec::len).min().unwrap_or(0);
        let fields =
            table.iter().zip(&config.fields).map(|(texts, field)| Column::read(texts, field.compare)).collect();
        Self { fields, rows }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// A hash of the values of some fields, or of their first letters; nothing when one is empty.
    pub(super) fn key(&self, row: usize, fields: &[usize], letters: usize) -> Option<u64> {
        let mut hasher = FxHasher::default();
        for &field in fields {
            let value = self.fields.get(field)?.value(row);
            if value.is_empty() {
                return None;
            }
            match value.char_indices().nth(letters) {
                Some((end, _)) if letters > 0 => value[..end].hash(&mut hasher),
                _ => value.hash(&mut hasher),
            }
        }
        Some(hasher.finish())
    }

    pub(super) fn level(&self, other: &Self, field: usize, left: u32, right: u32) -> Level {
        let (one, second) = (&self.fields[field], &other.fields[field]);
        level(one.value(left as usize), second.value(right as usize), one.comparator)
    }

    /// Which share of the rows has this row's value.
    pub(super) fn share(&self, field: usize, row: u32) -> f64 {
        let column = &self.fields[field];
        f64::from(column.counts[column.of_row[row as usize] as usize]) / self.rows.max(1) as f64
    }
}

impl Column {
    fn read(texts: &[String], comparator: Comparator) -> Self {
        let mut numbers: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let (mut values, mut counts): (Vec<Box<str>>, Vec<u32>) = (Vec::new(), Vec::new());
        let of_row = texts
            .iter()
            .map(|text| {
                let key: Box<str> = plain(text).into();
                let number = *numbers.entry(key.clone()).or_insert_with(|| {
                    values.push(key);
                    counts.push(0);
                    values.len() as u32 - 1
                });
                counts[number as usize] += 1;
                number
            })
            .collect();
        Self { comparator, values, of_row, counts }
    }

    fn value(&self, row: usize) -> &str {
        &self.values[self.of_row[row] as usize]
    }
}

/// Letters and digits, small, one blank between words.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

fn level(a: &str, b: &str, comparator: Comparator) -> Level {
    if a.is_empty() || b.is_empty() {
        return Level::Missing;
    }
    if a == b {
        return Level::Equal;
    }
    match comparator {
        Comparator::Exact => Level::Differs,
        Comparator::Text => match strsim::jaro_winkler(a, b) {
            NEAR.. => Level::Near,
            ALIKE.. => Level::Alike,
            _ => Level::Differs,
        },
        Comparator::Digits => match strsim::osa_distance(a, b) {
            0 | 1 => Level::Near,
            2 => Level::Alike,
            _ => Level::Differs,
        },
    }
}
