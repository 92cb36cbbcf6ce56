//! Fonts of documents. The customary ones of official papers are licensed; the project ships open ones and accepts
//! the office's own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// No fonts to typeset with.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// None of the folders holds a font with Chinese characters.
    #[error("no font with Chinese characters in {0:?}; set `font_dir` to the folder `assets/fonts` of the release")]
    None(Vec<PathBuf>),
}

/// The fonts of a process.
pub struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
}

impl Fonts {
    /// Reads every font file of the folders and the folders in them.
    pub(crate) fn read(folders: &[PathBuf]) -> Result<Self, FontError> {
        let mut fonts = Vec::new();
        for folder in folders {
            collect(folder, 0, &mut fonts);
        }
        let chinese = |font: &Font| font.info().coverage.contains('街' as u32);
        if !fonts.iter().any(chinese) {
            return Err(FontError::None(folders.to_vec()));
        }
        Ok(Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts })
    }
}

/// Folders deeper than this are not searched.
const MAX_DEPTH: u8 = 4;

fn collect(folder: &Path, depth: u8, fonts: &mut Vec<Font>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth < MAX_DEPTH {
                collect(&path, depth + 1, fonts);
            }
            continue;
        }
        let is_font =
            path.extension().is_some_and(|e| ["otf", "ttf", "ttc", "otc"].iter().any(|x| e.eq_ignore_ascii_case(x)));
        if !is_font {
            continue;
        }
        match fs::read(&path) {
            Ok(bytes) => fonts.extend(Font::iter(Bytes::new(bytes))),
            Err(e) => tracing::warn!(font = %path.display(), error = %e, "a font cannot be read"),
        }
    }
}
