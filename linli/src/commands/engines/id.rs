//! `linli id check`: document numbers, one a line.

use std::{fs, path::Path};

use cn_identity::{DocumentKind, identify, suggestions};

use crate::{
    commands::table::Sink,
    failure::{Failure, Outcome},
};

/// Checks each line of a file as a document number and writes what it is.
///
/// # Errors
/// A file that cannot be read or is not UTF-8, with its line.
pub fn check(file: &Path, out: Option<&Path>) -> Outcome {
    let bytes = fs::read(file).map_err(Failure::file(file))?;
    let mut sink = Sink::create(out)?;
    sink.row(["input", "kind", "valid", "normalised", "suggestions", "reason"])?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if lines.is_empty() {
        return sink.end();
    }
    for (line, text) in (1u64..).zip(lines.split(|b| *b == b'\n')) {
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let text = std::str::from_utf8(text).map_err(|e| Failure::Cell {
            file: file.into(),
            line,
            column: e.valid_up_to() as u64 + 1,
            reason: "the text is not UTF-8".into(),
        })?;
        sink.row(row(text))?;
    }
    sink.end()
}

fn row(text: &str) -> [String; 6] {
    let found = identify(text);
    let (normalised, reason) = match &found.result {
        Ok(document) => (document.as_str().to_owned(), String::new()),
        Err(e) => (String::new(), e.to_string()),
    };
    let near = match (&found.result, found.kind) {
        (Err(_), Some(DocumentKind::Resident) | None) => suggestions(text),
        _ => Vec::new(),
    };
    let near: Vec<&str> = near.iter().map(|n| n.as_str()).collect();
    [text.to_owned(), found.code().into(), found.is_valid().to_string(), normalised, near.join(" "), reason]
}
