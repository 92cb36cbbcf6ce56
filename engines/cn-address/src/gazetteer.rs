//! Names of roads, villages and sites learnt from a table of standard addresses.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::{address::Address, element::Element, fold::Ch, grammar::Parser};

/// A name must stand in this many addresses of the table to be learnt.
const MIN_ADDRESSES: u32 = 2;
const MAX_NAME_CHARS: usize = 24;

#[derive(Debug, Clone)]
struct Entry {
    chars: Box<[char]>,
    /// The full name when this entry leaves out its ending.
    full: Option<Box<str>>,
    element: Element,
}

/// Known names (地名表): found whole at their place in the text, or without their ending before a number.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    names: FxHashMap<u64, Entry>,
    stems: FxHashMap<u64, Entry>,
    /// Longest name that begins with these two characters.
    heads: FxHashMap<(char, char), u8>,
}

impl Gazetteer {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns the divisions, roads, villages, hamlets and sites of a table of standard addresses. A name that
    /// occurs only once is not learnt.
    pub fn learn<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Self {
        Self::learn_some(addresses, |element| element.is_name())
    }

    /// Learns the towns alone (街道、镇、乡): of any list, standard or not. Where one row writes 香花桥街道, another's
    /// 香花桥天达路 is a road in that town.
    pub fn learn_towns<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Self {
        Self::learn_some(addresses, |element| element == Element::Town)
    }

    fn learn_some<'a>(addresses: impl IntoIterator<Item = &'a str>, wanted: impl Fn(Element) -> bool) -> Self {
        let parser = Parser::new();
        let mut counts: FxHashMap<(Element, String), u32> = FxHashMap::default();
        let mut address = Address::default();
        for text in addresses {
            parser.parse_into(text, &mut address);
            for element in Element::ALL.into_iter().filter(|&element| wanted(element)) {
                let Some(name) = address.get(element) else { continue };
                let key = (element, name.to_owned());
                *counts.entry(key).or_default() += 1;
            }
        }
        Self::of_counts(counts)
    }

    fn of_counts(counts: FxHashMap<(Element, String), u32>) -> Self {
        let mut names: Vec<_> = counts.into_iter().filter(|&(_, count)| count >= MIN_ADDRESSES).collect();
        // The commonest reading of a name wins, then the larger element: the result does not depend on order.
        names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut table = Self::new();
        for ((element, name), _) in names {
            table.add(element, &name);
        }
        table
    }

    /// Adds a name. The first element given to a name stays. Names of one character or more than 24, and
    /// elements that are numbers, are left out.
    pub fn add(&mut self, element: Element, name: &str) {
        let chars: Vec<char> = name.chars().collect();
        if !element.is_name() || !(2..=MAX_NAME_CHARS).contains(&chars.len()) {
            return;
        }
        let head = self.heads.entry((chars[0], chars[1])).or_default();
        *head = (*head).max(chars.len() as u8);
        if let Some(length) = stem_length(element, name)
            && length >= 2
        {
            self.add_stem(element, name, &chars[..length]);
        }
        self.names.entry(hash(chars.iter().copied())).or_insert_with(|| Entry {
            chars: chars.into(),
            full: None,
            element,
        });
    }

    /// A short form that two names share stands for neither: 盈港 may be 盈港路 or 盈港街.
    fn add_stem(&mut self, element: Element, name: &str, stem: &[char]) {
        let entry = self.stems.entry(hash(stem.iter().copied())).or_insert_with(|| Entry {
            chars: stem.into(),
            full: Some(name.into()),
            element,
        });
        if entry.full.as_deref() != Some(name) {
            entry.full = None;
        }
    }

    /// How many names it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// True when it knows no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The longest known name at `start`.
    pub(crate) fn longest(&self, buf: &[Ch], start: usize) -> Option<(Element, usize)> {
        let head = (buf.get(start)?.c, buf.get(start + 1)?.c);
        let longest = *self.heads.get(&head)? as usize;
        let mut hasher = FxHasher::default();
        head.0.hash(&mut hasher);
        let mut found = None;
        for (n, ch) in buf.iter().enumerate().take(start + longest).skip(start + 1) {
            ch.c.hash(&mut hasher);
            if let Some(entry) = self.names.get(&hasher.finish())
                && same(&entry.chars, &buf[start..=n])
            {
                found = Some((entry.element, n + 1));
            }
        }
        found
    }

    /// Where a known town without its ending ends that stands at `start` before another name: 香花桥天达路.
    pub(crate) fn town(&self, buf: &[Ch], start: usize) -> Option<usize> {
        let head = (buf.get(start)?.c, buf.get(start + 1)?.c);
        let longest = *self.heads.get(&head)? as usize;
        let ends = start + 2..buf.len().min(start + longest);
        ends.rev().find(|&end| {
            let stem = &buf[start..end];
            let entry = self.stems.get(&hash(stem.iter().map(|ch| ch.c)));
            entry.is_some_and(|e| e.element == Element::Town && e.full.is_some() && same(&e.chars, stem))
        })
    }

    /// What a whole name is, with its full form when its ending was left out.
    pub(crate) fn whole(&self, buf: &[Ch]) -> Option<(Element, Option<&str>)> {
        let key = hash(buf.iter().map(|ch| ch.c));
        if let Some(entry) = self.names.get(&key).filter(|entry| same(&entry.chars, buf)) {
            return Some((entry.element, None));
        }
        let entry = self.stems.get(&key).filter(|entry| same(&entry.chars, buf) && entry.full.is_some())?;
        Some((entry.element, entry.full.as_deref()))
    }
}

/// How many characters are left without the ending by which people shorten a name.
fn stem_length(element: Element, name: &str) -> Option<usize> {
    let endings: &[&str] = match element {
        Element::Town => &["街道", "镇", "乡"],
        Element::Village => &["村民委员会", "居民委员会", "村委会", "居委会", "社区", "村"],
        Element::Road => &["公路", "路", "街", "大道"],
        _ => return None,
    };
    endings.iter().find_map(|ending| name.strip_suffix(ending)).map(|stem| stem.chars().count())
}

fn hash(chars: impl Iterator<Item = char>) -> u64 {
    let mut hasher = FxHasher::default();
    for c in chars {
        c.hash(&mut hasher);
    }
    hasher.finish()
}

fn same(chars: &[char], buf: &[Ch]) -> bool {
    chars.len() == buf.len() && chars.iter().zip(buf).all(|(&c, ch)| c == ch.c)
}
