//! Cleaning that all numbers share: what spreadsheets, input methods and people add around digits.

/// One full-width character as its half-width form.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// Characters without ink that word processors and web pages leave behind.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '`' | '\u{00B4}' | '"')
}

/// Full width to half width, upper case, without blanks, invisible characters, and the apostrophe that
/// tells a spreadsheet "this is text".
pub(crate) fn compact(input: &str) -> String {
    let kept: String = input
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !c.is_control())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    kept.trim_matches(is_apostrophe).to_owned()
}

/// The parts of a number that a spreadsheet wrote in scientific notation, such as `3.1E+17`.
pub(crate) struct Scientific {
    /// The digits of the mantissa without the point.
    pub digits: String,
    /// How many digits stand before the point once the exponent is applied.
    pub whole_digits: i64,
}

/// Reads `1.23E+17` and its like; `None` for anything else. The input is compact already.
pub(crate) fn scientific(text: &str) -> Option<Scientific> {
    let (mantissa, exponent) = text.split_once('E')?;
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    if exponent.is_empty() || exponent.len() > 3 || !exponent.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let exponent: i64 = exponent.parse().ok()?;
    Some(Scientific { digits: format!("{whole}{fraction}"), whole_digits: i64::try_from(whole.len()).ok()? + exponent })
}

/// The whole part of `123.0` and its like, as a table program writes a number read as a float.
pub(crate) fn whole_of_float(text: &str) -> Option<&str> {
    let (whole, zeros) = text.split_once('.')?;
    let zero_tail = !zeros.is_empty() && zeros.bytes().all(|b| b == b'0');
    (zero_tail && !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit())).then_some(whole)
}
