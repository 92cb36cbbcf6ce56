//! The register in memory: columns, an index of numbers, and how often names, doors and employers occur.

use std::fmt;

use rustc_hash::FxHashMap;

use crate::{
    filter::{Counts, Filter, spread},
    names, number, sketch,
};

mod warm;

/// The employer id of somebody who has none.
pub(crate) const NO_EMPLOYER: u32 = u32::MAX;
const EMPTY: u32 = u32::MAX;
/// So many people are indexed together.
const TOGETHER: usize = 128;
const NO_SLOT: u64 = u64::MAX;
/// The upper half of a slot.
const MARK: u64 = 0xFFFF_FFFF_0000_0000;

/// Bits of a number that its place in the index does not tell already.
fn mark(number: u64) -> u64 {
    number.wrapping_mul(0xBF58_476D_1CE4_E5B9) & MARK
}

/// One registered person (登记人员), borrowed from the caller.
#[derive(Clone, Copy)]
pub struct RegisterPerson<'a> {
    /// The caller's id of the person.
    pub pid: u64,
    /// Name as registered.
    pub name: &'a str,
    /// Document number as registered; empty when unknown.
    pub doc_no: &'a str,
    /// Telephone; empty when unknown.
    pub phone: &'a str,
    /// Position of the main address in the table of addresses; `u32::MAX` when unknown.
    pub addr: u32,
    /// Employer id; `u32::MAX` when there is none.
    pub employer: u32,
}

impl fmt::Debug for RegisterPerson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegisterPerson({}, masked)", self.pid)
    }
}

/// How a register is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// From how many addresses, spread evenly over the table, road and village names are learnt.
    pub names_learnt_from: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { names_learnt_from: 20_000 }
    }
}

/// What is compared of a person, side by side: one or two cache lines a look.
#[derive(Clone, Copy)]
struct Entry {
    number: u64,
    phone: u64,
    addr: u32,
    employer: u32,
    sound: u32,
    /// Hash of the folded name, and where its text begins.
    name: u32,
    name_from: u32,
    name_bytes: u16,
    /// The last number of the address, its lowest sixteen bits.
    room: u16,
}

/// A register being read, person by person; parts read apart can be joined.
#[derive(Clone, Default)]
pub struct RegisterBuilder {
    entries: Vec<Entry>,
    pids: Vec<u64>,
    name_text: String,
    address_ends: Vec<u64>,
    address_text: String,
}

impl fmt::Debug for RegisterBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegisterBuilder({} people, {} addresses)", self.pids.len(), self.address_ends.len())
    }
}

impl RegisterBuilder {
    /// A register of nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an address; the first has position 0.
    pub fn address(&mut self, text: &str) {
        self.address_text.push_str(text);
        self.address_ends.push(self.address_text.len() as u64);
    }

    /// Adds a person.
    pub fn person(&mut self, person: &RegisterPerson<'_>) {
        let start = self.name_text.len();
        names::fold_into(person.name, &mut self.name_text);
        let name = &self.name_text[start..];
        self.entries.push(Entry {
            number: number::of_register(person.doc_no),
            phone: number::phone(person.phone),
            addr: person.addr,
            employer: person.employer,
            sound: names::sound(name),
            name: names::hash(name),
            name_from: start as u32,
            name_bytes: name.len().min(usize::from(u16::MAX)) as u16,
            room: 0,
        });
        self.pids.push(person.pid);
    }

    /// How many people were added.
    #[must_use]
    pub fn people(&self) -> usize {
        self.pids.len()
    }

    /// Makes room for so many people.
    pub fn reserve(&mut self, people: usize) {
        self.entries.reserve(people);
        self.pids.reserve(people);
        self.name_text.reserve(people.saturating_mul(9));
    }

