//! What is wrong with a text file, a table or one of its cells.

use std::io;

use cn_workday::RowProblem;
use linli_platform::texts::T;
use roster_match::{ModelError, link::ConfigError, tables::TableProblem};
use townsim::OutOfRange;
use visit_plan::CellProblem;

use super::{Said, WANTED, Why};

/// Why a file is no text that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TextFault {
    #[error("a zero byte; this is no text file")]
    ZeroByte,
    #[error("the line is longer than 1 MiB; this is no text file")]
    LongLine,
    #[error("not UTF-8, unlike the lines before; the encodings are mixed")]
    NotUtf8,
    #[error("UTF-8, unlike the lines before in GB 18030; the encodings are mixed")]
    Utf8Later,
    #[error("neither UTF-8 nor GB 18030; save the file as UTF-8")]
    Neither,
    #[error("the text is UTF-16; save it as UTF-8")]
    Utf16,
    #[error("this is a workbook or an archive; save the sheet as CSV UTF-8")]
    Workbook,
    #[error("this is a Parquet file; `match` and `link` read such files by the ending .parquet")]
    Parquet,
    #[error("the table goes on beyond the {most} MB that are held at once; divide it here")]
    TooLarge { most: u64 },
}

impl From<TextFault> for Why {
    fn from(fault: TextFault) -> Self {
        let said = Said::plain(match fault {
            TextFault::ZeroByte => "cli-text-zero-byte",
            TextFault::LongLine => "cli-text-long-line",
            TextFault::NotUtf8 => "cli-text-not-utf8",
            TextFault::Utf8Later => "cli-text-utf8-later",
            TextFault::Neither => "cli-text-neither",
            TextFault::Utf16 => "cli-text-utf16",
            TextFault::Workbook => "cli-text-workbook",
            TextFault::Parquet => "cli-text-parquet",
            TextFault::TooLarge { .. } => "cli-text-too-large",
        });
        let said = if let TextFault::TooLarge { most } = fault { said.arg("most", most) } else { said };
        Why::new(fault, said)
    }
}

impl From<&TableProblem> for Why {
    fn from(problem: &TableProblem) -> Self {
        let said = match problem {
            TableProblem::NoColumn { name } => Said::plain("cli-table-no-column").arg("name", name),
            TableProblem::Cells { cells, expected } => {
                Said::plain("cli-table-cells").arg("cells", cells).arg("expected", expected)
            }
            TableProblem::Encoding => Said::plain("cli-table-encoding"),
            TableProblem::OpenQuote => Said::plain("cli-table-open-quote"),
            TableProblem::BehindQuote => Said::plain("cli-table-behind-quote"),
            TableProblem::Empty => Said::plain("cli-table-empty"),
            TableProblem::Twice { line } => Said::plain("cli-table-twice").arg("line", line),
        };
        Why::new(problem, said)
    }
}

impl From<&ModelError> for Why {
    fn from(e: &ModelError) -> Self {
        let said = match e {
            ModelError::Unreadable { message } => Said::plain("cli-model-unreadable").arg("reason", message),
            ModelError::OutOfRange { field, value } => {
                Said::plain("cli-model-range").arg("field", field).arg("value", value)
            }
        };
        Why::new(e, said)
    }
}

impl From<&ConfigError> for Why {
    fn from(e: &ConfigError) -> Self {
        let said = match e {
            ConfigError::Unreadable { message } => Said::plain("cli-link-unreadable").arg("reason", message),
            ConfigError::UnknownField { name } => Said::plain("cli-link-field").arg("name", name),
            ConfigError::Nothing => Said::plain("cli-link-nothing"),
        };
        Why::new(e, said)
    }
}

/// Why a Parquet file, or a column of it, cannot be read.
#[cfg(feature = "parquet")]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParquetFault {
    #[error("this is no sound Parquet file")]
    Unsound,
    #[error("this is no sound Parquet file: {0}")]
    Damaged(String),
    #[error("the column `{0}` is nested")]
    Nested(String),
    #[error("the column `{0}` holds what is neither text, number, day nor instant")]
    Kind(String),
    #[error("the column holds values of a form that is not read")]
    Form,
    #[error("the column ends before the table does")]
    Short,
    #[error("the text is not UTF-8")]
    NotUtf8,
    #[error("the value is no day or instant that there is: {0}")]
    NoDay(String),
}

#[cfg(feature = "parquet")]
impl From<ParquetFault> for Why {
    fn from(fault: ParquetFault) -> Self {
        let said = match &fault {
            ParquetFault::Unsound => Said::plain("cli-parquet-unsound"),
            ParquetFault::Damaged(reason) => Said::plain("cli-parquet-damaged").arg("reason", reason),
            ParquetFault::Nested(name) => Said::plain("cli-parquet-nested").arg("name", name),
            ParquetFault::Kind(name) => Said::plain("cli-parquet-kind").arg("name", name),
            ParquetFault::Form => Said::plain("cli-parquet-form"),
            ParquetFault::Short => Said::plain("cli-parquet-short"),
            ParquetFault::NotUtf8 => Said::plain("cli-parquet-not-utf8"),
            ParquetFault::NoDay(reason) => Said::plain("cli-parquet-no-day").arg("reason", reason),
        };
        Why::new(fault, said)
    }
}

