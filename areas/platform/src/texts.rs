//! Texts in Fluent, zh-CN first and en second, complete in both.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// `zh-CN` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
    /// By code; anything that does not start with `en` is Chinese.
    pub fn from_code(code: &str) -> Lang {
        if code.starts_with("en") { Lang::En } else { Lang::Zh }
    }
}

/// All texts of all areas.
pub struct Texts {
    zh: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    keys: BTreeSet<String>,
}

/// An area's texts do not parse, or a key stands twice.
#[derive(Debug, thiserror::Error)]
#[error("texts of {area} ({lang}): {problem}")]
pub struct TextError {
    area: &'static str,
    lang: &'static str,
    problem: String,
}

impl Texts {
    /// Puts the areas' texts together: (area, zh-CN, en).
    pub fn new(sources: &[(&'static str, &'static str, &'static str)]) -> Result<Self, TextError> {
        let mut zh = FluentBundle::new_concurrent(vec![language("zh-CN")]);
        let mut en = FluentBundle::new_concurrent(vec![language("en")]);
        for bundle in [&mut zh, &mut en] {
            bundle.set_use_isolating(false);
        }
        let mut keys = BTreeSet::new();
        for (area, zh_text, en_text) in sources {
            keys.extend(zh_text.lines().filter_map(key_of).map(str::to_owned));
            for (bundle, lang, text) in [(&mut zh, "zh-CN", zh_text), (&mut en, "en", en_text)] {
                let fault = |problem: String| TextError { area, lang, problem };
                let resource = FluentResource::try_new((*text).to_owned()).map_err(|(_, e)| fault(format!("{e:?}")))?;
                bundle.add_resource(resource).map_err(|e| fault(format!("{e:?}")))?;
            }
        }
        Ok(Texts { zh, en, keys })
    }
    /// A text with arguments; the key itself if there is none, which a test forbids.
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let bundle = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            tracing::warn!(key, "a text is missing");
            return key.to_owned();
        };
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set(Cow::Borrowed(*name), value.clone());
        }
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&fluent), &mut errors).into_owned()
    }
    /// Every text whose key begins with one of these, for a script that puts them together itself: an argument `$n`
    /// stands as `{n}`.
    pub fn beginning_with(&self, lang: Lang, prefixes: &[&str]) -> BTreeMap<&str, String> {
        let wanted = self.keys.iter().filter(|key| prefixes.iter().any(|p| key.starts_with(p)));
        // Fluent itself leaves the name of an argument that is not given.
        wanted.map(|key| (key.as_str(), self.get(lang, key, &[]).replace("{$", "{"))).collect()
    }
    /// Whether both languages have the key.
    pub fn has(&self, key: &str) -> bool {
        self.zh.has_message(key) && self.en.has_message(key)
    }
}

/// The key of a line that begins a text.
fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim_end();
    let well_formed = key.starts_with(|c: char| c.is_ascii_lowercase()) && !key.contains(' ');
    well_formed.then_some(key)
}

/// A number in a text, whole and of any width; templates hand over references.
pub trait Count {
    /// The number.
    fn count(&self) -> i64;
}
macro_rules! counts {
    ($($type:ty),+) => {$(impl Count for $type {
        fn count(&self) -> i64 { i64::try_from(*self).unwrap_or(i64::MAX) }
    })+};
}
counts!(i64, i32, i16, u64, u32, u16, u8, usize);
impl<C: Count + ?Sized> Count for &C {
    fn count(&self) -> i64 {
        (**self).count()
    }
}

/// Texts in the language of one page. In templates: `t.s("key")`, `t.n("key", count)`, `t.a("key", "name", value)`.
#[derive(Clone)]
pub struct T {
    texts: std::sync::Arc<Texts>,
    /// The page's language.
    pub lang: Lang,
}

