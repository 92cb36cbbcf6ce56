//! Written Chinese addresses: parsed into their elements, compared, and resolved against a table of
//! standard addresses (标准地址).
//!
//! The parser is a hand-written tokeniser and grammar: one pass over the characters, no regular
//! expressions, and two allocations an address. What it could not place is kept as a note, so that nothing of
//! the input is lost. Road and village names can be learnt from a table ([`Gazetteer`]).
//!
//! ```
//! use cn_address::{Element, Parser};
//!
//! let parser = Parser::new();
//! let address = parser.parse("外青松公路５８００弄12號樓２单元301");
//! assert_eq!(address.get(Element::Road), Some("外青松公路"));
//! assert_eq!(address.get(Element::Lane), Some("5800"));
//! assert_eq!(address.get(Element::Building), Some("12"));
//! assert_eq!(address.get(Element::Unit), Some("2"));
//! assert_eq!(address.get(Element::Room), Some("301"));
//! ```
//!
//! Two writings of one door compare equal; see [`compare`]. A table of standard addresses is searched with
//! [`Index`].

mod address;
mod chances;
mod cluster;
mod compare;
mod doors;
mod element;
mod encode;
mod fold;
mod gazetteer;
mod grammar;
mod index;
mod lattice;
mod likeness;
mod names;
mod namesakes;
mod places;
mod resolve;
mod words;

pub use address::{Address, Piece};
pub use compare::{Comparison, DoorKey, Level, Reason, compare};
pub use element::{Element, Span};
pub use encode::Encoded;
pub use gazetteer::Gazetteer;
pub use grammar::Parser;
pub use index::Index;
pub use resolve::{Candidate, Resolution, Verdict};

/// The examples of the README run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
