//! `linli id check`: document numbers, one a line.

use std::path::Path;

use cn_identity::{Identified, explain, identify, suggest, warnings};
use jiff::civil::Date;
use linli_platform::{clock::Clock, texts::T};

use crate::{
    commands::{lines::Lines, table::Sink},
    failure::Outcome,
    said::{explained, warned},
};

/// Checks each line of a file as a document number and writes what it is: a row for every line, empty ones too.
///
/// # Errors
/// A file that cannot be read, or is no text in UTF-8 or GB 18030, with line and column.
pub fn check(file: &Path, out: Option<&Path>, t: &T) -> Outcome {
    let today = Clock::system().today().0;
    let mut lines = Lines::open(file)?;
    let mut sink = Sink::create(out, &[file])?;
    sink.row(["input", "kind", "valid", "normalised", "suggestions", "reason"])?;
    while let Some((_, text)) = lines.next()? {
        sink.row(row(text, today, t))?;
    }
    sink.end()
}

fn row(text: &str, today: Date, t: &T) -> [String; 6] {
    let found = identify(text);
    let birth = (today.year(), today.month().unsigned_abs(), today.day().unsigned_abs());
    let (valid, normalised, reason) = judged(text, &found, birth, t);
    let near = match found.kind {
        Some(kind) if !valid => suggest(kind, text, Some(birth)),
        _ => Vec::new(),
    };
    let near: Vec<&str> = near.iter().map(cn_identity::NormalisedDocument::as_str).collect();
    [text.to_owned(), found.code().into(), valid.to_string(), normalised, near.join(" "), reason]
}

/// Whether the number is valid, its normal form if so, and what there is to say of it.
fn judged(text: &str, found: &Identified, (year, month, day): (i16, u8, u8), t: &T) -> (bool, String, String) {
    match (&found.result, found.kind) {
        (Ok(document), _) if document.is_born_after(year, month, day) => (false, String::new(), t.s("cli-id-future")),
        (Ok(document), _) => {
            let said: Vec<String> = warnings(document, text).iter().map(|one| warned(t, one)).collect();
            (true, document.as_str().to_owned(), said.join("; "))
        }
        (Err(_), Some(kind)) => {
            (false, String::new(), explain(kind, text).map_or_else(String::new, |why| explained(t, &why)))
        }
        (Err(cn_identity::NumberError::Empty), None) => (false, String::new(), t.s("cli-id-empty-line")),
        (Err(_), None) => (false, String::new(), t.s("cli-id-no-kind")),
    }
}
