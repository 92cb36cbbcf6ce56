//! Who is registered at an employer and absent from its list.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};

use crate::{
    filter::Filter,
    matcher::{Decision, RosterRow, RowResult},
    names,
    register::Register,
};

pub(crate) fn missing(register: &Register, rows: &[RosterRow<'_>], results: &[RowResult]) -> Vec<(u32, u64)> {
    let employers: FxHashSet<u32> = rows.iter().map(|row| row.employer).collect();
    let (found, absent) = split(register, &employers, results);
    let undecided = undecided(rows, results);
    let mut present = present(register, &found, &absent);
    let mut gone = Vec::new();
    for person in absent {
        let employer = register.employer(person);
        if undecided.contains(&(employer, register.name_hash(person)))
            || asked(register, person).into_iter().flatten().any(|mark| present.contains(&mark))
        {
            continue;
        }
        // Of somebody registered twice the first entry speaks.
        present.extend(marks(register, person).into_iter().flatten());
        gone.push((employer, register.pid(person)));
    }
    gone
}

/// The people of the results, and those of the employers who are not among them.
fn split(register: &Register, employers: &FxHashSet<u32>, results: &[RowResult]) -> (Vec<usize>, Vec<usize>) {
    let mut pids: FxHashSet<u64> = FxHashSet::with_capacity_and_hasher(results.len(), Default::default());
    let mut filter = Filter::for_members(results.len());
    for pid in results.iter().filter_map(|result| result.pid) {
        pids.insert(pid);
        filter.add(pid);
    }
    let (mut found, mut absent) = (Vec::with_capacity(pids.len()), Vec::new());
    for person in 0..register.len() {
        let pid = register.pid(person);
        if filter.may_have(pid) && pids.contains(&pid) {
            found.push(person);
        } else if employers.contains(&register.employer(person)) {
            absent.push(person);
        }
    }
    (found, absent)
}

/// What tells that another entry is the same human being: the number; the name with the telephone; the name with the
/// address.
fn marks(register: &Register, person: usize) -> [Option<u64>; 3] {
    let mark = |tag: u8, with: u64| {
        let mut hasher = FxHasher::default();
        (tag, register.name_hash(person), with).hash(&mut hasher);
        hasher.finish()
    };
    let (number, phone, addr) = (register.number(person), register.phone(person), register.addr(person));
    [
        (number != 0).then_some(number),
        (phone != 0).then(|| mark(1, phone)),
        (addr != u32::MAX).then(|| mark(2, u64::from(addr))),
    ]
}

/// The marks by which a person is looked for: by the address only without a number.
fn asked(register: &Register, person: usize) -> [Option<u64>; 3] {
    let [number, phone, home] = marks(register, person);
    [number, phone, if number.is_none() { home } else { None }]
}

/// The marks of the found people that an absent one is looked for by.
fn present(register: &Register, found: &[usize], absent: &[usize]) -> FxHashSet<u64> {
    let mut wanted = Filter::for_members(absent.len() * 2);
    for &person in absent {
        asked(register, person).into_iter().flatten().for_each(|mark| wanted.add(mark));
    }
    let all = found.iter().flat_map(|&person| marks(register, person)).flatten();
    all.filter(|&mark| wanted.may_have(mark)).collect()
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
