//! What the engines found, said in the user's language: their errors and reasons carry data, the words stand in the
//! texts of the command line.

mod addresses;
mod numbers;
mod proofs;
mod shifts;
mod tables;
mod written;

use std::fmt;

use linli_platform::texts::T;

pub(crate) use addresses::Words;
pub(crate) use numbers::{explained, warned};
pub(crate) use proofs::{draw_text, finding_text, log_fault_text, receipt_text};
pub(crate) use shifts::{broken_text, collision_text, rule_name};
#[cfg(feature = "parquet")]
pub(crate) use tables::ParquetFault;
pub(crate) use tables::{TextFault, Wanted, cell_text, io_text};
pub(crate) use written::written;

/// The argument whose value is the key of a text.
const WANTED: &str = "wanted";

/// A text of the command line by its key, with its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Said(pub &'static str, pub Vec<(&'static str, String)>);

impl Said {
    /// A text without arguments.
    pub fn plain(key: &'static str) -> Self {
        Said(key, Vec::new())
    }
    /// With an argument.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.1.push((name, value.to_string()));
        self
    }
    /// In the user's language.
    pub fn text(&self, t: &T) -> String {
        // What a cell must hold is a text of its own.
        let value = |name: &str, value: &String| if name == WANTED { t.s(value) } else { value.clone() };
        let args: Vec<_> = self.1.iter().map(|(name, text)| (*name, value(name, text))).collect();
        t.all(self.0, &args)
    }
}

/// Why a cell, a line or a file is wrong: in English for logs and tests, and as a text of the command line where it has
/// one. What other libraries report has none.
#[derive(Debug, Clone)]
pub struct Why {
    english: String,
    said: Option<Said>,
}

impl Why {
    pub(crate) fn new(english: impl ToString, said: Said) -> Self {
        Why { english: english.to_string(), said: Some(said) }
    }
    /// In the user's language.
    pub fn text(&self, t: &T) -> String {
        self.said.as_ref().map_or_else(|| self.english.clone(), |said| said.text(t))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl From<String> for Why {
    fn from(english: String) -> Self {
        Why { english, said: None }
    }
}

impl From<&str> for Why {
    fn from(english: &str) -> Self {
        english.to_owned().into()
    }
}
