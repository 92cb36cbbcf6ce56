//! Names of people (姓名): a check that refuses nobody's real name, and keys for comparing.
//!
//! No pattern of character ranges is applied: names use the supplementary planes (GB 18030-2022 level 3),
//! the middle dot, Latin letters.

use std::sync::LazyLock;

use pinyin::ToPinyin as _;

use crate::NameError;
use crate::clean::{half_width, is_invisible};

/// The most characters (not bytes) that a name may have.
pub const MAX_CHARS: usize = 50;

/// The one middle dot (间隔号, U+00B7) that all others become.
pub const MIDDLE_DOT: char = '·';

/// Trims a name, drops characters without ink and selectors of glyph variants, writes every kind of middle dot as
/// one [`MIDDLE_DOT`], and gives characters of GBK's private use area their real code point.
///
/// # Errors
/// Empty, longer than [`MAX_CHARS`] characters, or with a control character inside.
///
/// ```
/// use cn_identity::name;
/// assert_eq!(name::check(" 阿依古丽•买买提 ").unwrap(), "阿依古丽·买买提");
/// assert_eq!(name::check("刘\u{E863}").unwrap(), "刘䶮");
/// assert!(name::check("王\t小明").is_err());
/// ```
pub fn check(input: &str) -> Result<String, NameError> {
    let shown = |c: char| !is_invisible(c);
    let trimmed = input.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let mut name = String::with_capacity(trimmed.len());
    let mut chars = trimmed.chars().filter(|c| shown(*c)).peekable();
    while let Some(c) = chars.next() {
        // A full stop is a middle dot between Chinese characters only; initials of other names keep theirs.
        let stop = is_full_stop(c) && name.chars().next_back().is_some_and(is_ideograph);
        if is_middle_dot(c) || (stop && chars.peek().copied().is_some_and(is_ideograph)) {
            if !name.ends_with(MIDDLE_DOT) {
                name.push(MIDDLE_DOT);
            }
        } else {
            name.push(public(c));
        }
    }
    if let Some(place) = name.chars().position(is_control) {
        return Err(NameError::ControlCharacter { position: place + 1 });
    }
    match name.chars().count() {
        0 => Err(NameError::Empty),
        got if got > MAX_CHARS => Err(NameError::TooLong { got }),
        _ => Ok(name),
    }
}

/// A key under which two ways of writing one name are equal: without blanks, middle dots and characters
/// without ink; half width; small letters; traditional, variant, compatibility and radical characters as their
/// standard simplified form. It is for comparing only, never for showing.
///
/// Characters that people choose as different ones (喆 and 哲, 堃 and 坤, 昇 and 升) stay different.
///
/// ```
/// use cn_identity::name;
/// assert_eq!(name::key("張　國強"), name::key("张国强"));
/// assert_eq!(name::key("阿依古丽•买买提"), name::key("阿依古丽.买买提"));
/// assert_ne!(name::key("张国强"), name::key("张国庆"));
/// ```
#[must_use]
pub fn key(input: &str) -> String {
    input
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !is_control(*c))
        .filter(|c| !is_middle_dot(*c) && !is_full_stop(*c))
        .flat_map(char::to_lowercase)
        .map(|c| standard(public(c)))
        .collect()
}

/// How a name sounds, in pinyin without tones, a blank after each syllable: names of one sound (同音) have one
/// such key, which is where dictation and input methods go wrong. A surname of several readings is read as a
/// surname (单 shan, 仇 qiu, 尉迟 yu chi). What has no reading stands as in [`key`].
///
/// ```
/// use cn_identity::name;
/// assert_eq!(name::sound("單曉明"), "shan xiao ming ");
/// assert_eq!(name::sound("张伟"), name::sound("章玮"));
/// assert_ne!(name::sound("张伟"), name::sound("张维佳"));
/// ```
#[must_use]
pub fn sound(input: &str) -> String {
    let key = key(input);
    let mut out = String::with_capacity(key.len() * 2);
    let known = SURNAMES.iter().find(|(surname, _)| key.starts_with(surname));
    let rest = match known {
        Some((surname, reading)) => {
            out.push_str(reading);
            &key[surname.len()..]
        }
        None => &key,
    };
    for c in rest.chars() {
        match c.to_pinyin() {
            Some(reading) => {
                out.push_str(reading.plain());
                out.push(' ');
            }
            None => out.push(c),
        }
    }
    out
}

