//! Clusters of numbers: `128-1`, `1、6、13`, `1~6`, `12-2-301`, `临128甲`, `二十三`.

use smallvec::SmallVec;

use crate::fold::{Kind, kind, numeral};

/// One folded character and where it began in the input.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ch {
    pub c: char,
    pub at: u32,
}

/// How a part hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    First,
    /// `、` `,` `.`
    List,
    /// `~` 至 到
    Range,
    /// `-`
    Dash,
    /// 之
    Sub,
    /// 附
    Annex,
}

/// One number with the letters and cyclical characters that belong to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub joint: Joint,
    pub before: Option<char>,
    pub value: Option<u32>,
    pub after: Option<char>,
    pub start: usize,
    pub end: usize,
    /// Written with Chinese numerals, which also occur in names.
    pub spelled: bool,
}

pub(crate) type Parts = SmallVec<[Part; 4]>;

const CYCLIC: &str = "甲乙丙丁戊己";

pub(crate) fn is_cyclic(c: char) -> bool {
    CYCLIC.contains(c)
}

fn at(buf: &[Ch], i: usize) -> char {
    buf.get(i).map_or('\0', |ch| ch.c)
}

/// Reads as many joined parts as stand at `start`; none when no number begins there.
pub(crate) fn read(buf: &[Ch], start: usize) -> Parts {
    let mut parts = Parts::new();
    let Some(first) = part(buf, start, Joint::First) else { return parts };
    let mut i = first.end;
    parts.push(first);
    while let Some((joint, next)) = joint(buf, i) {
        let Some(found) = part(buf, next, joint) else { break };
        i = found.end;
        parts.push(found);
    }
    parts
}

fn joint(buf: &[Ch], i: usize) -> Option<(Joint, usize)> {
    let (kind, mut next) = match at(buf, i) {
        '、' | ',' | '.' => (Joint::List, i + 1),
        '~' | '至' | '到' => (Joint::Range, i + 1),
        '-' | '_' => (Joint::Dash, i + 1),
        '之' => (Joint::Sub, i + 1),
        '附' => (Joint::Annex, i + 1),
        ' ' if matches!(at(buf, i + 1), '-' | '~') => return joint(buf, i + 1),
        _ => return None,
    };
    while matches!(at(buf, next), '~' | '-' | ' ') && next < i + 4 {
        next += 1;
    }
    Some((kind, next))
}

/// One part: letter or sign before, the number, letter or sign after.
fn part(buf: &[Ch], start: usize, joint: Joint) -> Option<Part> {
    let mut i = start;
    let mut before = None;
    let c = at(buf, i);
    match kind(c) {
        Kind::Letter => {
            if kind(at(buf, i + 1)) == Kind::Letter {
                return None;
            }
            before = Some(c);
            i += 1;
            if at(buf, i) == '-' && kind(at(buf, i + 1)) == Kind::Digit && kind(at(buf, i + 2)) != Kind::Letter {
                return Some(Part { joint, before, value: None, after: None, start, end: i, spelled: false });
            }
        }
        Kind::Text if c == '临' || c == '第' || c == '附' || is_cyclic(c) => {
            if !matches!(kind(at(buf, i + 1)), Kind::Digit | Kind::Numeral) {
                return None;
            }
            before = (c != '第').then_some(c);
            i += 1;
        }
        _ => {}
    }
    match number(buf, i) {
        Some((value, end, spelled)) => {
            let (after, end) = trailing(buf, end);
            Some(Part { joint, before, value: Some(value), after, start, end, spelled })
        }
        None if before.is_some_and(|c| c.is_ascii_uppercase()) => {
            Some(Part { joint, before, value: None, after: None, start, end: i, spelled: false })
        }
        None => None,
    }
}

fn trailing(buf: &[Ch], i: usize) -> (Option<char>, usize) {
    let c = at(buf, i);
    let letter = kind(c) == Kind::Letter && kind(at(buf, i + 1)) != Kind::Letter;
    if (letter && c != 'F')
        || (is_cyclic(c) && matches!(at(buf, i + 1), '号' | '室' | '幢' | '栋' | '座'))
        || (c == '临' && at(buf, i + 1) == '号')
    {
        (Some(c), i + 1)
    } else {
        (None, i)
    }
}

/// A number in digits or Chinese numerals: value, end, and whether it was spelled.
pub(crate) fn number(buf: &[Ch], start: usize) -> Option<(u32, usize, bool)> {
    match kind(at(buf, start)) {
        Kind::Digit => {
            let mut i = start;
            let mut value: u32 = 0;
            while let Some(digit) = at(buf, i).to_digit(10) {
                // More than nine digits are a telephone or a document, not part of an address.
                if i - start == 9 {
                    return None;
                }
                value = value * 10 + digit;
                i += 1;
            }
            Some((value, i, false))
        }
        Kind::Numeral => spelled(buf, start),
        _ => None,
    }
}

fn spelled(buf: &[Ch], start: usize) -> Option<(u32, usize, bool)> {
    let mut i = start;
    let (mut total, mut digit, mut seen_unit) = (0u32, None::<u32>, false);
    while i - start < 8 && kind(at(buf, i)) == Kind::Numeral {
        let c = at(buf, i);
        match c {
            '十' | '百' | '千' => {
                let unit = match c {
                    '十' => 10,
                    '百' => 100,
                    _ => 1000,
                };
                total += digit.take().unwrap_or(1) * unit;
                seen_unit = true;
            }
            '廿' => {
                total += 20;
                seen_unit = true;
            }
            _ => {
                let value = numeral(c)?;
                // 一二三 is read digit by digit, 二十三 by its units.
                digit = Some(if seen_unit { value } else { digit.unwrap_or(0).saturating_mul(10) + value });
            }
        }
        i += 1;
    }
    (i > start).then_some((total.saturating_add(digit.unwrap_or(0)), i, true))
}

/// The characters of a part's value.
fn part_chars(part: Part) -> impl Iterator<Item = char> {
    let mut digits = SmallVec::<[char; 10]>::new();
    if let Some(mut value) = part.value {
        loop {
            digits.push(char::from(b'0' + (value % 10) as u8));
            value /= 10;
            if value == 0 {
                break;
            }
        }
    }
    part.before.into_iter().chain(digits.into_iter().rev()).chain(part.after)
}

/// How a dash between two numbers under one unit reads: `128-1` is one door, `1-6` are six.
fn is_range(low: Part, high: Part) -> bool {
    match (low.value, high.value) {
        (Some(low), Some(high)) => low < high && high - low <= 200,
        _ => false,
    }
}

/// The normalised value of several joined parts.
pub(crate) fn value(parts: &[Part]) -> impl Iterator<Item = char> + '_ {
    let ranged = parts.len() == 2 || parts.iter().any(|part| part.joint == Joint::List);
    parts.iter().enumerate().flat_map(move |(n, &part)| {
        let joint = match part.joint {
            Joint::First => None,
            Joint::List => Some('、'),
            Joint::Range => Some('~'),
            Joint::Dash if ranged && n > 0 && is_range(parts[n - 1], part) => Some('~'),
            Joint::Dash | Joint::Sub => Some('-'),
            Joint::Annex => Some('附'),
        };
        joint.into_iter().chain(part_chars(part))
    })
}
