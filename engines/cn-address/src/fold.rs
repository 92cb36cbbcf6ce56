//! Folding of single characters: full width, traditional forms, dashes; and what kind each one is.

use std::sync::OnceLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

use crate::places::HEADS;

const HAN: std::ops::RangeInclusive<u32> = 0x4E00..=0x9FFF;

/// What kind a folded character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Digit,
    /// 零一二…十百千.
    Numeral,
    /// 壹贰叁…: numerals of receipts, which are surnames as well (陆家宅).
    Capital,
    Letter,
    Space,
    /// Brackets and marks that part elements.
    Mark,
    /// Everything else, Chinese characters above all.
    Text,
}

/// A unit word may begin with this character.
pub(crate) const UNIT: u8 = 1;
/// A name may end with this character.
pub(crate) const ENDS: u8 = 2;
/// A sign before a number: 第, 临, 附, 甲, 负.
pub(crate) const SIGN: u8 = 4;
/// A province or a district of Shanghai may begin with this character.
pub(crate) const HEAD: u8 = 8;
/// A space.
pub(crate) const SPACE: u8 = 16;
/// A bracket or mark.
pub(crate) const MARK: u8 = 32;
/// The input has another character here.
pub(crate) const CHANGED: u8 = 64;

const UNITS: &str = "弄支号#幢栋座单门楼层F室户房间组队村小生居大期区";
const ENDINGS: &str =
    "路街巷道弄省市区县镇乡村社居宅会委州盟旗苑园城坊湾庭邸墅厦场心厂地舍司店馆校院库行楼里府部所庙站房寓学岛";
const SIGNS: &str = "第临附甲乙丙丁戊己负地底";

/// One folded character: what it is, where it began in the input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ch {
    pub c: char,
    pub at: u32,
    pub kind: Kind,
    pub flags: u8,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    c: u16,
    kind: Kind,
    flags: u8,
}

/// The folding table of the basic plane, built once and shared by all parsers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folder(&'static [Entry]);

impl Folder {
    pub(crate) fn new() -> Self {
        static TABLE: OnceLock<Box<[Entry]>> = OnceLock::new();
        Self(TABLE.get_or_init(build_table))
    }

    /// The comparable form of one character: half width, upper case, simplified, one kind of dash.
    #[inline]
    pub(crate) fn fold(self, c: char, at: u32) -> Ch {
        match self.0.get(c as usize) {
            Some(entry) => {
                Ch { c: char::from_u32(u32::from(entry.c)).unwrap_or(c), at, kind: entry.kind, flags: entry.flags }
            }
            None => Ch { c, at, kind: Kind::Text, flags: 0 },
        }
    }

    /// Folds a text into `few`, and says how many characters it has; nothing when they are more.
    pub(crate) fn fold_into(self, text: &str, few: &mut [Ch]) -> Option<usize> {
        let mut count = 0;
        for (at, c) in text.char_indices() {
            *few.get_mut(count)? = self.fold(c, at as u32);
            count += 1;
        }
        Some(count)
    }
}

fn build_table() -> Box<[Entry]> {
    let mut simple: Vec<char> = (0..=0xFFFF).map(|code| char::from_u32(code).map_or(' ', folded)).collect();
    if let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) {
        // One character a line keeps the dictionary's phrases out.
        let lines: String = HAN.filter_map(char::from_u32).flat_map(|c| [c, '\n']).collect();
        for (code, line) in HAN.zip(converter.convert(&lines).lines()) {
            let mut chars = line.chars();
            if let (Some(c), None) = (chars.next(), chars.next())
                && simple[code as usize] as u32 == code
                && (c as u32) <= 0xFFFF
            {
                simple[code as usize] = c;
            }
        }
    }
    let entry = |(code, c): (u32, char)| {
        let of = |words: &str, flag: u8| if words.contains(c) { flag } else { 0 };
        let kind = kind_of(c);
        let kinds = match kind {
            Kind::Space => SPACE,
            Kind::Mark => MARK,
            _ => 0,
        };
        let changed = if c as u32 == code { 0 } else { CHANGED };
        let words = of(UNITS, UNIT) | of(ENDINGS, ENDS) | of(SIGNS, SIGN) | of(HEADS, HEAD);
        Entry { c: c as u32 as u16, kind, flags: words | kinds | changed }
    };
    (0..).zip(simple).map(entry).collect()
}

fn folded(c: char) -> char {
    match c {
        'a'..='z' => c.to_ascii_uppercase(),
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(c as u32 - 0xFEE0).map_or(c, |half| folded(half.to_ascii_uppercase()))
        }
        '\u{3000}' | '\t' | '\u{A0}' | '\r' | '\n' | '\u{2002}'..='\u{200A}' => ' ',
        '—' | '–' | '―' | '─' | '〜' | '∼' | '﹣' | '━' => '~',
        '−' | '‐' | '‑' | '⁃' => '-',
        '〇' | '○' | '◯' => '零',
        '①'..='⑨' => char::from_u32(c as u32 - '①' as u32 + '1' as u32).unwrap_or(c),
        '·' | '・' | '。' | '｡' | '•' => '.',
        '﹐' => ',',
        '､' | '﹑' => '、',
        '【' | '〔' | '[' | '{' | '〈' | '<' | '《' | '「' | '『' => '(',
        '】' | '〕' | ']' | '}' | '〉' | '>' | '》' | '」' | '』' => ')',
        '﹟' | '♯' => '#',
        '衖' | '衕' => '弄',
        '邨' => '村',
        '樓' => '楼',
        '堃' => '坤',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        '貳' => '贰',
        '參' => '叁',
        '陸' => '陆',
        _ => c,
    }
}

fn kind_of(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digit,
        'A'..='Z' => Kind::Letter,
        ' ' => Kind::Space,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '零' | '百' | '千' | '两' | '廿' => {
            Kind::Numeral
        }
        '壹' | '贰' | '叁' | '肆' | '伍' | '陆' | '柒' | '捌' | '玖' => Kind::Capital,
        '#' => Kind::Text,
        '、' | '！' | '？' | '；' | '：' | '“' | '”' | '‘' | '’' | '…' | '\u{200B}' | '\u{FEFF}' => {
            Kind::Mark
        }
        c if c.is_ascii_punctuation() || c.is_control() => Kind::Mark,
        _ => Kind::Text,
    }
}

/// The value of one Chinese digit, tens and hundreds apart.
#[inline]
pub(crate) fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// What stands past the end.
pub(crate) const END: Ch = Ch { c: '\0', at: u32::MAX, kind: Kind::Mark, flags: MARK };

/// The character at `i`; a mark that stands for nothing past the end.
#[inline]
pub(crate) fn ch(buf: &[Ch], i: usize) -> Ch {
    buf.get(i).copied().unwrap_or(END)
}

#[inline]
pub(crate) fn at(buf: &[Ch], i: usize) -> char {
    buf.get(i).map_or('\0', |ch| ch.c)
}

#[inline]
pub(crate) fn kind_at(buf: &[Ch], i: usize) -> Kind {
    buf.get(i).map_or(Kind::Mark, |ch| ch.kind)
}

pub(crate) fn starts(buf: &[Ch], i: usize, word: &str) -> bool {
    (i..).zip(word.chars()).all(|(n, c)| at(buf, n) == c)
}

/// The character after `word` at `i`, when it stands there.
pub(crate) fn after(buf: &[Ch], i: usize, word: &str) -> Option<usize> {
    let mut n = i;
    for c in word.chars() {
        if at(buf, n) != c {
            return None;
        }
        n += 1;
    }
    Some(n)
}
