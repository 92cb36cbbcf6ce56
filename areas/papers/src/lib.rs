//! Numbered documents (文书, R36): the register of what the office published, each with its number, version and check
//! code; the sentences of documents that the office may change; and the ledgers, taken by month.
//!
//! An area makes the content of a document and hands it to [`issue()`]: the number is taken, the document typeset with it,
//! and the file kept as it went out. Issuing the same content again changes nothing; other content is the next version
//! under the same number. What was issued stays as it is, whatever becomes of the figures or sentences it was made of.

pub mod compose;
mod ids;
mod issue;
mod number;
mod pages;
mod register;
mod tables;
mod wordings;

use linli_platform::area::Area;

pub use ids::PaperId;
pub use issue::{Body, NewPaper, State, issue, site, state};
pub use number::{check_code, number_key};
pub use register::{
    Checked, Paper, Standing, Version, check, file, find, list, of_kind, of_subject, versions, withdraw,
};
pub use tables::migrations;
pub use wordings::{History, change, history, words, words_for};

/// The area.
pub fn area() -> Area {
    Area {
        name: "papers",
        routes: pages::routes(),
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: pages::nav(),
        ..Area::default()
    }
}
