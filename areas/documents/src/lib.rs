//! Typesets the office's documents as PDF (公文排版), and writes papers as Word files too.
//!
//! The typesetter is Typst with a small world of its own: one source given by an area, its data as `data.json`, and
//! the shared layout `gbt9704.typ`. It knows nothing of the register; areas hand it what may be printed. It is the
//! only crate that links Typst, and the binary injects it, so that daily builds of the areas skip it.

mod fonts;
pub mod paper;
mod word;
mod world;

use std::path::PathBuf;

use linli_platform::{AppError, Result, app::Typesetter};
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

pub use fonts::{FontError, Fonts};
pub use paper::{Figures, Paper, Part};
pub use word::{WordError, word};
use world::DocumentWorld;

/// The layout of official documents, as areas import it: `#import "gbt9704.typ": *`.
const LAYOUT: &str = include_str!("gbt9704.typ");

/// Typesets with the fonts of the given folders.
pub struct Documents {
    fonts: Fonts,
}

impl Documents {
    /// Reads the fonts. Later folders only fill in what earlier ones lack, so the office's own licensed fonts go first.
    ///
    /// # Errors
    /// [`FontError::None`] if no folder holds a font with Chinese characters.
    pub fn new(folders: &[PathBuf]) -> Result<Self, FontError> {
        Ok(Documents { fonts: Fonts::read(folders)? })
    }
}

impl Typesetter for Documents {
    fn pdf(&self, source: &str, data: serde_json::Value) -> Result<Vec<u8>> {
        let world = DocumentWorld::new(&self.fonts, source, LAYOUT, &self.fonts.readable_data(data));
        let compiled = typst::compile::<PagedDocument>(&world);
        let document = compiled.output.map_err(|errors| fault(&errors))?;
        // What was laid out once is kept for similar documents; a year's worth would fill the memory.
        typst::comemo::evict(10);
        typst_pdf::pdf(&document, &PdfOptions::default()).map_err(|errors| fault(&errors))
    }
}

fn fault(errors: &[SourceDiagnostic]) -> AppError {
    let text: Vec<String> = errors
        .iter()
        .map(|e| format!("{} {}", e.message, e.hints.iter().map(|h| h.v.to_string()).collect::<Vec<_>>().join(" ")))
        .collect();
    AppError::internal(format!("a document does not typeset: {}", text.join("; ")))
}
