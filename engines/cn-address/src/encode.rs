//! Addresses as numbers: names and values interned, so that comparing costs a few nanoseconds.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use crate::compare::Fields;

const ABSENT: u32 = u32::MAX;
/// A name or value that the table does not have: equal to nothing in it.
pub(crate) const UNKNOWN: u32 = u32::MAX - 1;
/// Interned texts lie above the plain numbers.
const TEXT: u32 = 1 << 30;
/// Shorter names have too many neighbours to be corrected.
const MIN_CORRECTED_CHARS: usize = 3;

/// An address in the numbers of one [`Index`](crate::Index); worth nothing outside it. One line of the processor's cache,
/// since a large table is waited for line by line.
#[repr(align(64))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Encoded {
    pub(crate) values: [u32; 15],
}

impl Encoded {
    pub(crate) fn fields(&self) -> Fields<u32> {
        let get = |n: usize| (self.values[n] != ABSENT).then_some(self.values[n]);
        Fields {
            district: get(0),
            town: get(1),
            village: get(2),
            hamlet: get(3),
            group: get(4),
            site: get(5),
            phase: get(6),
            road: get(7),
            lane: get(8),
            sublane: get(9),
            number: get(10),
            building: get(11),
            unit: get(12),
            floor: get(13),
            room: get(14),
        }
    }

    pub(crate) fn of(fields: &Fields<u32>) -> Self {
        let f = fields;
        let all = [
            f.district, f.town, f.village, f.hamlet, f.group, f.site, f.phase, f.road, f.lane, f.sublane, f.number,
            f.building, f.unit, f.floor, f.room,
        ];
        Self { values: all.map(|value| value.unwrap_or(ABSENT)) }
    }
}

/// Names and odd values seen in the table, with their neighbours by one typing error.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    ids: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    near: FxHashMap<u64, SmallVec<[u32; 2]>>,
}

impl Interner {
    /// The table's number of a value, given a new one when it is not there yet.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = plain(text) {
            return number;
        }
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = TEXT + self.texts.len() as u32;
        self.ids.insert(text.into(), id);
        self.texts.push(text.into());
        if is_name(text) {
            for key in deletions(text) {
                self.near.entry(key).or_default().push(id);
            }
        }
        id
    }

    pub(crate) fn find(&self, text: &str) -> u32 {
        plain(text).or_else(|| self.ids.get(text).copied()).unwrap_or(UNKNOWN)
    }

    /// The name or odd value that has this number; a plain number has none.
    pub(crate) fn text(&self, id: u32) -> Option<&str> {
        self.texts.get(id.checked_sub(TEXT)? as usize).map(|text| &**text)
    }

    /// The names within one typing error of a name.
    pub(crate) fn neighbours(&self, text: &str) -> SmallVec<[u32; 4]> {
        let mut found = SmallVec::new();
        if !is_name(text) {
            return found;
        }
        for key in deletions(text) {
            for &id in self.near.get(&key).into_iter().flatten() {
                let name = &self.texts[(id - TEXT) as usize];
                if !found.contains(&id) && one_error(name, text) {
                    found.push(id);
                }
            }
        }
        found
    }
}

fn plain(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn is_name(text: &str) -> bool {
    text.chars().nth(MIN_CORRECTED_CHARS - 1).is_some() && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Hashes of the name and of the name with each one of its characters left out.
fn deletions(text: &str) -> SmallVec<[u64; 16]> {
    let chars: SmallVec<[char; 16]> = text.chars().collect();
    let hash = |skip: usize| {
        let mut hasher = FxHasher::default();
        for (n, c) in chars.iter().enumerate() {
            if n != skip {
                c.hash(&mut hasher);
            }
        }
        hasher.finish()
    };
    (0..=chars.len()).map(hash).collect()
}

/// Characters that tell neighbouring roads apart; exchanging them is no typing error.
pub(crate) fn distinguishes(c: char) -> bool {
    matches!(c, '东' | '西' | '南' | '北' | '中' | '上' | '下' | '前' | '后' | '大' | '小' | '新' | '老' | '支')
        || crate::fold::numeral(c).is_some()
        || c == '十'
        || c.is_ascii_alphanumeric()
}

/// Two names of which one is the other with a typing error.
pub(crate) fn is_misspelt(a: &str, b: &str) -> bool {
    is_name(a) && is_name(b) && one_error(a, b)
}

/// One character wrong, missing, too many, or two neighbours exchanged; never in a character by which
/// neighbouring roads are told apart.
fn one_error(a: &str, b: &str) -> bool {
    let a: SmallVec<[char; 16]> = a.chars().collect();
    let b: SmallVec<[char; 16]> = b.chars().collect();
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[head..], &b[head..]);
    let tail = x.iter().rev().zip(y.iter().rev()).take_while(|(p, q)| p == q).count();
    let (x, y) = (&x[..x.len() - tail], &y[..y.len() - tail]);
    match (x, y) {
        ([], [c]) | ([c], []) => !distinguishes(*c),
        ([c], [d]) => !(distinguishes(*c) && distinguishes(*d)),
        ([c, d], [e, f]) => c == f && d == e,
        _ => false,
    }
}
