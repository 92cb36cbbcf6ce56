//! Names as comparison keys: simplified and without blanks; and by their sound.

use std::sync::OnceLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use pinyin::ToPinyin;
use rustc_hash::FxHashMap;

const FIRST: u32 = 0x4E00;
const COUNT: usize = 0x5200;

struct Characters {
    simple: Box<[u16]>,
    /// The number of the syllable without its tone; 0 for a character without one.
    sound: Box<[u16]>,
}

fn characters() -> &'static Characters {
    static TABLE: OnceLock<Characters> = OnceLock::new();
    TABLE.get_or_init(|| {
        let simple = table_of_simplified();
        let mut syllables: FxHashMap<&'static str, u16> = FxHashMap::default();
        let sound = (0..COUNT as u32)
            .map(|n| {
                let syllable = char::from_u32(FIRST + n).and_then(|c| c.to_pinyin()).map(pinyin::Pinyin::plain);
                syllable.map_or(0, |syllable| {
                    let next = syllables.len() as u16 + 1;
                    *syllables.entry(syllable).or_insert(next)
                })
            })
            .collect();
        Characters { simple, sound }
    })
}

fn table_of_simplified() -> Box<[u16]> {
    let mut table: Vec<u16> = (0..COUNT).map(|n| (FIRST as usize + n) as u16).collect();
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else { return table.into() };
    // One character a line keeps the dictionary's phrases out.
    let lines: String = table.iter().filter_map(|&c| char::from_u32(u32::from(c))).flat_map(|c| [c, '\n']).collect();
    for (slot, line) in table.iter_mut().zip(converter.convert(&lines).lines()) {
        if let Some(code) = line.chars().next().and_then(|c| u16::try_from(u32::from(c)).ok()) {
            *slot = code;
        }
    }
    table.into()
}

/// Writes the comparison form of a name to `out`: simplified characters, capitals, half width, without blanks,
/// dots, marks and what stands in brackets (张三（组长）). The rest is kept: supplementary characters pass as they are.
pub(crate) fn fold_into(name: &str, out: &mut String) {
    let table = characters();
    let mut open = false;
    for c in name.chars() {
        match c {
            '(' | '（' | '[' | '【' => open = true,
            ')' | '）' | ']' | '】' => open = false,
            _ => {}
        }
        if open {
            continue;
        }
        let code = c as u32;
        match code.checked_sub(FIRST) {
            Some(n) if (n as usize) < COUNT => {
                out.extend(char::from_u32(u32::from(table.simple[n as usize])));
            }
            _ => {
                let half =
                    if (0xFF01..=0xFF5E).contains(&code) { char::from_u32(code - 0xFEE0).unwrap_or(c) } else { c };
                if half.is_alphanumeric() {
                    out.extend(half.to_uppercase());
                }
            }
        }
    }
}

/// Gives the simplified form of one character; any other character as it is.
pub(crate) fn simplifier() -> impl Fn(char) -> char {
    let table = &characters().simple[..];
    move |c| {
        let simple = (c as u32).checked_sub(FIRST).and_then(|n| table.get(n as usize));
        simple.and_then(|&code| char::from_u32(u32::from(code))).unwrap_or(c)
    }
}

/// A hash of a folded name.
pub(crate) fn hash(folded: &str) -> u32 {
    let hash = folded.bytes().fold(0x811C_9DC5u32, |hash, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
    hash ^ (hash >> 15)
}

/// A hash of how a folded name sounds, without tones.
pub(crate) fn sound(folded: &str) -> u32 {
    let table = characters();
    let mut hash: u32 = 0x811C_9DC5;
    for c in folded.chars() {
        let code = c as u32;
        let syllable = code.checked_sub(FIRST).and_then(|n| table.sound.get(n as usize)).copied().unwrap_or(0);
        let unit = if syllable == 0 { code } else { 0x0080_0000 | u32::from(syllable) };
        hash = (hash ^ unit).wrapping_mul(0x0100_0193).rotate_left(5);
    }
    hash
}

/// One character replaced, left out or added, in a name of at least two.
pub(crate) fn one_character_apart(a: &str, b: &str) -> bool {
    a.chars().count().min(b.chars().count()) >= 2 && strsim::levenshtein(a, b) == 1
}
