//! What the readers of TOML and JSON say, in the user's language. They hand over English sentences; the shapes of these
//! are known, and what has none of them stands in brackets behind our own words.

use super::{Said, Why};

/// Words for what stands in a file, and for what was expected, and the codes by which the texts name them.
const EXPECTED: [(&str, &str); 14] = [
    ("a date such as", "date"),
    ("a time such as", "time"),
    ("a date string", "date"),
    ("a time string", "time"),
    ("u8", "whole"),
    ("u16", "whole"),
    ("u32", "whole"),
    ("u64", "whole"),
    ("f64", "number"),
    ("a string", "text"),
    ("a boolean", "flag"),
    ("a sequence", "list"),
    ("struct", "table"),
    ("a map", "table"),
];

/// Why a TOML or JSON text cannot be used, as its reader says.
pub(crate) fn written(message: &str) -> Why {
    Why::new(message, shape(message).unwrap_or_else(|| syntax(message)))
}

fn shape(message: &str) -> Option<Said> {
    let with = |key, name: &str| Said::plain(key).arg("name", name);
    if let Some((name, rest)) = quoted(message, "unknown field `") {
        return Some(with("cli-written-unknown-field", name).arg("choices", choices(rest)));
    }
    if let Some((name, rest)) = quoted(message, "unknown variant `") {
        return Some(with("cli-written-unknown-value", name).arg("choices", choices(rest)));
    }
    if let Some((name, _)) = quoted(message, "missing field `") {
        return Some(with("cli-written-missing-field", name));
    }
    if let Some((name, _)) = quoted(message, "duplicate field `") {
        return Some(with("cli-written-twice", name));
    }
    if message == "duplicate key" {
        return Some(Said::plain("cli-written-key-twice"));
    }
    let other = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let (found, expected) = other?.rsplit_once(", expected ")?;
    let code = EXPECTED.iter().find(|(words, _)| expected.starts_with(words)).map_or("other", |(_, code)| *code);
    let (kind, value) = found_kind(found);
    let said = Said::plain("cli-written-other").arg("kind", kind).arg("value", value);
    Some(said.arg("expected", code).arg("words", expected))
}

/// What stands in the file: its kind and, where it is short, the value.
fn found_kind(found: &str) -> (&'static str, &str) {
    let value = |prefix: &str| found.strip_prefix(prefix).map(|value| value.trim_matches(['`', '"', ' ']));
    let kinds = [("string", "text"), ("integer", "whole"), ("floating point", "number"), ("boolean", "flag")];
    let known = kinds.into_iter().find_map(|(words, code)| value(words).map(|value| (code, value)));
    known.unwrap_or(match found {
        "map" => ("table", ""),
        "sequence" => ("list", ""),
        other => ("other", other),
    })
}

/// Broken syntax; what was expected stands behind the last comma.
fn syntax(message: &str) -> Said {
    let expected = message.split_once("expected ").map(|(_, expected)| expected);
    match expected.filter(|expected| !expected.is_empty()) {
        Some(expected) => Said::plain("cli-written-expected").arg("expected", tokens(expected)).arg("reason", message),
        None => Said::plain("cli-written-syntax").arg("reason", message),
    }
}

/// Expected signs, and the few that have a name, which the texts give.
fn tokens(expected: &str) -> String {
    expected.split(", ").map(|sign| sign.trim().trim_matches('`')).collect::<Vec<_>>().join(" ")
}

/// The word behind a prefix up to the closing mark, and the rest.
fn quoted<'a>(message: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    message.strip_prefix(prefix)?.split_once('`')
}

/// The words between marks of a list; a stroke where there are none.
fn choices(rest: &str) -> String {
    let words: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    if words.is_empty() { "–".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use linli_platform::texts::{Lang, T};

    use super::*;

    fn zh(message: &str) -> String {
        let t: T = crate::areas::texts(Lang::Zh).expect("the texts fit together");
        written(message).text(&t)
    }

    #[test]
    fn what_the_readers_say_is_said_in_chinese() {
        for (message, said) in [
            ("unknown field `mondy`, expected one of `monday`, `people`", "没有“mondy”这一项，可写的有：monday people"),
            ("unknown variant `boss`, expected `officer` or `other`", "“boss”不是可选的值，可选的有：officer other"),
            ("missing field `monday`", "缺少“monday”一项"),
            ("duplicate field `seed`", "“seed”写了两次"),
            ("duplicate key", "同一项写了两次"),
            ("invalid type: map, expected a date such as 2026-06-08", "这里是一个表，应为日期，例如 2026-06-08"),
            ("invalid type: string \"x\", expected u32", "这里是文字“x”，应为不小于 0 的整数"),
            ("invalid value: integer `-1`, expected u32", "这里是整数 -1，应为不小于 0 的整数"),
            ("unclosed array, expected `]`", "写法有误，此处应有 ]（unclosed array, expected `]`）"),
            ("EOF while parsing a value", "写法有误（EOF while parsing a value）"),
        ] {
            assert_eq!(zh(message), said);
        }
    }
}
