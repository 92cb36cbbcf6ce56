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
    /// Whether some font has the character. Blanks and what is not printed need none.
    fn has(&self, character: char) -> bool {
        let printed = !character.is_whitespace() && !character.is_control();
        !printed || self.fonts.iter().any(|font| font.info().coverage.contains(character as u32))
    }
    /// A text in which a character that no font has is written by its code point, as registers write rare characters of
    /// names (冷僻字): `〔U+2CB3B〕` can be read and looked up, an empty box cannot.
    pub(crate) fn readable(&self, text: &str) -> String {
        let mut readable = String::with_capacity(text.len());
        for character in text.chars() {
            match self.has(character) {
                true => readable.push(character),
                false => readable.push_str(&format!("〔U+{:04X}〕", character as u32)),
            }
        }
        readable
    }
    /// All texts of a document's data made [`readable`](Fonts::readable).
    pub(crate) fn readable_data(&self, data: serde_json::Value) -> serde_json::Value {
        use serde_json::Value;
        match data {
            Value::String(text) => Value::String(self.readable(&text)),
            Value::Array(all) => Value::Array(all.into_iter().map(|one| self.readable_data(one)).collect()),
            Value::Object(all) => {
                Value::Object(all.into_iter().map(|(name, one)| (name, self.readable_data(one))).collect())
            }
            other => other,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_no_font_has_is_written_by_its_code_point() {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts");
        let fonts = Fonts::read(&[shipped]).expect("fonts are shipped");
        // A private character is in no font that is shipped.
        let data = serde_json::json!({ "lines": [{ "label": "姓名", "value": "王\u{F0000}·\u{3000}买提" }], "n": 3 });
        let shown = fonts.readable_data(data);
        assert_eq!(shown["lines"][0]["value"], "王〔U+F0000〕·\u{3000}买提");
        assert_eq!((shown["lines"][0]["label"].as_str(), shown["n"].as_i64()), (Some("姓名"), Some(3)));
        for rare in ["䶮", "龘", "𬬻"] {
            let shown = fonts.readable(rare);
            assert!(shown == rare || shown.starts_with("〔U+"), "{rare} is printed or named: {shown}");
        }
    }
}
