//! How numbers and telephones arrive on rosters.

use cn_identity::make::resident_number;
use rand::{Rng, RngExt};

/// What became of a number.
pub enum Wrong {
    /// Written thus.
    Text(String),
    /// The number of another registered person stands there.
    OfAnother,
}

pub fn number(rng: &mut impl Rng, number: &str, noise: f64) -> Wrong {
    let draw = rng.random_range(0.0..100.0) / noise;
    if number.len() != 18 || !number.is_ascii() {
        return Wrong::Text(if draw < 3.0 { String::new() } else { number.into() });
    }
    let at = rng.random_range(1..17);
    let steps = [2.2, 1.3, 0.9, 0.7, 0.5, 0.8, 0.8, 3.0, 1.0, 0.2, 1.5, 1.5, 2.0, 1.0, 1.0, 1.0];
    let mut sum = 0.0;
    let way = steps.iter().position(|step| {
        sum += step;
        draw < sum
    });
    let text = match way {
        Some(0) => one_digit(rng, number),
        Some(1) => exchanged(number, at),
        Some(2) => format!("{}{}", &number[..at], &number[at + 1..]),
        Some(3) => format!("{}{}", &number[..at], &number[at - 1..]),
        Some(4) => exchanged(&one_digit(rng, number), at),
        Some(5) => format!("{}.{}E+17", &number[..1], &number[1..6]),
        Some(6) => format!("{}000", &number[..15]),
        Some(7) => String::new(),
        Some(8) => return Wrong::OfAnother,
        Some(9) => resident(rng, "990007", (1990, 1, 1)),
        Some(10) if number[6..].starts_with("19") => format!("{}{}", &number[..6], &number[8..17]),
        Some(11) => number.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)).collect(),
        Some(12) => format!("'{number}"),
        Some(13) => format!("{} {} {}", &number[..6], &number[6..14], &number[14..]),
        Some(14) => format!(" {}", number.to_lowercase()),
        Some(15) => number.to_lowercase(),
        _ => number.into(),
    };
    Wrong::Text(text)
}

pub fn resident(rng: &mut impl Rng, area: &str, birth: (i16, u8, u8)) -> String {
    resident_number(area, birth, rng.random_range(1..1000)).as_str().to_owned()
}

fn exchanged(text: &str, at: usize) -> String {
    let mut digits: Vec<char> = text.chars().collect();
    digits.swap(at, at - 1);
    digits.into_iter().collect()
}

pub fn one_digit(rng: &mut impl Rng, text: &str) -> String {
    let at = rng.random_range(0..text.len().min(17));
    let digit = text.as_bytes()[at] - b'0';
    let other = (digit + rng.random_range(1..10)) % 10;
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

pub fn new_phone(rng: &mut impl Rng) -> String {
    format!("1{:010}", rng.random_range(3_000_000_000u64..9_999_999_999))
}

/// A telephone as written: changed, missing, mistyped or with marks.
pub fn phone(rng: &mut impl Rng, phone: &str, noise: f64) -> String {
    let draw = rng.random_range(0.0..100.0) / noise;
    let phone = if draw < 14.0 {
        new_phone(rng)
    } else if draw < 22.0 || phone.len() != 11 {
        return String::new();
    } else if draw < 24.5 {
        one_digit(rng, phone)
    } else {
        phone.to_owned()
    };
    match rng.random_range(0..40) {
        0 => format!("+86{phone}"),
        1 => format!("+86 {}-{}-{}", &phone[..3], &phone[3..7], &phone[7..]),
        2 => format!("{} {} {}", &phone[..3], &phone[3..7], &phone[7..]),
        3 => format!("{phone}.0"),
        4 => phone.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)).collect(),
        _ => phone,
    }
}
