//! The guard against personal text (boundary 12): every free field that is left passes through it before it is stored.
//!
//! It finds what can be found for certain: numbers that may be somebody's document or mobile, and words of what the
//! register never holds (boundaries 2, 3 and 5). Where an organisation is to be named, it also finds what reads as the
//! name of a person. What it finds is never quoted.

use crate::error::AppError;

/// What a text holds that a free field must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FreeTextFault {
    /// A run of digits that may be a document's number or a mobile.
    #[error("a number that may be a person's")]
    Number,
    /// A word of what is never kept.
    #[error("a word of what is never kept")]
    Word,
    /// What reads as a person's name where an organisation's belongs.
    #[error("a name that may be a person's")]
    Person,
}

impl FreeTextFault {
    /// Stable code: `error-<code>` on a form, `cell-<code>` at a cell.
    pub fn code(self) -> &'static str {
        match self {
            FreeTextFault::Number => "free-text-number",
            FreeTextFault::Word => "free-text-word",
            FreeTextFault::Person => "free-text-person",
        }
    }
}

impl From<FreeTextFault> for AppError {
    fn from(fault: FreeTextFault) -> Self {
        AppError::rule(fault.code())
    }
}

/// Digits of a mobile.
const MOBILE_DIGITS: usize = 11;
/// Digits from which a run may be a resident number of the old form, and so of any.
const DOCUMENT_DIGITS: usize = 15;

/// Whether a text may be the name of an organisation as its licence has it: any words, but nobody's number.
pub fn check_licensed_name(text: &str) -> Result<(), FreeTextFault> {
    if digit_runs(text).iter().any(|run| is_personal(run)) { Err(FreeTextFault::Number) } else { Ok(()) }
}

/// Whether a text may stand in a free field.
pub fn check(text: &str) -> Result<(), FreeTextFault> {
    check_licensed_name(text)?;
    if policy_pack::excluded_word(text).is_some() { Err(FreeTextFault::Word) } else { Ok(()) }
}

/// Whether a text may stand where an organisation is named in passing, such as the agency that lets a home.
pub fn check_organisation(text: &str) -> Result<(), FreeTextFault> {
    check(text)?;
    if reads_as_person(text) { Err(FreeTextFault::Person) } else { Ok(()) }
}

fn is_personal(run: &str) -> bool {
    let mobile = run.len() == MOBILE_DIGITS && run.starts_with('1') && !run[1..].starts_with(['0', '1', '2']);
    mobile || run.len() >= DOCUMENT_DIGITS
}

/// Runs of digits; blanks and dashes within one make no difference, nor does full width.
fn digit_runs(text: &str) -> Vec<String> {
    let (mut runs, mut run) = (Vec::new(), String::new());
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => Some(c),
            '０'..='９' => char::from_u32(c as u32 - 0xFEE0),
            _ => None,
        };
        match digit {
            Some(digit) => run.push(digit),
            None if matches!(c, ' ' | '-' | '\u{3000}' | '\u{a0}') => {}
            None => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.push(run);
    runs.retain(|r| !r.is_empty());
    runs
}

/// The commonest surnames, without those that brands begin with.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石韦贾夏付邹熊孟秦邱侯尹薛闫段雷黎史陶贺毛郝顾龚邵";
/// What the short name of an organisation has and a person's has not.
const ORGANISATION: [&str; 16] =
    ["公司", "集团", "中心", "中介", "物业", "服务", "店", "社", "行", "所", "部", "房", "产", "业", "室", "站"];

fn reads_as_person(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let han = plain.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
    let named = (2..=3).contains(&plain.len()) && han && SURNAMES.contains(plain[0]);
    named && !ORGANISATION.iter().any(|word| text.contains(word))
}

/// The longest file name that is kept.
const FILE_NAME_CHARS: usize = 120;

/// A file's name as it is kept: without its folders, without control characters, and where the guard refuses it
/// nothing but what kind of file it was.
pub fn file_name(sent: &str) -> String {
    let base = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = base.chars().filter(|c| !c.is_control()).take(FILE_NAME_CHARS).collect();
    let name = name.trim().to_owned();
    if check(&name).is_ok() && policy_pack::forbidden_heading(&name).is_none() {
        return name;
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    match ending.filter(|e| (1..=5).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_lowercase())) {
        Some(ending) => format!("upload.{ending}"),
        None => "upload".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_and_words_of_what_is_never_kept_are_found_in_free_text() {
        use FreeTextFault::*;
        for (text, found) in [
            ("电子设备制造", None),
            ("崧泽大道三期工地", None),
            ("新府中路501弄12号", None),
            ("2026-11-20 报送", None),
            ("91110000600037341L", Some(Number)),
            ("负责人 13900001111", Some(Number)),
            ("１３９ ０００１ １１１１", Some(Number)),
            ("021-59200000", None),
            ("9901011990030700", Some(Number)),
            ("99010119900307002X", Some(Number)),
            ("重点人员宿舍", Some(Word)),
            ("重 点 关 注", Some(Word)),
            ("watch list site", Some(Word)),
        ] {
            assert_eq!(check(text).err(), found, "{text}");
        }
        assert_eq!(check_licensed_name("智能管控科技有限公司"), Ok(()), "a licence may name what a note may not");
        assert_eq!(check_licensed_name("张记 13900001111"), Err(Number));
    }

    #[test]
    fn where_an_agency_belongs_a_persons_name_is_found() {
        for (text, found) in [
            ("链家", None),
            ("王氏房产", None),
            ("马陆物业服务社", None),
            ("我爱我家", None),
            ("张三", Some(FreeTextFault::Person)),
            ("李 小明", Some(FreeTextFault::Person)),
        ] {
            assert_eq!(check_organisation(text).err(), found, "{text}");
        }
    }

    #[test]
    fn a_file_is_kept_under_its_base_name_or_under_none() {
        for (sent, kept) in [
            ("11月花名册.xlsx", "11月花名册.xlsx"),
            ("C:\\Users\\someone\\名单.csv", "名单.csv"),
            ("../../etc/roster.XLSX", "roster.XLSX"),
            ("a\u{0}b\n.csv", "ab.csv"),
            ("张三13900001111.xlsx", "upload.xlsx"),
            ("重点人员.XLSX", "upload.xlsx"),
            ("少数民族情况表.xls", "upload.xls"),
            ("99010119900307002X", "upload"),
            ("重点人.something-long", "upload"),
        ] {
            assert_eq!(file_name(sent), kept, "{sent:?}");
        }
        assert_eq!(file_name(&"名".repeat(300)).chars().count(), 120);
    }
}
