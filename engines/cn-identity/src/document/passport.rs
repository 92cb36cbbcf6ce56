//! Passports (护照) of any state.

use std::fmt;

use crate::{NumberError, check, clean, mask};

/// The longest number accepted, in characters.
const MAX_CHARS: usize = 20;
/// Length of the second machine-readable line of a passport (ICAO Doc 9303 part 4, TD3).
const MRZ_LINE_CHARS: usize = 44;

/// A passport number: letters and digits, at most 20. `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassportNumber(String);

impl PassportNumber {
    /// Reads a number as written (blanks and dashes go), or the second machine-readable line, whose check
    /// digit of the number must then hold.
    ///
    /// # Errors
    /// Empty, too long, a character that is neither letter nor digit, or a wrong check digit of the line.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        Self::from_clean(&clean::compact(input))
    }

    pub(crate) fn from_clean(text: &str) -> Result<Self, NumberError> {
        if is_line(text) {
            return from_line(text);
        }
        let text = clean::without_dashes(text);
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        if let Some((place, found)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_alphanumeric()) {
            return Err(NumberError::BadCharacter { position: place + 1, found });
        }
        if text.len() > MAX_CHARS {
            return Err(NumberError::WrongLength { got: text.len() });
        }
        Ok(Self(text.into()))
    }

    /// The whole number, unmasked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First character and last two, the rest stars.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::any_document(&self.0)
    }
}

fn from_line(line: &str) -> Result<PassportNumber, NumberError> {
    let (number, rest) = line.split_at(9);
    let expected = check::seven_three_one(number.as_bytes());
    let found = rest.as_bytes()[0];
    if found != expected {
        return Err(NumberError::WrongCheck { expected: char::from(expected), found: char::from(found) });
    }
    PassportNumber::from_clean(number.trim_end_matches('<'))
}

/// Whether a text has the form of the second machine-readable line.
pub(crate) fn is_line(text: &str) -> bool {
    text.len() == MRZ_LINE_CHARS && text.contains('<') && text.is_ascii()
}

/// Whether a text looks like a passport among other documents: 6 to 12 letters and digits with a letter and at least
/// three digits (two among eight or more), or nine digits, or a machine-readable line.
pub(crate) fn has_usual_shape(text: &str) -> bool {
    let text = &*clean::without_dashes(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    let least = if text.len() < 8 { 3 } else { 2 };
    let short = (6..=12).contains(&text.len()) && digits >= least && letters + digits == text.len();
    // A mistyped permit of Hong Kong or Macau is reported as such, and a mistyped mobile is no passport.
    let slip = letters == 2 && matches!(text.len(), 9 | 11) && text.chars().skip(2).any(is_slip);
    let permit = text.starts_with(['H', 'M']) && (letters == 1 || slip);
    let mobile = text.len() == 11 && digits == 10 && text.starts_with('1');
    is_line(text) || (short && !permit && !mobile && (letters > 0 || digits == 9))
}

/// A letter that is easily typed for a digit.
fn is_slip(c: char) -> bool {
    c.is_ascii_uppercase() && crate::resident::digit_meant(c) != c
}

impl fmt::Display for PassportNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for PassportNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PassportNumber({})", self.masked())
    }
}
