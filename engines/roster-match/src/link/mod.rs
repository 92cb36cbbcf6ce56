//! Links any two tables by fields and comparators of one's own (Fellegi and Sunter, learnt without labels).
//!
//! ```
//! use roster_match::link::{Config, link};
//!
//! let config = Config::from_toml(r#"
//!     [[field]]
//!     name = "surname"
//!     compare = "exact"
//!     [[field]]
//!     name = "birth"
//!     compare = "digits"
//!     [[block]]
//!     fields = ["surname"]
//! "#).unwrap();
//! // Column by column: surnames, then birthdays.
//! let table = || vec![
//!     (0..50).map(|n| format!("surname {n}")).collect::<Vec<_>>(),
//!     (0..50).map(|n| format!("{}", 19_500_101 + n * 9_137)).collect(),
//! ];
//! let found = link(&table(), Some(&table()), &config);
//! assert_eq!(found.links.len(), 50);
//! assert!(found.links.iter().all(|link| link.left == link.right));
//! ```

mod compare;
mod config;
mod learn;

use compare::Columns;
pub use config::{Block, Comparator, Config, ConfigError, Field};
use rustc_hash::{FxHashMap, FxHashSet};

/// A block with more pairs than this tells too little and is passed over.
const MAX_BLOCK_PAIRS: usize = 250_000;
/// A larger group of equal records is a mistake of the configuration, and nothing is concluded from it.
const MAX_GROUP: usize = 50;

/// Two records that are one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// Position in the left table.
    pub left: u32,
    /// Position in the right table.
    pub right: u32,
    /// How probable it is, from 0 to 1.
    pub probability: f64,
}

/// The outcome of a linkage.
#[derive(Debug, Clone, PartialEq)]
pub struct Linkage {
    /// The links, by left and right position.
    pub links: Vec<Link>,
    /// How many pairs were compared.
    pub compared: usize,
    /// What was learnt: a line for each field and level, with its weight in bits.
    pub weights: Vec<Weight>,
}

/// What one level of one field says.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// The field's name.
    pub field: String,
    /// `equal`, `near`, `alike` or `differs`.
    pub level: &'static str,
    /// Its share among pairs of one and the same.
    pub same: f64,
    /// Its share among any two.
    pub other: f64,
}

/// Links two tables, given column by column in the order of the configuration's fields; without a right table, finds
/// the duplicates in the left one. The same tables give the same links.
#[must_use]
pub fn link(left: &[Vec<String>], right: Option<&[Vec<String>]>, config: &Config) -> Linkage {
    let one = Columns::read(left, config);
    let other = right.map(|right| Columns::read(right, config));
    let second = other.as_ref().unwrap_or(&one);
    let pairs = blocked(&one, second, other.is_none(), config);
    let model = learn::learn(&one, second, other.is_none(), &pairs, config);
    let mut links: Vec<Link> = pairs
        .iter()
        .map(|&(left, right)| Link { left, right, probability: model.probability(&one, second, left, right) })
        .collect();
    if config.left_once {
        links = best_of_left(&links);
    }
    links.retain(|link| link.probability >= config.matched);
    if config.one_to_one {
        links = best_only(links);
    }
    if config.transitive && other.is_none() {
        links.extend(implied(&links));
    }
    links.sort_unstable_by_key(|link| (link.left, link.right));
    Linkage { links, compared: pairs.len(), weights: model.told(config) }
}

/// The pairs that share the values of a block.
fn blocked(one: &Columns, other: &Columns, same_table: bool, config: &Config) -> Vec<(u32, u32)> {
    let mut pairs = FxHashSet::default();
    for block in &config.blocks {
        let fields = config.positions(block);
        let mut by_key: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for row in 0..other.rows() {
            if let Some(key) = other.key(row, &fields, block.letters) {
                by_key.entry(key).or_default().push(row as u32);
            }
        }
        let mut keys: FxHashMap<u64, usize> = FxHashMap::default();
        let left: Vec<Option<u64>> = (0..one.rows()).map(|row| one.key(row, &fields, block.letters)).collect();
        left.iter().flatten().for_each(|key| *keys.entry(*key).or_default() += 1);
        for (row, key) in (0u32..).zip(&left) {
            let Some(key) = key else { continue };
            let Some(found) = by_key.get(key) else { continue };
            if found.len() * keys[key] > MAX_BLOCK_PAIRS {
                continue;
            }
            pairs.extend(found.iter().filter(|&&right| !same_table || row < right).map(|&right| (row, right)));
        }
    }
    let mut pairs: Vec<(u32, u32)> = pairs.into_iter().collect();
    pairs.sort_unstable();
    pairs
}

/// Links between records that are linked to the same ones; as probable as the weakest link between them.
fn implied(links: &[Link]) -> Vec<Link> {
    let mut group: FxHashMap<u32, u32> = FxHashMap::default();
    let mut members: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let mut weakest: FxHashMap<u32, f64> = FxHashMap::default();
    for link in links {
        let one = *group.entry(link.left).or_insert(link.left);
        let other = *group.entry(link.right).or_insert(link.right);
        let least = [one, other].iter().filter_map(|g| weakest.get(g)).fold(link.probability, |a, &b| a.min(b));
        for single in [link.left, link.right] {
            let group = group[&single];
            members.entry(group).or_insert_with(|| vec![single]);
        }
        if one != other {
            let moved = members.remove(&other).unwrap_or_default();
            moved.iter().for_each(|&record| {
                group.insert(record, one);
            });
            members.entry(one).or_default().extend(moved);
        }
        weakest.insert(one, least);
    }
    let told: FxHashSet<(u32, u32)> = links.iter().map(|link| (link.left, link.right)).collect();
    let mut more = Vec::new();
    for (group, records) in members.iter().filter(|(_, records)| (3..=MAX_GROUP).contains(&records.len())) {
        for (n, &a) in records.iter().enumerate() {
            for &b in &records[n + 1..] {
                let (left, right) = (a.min(b), a.max(b));
                if !told.contains(&(left, right)) {
                    more.push(Link { left, right, probability: weakest[group] });
                }
            }
        }
    }
    more
}

/// The likeliest link of each left record; of equals the first. The pairs stand in the order of the left records.
fn best_of_left(links: &[Link]) -> Vec<Link> {
    let of_one = links.chunk_by(|a, b| a.left == b.left);
    of_one
        .filter_map(|links| links.iter().rev().max_by(|a, b| a.probability.total_cmp(&b.probability)).copied())
        .collect()
}

/// Each record keeps its best link, the likeliest links first.
fn best_only(mut links: Vec<Link>) -> Vec<Link> {
    links.sort_unstable_by(|a, b| {
        b.probability.total_cmp(&a.probability).then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let (mut left, mut right) = (FxHashSet::default(), FxHashSet::default());
    links.retain(|link| {
        let free = !left.contains(&link.left) && !right.contains(&link.right);
        if free {
            left.insert(link.left);
            right.insert(link.right);
        }
        free
    });
    links
}
