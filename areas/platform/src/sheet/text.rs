//! Text tables: UTF-8, UTF-16 or GB 18030; separated by comma, semicolon or tab.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030};

use super::{Cell, Collector, Sheet, SheetError, heading};

/// How much of the text is looked at to find the separator.
const LOOK_BYTES: usize = 64 * 1024;

pub(super) fn read(bytes: &[u8], known: &[&str]) -> Result<Sheet, SheetError> {
    let text = decode(bytes)?;
    let separator = separator(&text);
    if let Some((line, column)) = broken_quote(&text, separator) {
        return Err(SheetError::BrokenQuotes { line, column });
    }
    let collected = collect(&text, separator)?;
    let found = heading::find(&collected.rows, known);
    heading::sheet(String::new(), collected, found)
}

/// The text of the file. UTF-8 if it is valid UTF-8; otherwise GB 18030, unless the detector finds another Chinese
/// encoding that fits without a fault.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, bom_bytes)) => strictly(encoding, &bytes[bom_bytes..])?,
        None if bytes.contains(&0) => return Err(SheetError::NotAWorkbook),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            // One line in GB 18030 among many in UTF-8 would make nonsense of all the others.
            Err(_) if is_mostly_utf8(bytes) => return Err(odd_line(bytes)),
            Err(_) => match detect(bytes) {
                other if other == BIG5 => strictly(BIG5, bytes).or_else(|_| strictly(GB18030, bytes))?,
                _ => strictly(GB18030, bytes)?,
            },
        },
    };
    let start = text.trim_start();
    let foreign = ["<", "%PDF", "{\\rtf"].iter().any(|mark| start.starts_with(mark));
    if foreign || text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{1a}' | '\u{85}')) {
        return Err(SheetError::NotAWorkbook);
    }
    Ok(text)
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"cn"), Utf8Detection::Deny)
}

fn strictly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, SheetError> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| odd_line(bytes))
}

/// Whether most of the lines that are more than ASCII are UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut utf8, mut others) = (0usize, 0usize);
    for line in bytes.split(|b| *b == b'\n').filter(|line| !line.is_ascii()) {
        *(if std::str::from_utf8(line).is_ok() { &mut utf8 } else { &mut others }) += 1;
    }
    utf8 > others
}

/// The line that does not fit the rest: in a text of UTF-8 the first that is none, else the first that is no GB 18030.
/// A line break is no part of a character in either.
fn odd_line(bytes: &[u8]) -> SheetError {
    let in_utf8 = is_mostly_utf8(bytes);
    let fits = |text: &[u8]| {
        if in_utf8 {
            std::str::from_utf8(text).is_ok()
        } else {
            GB18030.decode_without_bom_handling_and_without_replacement(text).is_some()
        }
    };
    let odd = bytes.split(|b| *b == b'\n').enumerate().find(|(_, line)| !fits(line));
    let (at, line) = odd.unwrap_or_default();
    // The cell: the first up to whose end the line does not fit.
    let ends = line.iter().enumerate().filter(|(_, b)| matches!(b, b',' | b';' | b'\t')).map(|(i, _)| i);
    let column = ends.take_while(|end| fits(&line[..*end])).count();
    SheetError::Encoding { line: at as u64 + 1, column: column as u64 + 1 }
}

