//! Numbers for generators of test and demonstration data.
//!
//! They must belong to nobody: give an area that was never issued. The project's own samples use areas that
//! begin with 99 (no such province-level area) and 100101 (10 was never assigned).

use crate::ResidentNumber;
use crate::resident::is_date;

/// The number of this area, date of birth and sequence (odd male, even female).
///
/// A sequence that is a multiple of 100 may give a number that ends in 000, which
/// [`ResidentNumber::parse`] takes for damage by a spreadsheet: generators pass other sequences.
///
/// # Panics
/// Where [`try_resident_number`] gives `None`: the arguments are the program's own.
///
/// ```
/// let number = cn_identity::make::resident_number("990101", (1990, 3, 7), 2);
/// assert_eq!(number.as_str(), "990101199003070023");
/// ```
#[must_use]
pub fn resident_number(area: &str, birth: (i16, u8, u8), seq: u16) -> ResidentNumber {
    try_resident_number(area, birth, seq)
        .expect("six digits of area, a date from 1800 to 2199, a sequence of at most 999")
}

/// Like [`resident_number`]; `None` unless the area has six digits, the date exists within 1800 to 2199 and
/// the sequence is at most 999.
#[must_use]
pub fn try_resident_number(area: &str, birth: (i16, u8, u8), seq: u16) -> Option<ResidentNumber> {
    let digits = area.len() == 6 && area.bytes().all(|b| b.is_ascii_digit());
    if !digits || seq > 999 || !is_date(birth) {
        return None;
    }
    let (year, month, day) = birth;
    let text = format!("{area}{year:04}{month:02}{day:02}{seq:03}");
    let body: [u8; 17] = text.as_bytes().try_into().ok()?;
    ResidentNumber::from_body(&body)
}
