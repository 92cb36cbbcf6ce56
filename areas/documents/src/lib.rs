//! Typesets the office's documents as PDF (公文排版), and writes papers as Word files too.
//!
//! The typesetter is Typst with a small world of its own: one source given by an area, its data as `data.json`, and
//! the shared layout `gbt9704.typ`. It knows nothing of the register; areas hand it what may be printed. It is the
//! only crate that links Typst, and the binary injects it, so that daily builds of the areas skip it.

mod fonts;
mod word;
mod world;

use std::path::PathBuf;

use linli_platform::{
    AppError, Result,
    app::Typesetter,
    clock::{At, Clock},
};
use typst::{diag::SourceDiagnostic, foundations::Datetime};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use fonts::{FontError, Fonts};
pub use linli_platform::paper::{Figures, Mark, Paper, Part};
pub use word::{WordError, numbered, word};
use world::DocumentWorld;

/// The layout of official documents, as areas import it: `#import "gbt9704.typ": *`.
const LAYOUT: &str = include_str!("gbt9704.typ");
/// What typesets a [`Paper`] given as data in that layout.
const PAPER: &str = include_str!("paper.typ");

/// Typesets with the fonts of the given folders.
pub struct Documents {
    fonts: Fonts,
    clock: Clock,
}

impl Documents {
    /// Reads the fonts. Later folders only fill in what earlier ones lack, so the office's own licensed fonts go first.
    ///
    /// # Errors
    /// [`FontError::None`] if no folder holds a font with Chinese characters.
    pub fn new(folders: &[PathBuf]) -> Result<Self, FontError> {
        Ok(Documents { fonts: Fonts::read(folders)?, clock: Clock::system() })
    }
}

impl Typesetter for Documents {
    fn pdf(&self, source: &str, data: serde_json::Value) -> Result<Vec<u8>> {
        let world = DocumentWorld::new(&self.fonts, source, LAYOUT, &self.fonts.readable_data(data));
        let compiled = typst::compile::<PagedDocument>(&world);
        let document = compiled.output.map_err(|errors| fault(&errors))?;
        // What was laid out once is kept for similar documents; a year's worth would fill the memory.
        typst::comemo::evict(10);
        match typst_pdf::pdf(&document, &archived(self.clock.now())?) {
            Ok(bytes) => Ok(bytes),
            // The office's own font may forbid to be embedded as the standard asks. A document is worth more than that.
            Err(errors) => {
                tracing::warn!(error = %fault_text(&errors), "a document is no PDF/A");
                typst_pdf::pdf(&document, &PdfOptions::default()).map_err(|errors| fault(&errors))
            }
        }
    }

    fn paper_pdf(&self, paper: &Paper) -> Result<Vec<u8>> {
        self.pdf(PAPER, serde_json::to_value(paper)?)
    }

    fn numbered_pdf(&self, paper: &Paper, mark: &Mark) -> Result<Vec<u8>> {
        let mut data = serde_json::to_value(paper)?;
        data["mark"] = serde_json::to_value(&mark.lines)?;
        self.pdf(PAPER, data)
    }

    fn numbered_word(&self, paper: &Paper, mark: &Mark) -> Result<Vec<u8>> {
        numbered(paper, mark).map_err(AppError::internal)
    }

    fn paper_word(&self, paper: &Paper) -> Result<Vec<u8>> {
        word(paper).map_err(AppError::internal)
    }
}

/// PDF/A-2b (GB/T 23286.2, ISO 19005-2): fonts embedded, colours defined, nothing from outside, the time of making.
fn archived(now: At) -> Result<PdfOptions> {
    let standards = PdfStandards::new(&[PdfStandard::A_2b]);
    let standards = standards.map_err(|e| AppError::internal(format!("PDF/A: {}", e.message())))?;
    let t = now.timestamp().to_zoned(jiff::tz::TimeZone::UTC);
    let part = |n: i8| n.unsigned_abs();
    let made = Datetime::from_ymd_hms(
        t.year().into(),
        part(t.month()),
        part(t.day()),
        part(t.hour()),
        part(t.minute()),
        part(t.second()),
    );
    Ok(PdfOptions { standards, timestamp: made.map(Timestamp::new_utc), ..PdfOptions::default() })
}

fn fault(errors: &[SourceDiagnostic]) -> AppError {
    AppError::internal(format!("a document does not typeset: {}", fault_text(errors)))
}

fn fault_text(errors: &[SourceDiagnostic]) -> String {
    let text = |e: &SourceDiagnostic| {
        format!("{} {}", e.message, e.hints.iter().map(|h| h.v.to_string()).collect::<Vec<_>>().join(" "))
    };
    errors.iter().map(text).collect::<Vec<_>>().join("; ")
}
