//! Text files of any size as UTF-8, block by block of whole lines; they may be written in UTF-8 or GB 18030. What is
//! wrong is said with file, line and column. Every command that reads text or CSV reads it here.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use encoding_rs::{DecoderResult, GB18030};

use crate::{
    failure::{Failure, Outcome},
    said::TextFault,
};

/// So much is read at a time; a longer line is no line of text.
pub(super) const BLOCK_BYTES: usize = 1 << 20;

/// No settings, receipt or proof is longer.
const MAX_SMALL_BYTES: u64 = 256 << 20;

/// What the file's text has turned out to be written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// ASCII so far, which is the same in both.
    Open,
    Utf8,
    Gb18030,
}

/// What is held in memory as a whole while it is worked with; a larger file is refused in words instead of by the machine.
pub(super) const MAX_HELD_BYTES: u64 = 4 << 30;

/// Some whole lines; each ends with LF, but for the last one of a file.
#[derive(Default)]
pub(super) struct Block {
    /// The number of the first line, from 1.
    pub first_line: u64,
    /// The lines.
    pub text: String,
}

/// A file's text. Lines end with LF, CRLF or CR and are handed on with LF; a byte order mark goes; the encoding is
/// found at the first line that is not ASCII, and a later line in another one is an error.
pub(super) struct Text<R = File> {
    file: PathBuf,
    reader: R,
    coding: Coding,
    /// The number of the next line.
    line: u64,
    /// The beginning of a line whose end has not been read.
    rest: Vec<u8>,
}

impl Text {
    /// Opens a file.
    pub fn open(file: &Path) -> Outcome<Self> {
        Ok(Self::new(file, File::open(file).map_err(Failure::file(file))?))
    }
}

impl<R: Read> Text<R> {
    pub(super) fn new(file: &Path, reader: R) -> Self {
        Text { file: file.into(), reader, coding: Coding::Open, line: 1, rest: Vec::new() }
    }

    /// The next block; `None` at the end.
    ///
    /// # Errors
    /// A file that cannot be read; bytes that are no text, with their line and column.
    pub fn next(&mut self) -> Outcome<Option<Block>> {
        let Some(bytes) = self.fill()? else { return Ok(None) };
        let bytes = self.begin(bytes)?;
        let bytes = with_line_feeds(bytes);
        if bytes.contains(&0) {
            let place = bytes.iter().position(|b| *b == 0).unwrap_or(0);
            return Err(self.wrong(&bytes, place, TextFault::ZeroByte));
        }
        let text = self.decode(bytes)?;
        let first_line = self.line;
        self.line += line_feeds(text.as_bytes());
        Ok(Some(Block { first_line, text }))
    }

    /// The bytes of some whole lines.
    fn fill(&mut self) -> Outcome<Option<Vec<u8>>> {
        let mut bytes = Vec::with_capacity(BLOCK_BYTES);
        bytes.append(&mut self.rest);
        let wanted = BLOCK_BYTES - bytes.len();
        let read = (&mut self.reader).take(wanted as u64).read_to_end(&mut bytes);
        let read = read.map_err(|e| Failure::File(self.file.clone(), e))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if read == wanted {
            // A CR at the very end may be half of a CRLF.
            let inner = &bytes[..bytes.len() - 1];
            let end = bytes.iter().rposition(|b| *b == b'\n').or_else(|| inner.iter().rposition(|b| *b == b'\r'));
            let Some(end) = end else {
                return Err(match bytes.iter().position(|b| *b == 0) {
                    Some(place) => self.wrong(&bytes, place, TextFault::ZeroByte),
                    None => self.at(self.line, BLOCK_BYTES + 1, TextFault::LongLine),
                });
            };
            self.rest = bytes.split_off(end + 1);
        }
        Ok(Some(bytes))
    }

    /// The first bytes tell what kind of file it is.
    fn begin(&self, mut bytes: Vec<u8>) -> Outcome<Vec<u8>> {
        if self.line > 1 {
            return Ok(bytes);
        }
        if let Some(reason) = kind(&bytes) {
            return Err(self.at(1, 1, reason));
        }
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        Ok(bytes)
    }

    fn decode(&mut self, bytes: Vec<u8>) -> Outcome<String> {
        let bytes = if self.coding == Coding::Gb18030 {
            bytes
        } else {
            match String::from_utf8(bytes) {
                Ok(text) => {
                    if !text.is_ascii() {
                        self.coding = Coding::Utf8;
                    }
                    return Ok(text);
                }
                Err(e) => {
                    let place = e.utf8_error().valid_up_to();
                    let bytes = e.into_bytes();
                    if self.coding == Coding::Utf8 || begins_in_utf8(&bytes) {
                        return Err(self.wrong(&bytes, place, TextFault::NotUtf8));
                    }
                    bytes
                }
            }
        };
        self.coding = Coding::Gb18030;
        self.decode_gb18030(&bytes)
    }

