//! Sentences of documents that the office may change without programming (文书模板, R36): fixed texts with named places,
//! such as `{月份}`. An area says what may be changed and which places there are; the area `papers` keeps the versions and
//! has the page. What is typed is text and nothing else: no markup, no layout, no formula.

use std::collections::BTreeMap;

use crate::{
    app::App,
    error::{AppError, Result},
    free_text,
    texts::{Lang, T},
};

/// A named place of a sentence: the program puts a value there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Stable code, for the program.
    pub code: &'static str,
    /// Its name in Chinese sentences.
    pub zh: &'static str,
    /// Its name in English sentences.
    pub en: &'static str,
}

impl Place {
    /// A place.
    pub const fn new(code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Place { code, zh, en }
    }
    /// Its name in a language, without braces.
    pub fn name(&self, lang: Lang) -> &'static str {
        if lang == Lang::En { self.en } else { self.zh }
    }
}

/// One sentence or heading that may be changed.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// Stable code; its label is the text `wording-<template>-<code>`.
    pub code: &'static str,
    /// The original in Chinese.
    pub zh: &'static str,
    /// The original in English; empty where the document is Chinese alone.
    pub en: &'static str,
    /// The places that may stand in it.
    pub places: &'static [Place],
    /// Codes of those that must.
    pub needed: &'static [&'static str],
    /// So many characters at most.
    pub max_chars: usize,
}

impl Slot {
    /// The original in a language.
    pub fn original(&self, lang: Lang) -> &'static str {
        if lang == Lang::En { self.en } else { self.zh }
    }
    /// The places with their braces, for people: `{月份} {街道}`.
    pub fn shown_places(&self, lang: Lang) -> String {
        self.places.iter().map(|p| format!("{{{}}}", p.name(lang))).collect::<Vec<_>>().join(" ")
    }
}

/// A document with sentences that may be changed.
pub trait Template: Send + Sync {
    /// Stable code; its name is the text `wording-<code>`.
    fn code(&self) -> &'static str;
    /// The languages it is made in.
    fn langs(&self) -> &'static [Lang];
    /// What may be changed.
    fn slots(&self) -> &'static [Slot];
    /// The document with these words and invented values: a PDF.
    ///
    /// # Errors
    /// `fonts-missing`.
    fn sample(&self, app: &App, t: &T, words: &Words) -> Result<Vec<u8>>;
}

/// The words of a document in one language and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The template's code.
    pub template: &'static str,
    /// Language.
    pub lang: Lang,
    /// Version; 0 is the original that comes with the program.
    pub version: i64,
    slots: BTreeMap<&'static str, (&'static [Place], String)>,
}

impl Words {
    /// The words of a template, from what is kept; the original where nothing is.
    pub fn new(template: &dyn Template, lang: Lang, version: i64, kept: &BTreeMap<String, String>) -> Words {
        let word = |slot: &Slot| {
            let text = kept.get(slot.code).cloned().unwrap_or_else(|| slot.original(lang).to_owned());
            (slot.code, (slot.places, text))
        };
        Words { template: template.code(), lang, version, slots: template.slots().iter().map(word).collect() }
    }
    /// The words that come with the program.
    pub fn original(template: &dyn Template, lang: Lang) -> Words {
        Words::new(template, lang, 0, &BTreeMap::new())
    }
    /// A sentence as it is kept, with its places.
    pub fn text(&self, slot: &str) -> &str {
        self.slots.get(slot).map_or("", |(_, text)| text.as_str())
    }
    /// A sentence with values, by the places' codes. A value is never searched for places.
    pub fn say(&self, slot: &str, values: &[(&str, &str)]) -> String {
        let Some((places, text)) = self.slots.get(slot) else { return String::new() };
        let mut said = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => said.push_str(text),
                Piece::Place(name) => {
                    let code = places.iter().find(|p| p.name(self.lang) == name).map(|p| p.code);
                    said.push_str(values.iter().find(|(c, _)| Some(*c) == code).map_or("", |(_, v)| v));
                }
            }
        }
        said
    }
    /// How it is named on record: `bulletin/zh-CN/3`.
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.template, self.lang.code(), self.version)
    }
}

enum Piece<'a> {
    Text(&'a str),
    Place(&'a str),
}

fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut all = Vec::new();
    while let Some(open) = text.find('{') {
        let Some(length) = text[open..].find('}') else { break };
        all.push(Piece::Text(&text[..open]));
        all.push(Piece::Place(&text[open + 1..open + length]));
        text = &text[open + length + 1..];
    }
    all.push(Piece::Text(text));
    all
}

