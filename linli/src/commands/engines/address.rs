//! `linli address parse`, `linli address resolve`.

use std::{borrow::Cow, io::Write, path::Path};

use cn_address::{Address, Element, Gazetteer, Index, Level, Parser, Verdict};
use csv::StringRecord;
use linli_platform::texts::T;

use crate::{
    commands::{
        lines::Lines,
        output::NewFile,
        table::{Sink, Table, is_parquet},
        text::{Block, Text},
    },
    failure::{Failure, Outcome},
    said::Words,
};

/// The columns of a parsed address; a phase stands with its site.
fn columns() -> impl Iterator<Item = Element> {
    Element::ALL.into_iter().filter(|element| *element != Element::Phase)
}

/// Headings by which a table with a column of addresses is told from a plain list.
const HEADINGS: [&str; 4] = ["address", "text", "地址", "住址"];
/// Towns are learnt from so many lines at the beginning of a file.
const LEARNT_LINES: usize = 100_000;
/// So many rows of a table are resolved at a time.
const BATCH_ROWS: usize = 16_384;

/// Parses a list with an address on each line, or the column `address` or `text` of a CSV table, and writes a row
/// with a column per element for each. Towns that the file names in full (香花桥街道) are known without their endings too.
///
/// # Errors
/// A file that cannot be read, or is no text in UTF-8 or GB 18030, or is broken CSV, with line and column.
pub fn parse(file: &Path, out: Option<&Path>) -> Outcome {
    if let Some(out) = out.filter(|out| is_parquet(out)) {
        return Err(Failure::say("cli-address-csv").arg("file", out.display()));
    }
    let mut text = Text::open(file)?;
    // What has been read of a pipe does not come again.
    let first = text.next()?.unwrap_or_default();
    let parser = Parser::with_gazetteer(towns_of(file, &first)?);
    if let Some(column) = column_of(&first) {
        return parse_table(&parser, file, Table::begun(file, text, first)?, &column, out);
    }
    let written = out.unwrap_or(Path::new("-"));
    let mut kept = out.map(|out| NewFile::create(out, &[file])).transpose()?;
    let mut screen = std::io::stdout();
    let sink: &mut dyn Write = match &mut kept {
        Some(kept) => kept,
        None => &mut screen,
    };
    let heading = columns().map(Element::name).collect::<Vec<_>>().join(",") + "\n";
    sink.write_all(heading.as_bytes()).map_err(Failure::file(written))?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut next = Some(first);
    while let Some(block) = next {
        let pieces = pieces(&block.text, threads);
        let parser = &parser;
        let rows = std::thread::scope(|scope| {
            let work: Vec<_> =
                pieces.iter().map(|&text| scope.spawn(move || parse_lines(parser, written, text))).collect();
            work.into_iter()
                .map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect::<Vec<_>>()
        });
        for rows in rows {
            sink.write_all(&rows?).map_err(Failure::file(written))?;
        }
        next = text.next()?;
    }
    sink.flush().map_err(Failure::file(written))?;
    kept.map_or(Ok(()), NewFile::finish)
}

/// The towns that the first rows of a file name; of a pipe, which can be read but once, those of its first block.
fn towns_of(file: &Path, first: &Block) -> Outcome<Gazetteer> {
    if !file.is_file() {
        return Ok(Gazetteer::learn_towns(first.text.lines()));
    }
    let (mut lines, mut first) = (Lines::open(file)?, Vec::new());
    while first.len() < LEARNT_LINES
        && let Ok(Some((_, line))) = lines.next()
    {
        first.push(line.to_owned());
    }
    Ok(Gazetteer::learn_towns(first.iter().map(String::as_str)))
}

/// The column with addresses, when the first line is the heading of a table.
fn column_of(first: &Block) -> Option<String> {
    let heading = first.text.lines().next().unwrap_or_default();
    let mut names = heading.split(',').map(|name| name.trim().trim_matches('"'));
    names.find(|name| HEADINGS.contains(name)).map(str::to_owned)
}