    fn decode_gb18030(&self, bytes: &[u8]) -> Outcome<String> {
        let mut text = String::with_capacity(bytes.len() * 3 / 2);
        for (number, line) in (self.line..).zip(bytes.split_inclusive(|b| *b == b'\n')) {
            if !line.is_ascii() && std::str::from_utf8(line).is_ok() && !is_plain_gb2312(line) {
                let column = line.iter().position(|b| !b.is_ascii()).unwrap_or(0) + 1;
                return Err(self.at(number, column, TextFault::Utf8Later));
            }
            let mut decoder = GB18030.new_decoder_without_bom_handling();
            let start = text.len();
            text.reserve(decoder.max_utf8_buffer_length_without_replacement(line.len()).unwrap_or(line.len() * 4));
            let (result, _) = decoder.decode_to_string_without_replacement(line, &mut text, true);
            if let DecoderResult::Malformed(..) = result {
                let column = text[start..].chars().count() + 1;
                return Err(self.at(number, column, TextFault::Neither));
            }
        }
        Ok(text)
    }

    /// What is wrong at a place of a block whose bytes before it are UTF-8.
    fn wrong(&self, bytes: &[u8], place: usize, reason: TextFault) -> Failure {
        let before = &bytes[..place];
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        let column = before[start..].iter().filter(|b| **b & 0xC0 != 0x80).count() + 1;
        self.at(self.line + line_feeds(before), column, reason)
    }

    fn at(&self, line: u64, column: usize, reason: TextFault) -> Failure {
        Failure::Cell { file: self.file.clone(), line, column: column as u64, reason: reason.into() }
    }
}

/// A whole file as UTF-8, to be held in memory. Of a file that begins as UTF-8 and goes on in another encoding, the
/// table's reader tells the place.
///
/// # Errors
/// As [`Text::next`]; a text longer than so many bytes, with the line where that is.
pub(super) fn whole(file: &Path, most_bytes: u64) -> Outcome<Vec<u8>> {
    let opened = File::open(file).map_err(Failure::file(file))?;
    if opened.metadata().map_err(Failure::file(file))?.len() > most_bytes {
        return Err(too_large(Text::new(file, opened), most_bytes)?);
    }
    held(file, opened, most_bytes)
}

/// The same of a file whose length is not known beforehand, such as a pipe.
fn held(file: &Path, reader: impl Read, most_bytes: u64) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most_bytes + 1).read_to_end(&mut bytes).map_err(Failure::file(file))?;
    if bytes.len() as u64 > most_bytes {
        // What is cut off in the middle of a character is no fault of the file's.
        bytes.truncate(bytes.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(0, |end| end + 1));
        return Err(too_large(Text::new(file, bytes.as_slice()), most_bytes)?);
    }
    if is_ready(&bytes) {
        return Ok(bytes);
    }
    let mut text = Text::new(file, bytes.as_slice());
    let mut all = Vec::new();
    while let Some(block) = text.next()? {
        all.extend_from_slice(block.text.as_bytes());
    }
    Ok(all)
}

/// A small text as a whole: settings, a receipt, a proof.
///
/// # Errors
/// As [`Text::next`]; a text longer than 256 MB.
pub(super) fn small(file: &Path) -> Outcome<String> {
    let bytes = whole(file, MAX_SMALL_BYTES)?;
    let (mut text, mut all) = (Text::new(file, bytes.as_slice()), String::new());
    while let Some(block) = text.next()? {
        all.push_str(&block.text);
    }
    Ok(all)
}

/// Looks through what is too large to be held: what else is wrong with it comes first, else the line to divide it at.
fn too_large<R: Read>(mut text: Text<R>, most_bytes: u64) -> Outcome<Failure> {
    let (mut bytes, mut line) = (0, 1);
    while let Some(block) = text.next()? {
        line = block.first_line;
        bytes += block.text.len() as u64;
        if bytes > most_bytes {
            break;
        }
    }
    let most = most_bytes >> 20;
    Ok(text.at(line, 1, TextFault::TooLarge { most }))
}

/// Whether a text can be read as it is: UTF-8 at its first line that is not ASCII, LF or CRLF, and no other kind of
/// file.
fn is_ready(bytes: &[u8]) -> bool {
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(bytes.len());
    let start = bytes[..first].iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
    let end = bytes[first..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |end| first + end);
    let utf8 = std::str::from_utf8(&bytes[start..end]).is_ok();
    let head = &bytes[..bytes.len().min(BLOCK_BYTES)];
    let bare_cr = head.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    utf8 && !bare_cr && !bytes.contains(&0) && kind(bytes).is_none()
}

/// What a file is that is no text.
fn kind(bytes: &[u8]) -> Option<TextFault> {
    let kinds: [(&[u8], TextFault); 4] = [
        (b"\xFF\xFE", TextFault::Utf16),
        (b"\xFE\xFF", TextFault::Utf16),
        (b"PK\x03\x04", TextFault::Workbook),
        (b"PAR1", TextFault::Parquet),
    ];
    kinds.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, reason)| *reason)
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