/// Surnames that are read otherwise than the character usually is; those of two characters come first.
const SURNAMES: [(&str, &str); 24] = [
    ("尉迟", "yu chi "),
    ("万俟", "mo qi "),
    ("单于", "chan yu "),
    ("长孙", "zhang sun "),
    ("单", "shan "),
    ("仇", "qiu "),
    ("解", "xie "),
    ("曾", "zeng "),
    ("查", "zha "),
    ("翟", "zhai "),
    ("盖", "ge "),
    ("区", "ou "),
    ("朴", "piao "),
    ("任", "ren "),
    ("华", "hua "),
    ("纪", "ji "),
    ("召", "shao "),
    ("缪", "miao "),
    ("宓", "mi "),
    ("员", "yun "),
    ("逄", "pang "),
    ("乐", "yue "),
    ("折", "she "),
    ("覃", "qin "),
];

fn is_middle_dot(c: char) -> bool {
    matches!(
        c,
        '\u{00B7}'
            | '\u{0387}'
            | '\u{1427}'
            | '\u{16EB}'
            | '\u{2022}'
            | '\u{2024}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{2981}'
            | '\u{25CF}'
            | '\u{25E6}'
            | '\u{2E31}'
            | '\u{2E33}'
            | '\u{30FB}'
            | '\u{A78F}'
            | '\u{FE52}'
            | '\u{FF0E}'
            | '\u{FF65}'
    )
}

fn is_full_stop(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{FF61}')
}

/// Whether a character is a Chinese one, of any plane.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{E815}'..='\u{E864}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Pairs of (variant, standard), one after the other; see `data/README.md`.
const VARIANTS: &str = include_str!("../data/variants.txt");
/// Pairs of (character of GBK's private use area, real character).
const PRIVATE_USE: &str = include_str!("../data/private-use.txt");

/// A table of pairs, sorted for searching.
fn pairs(table: &str) -> Box<[(char, char)]> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let chars: Vec<char> = lines.flat_map(str::chars).collect();
    let mut pairs: Vec<(char, char)> = chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.sort_unstable();
    pairs.into()
}

fn look_up(table: &[(char, char)], c: char) -> char {
    table.binary_search_by_key(&c, |pair| pair.0).map_or(c, |place| table[place].1)
}

/// The standard form of a character, or itself.
fn standard(c: char) -> char {
    static TABLE: LazyLock<Box<[(char, char)]>> = LazyLock::new(|| pairs(VARIANTS));
    // The radicals are the first in the table.
    if c < '\u{2E80}' { c } else { look_up(&TABLE, c) }
}

/// The real character behind one of GBK's private use area, or itself.
fn public(c: char) -> char {
    static TABLE: LazyLock<Box<[(char, char)]>> = LazyLock::new(|| pairs(PRIVATE_USE));
    if ('\u{E815}'..='\u{E864}').contains(&c) { look_up(&TABLE, c) } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_made_of_pairs_and_lead_to_fixed_points() {
        for (table, least) in [(VARIANTS, 4_000), (PRIVATE_USE, 80)] {
            let text: usize = table.lines().filter(|l| !l.starts_with('#')).map(|l| l.chars().count()).sum();
            let pairs = pairs(table);
            assert_eq!(text, pairs.len() * 2);
            assert!(pairs.len() >= least, "{}", pairs.len());
            assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0), "no character has two standard forms");
        }
        for (variant, plain) in pairs(VARIANTS) {
            assert_eq!(standard(plain), plain, "{variant} leads to {plain}, which is a variant itself");
        }
    }
}