    /// Adds the people of another part behind these, and its addresses when there are none here yet.
    pub fn append(&mut self, mut part: Self) {
        if self.address_ends.is_empty() {
            self.address_ends = std::mem::take(&mut part.address_ends);
            self.address_text = std::mem::take(&mut part.address_text);
        }
        let names = self.name_text.len() as u32;
        self.entries.extend(part.entries.iter().map(|one| Entry { name_from: one.name_from + names, ..*one }));
        self.name_text.push_str(&part.name_text);
        self.pids.append(&mut part.pids);
    }

    /// The register, with its index.
    #[must_use]
    pub fn finish(self, options: Options) -> Register {
        let (people, addresses) = (self.pids.len(), self.address_ends.len());
        let mut register = Register {
            columns: self,
            slots: Vec::new(),
            known: Filter::for_members(people),
            name_counts: Counts::for_members(people),
            sound_counts: Counts::for_members(people),
            door_counts: vec![0; addresses],
            staff: FxHashMap::default(),
            parser: cn_address::Parser::new(),
        };
        register.index_numbers();
        register.read_rooms();
        register.count();
        register.learn_names(options);
        register
    }
}

/// The register (登记册) in memory: about eighty bytes a person, and the texts of the addresses.
pub struct Register {
    columns: RegisterBuilder,
    /// Where numbers stand: a person, and above it what tells most numbers apart without looking at the person.
    slots: Vec<u64>,
    known: Filter,
    name_counts: Counts,
    sound_counts: Counts,
    door_counts: Vec<u16>,
    staff: FxHashMap<u32, u32>,
    pub(crate) parser: cn_address::Parser,
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Register({} people, {} addresses)", self.len(), self.columns.address_ends.len())
    }
}

impl Register {
    /// Reads the people and the table of addresses; `addr` of a person is a position in that table. A person
    /// may stand in it twice.
    pub fn build<'a, 'b>(
        people: impl IntoIterator<Item = RegisterPerson<'a>>,
        addresses: impl IntoIterator<Item = &'b str>,
        options: Options,
    ) -> Self {
        let mut builder = RegisterBuilder::new();
        addresses.into_iter().for_each(|text| builder.address(text));
        people.into_iter().for_each(|person| builder.person(&person));
        builder.finish(options)
    }

    fn index_numbers(&mut self) {
        let size = (self.len() * 2).next_power_of_two().max(16);
        self.slots = vec![NO_SLOT; size];
        let mut place = 0;
        for people in self.columns.entries.chunks(TOGETHER) {
            // All at once, as in `warm_numbers`.
            let slots = people.iter().map(|one| self.slots[spread(one.number) & (size - 1)]);
            std::hint::black_box(slots.fold(0, u64::wrapping_add));
            for (person, one) in (place..).zip(people).filter(|(_, one)| one.number != 0) {
                self.known.add(one.number);
                let mut slot = spread(one.number) & (size - 1);
                while self.slots[slot] != NO_SLOT {
                    slot = (slot + 1) & (size - 1);
                }
                self.slots[slot] = mark(one.number) | person;
            }
            place += people.len() as u64;
        }
    }

    /// Rows without a number are looked for by their room: reading it here keeps the texts out of the streaming.
    fn read_rooms(&mut self) {
        let addresses = self.columns.address_ends.len() as u32;
        let rooms: Vec<u16> = (0..addresses).map(|addr| sketch::last_number(self.address(addr)) as u16).collect();
        for entry in &mut self.columns.entries {
            entry.room = rooms.get(entry.addr as usize).copied().unwrap_or(0);
        }
    }

    fn count(&mut self) {
        for entry in &self.columns.entries {
            self.name_counts.add(entry.name);
            self.sound_counts.add(entry.sound);
            if let Some(count) = self.door_counts.get_mut(entry.addr as usize) {
                *count = count.saturating_add(1);
            }
        }
        for entry in self.columns.entries.iter().filter(|entry| entry.employer != NO_EMPLOYER) {
            *self.staff.entry(entry.employer).or_default() += 1;
        }
    }

    fn learn_names(&mut self, options: Options) {
        let addresses = self.columns.address_ends.len();
        let every = (addresses / options.names_learnt_from.max(1)).max(1);
        let sample = (0..addresses).step_by(every).map(|n| self.address(n as u32));
        self.parser = cn_address::Parser::with_gazetteer(cn_address::Gazetteer::learn(sample));
    }

