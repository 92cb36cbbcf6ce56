//! A paper of the office (公文): issuer's mark, number, title, paragraphs and tables. The typesetter of the binary makes
//! a PDF or a Word file of it, in the layout of GB/T 9704-2012.

use serde::{Deserialize, Serialize};

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The issuer's mark (发文机关标志).
    pub issuer: String,
    /// Its number (发文字号), if it is sent out under one.
    pub number: Option<String>,
    /// The title.
    pub title: String,
    /// Whom it goes to (主送机关), if anybody is named.
    pub addressee: Option<String>,
    /// The date, as written.
    pub date: String,
    /// Paragraphs before the first heading.
    pub lead: Vec<String>,
    /// The parts.
    pub parts: Vec<Part>,
}

/// A part under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The heading, with its number.
    pub heading: String,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// A table after them.
    pub table: Option<Figures>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Its head.
    pub head: Vec<String>,
    /// Its rows, as long as the head.
    pub rows: Vec<Vec<String>>,
    /// The width of each column, in parts.
    pub shares: Vec<u32>,
}

/// What stands at the end of a numbered document (版记): its number, version and check code, and where they are checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The lines, in the language of the document.
    pub lines: Vec<String>,
}
