//! The guard before texts that leave the house (boundary 12, R37): no name from the register or with a form of address, no
//! number that may be a person's, no telephone, no door. What it finds is never quoted.

use linli_platform::{
    AppError, Result,
    app::App,
    free_text::{self, FreeTextFault},
};
use linli_register::directory::{self, Directory};

use super::doors::names_door;

/// The longest text; with the grid's name before it, it stays below the robot's 2,048 bytes.
pub const TEXT_CHARS: usize = 500;
/// Digits from which a run may be a telephone.
const PHONE_DIGITS: usize = 7;

/// What a text holds that must not leave the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutwardFault {
    /// What every free field refuses.
    #[error(transparent)]
    Free(#[from] FreeTextFault),
    /// A telephone or another number that may be somebody's, or a mailbox.
    #[error("a number that may be a telephone")]
    Phone,
    /// A name of the register, or one with a form of address.
    #[error("a name that may be a person's")]
    Name,
    /// A door.
    #[error("a door")]
    Door,
    /// More than [`TEXT_CHARS`] characters.
    #[error("longer than {TEXT_CHARS} characters")]
    TooLong,
}

impl OutwardFault {
    /// Stable code, as stored beside a message that was held back.
    pub fn code(self) -> &'static str {
        match self {
            OutwardFault::Free(fault) => fault.code(),
            OutwardFault::Phone => "outward-phone",
            OutwardFault::Name => "outward-name",
            OutwardFault::Door => "outward-door",
            OutwardFault::TooLong => "outward-long",
        }
    }
}

impl From<OutwardFault> for AppError {
    fn from(fault: OutwardFault) -> Self {
        AppError::rule(fault.code()).arg("n", TEXT_CHARS)
    }
}

/// The guard with what it has to know: the register's names, and names of places that are nobody's.
pub struct Guard {
    names: std::sync::Arc<Directory>,
    places: Vec<String>,
}

impl Guard {
    /// The guard as of now.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn of(app: &App) -> Result<Guard> {
        let q = app.store.reads();
        let mut places: Vec<String> = linli_territory::all_grids(&q).await?.into_iter().map(|g| g.name).collect();
        for committee in linli_territory::store::committees::all(&q).await? {
            places.push(committee.name);
        }
        Ok(Guard { names: directory::directory(app).await?, places })
    }
    /// Whether a text may leave the house.
    ///
    /// # Errors
    /// [`OutwardFault`].
    pub fn check(&self, text: &str) -> Result<(), OutwardFault> {
        check(text, &self.places, |text| self.names.holds_name(text))
    }
}

/// Whether a text may leave the house. `places` are names that are nobody's; `names` says whether a text holds a name of
/// the register.
///
/// # Errors
/// [`OutwardFault`].
pub fn check(text: &str, places: &[String], names: impl Fn(&str) -> bool) -> Result<(), OutwardFault> {
    if text.chars().count() > TEXT_CHARS {
        return Err(OutwardFault::TooLong);
    }
    let plain = without_days(text);
    free_text::check(&plain)?;
    if longest_run(&plain) >= PHONE_DIGITS || names_mailbox(&plain) {
        return Err(OutwardFault::Phone);
    }
    if names_door(&plain) {
        return Err(OutwardFault::Door);
    }
    if names_somebody(&plain) || names(&without_places(text, places)) {
        return Err(OutwardFault::Name);
    }
    Ok(())
}