/// The separator that cuts the first lines into the most columns.
fn separator(text: &str) -> u8 {
    let mut end = text.len().min(LOOK_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let columns = |separator: &u8| {
        let mut widths: Vec<usize> =
            reader(&text[..end], *separator).into_records().take(40).flatten().map(|r| r.len()).collect();
        widths.sort_unstable();
        widths.get(widths.len() / 2).copied().unwrap_or(0)
    };
    // The last of several equal ones wins: the comma.
    [b'\t', b';', b','].into_iter().max_by_key(columns).unwrap_or(b',')
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// Line and column of a quotation mark that is never closed, or that something else than a separator follows. The csv
/// reader would take the rest of the file for one cell.
fn broken_quote(text: &str, separator: u8) -> Option<(u64, u64)> {
    enum At {
        Start,
        Plain,
        Quoted((u64, u64)),
        Closed,
    }
    let (mut at, mut line, mut column) = (At::Start, 1u64, 1u64);
    for b in text.bytes() {
        at = match (at, b) {
            (At::Quoted(_), b'"') => At::Closed,
            (At::Quoted(opened), _) => At::Quoted(opened),
            (_, b'\n' | b'\r') => {
                column = 1;
                At::Start
            }
            (_, b) if b == separator => {
                column += 1;
                At::Start
            }
            (At::Start | At::Closed, b'"') => At::Quoted((line, column)),
            (At::Closed, b' ') => At::Closed,
            (At::Closed, _) => return Some((line, column)),
            (At::Start | At::Plain, _) => At::Plain,
        };
        line += u64::from(b == b'\n');
    }
    match at {
        At::Quoted(opened) => Some(opened),
        _ => None,
    }
}

fn collect(text: &str, separator: u8) -> Result<Collector, SheetError> {
    let mut collected = Collector::default();
    // Line breaks inside cells: a spreadsheet shows such a record as one row.
    let mut inside = 0u64;
    for record in reader(text, separator).records() {
        let record = record.map_err(|_| SheetError::NotAWorkbook)?;
        let (line, byte) = record.position().map_or((1, 0), |p| (p.line(), p.byte()));
        let rest = text.as_bytes().get(usize::try_from(byte).unwrap_or(0)..).unwrap_or_default();
        let skipped = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r')).filter(|b| **b == b'\n').count();
        let number = (line + skipped as u64).saturating_sub(inside).max(1);
        for (column, field) in record.iter().enumerate() {
            inside += field.bytes().filter(|b| *b == b'\n').count() as u64;
            collected.cell(number, column, cell(field))?;
        }
    }
    Ok(collected)
}

/// A field; `="0123"` is how exports keep a spreadsheet from taking a text for a number.
fn cell(field: &str) -> Cell {
    let field = field.strip_prefix("=\"").and_then(|f| f.strip_suffix('"')).unwrap_or(field);
    let plain = super::trim(field);
    if is_rounded_number(plain) { Cell::lost(plain) } else { Cell::new(plain) }
}

/// Whether a text is a number as a spreadsheet shows one that was too long: `3.10118E+17`.
fn is_rounded_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let Some(exponent) = exponent.strip_prefix('+') else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.len() == 2 && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_a_spreadsheet_has_rounded_is_recognised() {
        for text in ["1.23E+17", "3.10118E+17", "1e+15"] {
            assert!(is_rounded_number(text), "{text}");
        }
        for text in ["1.23", "E+17", "12E+17", "1.23E17", "1.2.3E+17", "A1E+17", "1.23E+1"] {
            assert!(!is_rounded_number(text), "{text}");
        }
    }
    #[test]
    fn a_broken_quotation_mark_is_found_with_its_line() {
        for (text, place) in [
            ("a,b\n\"x,y\nz", Some((2, 1))),
            ("a,b\n1,\"x\"y,z\n", Some((2, 2))),
            ("a,b\n\"x\ny\"z,1\n", Some((3, 1))),
            ("a,b\n\"x\"\"y\" ,z\n5\" pipe,1\n", None),
        ] {
            assert_eq!(broken_quote(text, b','), place, "{text:?}");
        }
    }
    #[test]
    fn a_line_in_another_encoding_than_the_rest_is_found_with_its_cell() {
        let gb = |text: &str| GB18030.encode(text).0.into_owned();
        let utf8 = "姓名,住址\n张三,香大路1号\n李四,香大路2号\n".as_bytes();
        let mixed = [utf8, &gb("王五,香大路3号啊\n")].concat();
        let in_gb = [gb("姓名,住址\n张三,香大路1号\n"), b"x,\xff\xff\n".to_vec(), gb("李四,二号\n")].concat();
        for (bytes, line, column) in [(mixed, 4, 1), (in_gb, 3, 2), (b"a,b\n1,\xff\xff\n".to_vec(), 2, 2)] {
            match odd_line(&bytes) {
                SheetError::Encoding { line: l, column: c } => assert_eq!((l, c), (line, column)),
                other => panic!("{other}"),
            }
        }
        assert!(matches!(decode(b"a,b\n1,\xff\xff\n"), Err(SheetError::Encoding { line: 2, column: 2 })));
    }
}
