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
        let text = clean::compact(input);
        if text.len() == MRZ_LINE_CHARS && text.contains('<') && text.is_ascii() {
            return from_line(&text);
        }
        let text: String = text.chars().filter(|c| *c != '-').collect();
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        if let Some((place, found)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_alphanumeric()) {
            return Err(NumberError::BadCharacter { position: place + 1, found });
        }
        if text.len() > MAX_CHARS {
            return Err(NumberError::WrongLength { got: text.len() });
        }
        Ok(Self(text))
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
    PassportNumber::parse(number.trim_end_matches('<'))
}

/// Whether a text looks like a passport among other documents: 6 to 12 letters and digits with at least five
/// digits and no more than three letters, or a machine-readable line.
pub(crate) fn has_usual_shape(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    let line = text.len() == MRZ_LINE_CHARS && text.contains('<');
    let short = (6..=12).contains(&text.len()) && digits >= 5 && letters <= 3 && letters + digits == text.len();
    // A mistyped permit of Hong Kong or Macau is reported as such.
    let permit = letters == 1 && text.starts_with(['H', 'M']);
    line || (short && !permit && (letters > 0 || digits == 9))
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
