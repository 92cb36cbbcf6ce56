//! Mainland travel permits of residents of Hong Kong, Macau and Taiwan.

use std::fmt;

use crate::{NumberError, clean, mask};

/// Whose permit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TravelPermitKind {
    /// 港澳居民来往内地通行证, Hong Kong (H).
    HongKong,
    /// 港澳居民来往内地通行证, Macau (M).
    Macau,
    /// 台湾居民来往大陆通行证 (digits alone).
    Taiwan,
}

/// A permit number: H or M and 8 or 10 digits (the last two count the issues), or 8 or 10 digits for Taiwan.
/// There is no check character. `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TravelPermitNumber(String);

impl TravelPermitNumber {
    /// Reads a permit number; blanks, full width and small letters are put right.
    ///
    /// # Errors
    /// Empty, a character that cannot stand there, or a length that fits no permit.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        Self::from_clean(&clean::compact(input))
    }

    pub(crate) fn from_clean(text: &str) -> Result<Self, NumberError> {
        let text = clean::without_dashes(text);
        let digits = text.strip_prefix(['H', 'M']).unwrap_or(&text);
        let skipped = text.len() - digits.len();
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        if let Some((place, found)) = digits.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
            return Err(NumberError::BadCharacter { position: skipped + place + 1, found });
        }
        if matches!(digits.len(), 8 | 10) {
            Ok(Self(text.into()))
        } else {
            Err(NumberError::WrongLength { got: text.len() })
        }
    }

    /// The whole number, unmasked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose permit it is.
    #[must_use]
    pub fn kind(&self) -> TravelPermitKind {
        match self.0.as_bytes().first() {
            Some(b'H') => TravelPermitKind::HongKong,
            Some(b'M') => TravelPermitKind::Macau,
            _ => TravelPermitKind::Taiwan,
        }
    }

    /// First character and last two, the rest stars.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::any_document(&self.0)
    }
}

impl fmt::Display for TravelPermitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for TravelPermitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TravelPermitNumber({})", self.masked())
    }
}