impl T {
    /// Texts in one language.
    pub fn new(texts: std::sync::Arc<Texts>, lang: Lang) -> Self {
        T { texts, lang }
    }
    /// A text.
    pub fn s(&self, key: impl AsRef<str>) -> String {
        self.texts.get(self.lang, key.as_ref(), &[])
    }
    /// A text with the number `$n`.
    pub fn n(&self, key: impl AsRef<str>, n: impl Count) -> String {
        self.texts.get(self.lang, key.as_ref(), &[("n", FluentValue::from(n.count()))])
    }
    /// A text with one named argument.
    pub fn a(&self, key: impl AsRef<str>, name: &str, value: impl ToString) -> String {
        self.texts.get(self.lang, key.as_ref(), &[(name, FluentValue::from(value.to_string()))])
    }
    /// A text with several named arguments.
    pub fn all(&self, key: impl AsRef<str>, args: &[(&str, String)]) -> String {
        let args: Vec<_> = args.iter().map(|(k, v)| (*k, FluentValue::from(v.as_str()))).collect();
        self.texts.get(self.lang, key.as_ref(), &args)
    }
    /// A text by its key, or the argument itself where it is a finished text already: messages of forms.
    pub fn message(&self, key_or_text: impl AsRef<str>) -> String {
        let text = key_or_text.as_ref();
        if self.texts.has(text) { self.s(text) } else { text.to_owned() }
    }
    /// A text made of a prefix and a code: `t.code("role", role.code())`.
    pub fn code(&self, prefix: &str, code: impl ToString) -> String {
        self.s(format!("{prefix}-{}", code.to_string().replace('.', "-")))
    }
    /// What stands between the items of a list: `、` or a comma.
    pub fn comma(&self) -> &'static str {
        if self.lang == Lang::Zh { "、" } else { ", " }
    }
    /// What stands behind the name of something that follows.
    pub fn colon(&self) -> &'static str {
        if self.lang == Lang::Zh { "：" } else { ": " }
    }
    /// The text of an error.
    pub fn error(&self, e: &crate::error::AppError) -> String {
        // A column of a table goes by its name in the language of the page.
        let value = |k: &str, v: &String| match (k, format!("column-{v}")) {
            ("column", key) if self.texts.has(&key) => self.s(key),
            _ => v.clone(),
        };
        let args: Vec<_> = e.args.iter().map(|(k, v)| (*k, value(k, v))).collect();
        self.all(format!("error-{}", e.code), &args)
    }
}

fn language(code: &str) -> LanguageIdentifier {
    code.parse().expect("the two languages have well-formed codes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_a_column_in_the_language_of_the_page() {
        let zh = "column-name = 姓名\nerror-missing = 缺少“{ $column }”\n";
        let en = "column-name = Name\nerror-missing = “{ $column }” is missing\n";
        let texts = std::sync::Arc::new(Texts::new(&[("t", zh, en)]).unwrap());
        let missing = |column: &str| crate::error::AppError::rule("missing").arg("column", column);
        for (lang, column, said) in [
            (Lang::Zh, "name", "缺少“姓名”"),
            (Lang::En, "name", "“Name” is missing"),
            (Lang::En, "other", "“other” is missing"),
        ] {
            let text = T::new(texts.clone(), lang).error(&missing(column));
            assert_eq!(text, said);
        }
    }

    #[test]
    fn texts_for_a_script_hold_the_names_of_their_arguments() {
        let zh = "# words = none\nphone-left = 还有 { $n } 人\nphone-long =\n    两行\nother = 不要\n";
        let en =
            "phone-left = { $n ->\n    [one] one left\n   *[other] { $n } left\n }\nphone-long = two\nother = no\n";
        let texts = Texts::new(&[("t", zh, en)]).unwrap();
        let zh = texts.beginning_with(Lang::Zh, &["phone-"]);
        assert_eq!(
            zh.into_iter().collect::<Vec<_>>(),
            [("phone-left", "还有 {n} 人".into()), ("phone-long", "两行".into())]
        );
        assert_eq!(texts.beginning_with(Lang::En, &["phone-left"])["phone-left"], "{n} left");
    }
}
