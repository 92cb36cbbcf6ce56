//! The rows that found nobody by their number, indexed so that the register can stream past them.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    matcher::Prepared,
    number::{self, RowNumber},
    register::{Register, spread},
};

/// A shared telephone or a common name brings no more candidates than this to one row.
const MAX_CANDIDATES: usize = 64;
const FILTER_BITS: usize = 1 << 21;

type Rows = SmallVec<[u32; 2]>;

/// One bit for each hash: most of the register is turned away by it.
struct Filter(Vec<u64>);

impl Filter {
    fn add(&mut self, key: u64) {
        let bit = spread(key) & (FILTER_BITS - 1);
        self.0[bit >> 6] |= 1 << (bit & 63);
    }

    fn may_have(&self, key: u64) -> bool {
        let bit = spread(key) & (FILTER_BITS - 1);
        self.0[bit >> 6] >> (bit & 63) & 1 == 1
    }
}

/// Open rows by telephone and by the sound of the name.
pub(crate) struct Pool {
    by_phone: FxHashMap<u64, Rows>,
    by_sound: FxHashMap<u32, Rows>,
    phones: Filter,
    sounds: Filter,
}

/// What the stream tells of one open row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub people: SmallVec<[u32; 4]>,
    /// How many registered people bear exactly this name, and how many one that sounds like it.
    pub namesakes: u32,
    pub homophones: u32,
}

impl Pool {
    pub(crate) fn new(rows: &[Prepared<'_>], open: &[u32]) -> Self {
        let filter = || Filter(vec![0; FILTER_BITS / 64]);
        let mut pool =
            Self { by_phone: FxHashMap::default(), by_sound: FxHashMap::default(), phones: filter(), sounds: filter() };
        for &n in open {
            let row = &rows[n as usize];
            if row.phone != 0 {
                pool.phones.add(row.phone);
                pool.by_phone.entry(row.phone).or_default().push(n);
            }
            if !row.name.is_empty() {
                pool.sounds.add(u64::from(row.sound));
                pool.by_sound.entry(row.sound).or_default().push(n);
            }
        }
        pool
    }

    /// Streams the register past the open rows. `door` tells a key of the building for an address id.
    pub(crate) fn stream(
        &self,
        register: &Register,
        rows: &[Prepared<'_>],
        found: &mut FxHashMap<u32, Found>,
        mut door: impl FnMut(u32) -> u64,
    ) {
        for person in 0..register.len() {
            let phone = register.phones[person];
            if phone != 0
                && self.phones.may_have(phone)
                && let Some(open) = self.by_phone.get(&phone)
            {
                for n in open {
                    keep(found.entry(*n).or_default(), person);
                }
            }
            let sound = register.sounds[person];
            if self.sounds.may_have(u64::from(sound))
                && let Some(open) = self.by_sound.get(&sound)
            {
                for &n in open {
                    let row = &rows[n as usize];
                    let entry = found.entry(n).or_default();
                    entry.homophones += 1;
                    entry.namesakes += u32::from(register.name(person) == row.name.as_ref());
                    if agrees(register, person, row, &mut door) {
                        keep(entry, person);
                    }
                }
            }
        }
    }
}

fn keep(found: &mut Found, person: usize) {
    let person = person as u32;
    if found.people.len() < MAX_CANDIDATES && !found.people.contains(&person) {
        found.people.push(person);
    }
}

/// Beside the sound of the name, one more thing must agree.
fn agrees(register: &Register, person: usize, row: &Prepared<'_>, door: &mut impl FnMut(u32) -> u64) -> bool {
    let birth = number::birth(register.numbers[person]);
    if row.birth != 0 && birth == row.birth || register.employers[person] == row.employer {
        return true;
    }
    // A valid number of its own needs more than a name and a house.
    if matches!(row.number, RowNumber::Valid(_)) {
        return false;
    }
    let phone = register.phones[person];
    (phone != 0 && row.phone != 0 && number::phone_one_off(phone, row.phone))
        || row.lives_at(&register.parser, register.address(register.addrs[person]), || door(register.addrs[person]))
}
