//! `linli id check`: document numbers, one a line.

use std::path::Path;

use cn_identity::{Identified, explain, identify, suggest, warnings};
use jiff::civil::Date;
use linli_platform::clock::Clock;

use crate::{
    commands::{lines::Lines, table::Sink},
    failure::Outcome,
};

/// Checks each line of a file as a document number and writes what it is: a row for every line, empty ones too.
///
/// # Errors
/// A file that cannot be read, or is no text in UTF-8 or GB 18030, with line and column.
pub fn check(file: &Path, out: Option<&Path>) -> Outcome {
    let today = Clock::system().today().0;
    let mut lines = Lines::open(file)?;
    let mut sink = Sink::create(out)?;
    sink.row(["input", "kind", "valid", "normalised", "suggestions", "reason"])?;
    while let Some((_, text)) = lines.next()? {
        sink.row(row(text, today))?;
    }
    sink.end()
}

fn row(text: &str, today: Date) -> [String; 6] {
    let found = identify(text);
    let birth = (today.year(), today.month().unsigned_abs(), today.day().unsigned_abs());
    let (valid, normalised, reason) = judged(text, &found, birth);
    let near = match found.kind {
        Some(kind) if !valid => suggest(kind, text, Some(birth)),
        _ => Vec::new(),
    };
    let near: Vec<&str> = near.iter().map(cn_identity::NormalisedDocument::as_str).collect();
    [text.to_owned(), found.code().into(), valid.to_string(), normalised, near.join(" "), reason]
}

/// Whether the number is valid, its normal form if so, and what there is to say of it.
fn judged(text: &str, found: &Identified, (year, month, day): (i16, u8, u8)) -> (bool, String, String) {
    match (&found.result, found.kind) {
        (Ok(document), _) if document.is_born_after(year, month, day) => {
            (false, String::new(), "positions 7 to 14: the date of birth lies in the future".into())
        }
        (Ok(document), _) => {
            let said: Vec<String> = warnings(document, text).iter().map(ToString::to_string).collect();
            (true, document.as_str().to_owned(), said.join("; "))
        }
        (Err(_), Some(kind)) => {
            (false, String::new(), explain(kind, text).map_or_else(String::new, |why| why.to_string()))
        }
        (Err(cn_identity::NumberError::Empty), None) => (false, String::new(), "the line is empty".into()),
        (Err(_), None) => (false, String::new(), "no kind of number has this form".into()),
    }
}
