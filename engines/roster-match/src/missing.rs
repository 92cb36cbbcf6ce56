//! Who is registered at an employer and absent from its list.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};

use crate::{
    filter::Filter,
    matcher::{Decision, RosterRow, RowResult},
    names,
    register::Register,
};

/// The people found on the roster, by what tells that another entry is the same human being.
#[derive(Default)]
struct Present {
    numbers: FxHashSet<u64>,
    /// Name with telephone, and name with address.
    named: FxHashSet<u64>,
}

fn named(tag: u8, name: &str, with: u64) -> u64 {
    let mut hasher = FxHasher::default();
    (tag, name, with).hash(&mut hasher);
    hasher.finish()
}

impl Present {
    fn marks(register: &Register, person: usize) -> [Option<u64>; 2] {
        let name = register.name(person);
        let phone = (register.phone(person) != 0).then(|| named(1, name, register.phone(person)));
        let home = (register.addr(person) != u32::MAX).then(|| named(2, name, u64::from(register.addr(person))));
        [phone, home]
    }

    fn add(&mut self, register: &Register, person: usize) {
        let number = register.number(person);
        if number != 0 {
            self.numbers.insert(number);
        }
        self.named.extend(Self::marks(register, person).into_iter().flatten());
    }

    fn has(&self, register: &Register, person: usize) -> bool {
        let number = register.number(person);
        if number != 0 && self.numbers.contains(&number) {
            return true;
        }
        let [phone, home] = Self::marks(register, person);
        phone.is_some_and(|mark| self.named.contains(&mark))
            || number == 0 && home.is_some_and(|mark| self.named.contains(&mark))
    }
}

pub(crate) fn missing(register: &Register, rows: &[RosterRow<'_>], results: &[RowResult]) -> Vec<(u32, u64)> {
    let employers: FxHashSet<u32> = rows.iter().map(|row| row.employer).collect();
    let pids: FxHashSet<u64> = results.iter().filter_map(|result| result.pid).collect();
    let mut filter = Filter::for_members(pids.len());
    pids.iter().for_each(|&pid| filter.add(pid));
    let found = |person: usize| {
        let pid = register.pid(person);
        filter.may_have(pid) && pids.contains(&pid)
    };
    let undecided = undecided(rows, results);
    let mut present = Present::default();
    (0..register.len()).filter(|&person| found(person)).for_each(|person| present.add(register, person));
    let mut gone = Vec::new();
    for person in 0..register.len() {
        let employer = register.employer(person);
        if !employers.contains(&employer) || found(person) || present.has(register, person) {
            continue;
        }
        if undecided.contains(&(employer, register.name_hash(person))) {
            continue;
        }
        present.add(register, person);
        gone.push((employer, register.pid(person)));
    }
    gone
}

/// Employer and name of the rows that were not matched.
fn undecided(rows: &[RosterRow<'_>], results: &[RowResult]) -> FxHashSet<(u32, u32)> {
    let mut name = String::new();
    let open = rows.iter().zip(results).filter(|(_, result)| result.decision != Decision::Match);
    open.map(|(row, _)| {
        name.clear();
        names::fold_into(row.name, &mut name);
        (row.employer, names::hash(&name))
    })
    .collect()
}
