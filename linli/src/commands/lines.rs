//! Text files of any size, read line by line in UTF-8 or GB 18030; what is wrong is said with file, line and column.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use encoding_rs::{DecoderResult, GB18030};

use crate::failure::{Failure, Outcome};

/// A longer line is no line of text.
const MAX_LINE_BYTES: usize = 1 << 20;

/// What the file's text has turned out to be written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// ASCII so far, which is the same in both.
    Open,
    Utf8,
    Gb18030,
}

/// The lines of a file. Lines end with LF, CRLF or CR; a byte order mark goes; the encoding is found at the first
/// line that is not ASCII, and a later line in another one is an error.
pub(super) struct Lines<R> {
    file: PathBuf,
    reader: R,
    number: u64,
    coding: Coding,
    after_cr: bool,
    bytes: Vec<u8>,
    text: String,
}

impl Lines<BufReader<File>> {
    /// Opens a file.
    pub fn open(file: &Path) -> Outcome<Self> {
        let opened = File::open(file).map_err(Failure::file(file))?;
        Ok(Self::new(file, BufReader::with_capacity(1 << 20, opened)))
    }
}

impl<R: BufRead> Lines<R> {
    fn new(file: &Path, reader: R) -> Self {
        let (bytes, text) = (Vec::new(), String::new());
        Lines { file: file.into(), reader, number: 0, coding: Coding::Open, after_cr: false, bytes, text }
    }

    /// The next line with its number, from 1; `None` at the end.
    ///
    /// # Errors
    /// A file that cannot be read; bytes that are no text, with their line and column.
    pub fn next(&mut self) -> Outcome<Option<(u64, &str)>> {
        if !self.fill()? {
            return Ok(None);
        }
        self.number += 1;
        if self.number == 1 {
            self.begin()?;
        }
        if let Some(place) = self.bytes.iter().position(|b| *b == 0) {
            return Err(self.wrong(place + 1, "a zero byte; this is no text file"));
        }
        self.decode()?;
        Ok(Some((self.number, &self.text)))
    }

    /// All lines as one text with LF at their ends.
    ///
    /// # Errors
    /// As [`Lines::next`].
    pub fn whole(mut self) -> Outcome<String> {
        let mut whole = String::new();
        while let Some((_, line)) = self.next()? {
            whole.push_str(line);
            whole.push('\n');
        }
        Ok(whole)
    }

    /// Reads the bytes of a line; false at the end of the file.
    fn fill(&mut self) -> Outcome<bool> {
        self.bytes.clear();
        let mut any = false;
        loop {
            let chunk = self.reader.fill_buf().map_err(|e| Failure::File(self.file.clone(), e))?;
            if chunk.is_empty() {
                return Ok(any);
            }
            if self.after_cr {
                self.after_cr = false;
                if chunk[0] == b'\n' {
                    self.reader.consume(1);
                    continue;
                }
            }
            any = true;
            let end = chunk.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let taken = end.unwrap_or(chunk.len());
            self.bytes.extend_from_slice(&chunk[..taken]);
            self.after_cr = end.is_some_and(|place| chunk[place] == b'\r');
            self.reader.consume(taken + usize::from(end.is_some()));
            if self.bytes.len() > MAX_LINE_BYTES {
                self.number += 1;
                return Err(self.wrong(MAX_LINE_BYTES + 1, "the line is longer than 1 MiB; this is no text file"));
            }
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// The first line tells what kind of file it is.
    fn begin(&mut self) -> Outcome {
        if let Some(rest) = self.bytes.strip_prefix(b"\xEF\xBB\xBF") {
            self.bytes = rest.to_vec();
            self.coding = Coding::Utf8;
        } else if self.bytes.starts_with(b"\xFF\xFE") || self.bytes.starts_with(b"\xFE\xFF") {
            return Err(self.wrong(1, "the text is UTF-16; save it as UTF-8"));
        } else if self.bytes.starts_with(b"PK\x03\x04") {
            return Err(self.wrong(1, "this is a workbook or an archive; save the sheet as CSV UTF-8"));
        }
        Ok(())
    }

    fn decode(&mut self) -> Outcome {
        self.text.clear();
        if self.bytes.is_ascii() || self.coding != Coding::Gb18030 {
            match std::str::from_utf8(&self.bytes) {
                Ok(text) => {
                    self.text.push_str(text);
                    if !text.is_ascii() {
                        self.coding = Coding::Utf8;
                    }
                    return Ok(());
                }
                Err(e) if self.coding == Coding::Utf8 => {
                    let column = columns(&self.bytes[..e.valid_up_to()]) + 1;
                    return Err(self.wrong(column, "not UTF-8, unlike the lines before; the encodings are mixed"));
                }
                Err(_) => {}
            }
        } else if std::str::from_utf8(&self.bytes).is_ok() && !is_plain_gb2312(&self.bytes) {
            let column = self.bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0) + 1;
            return Err(self.wrong(column, "UTF-8, unlike the lines before in GB 18030; the encodings are mixed"));
        }
        self.decode_gb18030()
    }

    fn decode_gb18030(&mut self) -> Outcome {
        let mut decoder = GB18030.new_decoder_without_bom_handling();
        let room = decoder.max_utf8_buffer_length_without_replacement(self.bytes.len()).unwrap_or(MAX_LINE_BYTES * 4);
        self.text.reserve(room);
        let (result, _) = decoder.decode_to_string_without_replacement(&self.bytes, &mut self.text, true);
        if let DecoderResult::Malformed(..) = result {
            let column = self.text.chars().count() + 1;
            return Err(self.wrong(column, "neither UTF-8 nor GB 18030; save the file as UTF-8"));
        }
        self.coding = Coding::Gb18030;
        Ok(())
    }

    fn wrong(&self, column: usize, reason: &str) -> Failure {
        Failure::Cell { file: self.file.clone(), line: self.number, column: column as u64, reason: reason.to_owned() }
    }
}

/// Characters of bytes that are UTF-8.
fn columns(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b & 0xC0 != 0x80).count()
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
        let mut lines = Lines::new(Path::new("f"), bytes);
        let mut all = Vec::new();
        loop {
            match lines.next() {
                Ok(Some((number, line))) => {
                    assert_eq!(number, all.len() as u64 + 1);
                    all.push(line.to_owned());
                }
                Ok(None) => return Ok(all),
                Err(failure) => return Err(failure.to_string()),
            }
        }
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
    fn mixed_encodings_and_files_that_are_no_text_are_told_with_line_and_column() {
        let mixed = |first: &[u8], second: &[u8]| [first, b"\n", second].concat();
        let cases: [(Vec<u8>, &str); 7] = [
            (mixed("大盈村".as_bytes(), &gb("ab大盈村")), "f:2:3: not UTF-8"),
            (mixed(&gb("大盈村"), "ab香花桥街道".as_bytes()), "f:2:3: UTF-8, unlike"),
            (b"1\nab\xFFcd\n".to_vec(), "f:2:3: neither"),
            (b"1\nab\0\n".to_vec(), "f:2:3: a zero byte"),
            (b"\xFF\xFE1\0\n\0".to_vec(), "f:1:1: the text is UTF-16"),
            (b"PK\x03\x04abc".to_vec(), "f:1:1: this is a workbook"),
            (vec![b'7'; MAX_LINE_BYTES + 2], "f:1:1048577: the line is longer"),
        ];
        for (bytes, words) in cases {
            let said = read(&bytes).unwrap_err();
            assert!(said.starts_with(words), "{said}");
        }
    }
}
