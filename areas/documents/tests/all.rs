//! Documents typeset with the shipped fonts.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use linli_documents::{Documents, FontError, Mark, Paper, Part};
use linli_platform::app::Typesetter as _;

mod all {
    mod papers;
}

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

/// The text of a PDF by another program.
fn text_of(pdf: &[u8]) -> String {
    let file = std::env::temp_dir().join(format!("linli-hard-names-{}.pdf", std::process::id()));
    std::fs::write(&file, pdf).unwrap();
    let done = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&file).arg("-").output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap().split_whitespace().collect()
}

#[test]
fn a_receipt_prints_hard_names_as_they_are_and_takes_none_for_an_instruction() {
    const RECEIPT: &str = include_str!("../../declarations/src/receipt.typ");
    let long: String = "阿卜杜勒·买买提·艾合买提·吐尔逊·".chars().cycle().take(49).chain(['江']).collect();
    assert_eq!(long.chars().count(), 50);
    let household: String = (1..=60).map(|n| format!("工友{n}、")).collect();
    for name in [
        "<script>alert(1)</script>",
        "=HYPERLINK(\"http://x.test\",\"看\")",
        "#read(\"/etc/passwd\") $x$ *粗* _斜_ \\ `码`",
        "䶮龘",
        long.as_str(),
        household.as_str(),
    ] {
        let data = serde_json::json!({
            "title": "居住登记凭证", "office": "香花桥街道", "statement": "声明", "check": "扫码核验", "url": "https://linli.test/verify/x",
            "lines": [{ "label": "姓名", "value": name }],
            "qr": "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 2 2\"><rect width=\"1\" height=\"1\"/></svg>",
        });
        let pdf = documents().pdf(RECEIPT, data).unwrap();
        assert!(pdf.starts_with(b"%PDF-"), "{name}");
        let (text, written) = (text_of(&pdf), name.split_whitespace().collect::<String>());
        // A character that no shipped font has is written by its code point.
        let printed = |c: char| if text.contains(c) { c.to_string() } else { format!("〔U+{:04X}〕", c as u32) };
        let expected: String = written.chars().map(printed).collect();
        assert!(text.contains(&expected), "{name}: {text}");
    }
}

/// A paper of several pages of body text.
fn long_paper() -> Paper {
    let sentence = "本月各村居按照考核办法开展登记核查，登记率和准确率以公布的抽样结果为准。";
    Paper {
        issuer: "香花桥街道人口办".into(),
        number: Some("青香人〔2026〕11号".into()),
        title: "2026年11月考核情况通报".into(),
        addressee: Some("各村民委员会、居民委员会".into()),
        date: "2026年11月30日".into(),
        lead: (0..30).map(|n| sentence.repeat(2 + n % 3)).collect(),
        parts: vec![Part { heading: "一、总体情况".into(), paragraphs: vec![sentence.into()], table: None }],
    }
}

/// A line of text on a page: left, top, right and bottom edge in points.
#[derive(Debug, Clone, Copy)]
struct Line([f64; 4]);

/// The lines of each page, as Poppler finds them.
fn lines(pdf: &Path) -> Vec<Vec<Line>> {
    let out = Command::new("pdftotext").args(["-bbox-layout"]).arg(pdf).arg("-").output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let edge = |line: &str, name: &str| -> f64 {
        let from = line.find(name).unwrap() + name.len() + 2;
        line[from..].split('"').next().unwrap().parse().unwrap()
    };
    let of_page = |page: &str| {
        let parts = page.lines().filter(|l| l.trim_start().starts_with("<line "));
        let mut parts: Vec<[f64; 4]> =
            parts.map(|l| ["xMin", "yMin", "xMax", "yMax"].map(|name| edge(l, name))).collect();
        parts.sort_by(|a, b| a[1].total_cmp(&b[1]));
        // A line that holds Chinese and figures is found in parts.
        let same = |a: &[f64; 4], b: &[f64; 4]| (a[1] - b[1]).abs() < 3.0;
        let whole = |parts: &[[f64; 4]]| {
            let first = parts[0];
            Line(parts.iter().fold(first, |l, p| [l[0].min(p[0]), l[1], l[2].max(p[2]), l[3]]))
        };
        parts.chunk_by(same).map(whole).collect()
    };
    text.split("<page ").skip(1).map(of_page).collect()
}

