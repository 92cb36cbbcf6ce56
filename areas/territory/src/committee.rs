//! Committees (村居) and how tables write their names.
//!
//! The same committee is written in many ways: 香花桥居委会 for 香花居委会, 民惠社区居委会 for 民惠一居委, with or
//! without 社区, 村委会 or 村民委员会. [`Committees::resolve`] tells a sure reading from a guess, and a guess is
//! never taken silently: the importer is asked.

use std::collections::HashMap;

/// Assessment group of committees (考核分组), 考核 二(一).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Residential (居住类).
    A,
    /// Mixed (混合类).
    B,
    /// Rural (农村类).
    C,
    /// Relocated (动迁类).
    D,
}

impl Group {
    /// All four, in order.
    pub const ALL: [Group; 4] = [Group::A, Group::B, Group::C, Group::D];
    /// `A`–`D`, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Group::A => "A",
            Group::B => "B",
            Group::C => "C",
            Group::D => "D",
        }
    }
    /// By letter, upper or lower case; or by its Chinese name.
    pub fn from_code(text: &str) -> Option<Group> {
        match fold(text).trim_end_matches('组').trim_end_matches('类') {
            "a" | "居住" => Some(Group::A),
            "b" | "混合" => Some(Group::B),
            "c" | "农村" => Some(Group::C),
            "d" | "动迁" => Some(Group::D),
            _ => None,
        }
    }
}

/// Whether it is a village's or a residents' committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitteeKind {
    /// Village committee (村委会).
    Village,
    /// Residents' committee (居委会).
    Residents,
}

impl CommitteeKind {
    /// `village` or `residents`, as stored.
    pub fn code(self) -> &'static str {
        match self {
            CommitteeKind::Village => "village",
            CommitteeKind::Residents => "residents",
        }
    }
    /// By code or Chinese word; without either, from the ending of the committee's name.
    pub fn read(text: &str, name: &str) -> CommitteeKind {
        match fold(text).as_str() {
            "village" | "村" | "村委会" => CommitteeKind::Village,
            "residents" | "居" | "居委会" => CommitteeKind::Residents,
            _ if stem(name).1 == Some(CommitteeKind::Village) => CommitteeKind::Village,
            _ => CommitteeKind::Residents,
        }
    }
}

/// What a written committee name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// It is the committee's code, its name or its official name.
    Exact(String),
    /// It is a known alias, or the same name with another ending.
    Alias(String),
    /// It resembles these committees (codes, the likeliest first, at most [`MAX_SUGGESTIONS`]); somebody has to say.
    Unsure(Vec<String>),
    /// Nothing like it is known.
    Unknown,
}

impl Resolved {
    /// The code, where the reading is sure.
    pub fn sure(&self) -> Option<&str> {
        match self {
            Resolved::Exact(code) | Resolved::Alias(code) => Some(code),
            Resolved::Unsure(_) | Resolved::Unknown => None,
        }
    }
}

/// How many committees are suggested for an unsure name.
pub const MAX_SUGGESTIONS: usize = 3;
/// From this similarity (Jaro, 0–1) on a committee is suggested. Two characters of which one agrees have 0.667.
const SUGGEST_FROM: f64 = 0.66;

/// A committee as [`Committees`] knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Statistical division code, 12 digits.
    pub code: String,
    /// The short name.
    pub name: String,
    /// The official name.
    pub official_name: String,
    /// Village's or residents'.
    pub kind: CommitteeKind,
    /// Other ways of writing it.
    pub aliases: Vec<String>,
}

/// All committees with their aliases, for reading names in tables.
#[derive(Debug, Clone, Default)]
pub struct Committees {
    known: Vec<Known>,
    names: HashMap<String, usize>,
    aliases: HashMap<String, usize>,
    stems: HashMap<String, Vec<usize>>,
}

