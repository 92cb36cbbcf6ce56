//! Residence permits of residents of Hong Kong, Macau and Taiwan (港澳台居民居住证).

use std::fmt;

use crate::{DocumentKind, NumberError, ResidentNumber, Sex, clean};

/// Areas of the permit numbers: Hong Kong, Macau, Taiwan.
const AREAS: [&str; 3] = ["810000", "820000", "830000"];

pub(crate) fn is_permit_area(area: &str) -> bool {
    AREAS.contains(&area)
}

/// Whether six digits are an area of permits with one digit wrong, or two neighbours swapped.
pub(crate) fn is_near_permit_area(start: &str) -> bool {
    AREAS.iter().any(|area| {
        let differ: Vec<usize> =
            area.bytes().zip(start.bytes()).enumerate().filter(|(_, (a, b))| a != b).map(|(n, _)| n).collect();
        start.len() == area.len()
            && match differ.as_slice() {
                [_] => true,
                [one, other] => {
                    *other == one + 1
                        && area.as_bytes()[*one] == start.as_bytes()[*other]
                        && area.as_bytes()[*other] == start.as_bytes()[*one]
                }
                _ => false,
            }
    })
}

/// A permit number: the form and check of GB 11643, with the area 810000, 820000 or 830000.
///
/// Source: measures for the residence permits of Hong Kong, Macau and Taiwan residents (State Council,
/// 2018), article 5. `Debug` and `Display` are masked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HmtPermitNumber(ResidentNumber);

impl HmtPermitNumber {
    /// Reads a permit number, cleaning as [`ResidentNumber::parse`] does.
    ///
    /// # Errors
    /// As [`ResidentNumber::parse`]; [`NumberError::OtherKind`] with another area.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        Self::from_clean(&clean::compact(input))
    }

    pub(crate) fn from_clean(text: &str) -> Result<Self, NumberError> {
        let number = ResidentNumber::from_clean(text)?;
        if is_permit_area(number.area_code()) {
            Ok(Self(number))
        } else {
            Err(NumberError::OtherKind { looks_like: DocumentKind::Resident })
        }
    }

    /// The whole number, unmasked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Date of birth as year, month, day.
    #[must_use]
    pub fn birth_date(&self) -> (i16, u8, u8) {
        self.0.birth_date()
    }

    /// What the sequence tells of the sex.
    #[must_use]
    pub fn sex(&self) -> Sex {
        self.0.sex()
    }

    /// First character and last two, the rest stars.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.masked()
    }
}

impl fmt::Display for HmtPermitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for HmtPermitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HmtPermitNumber({})", self.masked())
    }
}
