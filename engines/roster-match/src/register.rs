//! The register in memory: columns, and an index of numbers.

use std::fmt;

use crate::{names, number};

/// The employer id of somebody who has none.
pub(crate) const NO_EMPLOYER: u32 = u32::MAX;
const EMPTY: u32 = u32::MAX;

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

/// The register (登记册) in memory: about fifty bytes a person, and the texts of the addresses.
pub struct Register {
    pub(crate) pids: Vec<u64>,
    pub(crate) numbers: Vec<u64>,
    pub(crate) phones: Vec<u64>,
    pub(crate) addrs: Vec<u32>,
    pub(crate) employers: Vec<u32>,
    pub(crate) sounds: Vec<u32>,
    name_ends: Vec<u32>,
    name_text: String,
    slots: Vec<u32>,
    address_ends: Vec<u32>,
    address_text: String,
    pub(crate) parser: cn_address::Parser,
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Register({} people, {} addresses)", self.len(), self.address_ends.len())
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
        let mut register = Self::empty();
        for text in addresses {
            register.address_text.push_str(text);
            register.address_ends.push(register.address_text.len() as u32);
        }
        for person in people {
            register.add(&person);
        }
        register.index_numbers();
        register.learn_names(options);
        register
    }

    fn empty() -> Self {
        Self {
            pids: Vec::new(),
            numbers: Vec::new(),
            phones: Vec::new(),
            addrs: Vec::new(),
            employers: Vec::new(),
            sounds: Vec::new(),
            name_ends: Vec::new(),
            name_text: String::new(),
            slots: Vec::new(),
            address_ends: Vec::new(),
            address_text: String::new(),
            parser: cn_address::Parser::new(),
        }
    }

    fn add(&mut self, person: &RegisterPerson<'_>) {
        let start = self.name_text.len();
        names::fold_into(person.name, &mut self.name_text);
        self.sounds.push(names::sound(&self.name_text[start..]));
        self.name_ends.push(self.name_text.len() as u32);
        self.pids.push(person.pid);
        self.numbers.push(number::of_register(person.doc_no));
        self.phones.push(number::phone(person.phone));
        self.addrs.push(person.addr);
        self.employers.push(person.employer);
    }

    fn index_numbers(&mut self) {
        let size = (self.numbers.len() * 2).next_power_of_two().max(16);
        self.slots = vec![EMPTY; size];
        for (person, &number) in self.numbers.iter().enumerate() {
            if number == 0 {
                continue;
            }
            let mut slot = spread(number) & (size - 1);
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = person as u32;
        }
    }

    fn learn_names(&mut self, options: Options) {
        let every = (self.address_ends.len() / options.names_learnt_from.max(1)).max(1);
        let sample = (0..self.address_ends.len()).step_by(every).map(|n| self.address(n as u32));
        self.parser = cn_address::Parser::with_gazetteer(cn_address::Gazetteer::learn(sample));
    }

    /// The people with this number, in the order in which they were given.
    pub(crate) fn with_number(&self, number: u64) -> impl Iterator<Item = usize> + '_ {
        let mask = self.slots.len() - 1;
        let mut slot = spread(number) & mask;
        std::iter::from_fn(move || {
            while self.slots[slot] != EMPTY {
                let person = self.slots[slot] as usize;
                slot = (slot + 1) & mask;
                if self.numbers[person] == number {
                    return Some(person);
                }
            }
            None
        })
    }

    /// The folded name of a person.
    pub(crate) fn name(&self, person: usize) -> &str {
        let start = if person == 0 { 0 } else { self.name_ends[person - 1] as usize };
        &self.name_text[start..self.name_ends[person] as usize]
    }

    /// The text of an address; empty when there is none.
    pub(crate) fn address(&self, addr: u32) -> &str {
        let at = addr as usize;
        let Some(&end) = self.address_ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.address_ends[at - 1] as usize };
        &self.address_text[start..end as usize]
    }

    /// How many entries it has, duplicates included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pids.len()
    }

    /// True when nobody is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pids.is_empty()
    }
}

pub(crate) fn spread(key: u64) -> usize {
    let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)) as usize
}