/// Whether a sentence can stand in its slot.
///
/// # Errors
/// `wording-empty`; `wording-long` with the limit; `wording-place` with a place that does not exist and those that do;
/// `wording-brace` for a brace without its other half; `wording-needed` with a place that is missing; those of
/// [`free_text::check`].
pub fn check(slot: &Slot, lang: Lang, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(AppError::rule("wording-empty"));
    }
    let chars = text.chars().count();
    if chars > slot.max_chars {
        return Err(AppError::rule("wording-long").arg("max", slot.max_chars).arg("n", chars));
    }
    let mut seen = Vec::new();
    let mut plain = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) if text.contains(['{', '}']) => return Err(AppError::rule("wording-brace")),
            Piece::Text(text) => plain.push_str(text),
            Piece::Place(name) => match slot.places.iter().find(|p| p.name(lang) == name) {
                Some(place) => seen.push(place.code),
                None => return Err(unknown(slot, lang, name)),
            },
        }
    }
    if let Some(missing) = slot.places.iter().find(|p| slot.needed.contains(&p.code) && !seen.contains(&p.code)) {
        return Err(AppError::rule("wording-needed").arg("place", format!("{{{}}}", missing.name(lang))));
    }
    Ok(free_text::check(&plain)?)
}

fn unknown(slot: &Slot, lang: Lang, name: &str) -> AppError {
    if slot.places.is_empty() {
        return AppError::rule("wording-no-places");
    }
    // What was typed is shown back to whoever typed it, and kept short.
    let name: String = name.chars().take(20).collect();
    AppError::rule("wording-place").arg("place", format!("{{{name}}}")).arg("known", slot.shown_places(lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: &[Place] = &[Place::new("month", "月份", "month"), Place::new("n", "村居数", "committees")];
    const SLOT: Slot = Slot {
        code: "lead",
        zh: "{月份}，对 {村居数} 个村居评分。",
        en: "{committees} committees were scored for {month}.",
        places: PLACES,
        needed: &["month"],
        max_chars: 40,
    };
    struct One;
    impl Template for One {
        fn code(&self) -> &'static str {
            "one"
        }
        fn langs(&self) -> &'static [Lang] {
            &[Lang::Zh, Lang::En]
        }
        fn slots(&self) -> &'static [Slot] {
            &[SLOT]
        }
        fn sample(&self, _: &App, _: &T, _: &Words) -> Result<Vec<u8>> {
            Ok(Vec::new())
        }
    }

    #[test]
    fn places_are_filled_by_their_name_in_the_language_and_values_are_not_read_again() {
        let zh = Words::original(&One, Lang::Zh);
        assert_eq!(zh.say("lead", &[("month", "2026年10月"), ("n", "{月份}")]), "2026年10月，对 {月份} 个村居评分。");
        let en = Words::original(&One, Lang::En);
        assert_eq!(en.say("lead", &[("month", "October"), ("n", "35")]), "35 committees were scored for October.");
        assert_eq!((zh.name().as_str(), zh.say("other", &[])), ("one/zh-CN/0", String::new()));
    }

    #[test]
    fn what_is_wrong_with_a_sentence_is_said_with_what_may_stand_there() {
        let code = |text: &str| check(&SLOT, Lang::Zh, text).map_err(|e| e.code);
        assert_eq!(code("{月份}评分情况。"), Ok(()));
        for (text, expected) in [
            (" ", "wording-empty"),
            ("{月份}{街道名}评分。", "wording-place"),
            ("{month}评分。", "wording-place"),
            ("本月评分。", "wording-needed"),
            ("{月份评分。", "wording-brace"),
            ("{月份}评分}。", "wording-brace"),
            ("{月份}联系 13900001111。", "free-text-number"),
        ] {
            assert_eq!(code(text), Err(expected), "{text}");
        }
        assert_eq!(code(&format!("{{月份}}{}", "字".repeat(40))), Err("wording-long"));
        let error = check(&SLOT, Lang::Zh, "{街道名}").unwrap_err();
        assert!(error.args.iter().any(|(_, v)| v == "{月份} {村居数}"), "{:?}", error.args);
        let none = Slot { places: &[], needed: &[], ..SLOT };
        assert_eq!(check(&none, Lang::Zh, "{月份}").unwrap_err().code, "wording-no-places");
        let english = check(&SLOT, Lang::En, "{月份} scored.").unwrap_err();
        assert!(english.args.iter().any(|(_, v)| v == "{month} {committees}"), "{:?}", english.args);
    }
}