impl From<&CellProblem> for Why {
    fn from(problem: &CellProblem) -> Self {
        match problem {
            CellProblem::NoColumn(name) => (&TableProblem::NoColumn { name: (*name).to_owned() }).into(),
            CellProblem::Empty(wanted) => cell_text(None, (*wanted).into()),
            CellProblem::Other { text, wanted } => cell_text(Some(text), (*wanted).into()),
            CellProblem::OffTheEarth => Why::new(problem, Said::plain("cli-visits-off-the-earth")),
        }
    }
}

impl From<visit_plan::Wanted> for Wanted {
    fn from(wanted: visit_plan::Wanted) -> Self {
        use visit_plan::Wanted as W;
        match wanted {
            W::Number => Wanted::NUMBER,
            W::Date => Wanted::DATE,
            W::Degrees => Wanted::DEGREES,
            W::TrueOrFalse => Wanted::TRUE_OR_FALSE,
            W::Premises => Wanted::PREMISES,
            W::Kind => Wanted::KIND,
        }
    }
}

impl From<&OutOfRange> for Why {
    fn from(problem: &OutOfRange) -> Self {
        let OutOfRange { field, value, least, most } = problem;
        let said = Said::plain("cli-simulate-range").arg("field", field).arg("value", value);
        Why::new(problem, said.arg("least", least).arg("most", most))
    }
}

impl From<&RowProblem> for Why {
    fn from(problem: &RowProblem) -> Self {
        let said = match problem {
            RowProblem::MissingColumn { column } => Said::plain("cli-table-no-column").arg("name", column),
            RowProblem::NotCsv => Said::plain("cli-workday-not-csv"),
            RowProblem::BadDate { found } => Said::plain("cli-workday-date").arg("found", found),
            RowProblem::BadKind { found } => Said::plain("cli-workday-kind").arg("found", found),
            RowProblem::EmptyName => Said::plain("cli-workday-name"),
            RowProblem::Duplicate { date } => Said::plain("cli-workday-twice").arg("date", date),
            RowProblem::NoRows => Said::plain("cli-workday-no-rows"),
        };
        Why::new(problem, said)
    }
}

/// What a cell must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// In English: `a date such as 2026-05-31`.
    pub english: &'static str,
    /// The key of its text.
    pub key: &'static str,
}

impl Wanted {
    pub const NUMBER: Self = Self { english: "a whole number from 0", key: "cli-wanted-number" };
    pub const DATE: Self = Self { english: "a date such as 2026-05-31", key: "cli-wanted-date" };
    pub const DEGREES: Self = Self { english: "a number of degrees", key: "cli-wanted-degrees" };
    pub const TRUE_OR_FALSE: Self = Self { english: "`true` or `false`", key: "cli-wanted-true-or-false" };
    pub const PERSON: Self = Self { english: "somebody's name", key: "cli-wanted-person" };
    pub const PREMISES: Self = Self { english: "the name of the premises", key: "cli-wanted-premises" };
    pub const KIND: Self = Self { english: "a type of premises", key: "cli-wanted-kind" };
}

/// Why a cell does not hold what is wanted; without `text`, it is empty.
pub(crate) fn cell_text(text: Option<&str>, wanted: Wanted) -> Why {
    let key = match text {
        Some(_) => "cli-cell-other",
        None => "cli-cell-empty",
    };
    let english = match text {
        Some(text) => format!("`{text}` is not {}", wanted.english),
        None => format!("the cell is empty; it wants {}", wanted.english),
    };
    let said = Said(key, vec![(WANTED, wanted.key.to_owned()), ("text", text.unwrap_or_default().to_owned())]);
    Why::new(english, said)
}

/// Why a file cannot be read or written.
pub(crate) fn io_text(t: &T, e: &io::Error) -> String {
    let key = match e.kind() {
        io::ErrorKind::NotFound => "cli-io-not-found",
        io::ErrorKind::PermissionDenied => "cli-io-denied",
        io::ErrorKind::IsADirectory => "cli-io-directory",
        io::ErrorKind::StorageFull => "cli-io-full",
        io::ErrorKind::NotADirectory => "cli-io-no-directory",
        io::ErrorKind::ReadOnlyFilesystem => "cli-io-read-only",
        io::ErrorKind::InvalidData => "cli-io-no-text",
        _ => return t.all("cli-io-other", &[("reason", e.to_string())]),
    };
    t.s(key)
}
