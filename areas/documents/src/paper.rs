//! A paper of the office: a title, paragraphs and tables, as PDF by [`LAYOUT`] and as Word by [`word`](crate::word).

use serde::Serialize;

/// The Typst source that typesets a [`Paper`] given as data, in the layout of official documents.
pub const LAYOUT: &str = include_str!("paper.typ");

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The issuer's mark (发文机关标志).
    pub issuer: String,
    /// The title.
    pub title: String,
    /// The date, as written.
    pub date: String,
    /// Paragraphs before the first heading.
    pub lead: Vec<String>,
    /// The parts.
    pub parts: Vec<Part>,
}

/// A part under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The heading, with its number.
    pub heading: String,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// A table after them.
    pub table: Option<Figures>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Its head.
    pub head: Vec<String>,
    /// Its rows, as long as the head.
    pub rows: Vec<Vec<String>>,
    /// The width of each column, in parts.
    pub shares: Vec<u32>,
}
