//! Document numbers as integers, and the valid numbers that a damaged one may have been.

use cn_identity::{NumberError, ResidentNumber};
use smallvec::SmallVec;

const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Marks a number that is not a resident number: the rest is a hash.
const OTHER: u64 = 1 << 63;
/// A spreadsheet keeps this many digits.
const KEPT_DIGITS: usize = 15;

/// A number in a row of the roster, as far as it can be read.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum RowNumber {
    Missing,
    /// A resident number whose check holds.
    Valid(u64),
    /// A passport or another document, by its hash.
    Other(u64),
    /// A spreadsheet has destroyed the end; these leading digits are left.
    Damaged(Box<str>),
    /// Nearly a resident number: half width, capitals.
    Broken(Box<str>),
}

/// Seventeen digits and the check character as one integer; nothing when the check fails.
pub(crate) fn pack(digits: &[u8]) -> Option<u64> {
    if digits.len() != 18 || !digits[..17].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut value = 0;
    let mut sum = 0;
    for (&digit, weight) in digits.iter().zip(WEIGHTS) {
        let digit = u64::from(digit - b'0');
        value = value * 10 + digit;
        sum += digit * weight;
    }
    let check = check_value(digits[17])?;
    ((sum + check) % 11 == 1).then_some(value * 11 + check)
}

fn check_value(c: u8) -> Option<u64> {
    match c {
        b'0'..=b'9' => Some(u64::from(c - b'0')),
        b'X' | b'x' => Some(10),
        _ => None,
    }
}

/// The characters of a packed resident number.
pub(crate) fn unpack(packed: u64) -> Option<[u8; 18]> {
    if packed == 0 || packed & OTHER != 0 {
        return None;
    }
    let mut out = [0; 18];
    let check = (packed % 11) as u8;
    out[17] = if check == 10 { b'X' } else { b'0' + check };
    let mut value = packed / 11;
    for slot in out[..17].iter_mut().rev() {
        *slot = b'0' + (value % 10) as u8;
        value /= 10;
    }
    Some(out)
}

/// Date of birth of a packed number as YYYYMMDD; 0 for other documents.
pub(crate) fn birth(packed: u64) -> u32 {
    if packed == 0 || packed & OTHER != 0 { 0 } else { (packed / 11 / 1000 % 100_000_000) as u32 }
}

/// A number of the register: 0 when there is none. A person has confirmed it, so an end of 000 is true.
pub(crate) fn of_register(text: &str) -> u64 {
    if let Some(packed) = pack(text.as_bytes()) {
        return packed;
    }
    match ResidentNumber::parse_confirmed(text) {
        Ok(number) => pack(number.as_str().as_bytes()).unwrap_or(0),
        Err(_) => other(&compact(text)),
    }
}

/// A number of a roster's row.
pub(crate) fn of_row(text: &str) -> RowNumber {
    if let Some(packed) = pack(text.as_bytes())
        && !text.ends_with("000")
    {
        return RowNumber::Valid(packed);
    }
    match ResidentNumber::parse(text) {
        Ok(number) => pack(number.as_str().as_bytes()).map_or(RowNumber::Missing, RowNumber::Valid),
        Err(NumberError::ExcelDamage { .. }) => RowNumber::Damaged(kept_digits(text).into()),
        Err(_) => unusual(&compact(text)),
    }
}

fn unusual(text: &str) -> RowNumber {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    match text.len() {
        0..=3 => RowNumber::Missing,
        14..=20 if digits + 3 >= text.len() => RowNumber::Broken(text.into()),
        _ => RowNumber::Other(other(text)),
    }
}