impl Committees {
    /// From the committees of a sub-district.
    pub fn new(known: Vec<Known>) -> Self {
        let mut all = Committees::default();
        for (i, one) in known.iter().enumerate() {
            for name in [&one.code, &one.name, &one.official_name] {
                all.names.entry(fold(name)).or_insert(i);
            }
            for alias in &one.aliases {
                all.aliases.entry(fold(alias)).or_insert(i);
            }
            for written in [&one.name, &one.official_name].into_iter().chain(&one.aliases) {
                let same = all.stems.entry(stem(written).0).or_default();
                if !same.contains(&i) {
                    same.push(i);
                }
            }
        }
        all.known = known;
        all
    }
    /// Reads a written name. Blanks, width and case do not count, nor does what stands before 街道.
    ///
    /// ```
    /// use linli_territory::{CommitteeKind, Committees, Known, Resolved};
    /// let known = Known {
    ///     code: "310118003218".into(),
    ///     name: "泾阳村".into(),
    ///     official_name: "泾阳村村委会".into(),
    ///     kind: CommitteeKind::Village,
    ///     aliases: vec![],
    /// };
    /// let committees = Committees::new(vec![known]);
    /// assert_eq!(committees.resolve("泾阳村"), Resolved::Exact("310118003218".into()));
    /// assert_eq!(committees.resolve("香花桥街道泾阳村民委员会"), Resolved::Alias("310118003218".into()));
    /// assert_eq!(committees.resolve("泾阴村"), Resolved::Unsure(vec!["310118003218".into()]));
    /// assert_eq!(committees.resolve("外滩"), Resolved::Unknown);
    /// ```
    pub fn resolve(&self, text: &str) -> Resolved {
        let written = fold(text);
        if written.is_empty() {
            return Resolved::Unknown;
        }
        if let Some(i) = self.names.get(&written) {
            return Resolved::Exact(self.known[*i].code.clone());
        }
        if let Some(i) = self.aliases.get(&written) {
            return Resolved::Alias(self.known[*i].code.clone());
        }
        let (stem, kind) = stem(text);
        if let Some(same) = self.stems.get(&stem) {
            // A village and the residents' committee beside it often share a name, so the ending has to fit.
            let fits = |i: &&usize| kind.is_none_or(|k| self.known[**i].kind == k);
            let fitting: Vec<&usize> = same.iter().filter(fits).collect();
            return match (fitting.as_slice(), same.as_slice()) {
                ([one], _) => Resolved::Alias(self.known[**one].code.clone()),
                (_, all) => Resolved::Unsure(self.codes(all.iter().copied())),
            };
        }
        match self.similar(&stem) {
            similar if similar.is_empty() => Resolved::Unknown,
            similar => Resolved::Unsure(similar),
        }
    }
    /// The committees' names for a list of codes, joined by 、, for a message.
    pub fn names_of(&self, codes: &[String]) -> String {
        let name = |code: &String| self.known.iter().find(|k| k.code == *code).map(|k| k.name.as_str());
        codes.iter().filter_map(name).collect::<Vec<_>>().join("、")
    }
    /// The short name of a code.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.known.iter().find(|k| k.code == code).map(|k| k.name.as_str())
    }
    /// All of them, in order.
    pub fn known(&self) -> &[Known] {
        &self.known
    }

    fn codes(&self, all: impl Iterator<Item = usize>) -> Vec<String> {
        all.take(MAX_SUGGESTIONS).map(|i| self.known[i].code.clone()).collect()
    }
    fn similar(&self, written: &str) -> Vec<String> {
        let mut best: HashMap<usize, f64> = HashMap::new();
        for (stem, all) in &self.stems {
            let within = written.chars().count() >= 2 && (stem.contains(written) || written.contains(stem.as_str()));
            let score = if within { 0.9 } else { strsim::jaro(stem, written) };
            for i in all.iter().filter(|_| score >= SUGGEST_FROM) {
                let place = best.entry(*i).or_default();
                *place = place.max(score);
            }
        }
        let mut order: Vec<(usize, f64)> = best.into_iter().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        self.codes(order.into_iter().map(|(i, _)| i))
    }
}

