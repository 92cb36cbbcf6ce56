//! Masked forms for screens, lists and logs.
//!
//! Each keeps the length in characters, so that a reader sees which of two masked values is the longer.

const STAR: char = '*';
/// A document number shorter than this would show half or more.
const DOCUMENT_LEAST: usize = 7;

/// Name (姓名): first character, then a star for each other; of a single character nothing, for it would be the whole name.
///
/// ```
/// assert_eq!(cn_identity::mask::name("欧阳小明"), "欧***");
/// ```
#[must_use]
pub fn name(name: &str) -> String {
    keep(name.trim(), 1, 0, 2)
}

/// Resident number: first character and last two. Accepts invalid numbers as well, for import reports.
#[must_use]
pub fn resident_number(number: &str) -> String {
    keep(number.trim(), 1, 2, DOCUMENT_LEAST)
}

/// Mobile (手机号码): first three and last four; stars alone where it is shorter than a mobile is.
///
/// ```
/// assert_eq!(cn_identity::mask::mobile("19900001234"), "199****1234");
/// ```
#[must_use]
pub fn mobile(mobile: &str) -> String {
    keep(mobile.trim(), 3, 4, 11)
}

/// Any document number: first character and last two; stars alone where that would show half or more.
///
/// ```
/// assert_eq!(cn_identity::mask::any_document("E90000012"), "E******12");
/// assert_eq!(cn_identity::mask::any_document("12345"), "*****");
/// ```
#[must_use]
pub fn any_document(number: &str) -> String {
    keep(number.trim(), 1, 2, DOCUMENT_LEAST)
}

/// Keeps `head` and `tail` characters of a text that has at least `least` characters, and stars for the rest;
/// of a shorter one, nothing: too much of it would show.
fn keep(text: &str, head: usize, tail: usize, least: usize) -> String {
    let length = text.chars().count();
    text.chars()
        .enumerate()
        .map(|(place, c)| {
            let shown = place < head || place + tail >= length;
            if shown && length >= least { c } else { STAR }
        })
        .collect()
}
