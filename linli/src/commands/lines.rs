//! Text files of any size, read line by line.

use std::path::Path;

use super::text::{Block, Text};
use crate::failure::Outcome;

/// The lines of a file.
pub(super) struct Lines {
    text: Text,
    block: Block,
    /// How much of the block has been handed over.
    at: usize,
}

impl Lines {
    /// Opens a file.
    pub fn open(file: &Path) -> Outcome<Self> {
        Ok(Lines { text: Text::open(file)?, block: Block { first_line: 1, text: String::new() }, at: 0 })
    }

    /// The next line with its number, from 1; `None` at the end.
    ///
    /// # Errors
    /// As [`Text::next`].
    pub fn next(&mut self) -> Outcome<Option<(u64, &str)>> {
        if self.at == self.block.text.len() {
            let Some(block) = self.text.next()? else { return Ok(None) };
            (self.block, self.at) = (block, 0);
        }
        let number = self.block.first_line;
        let rest = &self.block.text[self.at..];
        let (line, taken) = rest.split_once('\n').map_or((rest, rest.len()), |(line, _)| (line, line.len() + 1));
        self.at += taken;
        self.block.first_line += 1;
        Ok(Some((number, line)))
    }

    /// All lines as one text.
    ///
    /// # Errors
    /// As [`Text::next`].
    pub fn whole(mut self) -> Outcome<String> {
        let mut whole = String::new();
        while let Some(block) = self.text.next()? {
            whole.push_str(&block.text);
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_over_the_edges_of_blocks() {
        let work = tempfile::tempdir().unwrap();
        let file = work.path().join("f.txt");
        std::fs::write(&file, "第一\n\n第三".repeat(150_000)).unwrap();
        let mut lines = Lines::open(&file).unwrap();
        let mut last = (0, String::new());
        while let Some((number, line)) = lines.next().unwrap() {
            assert_eq!(number, last.0 + 1);
            last = (number, line.to_owned());
        }
        assert_eq!(last, (300_001, "第三".to_owned()));
    }
}
