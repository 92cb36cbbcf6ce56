//! Clusters of numbers: `128-1`, `1、6、13`, `1~6`, `12-2-301`, `临128甲`, `二十三`.

use smallvec::SmallVec;

use crate::fold::{Ch, Kind, at, ch, kind_at, numeral};

/// How a part hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    First,
    /// `、` `,` `.` 和
    List,
    /// `~` 至 到
    Range,
    /// `-`
    Dash,
    /// `/`
    Slash,
    /// Nothing but room between them.
    Space,
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

pub(crate) fn is_cyclic(c: char) -> bool {
    matches!(c, '甲' | '乙' | '丙' | '丁' | '戊' | '己')
}

/// Reads as many joined parts as stand at `start`; none when no number begins there.
pub(crate) fn read(buf: &[Ch], start: usize) -> Parts {
    let mut parts = Parts::new();
    let Some(first) = part(buf, start, Joint::First) else { return parts };
    let mut i = first.end;
    parts.push(first);
    while let Some((joint, next)) = joint(buf, i) {
        let Some(found) = part(buf, next, joint) else { break };
        // A letter alone goes on a number only behind a dash: 101-A, never "3, B".
        if found.value.is_none() && (!matches!(joint, Joint::Dash | Joint::Slash) || found.before == Some('F')) {
            break;
        }
        i = found.end;
        parts.push(found);
    }
    parts
}

fn joint(buf: &[Ch], i: usize) -> Option<(Joint, usize)> {
    let (kind, mut next) = match at(buf, i) {
        '、' | ',' | '.' => (Joint::List, i + 1),
        '和' | '及' | '与' if matches!(kind_at(buf, i + 1), Kind::Digit | Kind::Numeral) => (Joint::List, i + 1),
        '~' => (Joint::Range, i + 1),
        '至' | '到' if matches!(kind_at(buf, i + 1), Kind::Digit | Kind::Numeral | Kind::Letter) => {
            (Joint::Range, i + 1)
        }
        '-' | '_' => (Joint::Dash, i + 1),
        '/' | '\\' | '|' => (Joint::Slash, i + 1),
        '之' => (Joint::Sub, i + 1),
        '附' => (Joint::Annex, i + 1),
        ' ' if matches!(at(buf, i + 1), '-' | '~' | '/' | '、' | ',' | '_') => return joint(buf, i + 1),
        ' ' if kind_at(buf, i + 1) == Kind::Digit => (Joint::Space, i + 1),
        _ => return None,
    };
    while matches!(at(buf, next), '~' | '-' | ' ') && next < i + 4 {
        next += 1;
    }
    Some((kind, next))
}

/// The sign before a number and where the number begins.
fn sign(buf: &[Ch], start: usize) -> Option<(Option<char>, usize)> {
    let c = at(buf, start);
    let next = kind_at(buf, start + 1);
    let number = matches!(next, Kind::Digit | Kind::Numeral | Kind::Capital);
    match c {
        '第' if number => Some((None, start + 1)),
        '临' | '附' if number => Some((Some(c), start + 1)),
        '负' if number => Some((Some('B'), start + 1)),
        '地' if at(buf, start + 1) == '下' && kind_at(buf, start + 2) != Kind::Text => Some((Some('B'), start + 2)),
        _ if is_cyclic(c) && number => Some((Some(c), start + 1)),
        _ => None,
    }
}

