//! `linli address parse`, `linli address resolve`.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
};

use cn_address::{Element, Index, Level, Parser, Verdict};

use crate::{
    commands::table::{Sink, Table},
    failure::{Failure, Outcome},
};

/// The columns of a parsed address; a phase stands with its site.
const COLUMNS: [Element; 17] = [
    Element::Province,
    Element::City,
    Element::District,
    Element::Town,
    Element::Village,
    Element::Hamlet,
    Element::Group,
    Element::Site,
    Element::Road,
    Element::Lane,
    Element::SubLane,
    Element::Number,
    Element::Building,
    Element::Unit,
    Element::Floor,
    Element::Room,
    Element::Note,
];

/// Parses each line of a file and writes a column per element.
///
/// # Errors
/// A file that cannot be read or is not UTF-8, with its line.
pub fn parse(file: &Path, out: Option<&Path>) -> Outcome {
    let opened = std::fs::File::open(file).map_err(Failure::file(file))?;
    let parser = Parser::new();
    let mut sink = Sink::create(out)?;
    sink.row(COLUMNS.iter().map(|e| e.name()))?;
    for (line, text) in (1u64..).zip(BufReader::with_capacity(1 << 20, opened).split(b'\n')) {
        let text = text.map_err(Failure::file(file))?;
        let text = std::str::from_utf8(&text).map_err(|e| Failure::Cell {
            file: file.into(),
            line,
            column: e.valid_up_to() as u64 + 1,
            reason: "the text is not UTF-8".into(),
        })?;
        let address = parser.parse(text.trim_start_matches('\u{FEFF}').trim_end_matches('\r'));
        sink.row(COLUMNS.iter().map(|element| match element {
            Element::Note => address.notes(),
            Element::Site => {
                let parts = [address.get(Element::Site), address.get(Element::Phase)];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            other => address.get(*other).unwrap_or_default().to_owned(),
        }))?;
    }
    sink.end()
}

/// Resolves a column of a table against standard addresses; adds `addr_id`, `level`, `score`, `reason`.
///
/// # Errors
/// A table that cannot be read, or lacks a column.
pub fn resolve(standard: &Path, column: &str, file: &Path, out: Option<&Path>) -> Outcome {
    let (ids, texts) = read_standard(standard)?;
    let index = Index::build((0u32..).zip(texts.iter().map(String::as_str)));
    let mut table = Table::open(file)?;
    let at = table.column(column)?;
    let mut sink = Sink::create(out)?;
    let added = ["addr_id", "level", "score", "reason"].map(str::to_owned);
    sink.row(table.headings().iter().chain(&added))?;
    table.each(|_, row| {
        let found = index.resolve(row.get(at).unwrap_or_default());
        let best = found.best.first();
        let id = best.filter(|_| found.verdict == Verdict::Door).and_then(|c| ids.get(c.id as usize));
        let level = match found.verdict {
            Verdict::Door => "door",
            Verdict::BuildingOnly => "building",
            Verdict::RoadOnly => "road",
            Verdict::Nothing => "none",
        };
        let score = best.map_or(0.0, |c| c.score);
        let reason = best.map_or_else(
            || "nothing of it is in the table".to_owned(),
            |c| reason(c.level, found.best.len(), &c.reason),
        );
        let added = [id.cloned().unwrap_or_default(), level.into(), format!("{score:.3}"), reason];
        sink.row(row.iter().chain(added.iter().map(String::as_str)))
    })?;
    sink.end()
}

fn reason(level: Level, candidates: usize, reason: &cn_address::Reason) -> String {
    let words: String = format!("{reason:?}").chars().flat_map(spaced).collect();
    let several = if level == Level::SameDoor && candidates > 1 { "; several fit" } else { "" };
    format!("{}{several}", words.trim())
}

/// A capital begins a word.
fn spaced(c: char) -> impl Iterator<Item = char> {
    c.is_uppercase().then_some(' ').into_iter().chain(c.to_lowercase())
}

/// Ids and texts of the standard addresses.
pub(super) fn read_standard(file: &Path) -> Outcome<(Vec<String>, Vec<String>)> {
    let mut table = Table::open(file)?;
    let (id, text) = (table.column("addr_id")?, table.column("text")?);
    let (mut ids, mut texts) = (Vec::new(), Vec::new());
    table.each(|_, row| {
        ids.push(row.get(id).unwrap_or_default().to_owned());
        texts.push(row.get(text).unwrap_or_default().to_owned());
        Ok(())
    })?;
    Ok((ids, texts))
}