    /// The people with this number, in the order in which they were given.
    pub(crate) fn with_number(&self, number: u64) -> impl Iterator<Item = usize> + '_ {
        let mask = self.slots.len() - 1;
        let mut slot = Some(spread(number) & mask);
        std::iter::from_fn(move || {
            let mut at = slot?;
            while self.slots[at] != NO_SLOT {
                let found = self.slots[at];
                at = (at + 1) & mask;
                slot = Some(at);
                let person = (found as u32) as usize;
                if found & MARK == mark(number) && self.columns.entries[person].number == number {
                    return Some(person);
                }
            }
            slot = None;
            None
        })
    }

    pub(crate) fn pid(&self, person: usize) -> u64 {
        self.columns.pids[person]
    }

    pub(crate) fn number(&self, person: usize) -> u64 {
        self.columns.entries[person].number
    }

    pub(crate) fn phone(&self, person: usize) -> u64 {
        self.columns.entries[person].phone
    }

    pub(crate) fn addr(&self, person: usize) -> u32 {
        self.columns.entries[person].addr
    }

    pub(crate) fn employer(&self, person: usize) -> u32 {
        self.columns.entries[person].employer
    }

    /// The last number of the person's address, its lowest sixteen bits; 0 when there is none.
    pub(crate) fn room(&self, person: usize) -> u16 {
        self.columns.entries[person].room
    }

    pub(crate) fn sound(&self, person: usize) -> u32 {
        self.columns.entries[person].sound
    }

    /// The folded name of a person.
    pub(crate) fn name(&self, person: usize) -> &str {
        let entry = &self.columns.entries[person];
        let start = entry.name_from as usize;
        self.columns.name_text.get(start..start + usize::from(entry.name_bytes)).unwrap_or_default()
    }

    /// The text of an address; empty when there is none.
    pub(crate) fn address(&self, addr: u32) -> &str {
        let (at, ends) = (addr as usize, &self.columns.address_ends);
        let Some(&end) = ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { ends[at - 1] as usize };
        &self.columns.address_text[start..end as usize]
    }

    /// The hash of the folded name of a person.
    pub(crate) fn name_hash(&self, person: usize) -> u32 {
        self.columns.entries[person].name
    }

    /// True when the number may be registered; a quick no for most that are not.
    pub(crate) fn may_have_number(&self, number: u64) -> bool {
        self.known.may_have(number)
    }

    /// About how many people bear the name of this hash.
    pub(crate) fn namesakes(&self, name: u32) -> u32 {
        self.name_counts.of(name)
    }

    /// About how many people bear a name that sounds so.
    pub(crate) fn homophones(&self, sound: u32) -> u32 {
        self.sound_counts.of(sound)
    }

    /// How many people are registered at an address.
    pub(crate) fn living_at(&self, addr: u32) -> u32 {
        self.door_counts.get(addr as usize).map_or(0, |&count| u32::from(count))
    }

    /// How many people are registered at an employer.
    pub(crate) fn working_at(&self, employer: u32) -> u32 {
        self.staff.get(&employer).copied().unwrap_or(0)
    }

    /// Two entries that are one human being: the same number; or the same name with the same telephone, or with
    /// the same address while one of them has no number.
    pub(crate) fn same_human(&self, a: usize, b: usize) -> bool {
        let (first, second) = (self.number(a), self.number(b));
        if first != 0 && first == second {
            return true;
        }
        let phone = self.phone(a) != 0 && self.phone(a) == self.phone(b);
        let home = self.addr(a) != EMPTY && self.addr(a) == self.addr(b) && (first == 0 || second == 0);
        (phone || home) && self.name_hash(a) == self.name_hash(b) && !self.name(a).is_empty()
    }

    /// How many entries it has, duplicates included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.pids.len()
    }

    /// True when nobody is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.pids.is_empty()
    }
}
