//! Cleaning that all numbers share: what spreadsheets, input methods and people add around digits.

use std::borrow::Cow;

/// One full-width character as its half-width form.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// Characters without ink that word processors and web pages leave behind, and selectors of glyph variants.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '"' | '`' | '\u{2018}'..='\u{201F}' | '\u{00B4}' | '\u{02BC}' | '\u{2032}' | '\u{2033}')
}

/// A hyphen or dash of any spelling.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}')
}

/// Full width to half width, upper case, without blanks, invisible characters, and what tells a spreadsheet
/// "this is text": an apostrophe, quotes, the formula `="…"`.
pub(crate) fn compact(input: &str) -> Cow<'_, str> {
    if input.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return Cow::Borrowed(input);
    }
    let kept: String = input
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !c.is_control())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    // Quotes may stand around the formula as well as within it.
    let bare = kept.trim_matches(is_quote);
    Cow::Owned(bare.strip_prefix('=').unwrap_or(bare).trim_matches(is_quote).to_owned())
}

/// A compact text without dashes, where it has any.
pub(crate) fn without_dashes(text: &str) -> Cow<'_, str> {
    if text.contains(is_dash) { Cow::Owned(text.chars().filter(|c| !is_dash(*c)).collect()) } else { text.into() }
}

/// The parts of a number that a spreadsheet wrote in scientific notation, such as `3.1E+17`.
pub(crate) struct Scientific {
    /// The digits of the mantissa without the point.
    pub digits: String,
    /// How many digits stand before the point once the exponent is applied.
    pub whole_digits: i64,
}

/// Reads `1.23E+17` and its like, with a decimal comma too; `None` for anything else. A point or a plus must be
/// there, since passports have an E between digits. The input is compact already.
pub(crate) fn scientific(text: &str) -> Option<Scientific> {
    let (mantissa, exponent) = text.split_once('E')?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let power = exponent.strip_prefix('+').unwrap_or(exponent);
    if whole.len() == mantissa.len() && power.len() == exponent.len() {
        return None;
    }
    if power.is_empty() || power.len() > 3 || !power.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let power: i64 = power.parse().ok()?;
    Some(Scientific { digits: format!("{whole}{fraction}"), whole_digits: i64::try_from(whole.len()).ok()? + power })
}

/// The whole part of `123.0` and its like, as a table program writes a number read as a float.
pub(crate) fn whole_of_float(text: &str) -> Option<&str> {
    let (whole, zeros) = text.split_once('.')?;
    let zero_tail = !zeros.is_empty() && zeros.bytes().all(|b| b == b'0');
    (zero_tail && !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit())).then_some(whole)
}

/// The digits of `310,118,199` and its like: a number format with groups of three, so the cell held a number.
pub(crate) fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next().filter(|g| (1..=3).contains(&g.len()))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    (digits.len() > first.len() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// The digits of a text that went through floating point, and whether it held more than floating point keeps.
/// `None` for a text that shows no sign of it.
pub(crate) fn from_float(text: &str) -> Option<(String, bool)> {
    /// Floating point keeps so many digits exactly.
    const EXACT_DIGITS: usize = 15;
    if !text.contains(['.', ',', '+']) {
        return None;
    }
    if let Some(parts) = scientific(text) {
        return Some((parts.digits, true));
    }
    let digits = whole_of_float(text).map(str::to_owned).or_else(|| {
        let point = text.find('.').filter(|_| text.ends_with('0')).unwrap_or(text.len());
        ungrouped(&text[..point]).filter(|_| text[point..].bytes().all(|b| matches!(b, b'.' | b'0')))
    })?;
    let lost = digits.len() > EXACT_DIGITS;
    Some((digits, lost))
}
