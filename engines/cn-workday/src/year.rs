//! The working days of one year as bits, so that counting and adding need no walk from day to day.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use crate::table::Special;

/// Days of the longest year, in words of 64 bits.
const WORDS: usize = 6;

/// One year; bit 0 is 1 January.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Year {
    year: i16,
    words: [u64; WORDS],
}

impl Year {
    /// Monday to Friday, and what the special days of this year change.
    pub(crate) fn new(year: i16, special: &BTreeMap<Date, Special>) -> Self {
        let first = Date::constant(year, 1, 1);
        let mut words = [0; WORDS];
        let mut weekday = first.weekday();
        for place in 0..place_of(first.last_of_year()) + 1 {
            if is_weekday(weekday) {
                words[place / 64] |= 1 << (place % 64);
            }
            weekday = weekday.next();
        }
        for (date, day) in special.range(first..=first.last_of_year()) {
            let (word, bit) = (&mut words[place_of(*date) / 64], 1 << (place_of(*date) % 64));
            if day.workday { *word |= bit } else { *word &= !bit }
        }
        Self { year, words }
    }

    /// Whether the date, which lies in this year, is a working day.
    pub(crate) fn is_workday(&self, date: Date) -> bool {
        let place = place_of(date);
        self.words[place / 64] >> (place % 64) & 1 == 1
    }

    /// How many working days lie before the date, which lies in this year.
    pub(crate) fn before(&self, date: Date) -> u32 {
        let place = place_of(date);
        let whole: u32 = self.words[..place / 64].iter().map(|word| word.count_ones()).sum();
        whole + (self.words[place / 64] & ((1 << (place % 64)) - 1)).count_ones()
    }

    /// How many the year has.
    pub(crate) fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// The working day that has `n` others before it in the year.
    pub(crate) fn nth(&self, n: u32) -> Option<Date> {
        let mut left = n;
        for (index, &word) in self.words.iter().enumerate() {
            if left >= word.count_ones() {
                left -= word.count_ones();
                continue;
            }
            let word = (0..left).fold(word, |rest, _| rest & (rest - 1));
            let place = index * 64 + word.trailing_zeros() as usize;
            let day = i16::try_from(place + 1).ok()?;
            return Date::constant(self.year, 1, 1).with().day_of_year(day).build().ok();
        }
        None
    }
}

/// Monday to Friday.
pub(crate) fn is_weekday(weekday: Weekday) -> bool {
    !matches!(weekday, Weekday::Saturday | Weekday::Sunday)
}

/// 0 for 1 January.
fn place_of(date: Date) -> usize {
    usize::from(date.day_of_year().unsigned_abs()) - 1
}
