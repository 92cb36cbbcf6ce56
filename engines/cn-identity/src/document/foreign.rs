//! Foreign permanent resident cards (外国人永久居留身份证), both forms.

use std::fmt;

use crate::{NumberError, ResidentNumber, area, check, clean, mask};

/// A card number. Since 2023-12-01: 9, province (2), nationality (ISO 3166-1 numeric, 3), YYYYMMDD,
/// sequence (3), check by GB 11643. Before: nationality (3 letters), area (4), YYMMDD, sequence (1), check
/// digit with the weights 7, 3, 1. Cards of the old form stay valid until they expire.
///
/// `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ForeignPermanentNumber(String);

impl ForeignPermanentNumber {
    /// Reads either form, cleaning as [`ResidentNumber::parse`] does.
    ///
    /// # Errors
    /// The first rule broken; a new form whose province is no province is a bad character at position 2.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        Self::from_clean(&clean::compact(input))
    }

    pub(crate) fn from_clean(text: &str) -> Result<Self, NumberError> {
        if clean::from_float(text).is_some_and(|(_, lost)| lost) {
            return Err(NumberError::ExcelDamage { check_holds: false });
        }
        let text = clean::without_dashes(text);
        match text.chars().count() {
            0 => Err(NumberError::Empty),
            15 => old_form(&text).map(Self),
            18 => new_form(&text).map(Self),
            got => Err(NumberError::WrongLength { got }),
        }
    }

    /// The whole number, unmasked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Date of birth of the new form; the old one has no century.
    #[must_use]
    pub fn birth_date(&self) -> Option<(i16, u8, u8)> {
        ResidentNumber::parse_confirmed(&self.0).ok().map(|number| number.birth_date())
    }

    /// First character and last two, the rest stars.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::any_document(&self.0)
    }
}

fn new_form(text: &str) -> Result<String, NumberError> {
    let number = ResidentNumber::from_clean(text)?;
    if !text.starts_with('9') {
        let found = text.chars().next().unwrap_or('9');
        return Err(NumberError::BadCharacter { position: 1, found });
    }
    if !is_new_prefix(number.area_code()) {
        let found = text.chars().nth(1).unwrap_or('0');
        return Err(NumberError::BadCharacter { position: 2, found });
    }
    Ok(number.as_str().to_owned())
}

fn old_form(text: &str) -> Result<String, NumberError> {
    for (place, c) in text.chars().enumerate() {
        let fits = if place < 3 { c.is_ascii_uppercase() } else { c.is_ascii_digit() };
        if !fits {
            return Err(NumberError::BadCharacter { position: place + 1, found: c });
        }
    }
    let bytes = text.as_bytes();
    let two = |place: usize| (bytes[place] - b'0') * 10 + (bytes[place + 1] - b'0');
    // 2000 is a leap year: whatever the century, no possible date is refused.
    if !crate::resident::is_date((2000, two(9), two(11))) {
        return Err(NumberError::BadDate);
    }
    let expected = check::seven_three_one(&bytes[..14]);
    if bytes[14] == expected {
        Ok(text.to_owned())
    } else {
        Err(NumberError::WrongCheck { expected: char::from(expected), found: char::from(bytes[14]) })
    }
}

/// Whether six characters begin a number of the new form: 9 and the digits of a province.
pub(crate) fn is_new_prefix(area: &str) -> bool {
    area.strip_prefix('9').is_some_and(|rest| area::province(rest).is_some())
}

/// Whether a text has three letters and twelve digits, give or take one.
pub(crate) fn has_old_shape(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    letters == 3 && (14..=16).contains(&text.len()) && text.bytes().skip(3).all(|b| b.is_ascii_digit())
}

impl fmt::Display for ForeignPermanentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for ForeignPermanentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ForeignPermanentNumber({})", self.masked())
    }
}