/// One part: letter or sign before, the number, letter or sign after.
fn part(buf: &[Ch], start: usize, joint: Joint) -> Option<Part> {
    let mut i = start;
    let mut before = None;
    let c = ch(buf, i);
    match c.kind {
        Kind::Letter => {
            if kind_at(buf, i + 1) == Kind::Letter {
                return None;
            }
            before = Some(c.c);
            i += 1;
            let dashed = at(buf, i) == '-' && kind_at(buf, i + 1) == Kind::Digit;
            if dashed && kind_at(buf, i + 2) != Kind::Letter || kind_at(buf, i) != Kind::Digit {
                return Some(Part { joint, before, value: None, after: None, start, end: i, spelled: false });
            }
        }
        Kind::Text if c.c == '底' && matches!(at(buf, i + 1), '楼' | '层') => {
            return Some(Part { joint, before, value: Some(1), after: None, start, end: i + 1, spelled: true });
        }
        Kind::Text => (before, i) = sign(buf, i)?,
        _ => {}
    }
    let (value, end, spelled) = number(buf, i)?;
    let (after, end) = trailing(buf, end);
    Some(Part { joint, before, value: Some(value), after, start, end, spelled })
}

fn trailing(buf: &[Ch], i: usize) -> (Option<char>, usize) {
    let c = ch(buf, i);
    match c.kind {
        // 3F and 3/F are floors.
        Kind::Letter if c.c != 'F' && kind_at(buf, i + 1) != Kind::Letter => (Some(c.c), i + 1),
        Kind::Text
            if (is_cyclic(c.c) && matches!(at(buf, i + 1), '号' | '#' | '室' | '幢' | '栋' | '座'))
                || (c.c == '临' && at(buf, i + 1) == '号') =>
        {
            (Some(c.c), i + 1)
        }
        _ => (None, i),
    }
}

/// A number in digits or Chinese numerals: value, end, and whether it was spelled.
pub(crate) fn number(buf: &[Ch], start: usize) -> Option<(u32, usize, bool)> {
    match kind_at(buf, start) {
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
        Kind::Numeral | Kind::Capital => spelled(buf, start),
        _ => None,
    }
}

fn spelled(buf: &[Ch], start: usize) -> Option<(u32, usize, bool)> {
    let mut i = start;
    let (mut total, mut digit, mut seen_unit) = (0u32, None::<u32>, false);
    while i - start < 8 && matches!(kind_at(buf, i), Kind::Numeral | Kind::Capital) {
        let c = at(buf, i);
        match c {
            '十' | '百' | '千' => {
                let unit = match c {
                    '十' => 10,
                    '百' => 100,
                    _ => 1000,
                };
                total = total.saturating_add(digit.take().unwrap_or(1).saturating_mul(unit));
                seen_unit = true;
            }
            '廿' => {
                total = total.saturating_add(20);
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

fn write_part(part: Part, out: &mut String) {
    out.extend(part.before);
    if let Some(value) = part.value {
        write_number(value, out);
    }
    out.extend(part.after);
}

/// A number in digits. Most have one to four of them, for which the general formatting is slow.
pub(crate) fn write_number(value: u32, out: &mut String) {
    let mut digits = ['0'; 10];
    let (mut from, mut rest) = (digits.len(), value);
    loop {
        from -= 1;
        digits[from] = char::from(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    for &digit in &digits[from..] {
        out.push(digit);
    }
}

/// How a dash between two numbers under one unit reads: `128-1` is one door, `1-6` are six.
fn is_range(low: Part, high: Part) -> bool {
    match (low.value, high.value) {
        (Some(low), Some(high)) => low < high && high - low <= 200,
        _ => false,
    }
}

/// Writes the normalised value of several joined parts.
pub(crate) fn write(parts: &[Part], out: &mut String) {
    let ranged = parts.len() == 2 || parts.iter().any(|part| part.joint == Joint::List);
    for (n, &part) in parts.iter().enumerate() {
        if n > 0 {
            out.extend(match part.joint {
                Joint::First => None,
                Joint::List | Joint::Slash | Joint::Space => Some('、'),
                Joint::Range => Some('~'),
                Joint::Dash if ranged && is_range(parts[n - 1], part) => Some('~'),
                Joint::Dash | Joint::Sub => Some('-'),
                Joint::Annex => Some('附'),
            });
        }
        write_part(part, out);
    }
}
