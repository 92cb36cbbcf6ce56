//! What the command line says of words that it does not understand.

use std::error::Error as _;

use clap::error::{ContextKind, ErrorKind};
use linli_platform::texts::T;

/// What is wrong with the words of a command, in the user's language; nothing for help, version, and what is rare.
#[must_use]
pub fn text(t: &T, e: &clap::Error) -> Option<String> {
    let told = |kind| e.get(kind).map(ToString::to_string).unwrap_or_default();
    let name = ("name", told(ContextKind::InvalidArg));
    let value = ("value", told(ContextKind::InvalidValue));
    let choices = ("choices", told(ContextKind::ValidValue));
    let text = match e.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.1.is_empty() => t.all("cli-usage-empty", &[name]),
        ErrorKind::InvalidValue if !choices.1.is_empty() => t.all("cli-usage-choice", &[name, value, choices]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let reason = e.source().map(ToString::to_string).unwrap_or_default();
            t.all("cli-usage-value", &[name, value, ("reason", reason)])
        }
        ErrorKind::UnknownArgument => t.all("cli-usage-unknown", &[name]),
        ErrorKind::InvalidSubcommand => t.all("cli-usage-command", &[("name", told(ContextKind::InvalidSubcommand))]),
        ErrorKind::MissingRequiredArgument => t.all("cli-usage-missing", &[name]),
        ErrorKind::ArgumentConflict => t.all("cli-usage-conflict", &[name, ("other", told(ContextKind::PriorArg))]),
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::TooManyValues => {
            t.all("cli-usage-count", &[name])
        }
        _ => return None,
    };
    Some(format!("{text}\n{}", t.s("cli-usage-help")))
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command, value_parser};
    use linli_platform::texts::Lang;

    use super::*;

    #[test]
    fn words_that_are_no_command_are_refused_in_chinese() {
        let t = crate::areas::texts(Lang::Zh).expect("the texts fit together");
        let command = || {
            let days = Arg::new("days").long("days").value_parser(value_parser!(u16));
            let level = Arg::new("level").long("level").value_parser(["root", "blind"]).conflicts_with("days");
            Command::new("linli").arg(Arg::new("file").required(true)).arg(days).arg(level)
        };
        for (words, said) in [
            (vec!["linli", "f", "--nope"], "没有“--nope”这个选项"),
            (vec!["linli"], "缺少 <file>"),
            (vec!["linli", "f", "--days", "x"], "“x”不能用作 --days <days>"),
            (vec!["linli", "f", "--level", "x"], "“x”不能用作 --level <level>，可选的有：root, blind"),
            (vec!["linli", "f", "--level", "root", "--days", "3"], " 一起用"),
        ] {
            let e = command().try_get_matches_from(words).expect_err("they are wrong");
            let text = text(&t, &e).expect("it has a text");
            assert!(text.contains(said), "{text}");
        }
        let help = command().try_get_matches_from(["linli", "--help"]).expect_err("help is no command");
        assert_eq!(text(&t, &help), None);
    }
}
