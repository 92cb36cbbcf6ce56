//! What is wrong with a pack, where, in two languages.

use std::fmt;

use crate::{ForbiddenKind, Points};

/// Language of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    En,
}

/// One thing that is wrong, with its place. `Display` is English; [`Problem::text`] gives either language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {reason}")]
pub struct Problem {
    /// File name within the pack.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub reason: Reason,
}

impl Problem {
    /// The whole message: file, line, column, reason.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let reason = self.reason.text(lang);
        format!("{}:{}:{}: {reason}", self.file, self.line, self.column)
    }
}

/// Why a pack is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A file of the pack is missing.
    MissingFile,
    /// A file that no pack has.
    UnknownFile,
    /// The file is no TOML.
    Syntax {
        /// The reader's message, in English.
        message: String,
    },
    /// A key that no rule has.
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A key that must be there.
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of the wrong type or form.
    WrongValue {
        /// The reader's message, in English.
        message: String,
    },
    /// A code that the program does not know.
    UnknownChoice {
        /// What was found.
        found: String,
    },
    /// A subject other than premises, work and organisation (boundary 8).
    SubjectRefused {
        /// What was found.
        found: String,
    },
    /// A subject that is allowed elsewhere, not here.
    SubjectMustBe {
        /// The one that is allowed here.
        expected: &'static str,
    },
    /// No rule number R1 to R40.
    BadRule {
        /// What was found.
        found: String,
    },
    /// A clause or name is empty.
    Empty {
        /// Which key.
        key: String,
    },
    /// A name or id speaks of what Linli leaves out (boundary 1).
    Forbidden {
        /// What it speaks of.
        kind: ForbiddenKind,
    },
    /// A name or id has a word that Linli leaves out on purpose (boundaries 2, 3 and 5).
    Excluded {
        /// The word.
        word: &'static str,
    },
    /// An id, code or alias occurs twice.
    Duplicate {
        /// Which.
        id: String,
    },
    /// Something that the pack must have once is missing.
    MissingEntry {
        /// Its id.
        id: String,
    },
    /// A reference to an id that is not there.
    UnknownReference {
        /// The id.
        id: String,
    },
    /// A number out of its range.
    OutOfRange {
        /// What was found.
        found: i64,
        /// Least allowed.
        min: i64,
        /// Most allowed.
        max: i64,
    },
    /// A boundary fixes the value.
    MustBe {
        /// The only value allowed.
        expected: &'static str,
    },
    /// Points do not add up to their total.
    PointsDoNotAddUp {
        /// What they should give.
        total: Points,
        /// What they give.
        sum: Points,
    },
    /// A group without committees.
    EmptyGroup {
        /// Its id.
        id: String,
    },
    /// A role has another number of duties than `duties_per_role`.
    DutyCount {
        /// The role.
        role: &'static str,
        /// How many it should have.
        expected: u32,
        /// How many it has.
        found: usize,
    },
    /// A code that is no division code of this sub-district.
    BadDivisionCode {
        /// What was found.
        found: String,
    },
    /// Two values stand in the wrong order.
    NotBefore {
        /// The key that must be the smaller or earlier.
        first: &'static str,
        /// The key that must be the larger or later.
        second: &'static str,
    },
}

impl Reason {
    /// The message in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::MissingFile => "the file is missing".to_owned(),
            Self::UnknownFile => "no pack has a file of this name".to_owned(),
            Self::Syntax { message } => format!("not TOML: {message}"),
            Self::UnknownKey { key } => format!("unknown key {key}"),
            Self::MissingKey { key } => format!("the key {key} is missing"),
            Self::WrongValue { message } => message.clone(),
            Self::UnknownChoice { found } => format!("{found} is none of the known codes"),
            Self::SubjectRefused { found } => {
                format!("the subject {found} is refused: only premises, work and organisation exist")
            }
            Self::SubjectMustBe { expected } => format!("the subject here must be {expected}"),
            Self::BadRule { found } => format!("{found} is no rule from R1 to R40"),
            Self::Empty { key } => format!("{key} is empty"),
            Self::Forbidden { kind } => format!("it speaks of {}, which is never recorded", kind.name(Lang::En)),
            Self::Excluded { word } => format!("the word {word} stands for something left out on purpose"),
            Self::Duplicate { id } => format!("{id} occurs twice"),
            Self::MissingEntry { id } => format!("{id} is missing"),
            Self::UnknownReference { id } => format!("there is no {id} to refer to"),
            Self::OutOfRange { found, min, max } => format!("{found} is not between {min} and {max}"),
            Self::MustBe { expected } => format!("this value must be {expected}"),
            Self::PointsDoNotAddUp { total, sum } => format!("the points should add up to {total}, they give {sum}"),
            Self::EmptyGroup { id } => format!("the group {id} has no committee"),
            Self::DutyCount { role, expected, found } => format!("{role} must have {expected} duties, it has {found}"),
            Self::BadDivisionCode { found } => format!("{found} is no division code of this sub-district"),
            Self::NotBefore { first, second } => format!("{first} must come before {second}"),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::MissingFile => "缺少此文件".to_owned(),
            Self::UnknownFile => "政策包中没有此名称的文件".to_owned(),
            Self::Syntax { message } => format!("不是有效的 TOML：{message}"),
            Self::UnknownKey { key } => format!("未知的键 {key}"),
            Self::MissingKey { key } => format!("缺少键 {key}"),
            Self::WrongValue { message } => format!("值的类型或形式有误：{message}"),
            Self::UnknownChoice { found } => format!("{found} 不在已知代码之列"),
            Self::SubjectRefused { found } => {
                format!("不接受对象 {found}：只允许房屋场所（premises）、工作（work）、组织（organisation）")
            }
            Self::SubjectMustBe { expected } => format!("此处的对象必须是 {expected}"),
            Self::BadRule { found } => format!("{found} 不是 R1 至 R40 中的规则"),
            Self::Empty { key } => format!("{key} 为空"),
            Self::Forbidden { kind } => format!("涉及{}，此类内容一律不记录", kind.name(Lang::Zh)),
            Self::Excluded { word } => format!("“{word}”属于有意不收的内容"),
            Self::Duplicate { id } => format!("{id} 重复"),
            Self::MissingEntry { id } => format!("缺少 {id}"),
            Self::UnknownReference { id } => format!("引用的 {id} 不存在"),
            Self::OutOfRange { found, min, max } => format!("{found} 不在 {min} 至 {max} 之间"),
            Self::MustBe { expected } => format!("此值必须为 {expected}"),
            Self::PointsDoNotAddUp { total, sum } => format!("分值合计应为 {total}，实为 {sum}"),
            Self::EmptyGroup { id } => format!("分组 {id} 没有村居"),
            Self::DutyCount { role, expected, found } => format!("{role} 应有 {expected} 项职责，实有 {found} 项"),
            Self::BadDivisionCode { found } => format!("{found} 不是本街道的区划代码"),
            Self::NotBefore { first, second } => format!("{first} 必须早于或小于 {second}"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}
