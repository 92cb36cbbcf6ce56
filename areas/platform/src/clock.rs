//! Time and randomness as arguments. Every process takes a [`Clock`] and an [`Rng`]; only this file asks the
//! machine for either.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rand::{Rng as _, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01 UTC, as every table stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
#[serde(transparent)]
pub struct At(pub i64);

/// The time zone of all days and months.
pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").expect("the time-zone database is bundled")
}

impl At {
    /// The instant of a timestamp.
    pub fn from_timestamp(t: Timestamp) -> Self {
        At(t.as_microsecond())
    }
    /// As a timestamp; instants out of jiff's range become its limits.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
    /// The day in Shanghai.
    pub fn day(self) -> Day {
        Day(self.timestamp().to_zoned(shanghai()).date())
    }
    /// `2026-11-22 09:12` in Shanghai.
    pub fn minute_text(self) -> String {
        self.timestamp().to_zoned(shanghai()).strftime("%Y-%m-%d %H:%M").to_string()
    }
    /// As a deadline: `2026-11-22 09:12`, and where a day ends `2026-11-21 24:00`, so that nobody takes the day after it
    /// for the last one (GB/T 7408.1 knows both ways to write midnight).
    pub fn deadline_text(self) -> String {
        let at = self.timestamp().to_zoned(shanghai());
        if at.time() == jiff::civil::Time::midnight() {
            return format!("{} 24:00", self.day().plus_days(-1));
        }
        self.minute_text()
    }
    /// So many hours later (earlier if negative).
    pub fn plus_hours(self, hours: i64) -> At {
        At(self.0.saturating_add(hours.saturating_mul(3_600_000_000)))
    }
    /// So many seconds later (earlier if negative).
    pub fn plus_s(self, seconds: i64) -> At {
        At(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

/// A calendar day in Shanghai, stored as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
#[sea_orm(value_type = "String")]
#[serde(transparent)]
pub struct Day(pub Date);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl std::str::FromStr for Day {
    type Err = jiff::Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(Day)
    }
}

impl Day {
    /// The first instant of the day.
    pub fn start(self) -> At {
        // Only the first day of jiff's calendar begins before its first instant; a form can hold even that one.
        At::from_timestamp(self.0.to_zoned(shanghai()).map_or(Timestamp::MIN, |zoned| zoned.timestamp()))
    }
    /// The first instant after the day.
    pub fn end(self) -> At {
        self.plus_days(1).start()
    }
    /// So many days later (earlier if negative); stays at the calendar's limits.
    pub fn plus_days(self, days: i64) -> Day {
        Day(self.0.saturating_add(jiff::Span::new().days(days.clamp(-3_000_000, 3_000_000))))
    }
    /// The month the day lies in.
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }
    /// Days from `earlier` to this day.
    pub fn days_since(self, earlier: Day) -> i64 {
        i64::from((self.0 - earlier.0).get_days())
    }
    /// Full years from a birth date to this day.
    pub fn full_years_since(self, birth: Date) -> i16 {
        let years = self.0.year() - birth.year();
        if (self.0.month(), self.0.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
    }
}

/// A calendar month in Shanghai, stored as `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct Month {
    /// Year, 1..=9999 in practice.
    pub year: i16,
    /// Month, 1..=12.
    pub month: i8,
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
/// A text that is not `YYYY-MM`.
#[derive(Debug, thiserror::Error)]
#[error("a month is written YYYY-MM")]
pub struct NotAMonth;
impl std::str::FromStr for Month {
    type Err = NotAMonth;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (y, m) = s.split_once('-').ok_or(NotAMonth)?;
        let (year, month) = (y.parse().map_err(|_| NotAMonth)?, m.parse().map_err(|_| NotAMonth)?);
        if y.len() != 4 || m.len() != 2 || Date::new(year, month, 1).is_err() {
            return Err(NotAMonth);
        }
        Ok(Month { year, month })
    }
}
impl Month {
    /// First day.
    pub fn first_day(self) -> Day {
        Day(Date::new(self.year, self.month, 1).expect("a month in range has a first day"))
    }
    /// Last day.
    pub fn last_day(self) -> Day {
        Day(self.first_day().0.last_of_month())
    }
    /// The month before.
    pub fn previous(self) -> Month {
        self.first_day().plus_days(-1).month()
    }
    /// The month after.
    pub fn next(self) -> Month {
        self.last_day().plus_days(1).month()
    }
    /// First instant of the month.
    pub fn start(self) -> At {
        self.first_day().start()
    }
    /// First instant after the month.
    pub fn end(self) -> At {
        self.last_day().end()
    }
}

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Clock(None)
    }
    /// A clock that stands still until it is [`set`](Clock::set); for tests and for building the past of a demonstration.
    pub fn fixed(at: At) -> Self {
        Clock(Some(Arc::new(AtomicI64::new(at.0))))
    }
    /// Moves a fixed clock; does nothing to the machine's.
    pub fn set(&self, at: At) {
        if let Some(fixed) = &self.0 {
            fixed.store(at.0, Ordering::SeqCst);
        }
    }
    /// Now.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    pub fn now(&self) -> At {
        match &self.0 {
            Some(fixed) => At(fixed.load(Ordering::SeqCst)),
            None => At::from_timestamp(Timestamp::now()),
        }
    }
    /// Today in Shanghai.
    pub fn today(&self) -> Day {
        self.now().day()
    }
}

/// Where randomness comes from: a ChaCha20 stream, seeded by the machine or, for repeatable tests, by a number.
#[derive(Clone)]
pub struct Rng(Arc<Mutex<ChaCha20Rng>>);

impl Rng {
    /// Seeded from the machine's entropy.
    ///
    /// # Panics
    /// If the machine has no entropy source: nothing here may run without one.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for randomness")]
    pub fn system() -> Self {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).expect("the machine has an entropy source");
        Rng(Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }
    /// Repeatable, for tests only.
    pub fn seeded(seed: u64) -> Self {
        Rng(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }
    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut out);
        out
    }
    /// A new UUIDv7 for an instant.
    pub fn uuid(&self, at: At) -> uuid::Uuid {
        let ms = u64::try_from(at.0 / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(ms, &self.bytes::<10>()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_at_the_end_of_a_day_names_that_day() {
        let at = |text: &str| At::from_timestamp(text.parse().expect("an instant"));
        assert_eq!(at("2026-11-22T00:00:00+08:00").deadline_text(), "2026-11-21 24:00");
        assert_eq!(at("2026-11-22T00:01:00+08:00").deadline_text(), "2026-11-22 00:01");
        assert_eq!(at("2026-11-22T09:12:00+08:00").deadline_text(), "2026-11-22 09:12");
    }
}