/// Letters and digits alone, half width, capitals.
fn compact(text: &str) -> String {
    text.chars()
        .map(|c| match c as u32 {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The leading digits that a spreadsheet has left.
fn kept_digits(text: &str) -> String {
    let text = compact_keeping_point(text);
    let mantissa = text.split('E').next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if text.contains('E') {
        // The last digit of a mantissa is rounded.
        digits[..digits.len().saturating_sub(1)].to_owned()
    } else {
        digits[..digits.len().min(KEPT_DIGITS)].to_owned()
    }
}

fn compact_keeping_point(text: &str) -> String {
    compact(&text.replace(['.', '．'], ""))
}

fn other(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let hash =
        text.bytes().fold(0xCBF2_9CE4_8422_2325u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
    hash | OTHER
}

/// Inverses of 1..=10 modulo 11.
const INVERSE: [u64; 11] = [0, 1, 6, 4, 3, 9, 2, 8, 7, 5, 10];

fn weight(at: usize) -> u64 {
    WEIGHTS.get(at).copied().unwrap_or(1)
}

/// The valid numbers from which one typing error leads to this one: a character replaced, left out or added,
/// or two neighbours exchanged. The check character leaves about two dozen.
pub(crate) fn repairs(broken: &str) -> SmallVec<[u64; 40]> {
    let text = broken.as_bytes();
    let mut found = SmallVec::new();
    let mut keep = |digits: &[u8]| {
        if let Some(packed) = pack(digits)
            && !found.contains(&packed)
        {
            found.push(packed);
        }
    };
    match text.len() {
        17 => {
            for at in 0..=17 {
                let mut longer = SmallVec::<[u8; 20]>::from_slice(text);
                longer.insert(at, b'0');
                settle(&mut longer, at, &mut keep);
            }
        }
        18 => {
            let mut changed = SmallVec::<[u8; 20]>::from_slice(text);
            for at in 0..18 {
                settle(&mut changed, at, &mut keep);
                changed[at] = text[at];
                if at > 0 {
                    changed.swap(at - 1, at);
                    keep(&changed);
                    changed.swap(at - 1, at);
                }
            }
        }
        19 => {
            for at in 0..19 {
                let mut shorter = SmallVec::<[u8; 20]>::from_slice(text);
                shorter.remove(at);
                keep(&shorter);
            }
        }
        _ => {}
    }
    found
}

/// Puts the one digit at a place that makes the check hold.
fn settle(digits: &mut [u8], at: usize, keep: &mut impl FnMut(&[u8])) {
    let mut sum = 0;
    for (place, &digit) in digits.iter().enumerate().filter(|(place, _)| *place != at) {
        let value =
            if place == 17 { check_value(digit) } else { digit.is_ascii_digit().then(|| u64::from(digit - b'0')) };
        let Some(value) = value else { return };
        sum += value * weight(place);
    }
    let needed = (12 - sum % 11) % 11 * INVERSE[(weight(at) % 11) as usize] % 11;
    digits[at] = match needed {
        10 if at == 17 => b'X',
        10 => return,
        needed => b'0' + needed as u8,
    };
    keep(digits);
}

/// Digits of a telephone number, without 86, marks and a spreadsheet's `.0`; 0 when there are fewer than seven or a
/// spreadsheet has destroyed it.
pub(crate) fn phone(text: &str) -> u64 {
    if text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.bytes().fold(0, |value, b| value * 10 + u64::from(b - b'0'));
    }
    let mut value: u64 = 0;
    let mut count = 0;
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            'e' | 'E' => return 0,
            '.' | '/' | '、' | ';' | '；' if count >= 7 => break,
            _ => continue,
        };
        value = (value % 10_000_000_000_000_000) * 10 + u64::from(digit);
        count += 1;
    }
    match count {
        0..7 => 0,
        // 86 and 0086 before eleven digits.
        13.. => value % 100_000_000_000,
        _ => value,
    }
}

/// Two telephone numbers that differ by one typing error: a digit wrong, left out or added, or two exchanged.
pub(crate) fn phone_one_off(a: u64, b: u64) -> bool {
    let (a, b) = (digits(a), digits(b));
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[head..a.len() - tail], &b[head..b.len() - tail]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

fn digits(mut value: u64) -> SmallVec<[u8; 20]> {
    let mut out = SmallVec::new();
    while value > 0 {
        out.push((value % 10) as u8);
        value /= 10;
    }
    out
}

/// The first fifteen digits of a packed resident number, which are what a spreadsheet keeps; 0 for other documents.
pub(crate) fn kept_prefix(packed: u64) -> u64 {
    if packed == 0 || packed & OTHER != 0 { 0 } else { packed / 11 / 100 }
}
