//! Mobile numbers of mainland China.

use std::fmt;

use crate::{MobileError, clean, mask};

/// A mobile number (手机号码): eleven digits, the first two 13 to 19. `Debug` and `Display` are masked.
///
/// ```
/// use cn_identity::Mobile;
/// let mobile = Mobile::parse("+86 199-0000-1234").unwrap();
/// assert_eq!(mobile.as_str(), "19900001234");
/// assert_eq!(mobile.to_string(), "199****1234");
/// assert!(Mobile::parse("021-59700000").is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mobile([u8; 11]);

impl Mobile {
    /// Reads a number as written: country code +86, 0086 or 86, blanks, dashes, brackets, full width, and
    /// the forms of spreadsheets (`19900001234.0`, `1.9900001234E+10`).
    ///
    /// # Errors
    /// The first rule broken: empty, rounded by a spreadsheet, a character that is no digit, the length,
    /// the first two digits.
    pub fn parse(input: &str) -> Result<Self, MobileError> {
        let text = without_country(&whole_number(&clean::compact(input))?);
        if text.is_empty() {
            return Err(MobileError::Empty);
        }
        if let Some((place, found)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
            return Err(MobileError::BadCharacter { position: place + 1, found });
        }
        let digits: [u8; 11] = text.as_bytes().try_into().map_err(|_| MobileError::WrongLength { got: text.len() })?;
        if digits[0] != b'1' || !(b'3'..=b'9').contains(&digits[1]) {
            return Err(MobileError::BadPrefix);
        }
        Ok(Self(digits))
    }

    /// The eleven digits, unmasked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the number is ASCII")
    }

    /// First three and last four digits, the rest stars.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::mobile(self.as_str())
    }
}

impl fmt::Display for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mobile({})", self.masked())
    }
}

/// Undoes what a spreadsheet did to the number, where nothing is lost: eleven digits fit a float.
fn whole_number(text: &str) -> Result<String, MobileError> {
    if let Some(whole) = clean::whole_of_float(text) {
        return Ok(whole.to_owned());
    }
    match clean::scientific(text) {
        None => Ok(text.to_owned()),
        Some(parts) if i64::try_from(parts.digits.len()) == Ok(parts.whole_digits) => Ok(parts.digits),
        Some(_) => Err(MobileError::ExcelDamage),
    }
}

fn without_country(text: &str) -> String {
    let mark = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '(' | ')' | '.');
    let text: String = text.chars().filter(|c| !mark(*c)).collect();
    for country in ["+86", "0086"] {
        if let Some(rest) = text.strip_prefix(country) {
            return rest.to_owned();
        }
    }
    match text.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => rest.to_owned(),
        _ => text,
    }
}