fn parse_table(parser: &Parser, file: &Path, mut table: Table, column: &str, out: Option<&Path>) -> Outcome {
    let at = table.column(column)?;
    let mut sink = Sink::create(out, &[file])?;
    sink.row(columns().map(Element::name))?;
    let mut address = Address::default();
    table.each(|_, row| {
        parser.parse_into(row.get(at).unwrap_or_default(), &mut address);
        sink.row(columns().map(|element| cell(&address, element).into_owned()))
    })?;
    sink.end()
}

fn parse_lines(parser: &Parser, written: &Path, text: &str) -> Outcome<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::with_capacity(text.len() * 2));
    let mut address = Address::default();
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        parser.parse_into(line, &mut address);
        let row = writer.write_record(columns().map(|element| cell(&address, element).into_owned()));
        row.map_err(|e| Failure::File(written.into(), e.into()))?;
    }
    writer.into_inner().map_err(|e| Failure::File(written.into(), e.into_error()))
}

/// The text of a column; a phase stands with its site.
fn cell(address: &Address, element: Element) -> Cow<'_, str> {
    match (element, address.get(Element::Phase)) {
        (Element::Note, _) => address.notes().into(),
        (Element::Site, Some(phase)) => {
            // 2, 东区, B区.
            let zone = if phase.ends_with(|c: char| c.is_ascii_digit()) { "" } else { "区" };
            let site = address.get(Element::Site).map_or(String::new(), |site| format!("{site} "));
            format!("{site}{phase}{zone}").into()
        }
        (other, _) => address.get(other).unwrap_or_default().into(),
    }
}

/// The lines in about `count` parts of whole lines.
fn pieces(block: &str, count: usize) -> Vec<&str> {
    let (mut out, mut rest) = (Vec::new(), block);
    let size = block.len() / count.max(1) + 1;
    while !rest.is_empty() {
        let end = rest
            .as_bytes()
            .get(size..)
            .unwrap_or_default()
            .iter()
            .position(|b| *b == b'\n')
            .map_or(rest.len(), |at| at + size + 1);
        let (piece, further) = rest.split_at(end);
        out.push(piece);
        rest = further;
    }
    out
}

/// Resolves a column of a table against standard addresses; adds `addr_id`, `level`, `score`, `reason`.
///
/// # Errors
/// A table that cannot be read, or lacks a column.
pub fn resolve(standard: &Path, column: &str, file: &Path, out: Option<&Path>, t: &T) -> Outcome {
    let words = Words::new(t);
    let (ids, texts) = read_standard(standard)?;
    let index = Index::build((0u32..).zip(texts.iter().map(String::as_str)));
    drop(texts);
    let table_asked = Standard { index, ids, words };
    let mut table = Table::open(file)?;
    let at = table.column(column)?;
    let mut sink = Sink::create(out, &[standard, file])?;
    let added = ["addr_id", "level", "score", "reason"].map(str::to_owned);
    sink.row(table.headings().iter().chain(&added))?;
    let mut batch = Vec::with_capacity(BATCH_ROWS);
    table.each(|_, row| {
        batch.push(row.clone());
        if batch.len() < BATCH_ROWS { Ok(()) } else { resolve_batch(&table_asked, at, &mut batch, &mut sink) }
    })?;
    resolve_batch(&table_asked, at, &mut batch, &mut sink)?;
    sink.end()
}