/// GB/T 9704: 22 lines to a page within 156 × 225 mm, 37 mm below the top and 28 mm from the left edge.
fn keeps_the_standard(pdf: &Path, what: &str) {
    if let Ok(path) = std::env::var("LINLI_KEEP_PDF") {
        std::fs::copy(pdf, format!("{path}-{what}.pdf")).unwrap();
    }
    const MM: f64 = 72.0 / 25.4;
    let pages = lines(pdf);
    assert!(pages.len() >= 3, "{what}: {} pages", pages.len());
    // The second page is full of body text; the page number stands below it.
    let body: Vec<Line> = pages[1].iter().copied().filter(|l| l.0[3] < (37.0 + 225.0 + 3.0) * MM).collect();
    assert_eq!(body.len(), 22, "{what}: lines on a page");
    let left = body.iter().map(|l| l.0[0]).fold(f64::MAX, f64::min);
    let right = body.iter().map(|l| l.0[2]).fold(0.0, f64::max);
    assert!((left - 28.0 * MM).abs() < 2.0, "{what}: left edge {left}");
    assert!(right > (28.0 + 150.0) * MM && right < (28.0 + 156.0) * MM + 4.0, "{what}: right edge {right}");
    assert!(body[0].0[1] > 36.0 * MM && body[0].0[1] < 43.0 * MM, "{what}: top {}", body[0].0[1]);
    let number = pages[1].last().unwrap();
    assert!((number.0[0] - 28.0 * MM - 14.0).abs() < 6.0, "{what}: an even page's number stands left: {number:?}");
    let below = number.0[1] - (37.0 + 225.0) * MM;
    assert!((below - 7.0 * MM).abs() < 8.0, "{what}: the number stands {below} points below the text");
    let pitch = (body[21].0[3] - body[0].0[3]) / 21.0;
    assert!((pitch - 28.99).abs() < 0.15, "{what}: {pitch} points from line to line");
}

#[test]
fn a_pdf_keeps_the_margins_lines_and_fonts_of_the_standard() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("paper.pdf");
    std::fs::write(&pdf, documents().paper_pdf(&long_paper()).unwrap()).unwrap();
    keeps_the_standard(&pdf, "Typst");
    let fonts = Command::new("pdffonts").arg(&pdf).output().unwrap();
    let fonts = String::from_utf8(fonts.stdout).unwrap();
    for font in ["FandolFang", "FandolHei", "FandolSong"] {
        assert!(fonts.contains(font), "{fonts}");
    }
}

/// Writes a Word file into a folder and has LibreOffice turn it into a PDF.
fn converted(folder: &Path, word: &[u8]) -> PathBuf {
    let file = folder.join("paper.docx");
    std::fs::write(&file, word).unwrap();
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let status = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder)
        .arg(&file)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    folder.join("paper.pdf")
}

/// What LibreOffice reads in a Word file.
fn opened(word: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    words(&converted(folder.path(), word))
}

#[test]
fn a_word_file_opens_in_another_program_with_the_same_margins_and_lines() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = converted(folder.path(), &documents().paper_word(&long_paper()).unwrap());
    keeps_the_standard(&pdf, "LibreOffice");
}

fn mark() -> Mark {
    let lines = ["青香人〔2026〕11号　第 2 版", "校验码 0123-4567-89AB", "核验：https://linli.test/papers/check"];
    Mark { lines: lines.map(str::to_owned).to_vec() }
}

/// What Poppler reads of a PDF's text.
fn words(pdf: &Path) -> String {
    let out = Command::new("pdftotext").arg(pdf).arg("-").output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn a_pdf_is_an_archived_one_with_every_font_within_and_the_record_of_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("paper.pdf");
    let bytes = documents().numbered_pdf(&long_paper(), &mark()).unwrap();
    std::fs::write(&pdf, &bytes).unwrap();
    // PDF/A-2b says so in its XMP metadata, and when it was made.
    let meta = Command::new("pdfinfo").arg("-meta").arg(&pdf).output().unwrap();
    let meta = String::from_utf8(meta.stdout).unwrap();
    for said in ["<pdfaid:part>2<", "<pdfaid:conformance>B<", "<xmp:CreateDate>"] {
        assert!(meta.contains(said), "{said}: {meta}");
    }
    let fonts = Command::new("pdffonts").arg(&pdf).output().unwrap();
    let fonts = String::from_utf8(fonts.stdout).unwrap();
    // Name, type, encoding, and then whether it is embedded, a subset, and with its characters.
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(rows.len() >= 3 && rows.iter().all(|r| r.contains(" yes yes yes ")), "{fonts}");
    let said = words(&pdf);
    for line in ["校验码 0123-4567-89AB", "https://linli.test/papers/check"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    if let Ok(path) = std::env::var("LINLI_KEEP_PDF") {
        std::fs::copy(&pdf, format!("{path}-numbered.pdf")).unwrap();
    }
}

#[test]
fn a_numbered_word_file_has_the_record_of_its_number_at_the_end() {
    // Where the layout puts spaces between digits and characters is the reader's own business.
    let said: String = opened(&documents().numbered_word(&long_paper(), &mark()).unwrap()).split_whitespace().collect();
    let (_, after) = said.rsplit_once("2026年11月30日").unwrap();
    assert!(after.contains("第2版") && after.contains("0123-4567-89AB"), "{said}");
}
