//! Reading ahead: the memory answers many questions at once in the time of one.

use smallvec::SmallVec;

use super::{Entry, MARK, Register, mark};
use crate::filter::spread;

impl Register {
    /// Reads where these numbers are indexed, all at once: the memory answers many such questions in the time of one.
    pub(crate) fn warm_numbers(&self, numbers: impl Iterator<Item = u64>) {
        let mask = self.slots.len() - 1;
        let found: SmallVec<[(u64, u64); 128]> =
            numbers.map(|number| (mark(number), self.slots[spread(number) & mask])).collect();
        let own = found.iter().filter(|(mark, slot)| slot & MARK == *mark);
        let read = own.filter_map(|(_, slot)| self.columns.entries.get((*slot as u32) as usize)).map(|e| e.number);
        // Numbers fill all 64 bits.
        std::hint::black_box(read.fold(0, u64::wrapping_add));
    }

    /// Reads what is compared of these people, all at once.
    pub(crate) fn warm_people(&self, people: impl Iterator<Item = u32>) {
        let people: SmallVec<[&Entry; 256]> = people.map(|person| &self.columns.entries[person as usize]).collect();
        let mut sum: u64 = people.iter().map(|one| u64::from(self.namesakes(one.name))).sum();
        sum += people.iter().map(|one| u64::from(self.living_at(one.addr))).sum::<u64>();
        let ends = &self.columns.address_ends;
        let texts: SmallVec<[(u64, u64); 256]> = people
            .iter()
            .filter_map(|one| {
                let at = one.addr as usize;
                Some((ends.get(at.wrapping_sub(1)).copied().unwrap_or(0), *ends.get(at)?))
            })
            .collect();
        // A text lies on two lines of the cache, mostly.
        let text = self.columns.address_text.as_bytes();
        let byte = |at: u64| text.get(at as usize).copied().map_or(0, u64::from);
        sum += texts.iter().map(|&(start, end)| byte(start) + byte(end)).sum::<u64>();
        std::hint::black_box(sum);
    }

    /// Reads the ids of these people, all at once.
    pub(crate) fn warm_pids(&self, people: impl Iterator<Item = u32>) {
        let pids = people.map(|person| self.columns.pids[person as usize]);
        std::hint::black_box(pids.fold(0, u64::wrapping_add));
    }
}
