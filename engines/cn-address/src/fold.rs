//! Folding of single characters: full width, traditional forms, dashes; and what kind each one is.

use std::sync::OnceLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

const FIRST: u32 = 0x4E00;
const COUNT: usize = 0x5200;

/// Traditional to simplified, one entry for each character of the main block; the identity where the
/// dictionary has nothing.
fn simplified() -> &'static [u16] {
    static TABLE: OnceLock<Box<[u16]>> = OnceLock::new();
    TABLE.get_or_init(build_table)
}

fn build_table() -> Box<[u16]> {
    let mut table: Vec<u16> = (0..COUNT).map(|i| (FIRST as usize + i) as u16).collect();
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else {
        return table.into();
    };
    // One character a line keeps the dictionary's phrases out.
    let lines: String = table.iter().filter_map(|&c| char::from_u32(u32::from(c))).flat_map(|c| [c, '\n']).collect();
    for (slot, line) in table.iter_mut().zip(converter.convert(&lines).lines()) {
        let mut chars = line.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && let Ok(code) = u16::try_from(u32::from(c))
        {
            *slot = code;
        }
    }
    table.into()
}

/// The folding table, fetched once by a parser.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folder(&'static [u16]);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(simplified())
    }

    /// The comparable form of one character: half width, upper case, simplified, one kind of dash.
    #[inline]
    pub(crate) fn fold(self, c: char) -> char {
        match c {
            '0'..='9' | 'A'..='Z' => c,
            'a'..='z' => c.to_ascii_uppercase(),
            '\u{4E00}'..='\u{9FFF}' => self.han(c),
            '\u{FF01}'..='\u{FF5E}' => {
                let half = char::from_u32(c as u32 - 0xFEE0).unwrap_or(c);
                half.to_ascii_uppercase()
            }
            '\u{3000}' | '\t' | '\u{A0}' | '\r' | '\n' => ' ',
            '—' | '–' | '―' | '─' | '〜' | '∼' => '~',
            '−' | '‐' | '‑' => '-',
            '〇' => '零',
            '①'..='⑨' => char::from_u32(c as u32 - '①' as u32 + '1' as u32).unwrap_or(c),
            '·' | '・' => '.',
            _ => c,
        }
    }

    #[inline]
    fn han(self, c: char) -> char {
        match c {
            '衖' => '弄',
            '壹' => '一',
            '贰' | '貳' => '二',
            '叁' | '參' => '三',
            '肆' => '四',
            '伍' => '五',
            '陆' | '陸' => '六',
            '柒' => '七',
            '捌' => '八',
            '玖' => '九',
            _ => char::from_u32(u32::from(self.0[(c as u32 - FIRST) as usize])).unwrap_or(c),
        }
    }
}

/// What kind a folded character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Digit,
    /// 零一二…十百千.
    Numeral,
    Letter,
    Space,
    /// Brackets and marks that part elements.
    Mark,
    /// Everything else, Chinese characters above all.
    Text,
}

#[inline]
pub(crate) fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digit,
        'A'..='Z' => Kind::Letter,
        ' ' => Kind::Space,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '零' | '百' | '千' | '两' | '廿' => {
            Kind::Numeral
        }
        '、' | ',' | '.' | '。' | ';' | ':' | '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕' | '{' | '}' | '<'
        | '>' | '《' | '》' | '"' | '\'' | '“' | '”' | '/' | '\\' | '|' | '-' | '~' | '_' | '*' | '+' | '=' | '!'
        | '?' | '&' | '@' | '$' | '%' | '^' | '`' | '\u{200B}' | '\u{FEFF}' => Kind::Mark,
        c if c.is_control() => Kind::Mark,
        _ => Kind::Text,
    }
}

/// The value of one Chinese digit, tens and hundreds apart.
#[inline]
pub(crate) fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}
