//! Resident numbers (公民身份号码), GB 11643-1999.

use std::borrow::Cow;
use std::fmt;

use crate::area::{self, AreaKnowledge};
use crate::{NumberError, check, clean, mask};

/// What the sequence of a number tells: odd male, even female (GB 11643-1999, 4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// A valid eighteen-character number by GB 11643-1999: area, date of birth, sequence, check character.
///
/// `Debug` and `Display` show the masked form; [`ResidentNumber::as_str`] is the only way to the whole.
///
/// ```
/// use cn_identity::{NumberError, ResidentNumber, Sex};
///
/// let number = ResidentNumber::parse("　'990101 19900307 002ｘ").unwrap_err();
/// assert_eq!(number, NumberError::WrongCheck { expected: '3', found: 'X' });
///
/// let number = ResidentNumber::parse("　'990101 19900307 0023").unwrap();
/// assert_eq!(number.as_str(), "990101199003070023");
/// assert_eq!(number.birth_date(), (1990, 3, 7));
/// assert_eq!(number.sex(), Sex::Female);
/// assert_eq!(number.to_string(), "9***************23");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResidentNumber([u8; 18]);

impl ResidentNumber {
    /// Reads a number as people and spreadsheets write it.
    ///
    /// Full-width characters, blanks, dashes, invisible characters, quotes and a leading apostrophe go; a small
    /// `x` becomes `X`; the fifteen-digit form widens with the century 19. Any area code passes (see
    /// [`ResidentNumber::area_known`]), and so does a future date of birth (see
    /// [`ResidentNumber::is_born_after`]).
    ///
    /// # Errors
    /// The first rule broken, in this order: damage by a spreadsheet, length, characters, date, check
    /// character. Digits that end in 000 are always [`NumberError::ExcelDamage`], because one such ruin in
    /// eleven passes the check and would then be somebody else's number; a number that truly ends so (about one
    /// in 1,100) is read from the card and given to [`ResidentNumber::parse_confirmed`].
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        Self::from_clean(&clean::compact(input))
    }

    /// Like [`ResidentNumber::parse`], for a number that a person has compared with the card, or that is
    /// read back from where it was stored: a true end of 000 passes.
    ///
    /// # Errors
    /// As [`ResidentNumber::parse`], except for that.
    pub fn parse_confirmed(input: &str) -> Result<Self, NumberError> {
        Self::from_digits(&undamaged(&clean::compact(input))?)
    }

    /// [`ResidentNumber::parse`] of a text that is compact.
    pub(crate) fn from_clean(text: &str) -> Result<Self, NumberError> {
        let text = if is_plain(text) { Cow::Borrowed(text) } else { undamaged(text)? };
        let number = Self::from_digits(&text);
        if matches!(text.len(), 15 | 18) && text.ends_with("000") && text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::ExcelDamage { check_holds: number.is_ok() });
        }
        number
    }

    fn from_digits(text: &str) -> Result<Self, NumberError> {
        let digits = match length(text) {
            0 => return Err(NumberError::Empty),
            15 => widened(text)?,
            18 => eighteen(text)?,
            got => return Err(NumberError::WrongLength { got }),
        };
        if !is_date(birth_of(&digits)) {
            return Err(NumberError::BadDate);
        }
        let expected = check::resident(&digits[..17]);
        if digits[17] != expected {
            return Err(NumberError::WrongCheck { expected: char::from(expected), found: char::from(digits[17]) });
        }
        Ok(Self(digits))
    }

    /// From seventeen digits whose date the caller has checked.
    pub(crate) fn from_body(body: &[u8; 17]) -> Option<Self> {
        let mut digits = [b'0'; 18];
        digits[..17].copy_from_slice(body);
        digits[17] = check::resident(body);
        is_date(birth_of(&digits)).then_some(Self(digits))
    }

    /// The whole number, unmasked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the number is ASCII")
    }

    /// Date of birth as year, month, day; always a date of the calendar, not always in the past.
    #[must_use]
    pub fn birth_date(&self) -> (i16, u8, u8) {
        birth_of(&self.0)
    }

    /// Whether the date of birth lies after the given day, for a caller who knows today.
    #[must_use]
    pub fn is_born_after(&self, year: i16, month: u8, day: u8) -> bool {
        self.birth_date() > (year, month, day)
    }

    /// The three digits of the sequence (顺序码). Which of 000 to 999 an office gives out is its own affair.
    #[must_use]
    pub fn sequence(&self) -> &str {
        &self.as_str()[14..17]
    }

    /// What the sequence tells of the sex.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if (self.0[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The six digits of the area (行政区划代码) where the number was given out.
    #[must_use]
    pub fn area_code(&self) -> &str {
        &self.as_str()[..6]
    }

    /// Whether the area is known. Unknown is a warning only.
    #[must_use]
    pub fn area_known(&self) -> AreaKnowledge {
        area::knowledge(self.area_code())
    }

    /// First character and last two, the rest stars.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::resident_number(self.as_str())
    }
}

