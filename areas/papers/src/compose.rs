//! What the official papers (公文) of all areas have in common: sentences in Chinese alone, numbered headings, written
//! days, a specimen for the office that changes sentences, and the file as it went out.

use axum::response::Response;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    paper::{Paper, Part},
    wording::{Place, Slot, Words},
};

use crate::{
    issue::{Body, NewPaper, state},
    pages::{PDF, WORD, given_out},
};

/// The numerals of first headings.
const NUMERALS: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

/// A sentence of a paper that is Chinese alone.
pub const fn slot(
    code: &'static str,
    zh: &'static str,
    places: &'static [Place],
    needed: &'static [&'static str],
    max_chars: usize,
) -> Slot {
    Slot { code, zh, en: "", places, needed, max_chars }
}

/// A part that is one paragraph.
pub fn text_part(heading: String, paragraph: String) -> Part {
    Part { heading, paragraphs: vec![paragraph], table: None }
}

/// Numbers the headings of parts: 一、二、三、
pub fn numbered(parts: Vec<Part>) -> Vec<Part> {
    let number = |(part, numeral): (Part, &str)| Part { heading: format!("{numeral}、{}", part.heading), ..part };
    parts.into_iter().zip(NUMERALS).map(number).collect()
}

/// A day as papers write it: 2026年11月23日.
pub fn written(day: Day) -> String {
    format!("{}年{}月{}日", day.0.year(), day.0.month(), day.0.day())
}

/// A paper of the slots `issuer`, `title` and `addressee`, dated, with these parts.
pub fn paper(words: &Words, values: &[(&str, &str)], day: Day, parts: Vec<Part>) -> Paper {
    Paper {
        issuer: words.say("issuer", values),
        number: None,
        title: words.say("title", values),
        addressee: Some(words.say("addressee", values)),
        date: written(day),
        lead: Vec::new(),
        parts: numbered(parts),
    }
}

/// A specimen of a paper, with a number of no series.
///
/// # Errors
/// `fonts-missing`.
pub fn specimen(app: &App, paper: Paper) -> Result<Vec<u8>> {
    app.documents.paper_pdf(&Paper { number: Some("样张〔2026〕1号".into()), ..paper })
}

/// The paper as PDF: as it was issued; or, where it was not or would say something else by now, without a number.
///
/// # Errors
/// `fonts-missing`; those of the store.
pub async fn pdf(app: &App, new: NewPaper) -> Result<Vec<u8>> {
    let q = app.store.reads();
    if let Some(file) = state(&q, new.kind, &new.subject, &new.body).await?.file(&q).await? {
        return Ok(file);
    }
    let (paper, documents) = (layout(new)?, app.documents.clone());
    // Typesetting takes its time; others are served meanwhile.
    tokio::task::spawn_blocking(move || documents.paper_pdf(&paper)).await.map_err(AppError::internal)?
}

/// The paper as a Word file, to be filed or worked on: with the number and words of the PDF that was issued; or, where
/// there is none or it would say something else by now, without a number.
///
/// # Errors
/// Those of the store.
pub async fn word(app: &App, new: NewPaper) -> Result<Vec<u8>> {
    if let Some(issued) = issued_word(app, &new).await? {
        return Ok(issued);
    }
    let (paper, documents) = (layout(new)?, app.documents.clone());
    tokio::task::spawn_blocking(move || documents.paper_word(&paper)).await.map_err(AppError::internal)?
}

/// The Word file of what was issued, if it was and still says the same.
///
/// # Errors
/// Those of the store.
pub async fn issued_word(app: &App, new: &NewPaper) -> Result<Option<Vec<u8>>> {
    let q = app.store.reads();
    let Some((paper, mark)) = state(&q, new.kind, &new.subject, &new.body).await?.layout(&q).await? else {
        return Ok(None);
    };
    let documents = app.documents.clone();
    let written = tokio::task::spawn_blocking(move || documents.numbered_word(&paper, &mark));
    written.await.map_err(AppError::internal)?.map(Some)
}

fn layout(new: NewPaper) -> Result<Paper> {
    match new.body {
        Body::Paper(paper) => Ok(paper),
        Body::Page(..) => Err(AppError::internal("a page of its own has no draft here")),
    }
}

/// Answers with a PDF, to be shown.
pub fn pdf_file(name: &str, bytes: Vec<u8>) -> Response {
    given_out(PDF, &format!("{name}.pdf"), bytes)
}

/// Answers with a Word file, to be saved.
pub fn word_file(name: &str, bytes: Vec<u8>) -> Response {
    given_out(WORD, &format!("{name}.docx"), bytes)
}