/// The text with every date (2026-11-23) and every span of days or hours (11.24-11.28) taken out: their digits are nobody's
/// number.
fn without_days(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < chars.len() {
        let begins = at == 0 || !chars[at - 1].is_ascii_digit();
        match date_length(&chars[at..]).or_else(|| span_length(&chars[at..])).filter(|_| begins) {
            Some(length) => {
                out.push('|');
                at += length;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

/// How many characters a date at the beginning has: a year of this century, month and day, with `-`, `/` or `.` between.
fn date_length(chars: &[char]) -> Option<usize> {
    let shown: String = chars.iter().take(10).collect();
    let mark = shown.chars().nth(4).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let ascii: usize = shown.chars().take_while(|c| c.is_ascii_digit() || *c == mark).count();
    let mut parts = shown[..ascii].split(mark);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&text.len()).then(|| text.parse::<u32>().ok()).flatten()
    };
    let fits = number(year, 4..=4)? / 100 == 20
        && (1..=12).contains(&number(month, 1..=2)?)
        && (1..=31).contains(&number(day, 1..=2)?)
        && parts.next().is_none();
    let length = year.len() + month.len() + day.len() + 2;
    let ends = chars.get(length).is_none_or(|c| !c.is_ascii_digit());
    (fits && ends).then_some(length)
}

/// How many characters a span at the beginning has: month and day, or hour and minute, twice, with `-` between.
fn span_length(chars: &[char]) -> Option<usize> {
    let first = pair_length(chars)?;
    let second = pair_length(chars.get(first + 1..)?).filter(|_| chars[first] == '-')?;
    let length = first + 1 + second;
    chars.get(length).is_none_or(|c| !c.is_ascii_digit() && *c != '-' && *c != '.').then_some(length)
}

/// How many characters `11.24`, `11/24` or `14.30` at the beginning has.
fn pair_length(chars: &[char]) -> Option<usize> {
    let digits = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let first = digits(0);
    let mark = first;
    chars.get(mark).filter(|c| matches!(c, '.' | '/'))?;
    let second = digits(mark + 1);
    let number = |from: usize, n: usize| chars[from..from + n].iter().collect::<String>().parse::<u32>().ok();
    let fits = (1..=2).contains(&first) && (1..=2).contains(&second);
    let (left, right) = fits.then_some((number(0, first)?, number(mark + 1, second)?))?;
    let day = (1..=12).contains(&left) && (1..=31).contains(&right);
    let hour = left < 24 && right < 60 && second == 2;
    (day || hour).then_some(first + 1 + second)
}

/// The digit that a character stands for: of any width, or in words.
pub(super) fn digit(c: char) -> Option<u32> {
    if let Some(n) = c.to_digit(10) {
        return Some(n);
    }
    match c {
        '０'..='９' => Some(c as u32 - '０' as u32),
        '〇' | '零' => Some(0),
        '一' | '壹' | '幺' => Some(1),
        '二' | '贰' | '两' => Some(2),
        '三' | '叁' => Some(3),
        '四' | '肆' => Some(4),
        '五' | '伍' => Some(5),
        '六' | '陆' => Some(6),
        '七' | '柒' => Some(7),
        '八' | '捌' => Some(8),
        '九' | '玖' => Some(9),
        _ => None,
    }
}

/// The longest run of digits; what people put between the digits of a telephone makes no difference.
fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        match digit(c) {
            Some(_) => run += 1,
            None if matches!(
                c,
                ' ' | '-' | '.' | '/' | '·' | '(' | ')' | '（' | '）' | '_' | '\u{3000}' | '\u{a0}'
            ) => {}
            None => run = 0,
        }
        longest = longest.max(run);
    }
    longest
}

/// Whether a text has the address of a mailbox.
fn names_mailbox(text: &str) -> bool {
    let chars: Vec<char> = text.chars().map(|c| if c == '＠' { '@' } else { c }).collect();
    let part = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
    (1..chars.len()).any(|at| chars[at] == '@' && part(chars.get(at - 1)) && part(chars.get(at + 1)))
}

/// The text with names of places taken out, the longest first: a village may be called like somebody.
fn without_places(text: &str, places: &[String]) -> String {
    let mut known: Vec<&String> = places.iter().filter(|p| !p.is_empty()).collect();
    known.sort_by_key(|p| std::cmp::Reverse(p.len()));
    known.into_iter().fold(text.to_owned(), |text, place| text.replace(place.as_str(), "|"))
}

/// What follows a name.
const AFTER_NAME: [&str; 17] = [
    "先生", "女士", "小姐", "同志", "师傅", "阿姨", "老伯", "某某", "本人", "一家", "大爷", "大妈", "奶奶", "爷爷",
    "叔叔", "老板", "老师",
];
/// Common words with a character that is also a surname.
const NO_NAME: [&str; 19] = [
    "感谢", "多谢", "致谢", "答谢", "任何", "如何", "为何", "几何", "也许", "允许", "或许", "许多", "不曾", "曾经",
    "防范", "规范", "模范", "示范", "陆续",
];
/// The commonest surnames that begin no common word of the work.
const SURNAMES: &str = "王李张刘陈杨黄赵吴徐孙朱胡郭何罗郑梁谢宋唐许韩邓冯曹彭曾肖潘袁蔡蒋魏苏吕卢姚沈姜崔谭陆范廖贾邹熊孟秦邱侯尹薛闫雷龚邵";

/// Whether a text has a surname and up to two characters before a word that follows names.
pub fn names_somebody(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = NO_NAME.iter().fold(plain, |text, word| text.replace(word, "|"));
    let chars: Vec<char> = plain.chars().collect();
    let surname = |at: usize| chars.get(at).is_some_and(|c| SURNAMES.contains(*c));
    AFTER_NAME.iter().any(|word| {
        plain.match_indices(word).any(|(at, _)| {
            let before = plain[..at].chars().count();
            (1..=3).any(|back| before.checked_sub(back).is_some_and(surname))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_no_number_and_everything_else_that_long_is() {
        for (text, longest) in [
            ("2026-11-23 走访 12 户", 2),
            ("2026-11-23", 0),
            ("2026/1/3 14:30", 2),
            ("2026.11.23", 0),
            ("12026-11-23", 9),
            ("2026-13-45", 8),
            ("021-5920 0000", 11),
            ("一三九〇〇〇〇一一一一", 11),
            ("（021）59200000", 11),
            ("139/0000/1111", 11),
            ("11.24-11.28 集中走访", 0),
            ("11/24-11/28", 0),
            ("14.30-16.30 例会", 0),
            ("59.20-00.00", 8),
            ("11.24-11.28.1234", 12),
            ("139.01-10.1111", 11),
        ] {
            assert_eq!(longest_run(&without_days(text)), longest, "{text}");
        }
    }
}
