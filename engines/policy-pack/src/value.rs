//! The values that rules are made of.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What every entry of a list has.
pub trait Item {
    /// Stable code, unique within its list.
    fn id(&self) -> &str;
    /// Chinese name.
    fn name(&self) -> &str;
    /// English name.
    fn name_en(&self) -> &str;
    /// The clause it comes from.
    fn clause(&self) -> &str;
    /// The rule of REQUIREMENTS.md.
    fn rule(&self) -> RuleNumber;
}

/// A single value with the clause and rule it comes from. Dereferences to the value.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruled<T> {
    /// The value.
    pub value: T,
    /// The clause it comes from.
    pub clause: String,
    /// The rule of REQUIREMENTS.md it belongs to.
    pub rule: RuleNumber,
    /// Whether the published papers leave this to the office, so that it is a default.
    #[serde(default)]
    pub office_may_change: bool,
}

impl<T> Deref for Ruled<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Number of a rule of REQUIREMENTS.md, R1 to R40. There is no way to write X1 to X4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleNumber(u8);

/// The last rule of REQUIREMENTS.md.
const LAST_RULE: u8 = 40;
pub(crate) const RULE_MARK: &str = "rule:";
pub(crate) const SUBJECT_MARK: &str = "subject:";

impl RuleNumber {
    /// The rule with this number, 1 to 40.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=LAST_RULE).contains(&number).then_some(Self(number))
    }

    /// The number, 1 to 40.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for RuleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}", self.0)
    }
}

impl<'de> Deserialize<'de> for RuleNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.strip_prefix('R')
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .and_then(Self::new)
            .ok_or_else(|| de::Error::custom(format!("{RULE_MARK}{text}")))
    }
}

/// What a label, scene, ledger, scoring item or task is about (boundary 8). Compiled in: a resident is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Homes, buildings, shops: places (房屋场所).
    Premises,
    /// Work done or to be done (工作).
    Work,
    /// A committee, an employer, an office (组织).
    Organisation,
}

impl Subject {
    /// Every subject.
    pub const ALL: [Self; 3] = [Self::Premises, Self::Work, Self::Organisation];

    /// The code in pack files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Premises => "premises",
            Self::Work => "work",
            Self::Organisation => "organisation",
        }
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::ALL
            .into_iter()
            .find(|subject| subject.code() == code)
            .ok_or_else(|| de::Error::custom(format!("{SUBJECT_MARK}{code}")))
    }
}

/// Points of the assessment, exact to a hundredth, so that sums are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Points(i64);

impl Points {
    /// From hundredths of a point.
    #[must_use]
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// Hundredths of a point.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// As a float, for computing with rates.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        // Points of a pack are at most 10,000, far below what a float holds exactly.
        self.0 as f64 / 100.0
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(iter.map(|points| points.0).fold(0, i64::saturating_add))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, (self.0 % 100).abs()) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, rest) if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
            (whole, rest) => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// As a number with up to two decimals, as packs have it.
impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            serializer.serialize_i64(self.0 / 100)
        } else {
            serializer.serialize_f64(self.0 as f64 / 100.0)
        }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PointsVisitor)
    }
}

struct PointsVisitor;

impl de::Visitor<'_> for PointsVisitor {
    type Value = Points;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("points from 0 to 10000 with at most two decimals")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Points, E> {
        if (0..=10_000).contains(&value) {
            Ok(Points(value * 100))
        } else {
            Err(E::invalid_value(de::Unexpected::Signed(value), &self))
        }
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Points, E> {
        let value = i64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))?;
        self.visit_i64(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Points, E> {
        let hundredths = (value * 100.0).round();
        if (0.0..=1_000_000.0).contains(&hundredths) && (value * 100.0 - hundredths).abs() < 1e-6 {
            Ok(Points(hundredths as i64))
        } else {
            Err(E::invalid_value(de::Unexpected::Float(value), &self))
        }
    }
}
