//! What a command ends in when it does not succeed, said in the user's language.

use std::path::{Path, PathBuf};

use linli_platform::{
    AppError,
    config::ConfigError,
    keys::KeyError,
    texts::{Lang, T},
};

use crate::said::{Why, io_text};

/// Result of a command.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Why a command ends without success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The application refused, or failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The policy pack has faults.
    #[error("the policy pack has {} faults", .0.len())]
    Pack(Vec<policy_pack::Problem>),
    /// The texts do not fit together.
    #[error(transparent)]
    Texts(#[from] linli_platform::texts::TextError),
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// A line or cell of a file is wrong.
    #[error("{}", place(.file, *.line, *.column, &.reason.to_string()))]
    Cell {
        /// The file.
        file: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Column, from 1; 0 for the whole line.
        column: u64,
        /// Why.
        reason: Why,
    },
    /// Something the command line itself says: a key of its texts with arguments.
    #[error("{0}")]
    Say(&'static str, Vec<(&'static str, String)>),
}

fn place(file: &Path, line: u64, column: u64, reason: &str) -> String {
    match (line, column) {
        (0, _) => format!("{}: {reason}", file.display()),
        (line, 0) => format!("{}:{line}: {reason}", file.display()),
        (line, column) => format!("{}:{line}:{column}: {reason}", file.display()),
    }
}

impl Failure {
    /// A text of the command line.
    pub fn say(key: &'static str) -> Self {
        Failure::Say(key, Vec::new())
    }
    /// With an argument of the text.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Failure::Say(_, args) = &mut self {
            args.push((name, value.to_string()));
        }
        self
    }
    /// A file that cannot be read or written.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |e| Failure::File(path.into(), e)
    }
    /// What the user reads.
    pub fn text(&self, t: &T) -> String {
        match self {
            Failure::App(e) => app_text(t, e),
            Failure::Pack(problems) => {
                let lang = if t.lang == Lang::Zh { policy_pack::Lang::Zh } else { policy_pack::Lang::En };
                problems.iter().map(|p| p.text(lang)).collect::<Vec<_>>().join("\n")
            }
            Failure::Say(key, args) => {
                let args: Vec<(&str, String)> = args.iter().map(|(k, v)| (*k, v.clone())).collect();
                t.all(key, &args)
            }
            Failure::Cell { file, line, column, reason } => place(file, *line, *column, &reason.text(t)),
            Failure::File(file, e) => format!("{}: {}", file.display(), io_text(t, e)),
            other => other.to_string(),
        }
    }
}

/// The text of an application's error; its cause too, because who runs commands is the operator.
fn app_text(t: &T, e: &AppError) -> String {
    match &e.cause {
        Some(cause) => format!("{} [{}: {cause}]", t.error(e), e.code),
        None => t.error(e),
    }
}
