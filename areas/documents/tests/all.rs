//! Documents typeset with the shipped fonts.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use linli_documents::{Documents, FontError};
use linli_platform::app::Typesetter as _;

fn documents() -> Documents {
    Documents::new(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts")]).unwrap()
}

const PAPER: &str = r#"
#import "gbt9704.typ": *
#let data = json("data.json")
#show: document-frame.with(issuer: data.issuer, number: data.number, title: data.title, addressee: "各村居",
  signed-by: data.issuer, date: data.date)
#h1[一、总体情况]
#data.text
#figures((1fr, 1fr), ([村居], [得分]), data.rows)
"#;

fn data() -> serde_json::Value {
    serde_json::json!({
        "issuer": "香花桥街道人口办", "number": "青香人〔2026〕11号", "title": "2026年11月考核情况通报",
        "text": "本月登记率为 97.3%。".repeat(40), "date": "2026年11月30日",
        "rows": [["泾阳村", "81.5"], ["民惠一居委", "84.0"]],
    })
}

#[test]
fn a_paper_in_the_official_layout_becomes_a_pdf() {
    let pdf = documents().pdf(PAPER, data()).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    assert!(pdf.len() > 10_000, "fonts are embedded");
    if let Ok(path) = std::env::var("LINLI_KEEP_PDF") {
        std::fs::write(path, pdf).unwrap();
    }
}

#[test]
fn a_source_that_is_wrong_is_an_error_and_not_a_panic() {
    assert!(documents().pdf("#nothing-of-this-name", serde_json::json!({})).unwrap_err().is("internal"));
}

#[test]
fn a_document_cannot_read_files() {
    assert!(documents().pdf("#read(\"/etc/passwd\")", serde_json::json!({})).is_err());
    assert!(documents().pdf("#read(\"../secret\")", serde_json::json!({})).is_err());
}

#[test]
fn a_folder_without_fonts_says_what_to_set() {
    let empty = std::env::temp_dir().join("linli-no-fonts");
    std::fs::create_dir_all(&empty).unwrap();
    let error = Documents::new(&[empty]).err().unwrap();
    assert!(matches!(error, FontError::None(_)) && error.to_string().contains("font_dir"));
}
