//! A week as it is written in TOML.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};

use crate::model::{Person, Role, Shift, Week};
use crate::rules::{Limit, Rules};

/// Why a text is no week. Lines and columns are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrittenError {
    /// The text is no TOML, or says something else than a week.
    #[error("line {line}, column {column}: {message}")]
    Toml {
        /// Line; 0 where the place is not known.
        line: u64,
        /// Column, in characters.
        column: u64,
        /// What is wrong.
        message: String,
    },
    /// Somebody is there twice.
    #[error("`{0}` is there twice")]
    Twice(String),
}

/// A week as it is written (一周排班的书面形式): who works, when nobody is there, and what is asked for besides the scheme.
///
/// ```
/// use shift_plan::{Role, Rules, WrittenWeek};
///
/// let written = WrittenWeek::parse(
///     r#"
///     monday = 2026-06-08
///     on_duty = 1
///     [[people]]
///     id = "officer"
///     role = "officer"
///     grids = [1, 2]
///     [[people]]
///     id = "coordinator"
///     role = "coordinator"
///     grids = [1]
///     away = ["2026-06-10"]
///     "#,
/// )?;
/// let week = written.week(Rules::sample())?;
/// assert_eq!((week.people[1].role, week.rules.on_duty.as_ref().unwrap().value), (Role::Coordinator, 1));
///
/// let misspelt = WrittenWeek::parse("mondy = 2026-06-08").unwrap_err();
/// assert!(misspelt.to_string().starts_with("line 1, column 1: unknown field `mondy`"));
/// # Ok::<(), shift_plan::WrittenError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenWeek {
    /// Its Monday; a day within it counts as its Monday.
    #[serde(deserialize_with = "one")]
    pub monday: Date,
    /// When the plan is filed, where that is fixed.
    #[serde(default, deserialize_with = "some")]
    pub filed_on: Option<Date>,
    /// Hours of one person in the week, at most.
    pub most_hours: Option<u32>,
    /// Days of the week without a shift, at least.
    pub rest_days: Option<u32>,
    /// People on duty in each grid on each official working day, at least, officers not counted.
    pub on_duty: Option<u32>,
    /// The same on each weekend day.
    pub weekend_duty: Option<u32>,
    /// Who works.
    pub people: Vec<WrittenPerson>,
    /// Kinds of shifts; without any, the usual ones ([`Shift::usual`]).
    #[serde(default)]
    pub shifts: Vec<WrittenShift>,
}

/// Somebody who works in the week, as it is written.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenPerson {
    /// Identifier.
    pub id: String,
    /// Post: `officer`, `coordinator` or `other`.
    pub role: WrittenRole,
    /// Grids worked in.
    #[serde(default)]
    pub grids: Vec<u32>,
    /// Days of leave.
    #[serde(default, deserialize_with = "days")]
    pub away: BTreeSet<Date>,
    /// No shift begins before; from the beginning of the day without it.
    #[serde(default, deserialize_with = "some")]
    pub from: Option<Time>,
    /// No shift ends after; until the end of the day without it.
    #[serde(default, deserialize_with = "some")]
    pub to: Option<Time>,
    /// Weekend days worked in the weeks before.
    #[serde(default)]
    pub weekend_turns: u32,
}

/// A post as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WrittenRole {
    /// Community officer (社区民警).
    Officer,
    /// Coordinator (社区综合协管员).
    Coordinator,
    /// Anybody else.
    Other,
}

/// A kind of shift as it is written.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenShift {
    /// Its name.
    pub name: String,
    /// Begins.
    #[serde(deserialize_with = "one")]
    pub starts: Time,
    /// Ends.
    #[serde(deserialize_with = "one")]
    pub ends: Time,
    /// Minutes of it that are not worked.
    #[serde(default)]
    pub break_minutes: u32,
    /// When its round of visits starts, if it has one.
    #[serde(default, deserialize_with = "some")]
    pub round_starts: Option<Time>,
}

impl WrittenWeek {
    /// Reads a week.
    ///
    /// # Errors
    /// [`WrittenError::Toml`]: the first thing that is wrong, with its place.
    pub fn parse(text: &str) -> Result<Self, WrittenError> {
        toml::from_str(text).map_err(|e: toml::de::Error| {
            let (line, column) = e.span().map_or((0, 0), |span| place(text, span.start));
            WrittenError::Toml { line, column, message: e.message().to_owned() }
        })
    }

    /// The week under the rules of a scheme, and what is asked for here besides. Monday to Friday are its working days;
    /// whoever knows the official ones sets them.
    ///
    /// # Errors
    /// [`WrittenError::Twice`].
    pub fn week(self, scheme: Rules) -> Result<Week<String>, WrittenError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = self.people.iter().find(|person| !names.insert(person.id.as_str())) {
            return Err(WrittenError::Twice(twice.id.clone()));
        }
        let own = |value: Option<u32>| value.map(|value| Limit::new(value, ""));
        let rules = Rules {
            most_hours: own(self.most_hours),
            rest_days: own(self.rest_days),
            on_duty: own(self.on_duty),
            weekend_duty: own(self.weekend_duty),
            ..scheme
        };
        let mut week = Week::usual(self.monday, self.people.into_iter().map(WrittenPerson::person).collect(), rules);
        if !self.shifts.is_empty() {
            week.shifts = self.shifts.into_iter().map(WrittenShift::shift).collect();
        }
        Ok(week)
    }
}

impl WrittenPerson {
    fn person(self) -> Person<String> {
        let role = match self.role {
            WrittenRole::Officer => Role::Officer,
            WrittenRole::Coordinator => Role::Coordinator,
            WrittenRole::Other => Role::Other,
        };
        let hours = (self.from.is_some() || self.to.is_some())
            .then(|| (self.from.unwrap_or(Time::MIN), self.to.unwrap_or(Time::MAX)));
        let (away, weekend_turns) = (self.away, self.weekend_turns);
        Person { away, hours, weekend_turns, ..Person::new(self.id, role, self.grids) }
    }
}

impl WrittenShift {
    fn shift(self) -> Shift {
        let WrittenShift { name, starts, ends, break_minutes, round_starts } = self;
        Shift { name, starts, ends, break_minutes, round_starts }
    }
}

/// Line and column, each from 1, of a byte of a text.
fn place(text: &str, at: usize) -> (u64, u64) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line as u64, column as u64)
}

/// A date or a time, with quotation marks or, as TOML has them itself, without.
struct Moment<T>(T);

/// What the text must be, in the words of a message.
trait Named: FromStr {
    const NAME: &str;
}

impl Named for Date {
    const NAME: &str = "a date such as 2026-06-08";
}

impl Named for Time {
    const NAME: &str = "a time such as 17:30:00";
}

impl<'de, T: Named> Deserialize<'de> for Moment<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading<T>(std::marker::PhantomData<T>);
        impl<'de, T: Named> Visitor<'de> for Reading<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::NAME)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
                text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                let written = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map));
                let written = written.map_err(|_| de::Error::invalid_type(de::Unexpected::Map, &self))?;
                self.visit_str(&written.to_string())
            }
        }
        deserializer.deserialize_any(Reading(std::marker::PhantomData)).map(Moment)
    }
}

fn one<'de, T: Named, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Moment::deserialize(deserializer).map(|Moment(one)| one)
}

fn some<'de, T: Named, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    one(deserializer).map(Some)
}

fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<Date>, D::Error> {
    let written: Vec<Moment<Date>> = Vec::deserialize(deserializer)?;
    Ok(written.into_iter().map(|Moment(day)| day).collect())
}