/// CRLF and CR as LF.
fn with_line_feeds(bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.contains(&b'\r') {
        return bytes;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let Some(place) = rest.iter().position(|b| *b == b'\r') {
        out.extend_from_slice(&rest[..place]);
        out.push(b'\n');
        rest = &rest[place + 1..];
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    out.extend_from_slice(rest);
    out
}

/// Whether the first line that is not ASCII is UTF-8.
fn begins_in_utf8(bytes: &[u8]) -> bool {
    let first = bytes.split(|b| *b == b'\n').find(|line| !line.is_ascii());
    first.is_some_and(|line| std::str::from_utf8(line).is_ok())
}

/// Whether bytes are ASCII and the two-byte characters of GB 2312, which UTF-8 read as GB 18030 hardly ever is.
fn is_plain_gb2312(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        rest = match after {
            _ if first.is_ascii() => after,
            [second, after @ ..] if (0xA1..=0xF7).contains(&first) && *second >= 0xA1 => after,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
        let mut text = Text::new(Path::new("f"), bytes);
        let (mut all, mut line) = (String::new(), 1);
        while let Some(block) = text.next().map_err(|e| e.to_string())? {
            assert_eq!(block.first_line, line);
            line += line_feeds(block.text.as_bytes());
            all.push_str(&block.text);
        }
        Ok(all.lines().map(str::to_owned).collect())
    }

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn lines_end_with_lf_crlf_or_cr_and_empty_ones_count() {
        for text in ["a\n\nb\n", "a\r\n\r\nb\r\n", "a\r\rb\r", "\u{FEFF}a\n\r\nb"] {
            assert_eq!(read(text.as_bytes()).unwrap(), ["a", "", "b"], "{text:?}");
        }
        assert_eq!(read(b"").unwrap(), [""; 0]);
        assert_eq!(read(b"\n").unwrap(), [""]);
    }

    #[test]
    fn the_encoding_is_found_at_the_first_line_that_tells_it() {
        assert_eq!(read("1\n大盈村\n".as_bytes()).unwrap(), ["1", "大盈村"]);
        assert_eq!(read(&gb("1\n大盈村\n刘䶮，𠮷\n")).unwrap(), ["1", "大盈村", "刘䶮，𠮷"]);
    }

    #[test]
    fn blocks_end_where_lines_end_whatever_ends_a_line() {
        for end in ["\n", "\r\n", "\r"] {
            // Lines of changing length, so that a CRLF falls on the edge of a block.
            let lines: Vec<String> = (0..120_000).map(|n| format!("{n}大盈村{}", "x".repeat(n % 7))).collect();
            let whole = lines.join(end);
            assert!(whole.len() > 2 * BLOCK_BYTES);
            assert_eq!(read(whole.as_bytes()).unwrap(), lines, "{end:?}");
            assert_eq!(read(&gb(&whole)).unwrap(), lines, "{end:?}");
        }
    }

    #[test]
    fn mixed_encodings_and_files_that_are_no_text_are_told_with_line_and_column() {
        let mixed = |first: &[u8], second: &[u8]| [first, b"\n", second].concat();
        let far = |first: &str, second: &[u8]| mixed(&first.repeat(200_000).into_bytes(), second);
        let cases: [(Vec<u8>, &str); 10] = [
            (mixed("大盈村".as_bytes(), &gb("ab大盈村")), "f:2:3: not UTF-8"),
            (far("大盈村\n", &gb("ab大盈村")), "f:200002:3: not UTF-8"),
            (far("abcdefg\n", &[gb("大\n"), "大盈村".into()].concat()), "f:200003:1: UTF-8, unlike"),
            (mixed(&gb("大盈村"), "ab香花桥街道".as_bytes()), "f:2:3: UTF-8, unlike"),
            (b"1\nab\xFFcd\n".to_vec(), "f:2:3: neither"),
            (b"1\r\nab\0\n".to_vec(), "f:2:3: a zero byte"),
            (b"\xFF\xFE1\0\n\0".to_vec(), "f:1:1: the text is UTF-16"),
            (b"PK\x03\x04abc".to_vec(), "f:1:1: this is a workbook"),
            (b"PAR1abc".to_vec(), "f:1:1: this is a Parquet file"),
            (vec![b'7'; BLOCK_BYTES + 2], "f:1:1048577: the line is longer"),
        ];
        for (bytes, words) in cases {
            let said = read(&bytes).unwrap_err();
            assert!(said.starts_with(words), "{said}");
        }
    }

    #[test]
    fn a_text_too_large_to_be_held_is_told_with_the_line_where_it_is_to_be_divided() {
        let work = tempfile::tempdir().unwrap();
        let file = work.path().join("f.csv");
        std::fs::write(&file, "大盈村\n".repeat(300_000)).unwrap();
        assert_eq!(whole(&file, 4 << 20).unwrap().len(), 3_000_000);
        for most_bytes in (2 << 20)..(2 << 20) + 10 {
            let cut = held(&file, "大盈村\n".repeat(300_000).as_bytes(), most_bytes).unwrap_err().to_string();
            assert!(cut.contains("f.csv:209") && cut.ends_with("2 MB that are held at once; divide it here"), "{cut}");
        }
        let said = whole(&file, 2 << 20).unwrap_err().to_string();
        assert!(said.contains("f.csv:209") && said.ends_with("2 MB that are held at once; divide it here"), "{said}");
    }
}