/// Resolves the rows on all processors and writes them in their order.
fn resolve_batch(standard: &Standard, at: usize, batch: &mut Vec<StringRecord>, sink: &mut Sink) -> Outcome {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let answers: Vec<[String; 4]> = std::thread::scope(|scope| {
        let work: Vec<_> = batch
            .chunks(batch.len().div_ceil(threads).max(1))
            .map(|rows| {
                let answer = |row: &StringRecord| standard.answer(row.get(at).unwrap_or_default());
                scope.spawn(move || rows.iter().map(answer).collect::<Vec<_>>())
            })
            .collect();
        work.into_iter().flat_map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    for (row, added) in batch.iter().zip(&answers) {
        sink.row(row.iter().chain(added.iter().map(String::as_str)))?;
    }
    batch.clear();
    Ok(())
}

/// The standard addresses, ready to be asked.
struct Standard {
    index: Index,
    ids: Vec<String>,
    words: Words,
}

impl Standard {
    /// Id, level, score and reason for one written address. Only a door has an id.
    fn answer(&self, text: &str) -> [String; 4] {
        let found = self.index.resolve(text);
        let best = found.best.first();
        let id = best.filter(|_| found.verdict == Verdict::Door).and_then(|c| self.ids.get(c.id as usize));
        let level = match found.verdict {
            Verdict::Door => "door",
            Verdict::BuildingOnly => "building",
            Verdict::RoadOnly => "road",
            Verdict::Nothing => "none",
        };
        let score = best.map_or(0.0, |c| c.score);
        let reason = match (found.verdict, best) {
            (_, None) => self.words.nothing.clone(),
            (Verdict::BuildingOnly, Some(c)) if c.level == Level::SameBuilding => self.words.no_door.clone(),
            (_, Some(c)) => {
                let several = c.level == Level::SameDoor && found.best.len() > 1;
                let several = if several { self.words.several.as_str() } else { "" };
                format!("{}{several}", self.words.of(c.reason))
            }
        };
        [id.cloned().unwrap_or_default(), level.into(), format!("{score:.3}"), reason]
    }
}

/// Ids and texts of the standard addresses.
pub(super) fn read_standard(file: &Path) -> Outcome<(Vec<String>, Vec<String>)> {
    let mut table = Table::held(file)?;
    let (id, text) = (table.column("addr_id")?, table.column("text")?);
    let (mut ids, mut texts) = (Vec::new(), Vec::new());
    table.each(|_, row| {
        ids.push(row.get(id).unwrap_or_default().to_owned());
        texts.push(row.get(text).unwrap_or_default().to_owned());
        Ok(())
    })?;
    Ok((ids, texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(content: &[u8]) -> Result<Vec<String>, String> {
        let work = tempfile::tempdir().expect("a folder for the test");
        let (file, out) = (work.path().join("list.txt"), work.path().join("out.csv"));
        std::fs::write(&file, content).expect("the list is written");
        parse(&file, Some(&out)).map_err(|e| e.to_string())?;
        Ok(std::fs::read_to_string(&out).expect("the rows").lines().skip(1).map(str::to_owned).collect())
    }

    #[test]
    fn every_line_has_its_row_in_its_order_however_many_there_are() {
        let lines: String = (1..=300_000).map(|n| format!("外青松公路{n}弄12号301室\n")).collect();
        let rows = parsed(lines.as_bytes()).expect("the list is sound");
        assert_eq!(rows.len(), 300_000);
        assert!(rows.iter().zip(1..).all(|(row, n)| row.contains(&format!(",外青松公路,{n},,12,"))));
    }

    #[test]
    fn a_heading_makes_it_a_table_and_an_empty_line_an_empty_row() {
        let table = parsed("\u{FEFF}id,address\n1,\"金米村3组，5号\"\n".as_bytes()).expect("a table");
        assert_eq!(table, [",,,,金米村,,3,,,,,5,,,,,"]);
        let list = parsed("香大路128号（临）\r\n\r\n香大路1号".as_bytes()).expect("a list");
        assert_eq!(list, [",,,,,,,,香大路,,,128,,,,,临", ",,,,,,,,,,,,,,,,", ",,,,,,,,香大路,,,1,,,,,"]);
    }

    #[test]
    fn what_is_no_text_is_told_with_line_and_column() {
        let mut list = "香大路1号\n".repeat(400_000).into_bytes();
        list.extend_from_slice("香大".as_bytes());
        list.extend_from_slice(b"\xC2\xB7\xFF1\n");
        let said = parsed(&list).expect_err("a broken line");
        assert!(said.contains("list.txt:400001:4: "), "{said}");
        let long = parsed(&vec![b'1'; 2 << 20]).expect_err("one line without an end");
        assert!(long.contains("list.txt:1:1048577: ") && long.contains("longer"), "{long}");
    }

    #[test]
    fn lists_and_tables_in_gb_18030_are_read_as_well() {
        let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
        let expected = ",,,,,,,,香大路,,,128,,,,,";
        assert_eq!(parsed(&gb("香大路128号\n")).expect("a list"), [expected]);
        assert_eq!(parsed(&gb("编号,地址\r\n1,香大路128号\r\n")).expect("a table"), [expected]);
    }
}