/// Half width, without blanks, small letters, without what stands before 街道.
pub(crate) fn fold(text: &str) -> String {
    let folded: String = text
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}' && *c != '\u{200b}')
        .flat_map(char::to_lowercase)
        .collect();
    match folded.rsplit_once("街道") {
        Some((_, rest)) if !rest.is_empty() => rest.to_owned(),
        _ => folded,
    }
}

/// A name without its ending, and the kind that the ending tells.
fn stem(text: &str) -> (String, Option<CommitteeKind>) {
    use CommitteeKind::{Residents, Village};
    const ENDINGS: [(&str, CommitteeKind); 8] = [
        ("村民委员会", Village),
        ("村委会", Village),
        ("村委", Village),
        ("居民委员会", Residents),
        ("居委会", Residents),
        ("居委", Residents),
        ("社区", Residents),
        ("村", Village),
    ];
    let mut rest = fold(text);
    let mut kind = None;
    // Endings pile up: 泾阳村村委会, 友爱社区居民委员会.
    while let Some((cut, its)) = ENDINGS.iter().find_map(|(end, k)| Some((rest.strip_suffix(end)?.to_owned(), *k))) {
        if cut.is_empty() {
            break;
        }
        kind = kind.or(Some(its));
        rest = cut;
    }
    (rest, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(code: &str, name: &str, official: &str, aliases: &[&str]) -> Known {
        Known {
            code: code.into(),
            name: name.into(),
            official_name: official.into(),
            kind: CommitteeKind::read("", name),
            aliases: aliases.iter().map(ToString::to_string).collect(),
        }
    }
    fn some() -> Committees {
        Committees::new(vec![
            known("001", "香花居委会", "香花桥居委会", &["香花桥居委会"]),
            known("007", "民惠一居委", "民惠社区居委会", &["民惠社区居委会", "民惠居委会"]),
            known("008", "民惠二居委", "民惠第二社区居委会", &[]),
            known("201", "盈中村", "盈中村村委会", &[]),
            known("009", "都汇华庭", "都汇华庭社区居委会", &[]),
            known("013", "玉兰花园居委会", "玉兰花园社区居委会", &[]),
        ])
    }

    #[test]
    fn a_name_is_sure_an_alias_is_sure_and_a_guess_is_asked() {
        let exact = |c: &str| Resolved::Exact(c.into());
        let alias = |c: &str| Resolved::Alias(c.into());
        let unsure = |c: &[&str]| Resolved::Unsure(c.iter().map(ToString::to_string).collect());
        for (written, expected) in [
            ("香花居委会", exact("001")),
            ("香花桥居委会", exact("001")),
            ("００１", exact("001")),
            ("上海市青浦区香花桥街道 香花居委会", exact("001")),
            ("香花社区居委会", alias("001")),
            ("民惠社区居委会", exact("007")),
            ("民惠居委会", alias("007")),
            ("民惠第二居委会", alias("008")),
            ("盈中村民委员会", alias("201")),
            ("盈中", alias("201")),
            ("盈中居委会", unsure(&["201"])),
            ("民慧二居委", unsure(&["008"])),
            ("玉兰", unsure(&["013"])),
            ("外滩居委会", Resolved::Unknown),
            ("  ", Resolved::Unknown),
        ] {
            assert_eq!(some().resolve(written), expected, "{written}");
        }
    }

    #[test]
    fn groups_are_read_by_letter_and_by_word() {
        for (text, group) in [("A", Group::A), ("ｂ组", Group::B), ("农村类", Group::C), ("d", Group::D)] {
            assert_eq!(Group::from_code(text), Some(group), "{text}");
        }
        assert_eq!(Group::from_code("E"), None);
    }
}
