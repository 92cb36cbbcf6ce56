//! The rows that found nobody by their number, indexed so that the register can stream past them.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    filter::Filter,
    number::{self, RowNumber},
    register::{NO_EMPLOYER, Register},
    rows::Rows,
};

/// A shared telephone or a common name brings no more candidates than this to one row.
const MAX_CANDIDATES: usize = 64;

/// So many people are looked at together.
const PEOPLE_AT_ONCE: usize = 256;

type List = SmallVec<[u32; 2]>;
/// The candidates of a row: positions in the register.
pub(crate) type Found = SmallVec<[u32; 4]>;

/// What two records may have in common to be compared at all.
#[derive(Clone, Copy)]
enum Key {
    Phone(u64),
    Prefix(u64),
    /// The sound of the name, and one thing more.
    Birth(u32, u32),
    Employer(u32, u32),
    Room(u32, u16),
}

impl Key {
    fn hash(self) -> u64 {
        let pair = |tag: u64, sound: u32, with: u32| {
            (u64::from(sound) << 32 | u64::from(with)).wrapping_mul(0xBF58_476D_1CE4_E5B9).rotate_left(23) ^ tag
        };
        match self {
            Self::Phone(phone) => phone,
            Self::Prefix(prefix) => prefix << 4 | 3,
            Self::Birth(sound, birth) => pair(1, sound, birth),
            Self::Employer(sound, employer) => pair(2, sound, employer),
            Self::Room(sound, room) => pair(3, sound, u32::from(room)),
        }
    }
}

/// Open rows by what they may have in common with somebody.
pub(crate) struct Pool {
    by_key: FxHashMap<u64, List>,
    keys: Filter,
    sounds: Filter,
    /// Sounds of rows without a usable number, which are looked for by their room as well.
    poor: Filter,
    /// Leading digits, where a spreadsheet has left no more.
    prefixes: Filter,
}

impl Pool {
    pub(crate) fn new(rows: &Rows<'_>, open: &[u32]) -> Self {
        let mut pool = Self {
            by_key: FxHashMap::with_capacity_and_hasher(open.len() * 3, Default::default()),
            keys: Filter::for_members(open.len() * 4),
            sounds: Filter::for_members(open.len() * 2),
            poor: Filter::for_members(open.len()),
            prefixes: Filter::for_members(open.len() / 8),
        };
        for &n in open {
            let row = &rows.rows[n as usize];
            if row.phone != 0 {
                pool.add(Key::Phone(row.phone), n);
            }
            if row.kept_prefix() != 0 {
                pool.prefixes.add(row.kept_prefix());
                pool.add(Key::Prefix(row.kept_prefix()), n);
            }
            if rows.name(row).is_empty() {
                continue;
            }
            pool.sounds.add(u64::from(row.sound));
            pool.add(Key::Employer(row.sound, row.employer), n);
            if row.birth != 0 {
                pool.add(Key::Birth(row.sound, row.birth), n);
            }
            // A valid number of its own needs more than a name and a room.
            if !matches!(row.number, RowNumber::Valid(_)) {
                pool.poor.add(u64::from(row.sound));
                pool.add(Key::Room(row.sound, row.last_number() as u16), n);
            }
        }
        pool
    }

    fn add(&mut self, key: Key, row: u32) {
        let key = key.hash();
        self.keys.add(key);
        self.by_key.entry(key).or_default().push(row);
    }

    /// Streams the register past the open rows. What the filters let through is noted for some people first, without
    /// a branch that waits for the memory, and looked up then.
    pub(crate) fn stream(&self, register: &Register, found: &mut [Found]) {
        let mut noted = [(0u32, 0u8); PEOPLE_AT_ONCE];
        let mut start = 0;
        while start < register.len() {
            let end = register.len().min(start + PEOPLE_AT_ONCE);
            let mut count = 0;
            for person in start..end {
                let phone = self.keys.may_have(Key::Phone(register.phone(person)).hash());
                let sound = self.sounds.may_have(u64::from(register.sound(person)));
                let prefix = self.prefixes.may_have(number::kept_prefix(register.number(person)));
                noted[count] = (person as u32, u8::from(phone) | u8::from(sound) << 1 | u8::from(prefix) << 2);
                count += usize::from(phone | sound | prefix);
            }
            for &(person, which) in &noted[..count] {
                self.person(register, person as usize, which, found);
            }
            start = end;
        }
    }

    /// Offers a person whose telephone (bit 0), name's sound (bit 1) or leading digits (bit 2) some row may have.
    fn person(&self, register: &Register, person: usize, which: u8, found: &mut [Found]) {
        let phone = register.phone(person);
        if which & 1 != 0 && phone != 0 {
            self.offer(Key::Phone(phone), person, found);
        }
        let number = register.number(person);
        if which & 4 != 0 && number != 0 {
            self.offer(Key::Prefix(number::kept_prefix(number)), person, found);
        }
        if which & 2 == 0 {
            return;
        }
        let sound = register.sound(person);
        let employer = register.employer(person);
        if employer != NO_EMPLOYER {
            self.offer(Key::Employer(sound, employer), person, found);
        }
        let birth = number::birth(number);
        if birth != 0 {
            self.offer(Key::Birth(sound, birth), person, found);
        }
        if self.poor.may_have(u64::from(sound)) {
            self.offer(Key::Room(sound, register.room(person)), person, found);
        }
    }

    fn offer(&self, key: Key, person: usize, found: &mut [Found]) {
        let key = key.hash();
        if !self.keys.may_have(key) {
            return;
        }
        for &row in self.by_key.get(&key).into_iter().flatten() {
            keep(&mut found[row as usize], person as u32);
        }
    }
}

pub(crate) fn keep(found: &mut Found, person: u32) {
    if found.len() < MAX_CANDIDATES && !found.contains(&person) {
        found.push(person);
    }
}