impl fmt::Display for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentNumber({})", self.masked())
    }
}

/// Recognises numbers that a spreadsheet turned into floating point, and takes dashes out.
fn undamaged(text: &str) -> Result<Cow<'_, str>, NumberError> {
    match clean::from_float(text) {
        Some((_, true)) => Err(NumberError::ExcelDamage { check_holds: false }),
        Some((whole, false)) => Ok(Cow::Owned(whole)),
        None => Ok(clean::without_dashes(text)),
    }
}

/// Digits, and X at the end: no sign of a spreadsheet, the common case.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.len(), 15 | 18)
        && bytes[..bytes.len() - 1].iter().all(u8::is_ascii_digit)
        && matches!(bytes[bytes.len() - 1], b'0'..=b'9' | b'X')
}

/// Length in characters.
fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

fn eighteen(text: &str) -> Result<[u8; 18], NumberError> {
    let allowed = |place: usize, b: u8| b.is_ascii_digit() || (place, b) == (17, b'X');
    if let Ok(digits) = <[u8; 18]>::try_from(text.as_bytes())
        && digits.iter().enumerate().all(|(place, b)| allowed(place, *b))
    {
        return Ok(digits);
    }
    let wrong = text.chars().enumerate().find(|(place, c)| !u8::try_from(*c).is_ok_and(|b| allowed(*place, b)));
    let (place, found) = wrong.unwrap_or_default();
    Err(NumberError::BadCharacter { position: place + 1, found })
}

/// The fifteen-digit form of before 1999: no century, no check character.
fn widened(text: &str) -> Result<[u8; 18], NumberError> {
    if let Some((place, found)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
        return Err(NumberError::BadCharacter { position: place + 1, found });
    }
    let old = text.as_bytes();
    let mut digits = [b'0'; 18];
    digits[..6].copy_from_slice(&old[..6]);
    digits[6..8].copy_from_slice(b"19");
    digits[8..17].copy_from_slice(&old[6..]);
    digits[17] = check::resident(&digits[..17]);
    Ok(digits)
}

fn birth_of(digits: &[u8; 18]) -> (i16, u8, u8) {
    let number =
        |range: std::ops::Range<usize>| digits[range].iter().fold(0_i16, |sum, &b| sum * 10 + i16::from(b - b'0'));
    let small = |range| u8::try_from(number(range)).expect("two digits");
    (number(6..10), small(10..12), small(12..14))
}

/// The digit that is meant by a letter of its looks, or the character itself.
pub(crate) fn digit_meant(c: char) -> char {
    match c {
        'O' | 'Q' | 'D' | '〇' | '○' | 'О' | 'Ο' => '0',
        'I' | 'L' | '|' | 'І' => '1',
        'Z' => '2',
        'S' => '5',
        'G' => '6',
        'B' => '8',
        other => other,
    }
}

/// Whether this is a date of the calendar in the years 1800 to 2199.
pub(crate) fn is_date((year, month, day): (i16, u8, u8)) -> bool {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1800..2200).contains(&year) && (1..=last).contains(&day)
}
