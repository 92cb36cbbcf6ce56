//! Small counts in a published table (小单元格保护, R28), so that nobody can be told from it.
//!
//! A *leaf* is a committee with its counts by category; leaves add up to groups, groups to the whole, categories to the
//! leaf's total. A count of 1 or more that is smaller than the least that may be shown is *sensitive*, and so is a
//! category that holds everybody. Such a row shows its total alone (primary suppression), and a row whose total is small
//! shows nothing. What is missing could be had back by subtracting the others from a sum, so further rows and sums are
//! withheld (complementary suppression) until no sensitive count can be told: from all that is published together it could be
//! nothing, and could as well be no small count at all.
//!
//! Which withheld rows stand in one sum decides: a *pool*. With totals N and sums S of a category shown, a count lies between
//! max(0, N + S − everything in the pool) and min(N, S), and each value between is possible (Fréchet's bounds of a table
//! with given margins). `tests/all/attack.rs` tries to do better by linear programming.

/// A row of the table before it is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Number of its group.
    pub group: usize,
    /// Counts by category; the first category is what ought to be.
    pub counts: Vec<u64>,
}

impl Leaf {
    /// All of it.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// A row as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// The total, unless withheld.
    pub total: Option<u64>,
    /// The counts, unless withheld.
    pub counts: Option<Vec<u64>>,
}

/// A table as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// The rows, in the order given.
    pub leaves: Vec<Shown>,
    /// The groups' sums.
    pub groups: Vec<Shown>,
    /// The sum of all.
    pub all: Shown,
}

/// How much of a row is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hide {
    Nothing,
    Counts,
    Row,
}

/// Withheld rows that stand in one sum stay at least so many, where there are so many: whoever knows the own one shall not
/// have the other.
const POOL_MIN: usize = 3;

/// A value's range as an attacker can work it out.
#[derive(Debug, Clone, Copy)]
struct Range {
    low: u64,
    high: u64,
}

/// Whether a count is sensitive by itself.
pub fn is_small(count: u64, least: u64) -> bool {
    (1..least).contains(&count)
}

/// Whether everybody of a row falls into a category other than the first.
fn holds_all(counts: &[u64]) -> bool {
    let total: u64 = counts.iter().sum();
    total > 0 && counts.iter().skip(1).any(|c| *c == total)
}

fn hide(counts: &[u64], least: u64) -> Hide {
    if is_small(counts.iter().sum(), least) {
        Hide::Row
    } else if counts.iter().any(|c| is_small(*c, least)) || holds_all(counts) {
        Hide::Counts
    } else {
        Hide::Nothing
    }
}

/// Protects a table: leaves in groups numbered from 0, `least` being the smallest count above nothing that is shown.
pub fn protect(leaves: &[Leaf], groups: usize, least: u64) -> Protected {
    Table::new(leaves, groups, least).closed().shown()
}

/// Protects a table whose rows count more of the same people than another one that is published: where the other withholds
/// counts, this one withholds the row.
pub fn protect_beside(leaves: &[Leaf], groups: usize, least: u64, other: &Protected) -> Protected {
    let mut table = Table::new(leaves, groups, least);
    let beside = |own: &mut Hide, shown: &Shown| {
        if shown.counts.is_none() {
            *own = Hide::Row;
        }
    };
    table.leaf.iter_mut().zip(&other.leaves).for_each(|(own, shown)| beside(own, shown));
    table.group.iter_mut().zip(&other.groups).for_each(|(own, shown)| beside(own, shown));
    beside(&mut table.all, &other.all);
    table.closed().shown()
}

/// Where a sensitive value can be told.
#[derive(Debug, Clone, Copy)]
struct Gap {
    /// The group in whose sum, or the sum of all.
    group: Option<usize>,
    /// What has to be withheld more.
    hide: Hide,
    /// The category; for totals none.
    category: Option<usize>,
    /// How much the pool holds of it.
    held: u64,
}

struct Table<'a> {
    leaves: &'a [Leaf],
    sums: Vec<Vec<u64>>,
    least: u64,
    leaf: Vec<Hide>,
    group: Vec<Hide>,
    all: Hide,
}

impl<'a> Table<'a> {
    fn new(leaves: &'a [Leaf], groups: usize, least: u64) -> Self {
        let width = leaves.first().map_or(0, |l| l.counts.len());
        let mut sums = vec![vec![0; width]; groups];
        let mut whole = vec![0; width];
        for leaf in leaves {
            for (n, count) in leaf.counts.iter().enumerate() {
                sums[leaf.group][n] += count;
                whole[n] += count;
            }
        }
        let leaf = leaves.iter().map(|l| hide(&l.counts, least)).collect();
        let group = sums.iter().map(|s| hide(s, least)).collect();
        Table { leaves, least, leaf, group, all: hide(&whole, least), sums }
    }

    /// Withholds until no sensitive value can be told.
    fn closed(mut self) -> Self {
        while let Some(gap) = self.gap() {
            self.widen(gap);
        }
        self
    }

    /// The rows of which at least so much is withheld and whose sum is that of a group, or of what the groups leave open.
    fn pool(&self, group: Option<usize>, level: Hide) -> Vec<usize> {
        let here = |n: &usize| {
            let of = self.leaves[*n].group;
            self.leaf[*n] >= level
                && match group {
                    Some(group) => of == group,
                    None => self.group[of] >= level,
                }
        };
        (0..self.leaves.len()).filter(here).collect()
    }

    /// The sum that a row stands in, as far as it is published: a group, the whole, or nothing.
    fn sum_of(&self, leaf: usize, level: Hide) -> Option<Option<usize>> {
        let group = self.leaves[leaf].group;
        if self.group[group] < level {
            Some(Some(group))
        } else if self.all < level {
            Some(None)
        } else {
            None
        }
    }

    /// What the totals that are withheld in the sum of a row add up to; `None` where nothing bounds them.
    fn totals(&self, leaf: usize) -> Option<u64> {
        let sum = self.sum_of(leaf, Hide::Row)?;
        Some(self.pool(sum, Hide::Row).iter().map(|n| self.leaves[*n].total()).sum())
    }

    /// Whether a withheld total is the only one in its sum, and so known.
    fn is_alone(&self, leaf: usize) -> bool {
        self.sum_of(leaf, Hide::Row).is_some_and(|sum| self.pool(sum, Hide::Row).len() == 1)
    }

    /// The first sensitive value that can be told, or told too closely.
    fn gap(&self) -> Option<Gap> {
        let of_rows = (0..self.leaves.len()).find_map(|n| self.gap_in_total(n).or_else(|| self.gap_in_counts(n)));
        of_rows.or_else(|| (0..self.sums.len()).find_map(|g| self.gap_in_group(g)))
    }

    /// A group's small sum, withheld, that certainly is more than nothing: the other groups' rows cannot hold all of it.
    fn gap_in_group(&self, group: usize) -> Option<Gap> {
        if self.group[group] < Hide::Counts || self.all >= Hide::Counts {
            return None;
        }
        let pool = self.pool(None, Hide::Counts);
        let totals = |own: bool| -> u64 {
            let side = pool.iter().filter(|n| !own || self.leaves[**n].group == group);
            side.map(|n| self.leaves[*n].total()).sum()
        };
        let small = |c: &usize| is_small(self.sums[group][*c], self.least);
        (0..self.sums[group].len()).filter(small).find_map(|category| {
            let held: u64 = pool.iter().map(|n| self.leaves[*n].counts[category]).sum();
            let certain = (totals(true) + held).saturating_sub(totals(false));
            (certain > 0).then_some(Gap { group: None, hide: Hide::Counts, category: Some(category), held })
        })
    }

    fn gap_in_total(&self, leaf: usize) -> Option<Gap> {
        let total = self.leaves[leaf].total();
        if self.leaf[leaf] < Hide::Row || !is_small(total, self.least) {
            return None;
        }
        let group = self.sum_of(leaf, Hide::Row)?;
        let pool = self.pool(group, Hide::Row);
        let held: u64 = pool.iter().map(|n| self.leaves[*n].total()).sum();
        let safe = pool.len() >= self.wanted(group) && held >= self.least;
        (!safe).then_some(Gap { group, hide: Hide::Row, category: None, held })
    }

    fn gap_in_counts(&self, leaf: usize) -> Option<Gap> {
        if self.leaf[leaf] < Hide::Counts {
            return None;
        }
        let counts = &self.leaves[leaf].counts;
        let total = self.leaves[leaf].total();
        let sensitive = |c: &usize| is_small(counts[*c], self.least) || (*c > 0 && counts[*c] == total);
        let group = self.sum_of(leaf, Hide::Counts)?;
        let pool = self.pool(group, Hide::Counts);
        for category in (0..counts.len()).filter(sensitive) {
            let held: u64 = pool.iter().map(|n| self.leaves[*n].counts[category]).sum();
            let range = self.range(leaf, &pool, held);
            let gap = Some(Gap { group, hide: Hide::Counts, category: Some(category), held });
            if pool.len() < self.wanted(group) {
                return gap;
            }
            if is_small(counts[category], self.least) && (range.low > 0 || range.high < self.least) {
                return gap;
            }
            // That all of a row fall into a category must not be certain, nor nearly so.
            if counts[category] == total && range.low + self.least > total.max(self.least) {
                return gap;
            }
        }
        None
    }

    /// How many rows a pool needs: what the table has, up to [`POOL_MIN`].
    fn wanted(&self, group: Option<usize>) -> usize {
        let has = self.leaves.iter().filter(|l| l.total() > 0 && group.is_none_or(|g| l.group == g)).count();
        has.clamp(2, POOL_MIN)
    }

    /// Between which bounds a category's count of a row lies, its pool holding so much of the category.
    fn range(&self, leaf: usize, pool: &[usize], held: u64) -> Range {
        if self.leaf[leaf] >= Hide::Row && !self.is_alone(leaf) {
            let totals = self.totals(leaf);
            return Range { low: 0, high: totals.map_or(held, |t| t.min(held)) };
        }
        let total = self.leaves[leaf].total();
        let everything: u64 = pool.iter().map(|n| self.leaves[*n].total()).sum();
        Range { low: (total + held).saturating_sub(everything), high: total.min(held) }
    }

    /// Withholds one thing more, of which a gap has most need.
    fn widen(&mut self, gap: Gap) {
        let open = |table: &Self, n: usize| table.leaf[n] < gap.hide && table.leaves[n].total() > 0;
        let inside = |table: &Self, n: usize| match gap.group {
            Some(group) => table.leaves[n].group == group,
            None => table.group[table.leaves[n].group] >= gap.hide,
        };
        // A row without any of what lacks adds to the pool's rows, not to what it holds.
        let adds = |table: &Self, n: usize| gap.held >= table.least || table.value(n, gap) > 0;
        let rows = (0..self.leaves.len()).filter(|n| open(self, *n) && inside(self, *n) && adds(self, *n));
        if let Some(n) = self.best(rows, gap) {
            self.leaf[n] = gap.hide;
            return;
        }
        match gap.group {
            Some(group) => self.group[group] = gap.hide,
            None => self.widen_groups(gap),
        }
    }

    /// Withholds another group's sum, with a row of it, or else the sum of all.
    fn widen_groups(&mut self, gap: Gap) {
        let withheld =
            |g: usize| self.leaves.iter().zip(&self.leaf).filter(|(l, h)| l.group == g && **h >= gap.hide).count();
        let has = |g: &usize| self.group[*g] < gap.hide && self.leaves.iter().any(|l| l.group == *g && l.total() > 0);
        let Some(group) = (0..self.group.len()).filter(has).max_by_key(|g| withheld(*g)) else {
            self.all = gap.hide;
            return;
        };
        let none = withheld(group) == 0;
        self.group[group] = gap.hide;
        if none {
            let of = (0..self.leaves.len()).filter(|n| self.leaves[*n].group == group && self.leaves[*n].total() > 0);
            if let Some(n) = self.best(of, gap) {
                self.leaf[n] = self.leaf[n].max(gap.hide);
            }
        }
    }

    fn value(&self, leaf: usize, gap: Gap) -> u64 {
        gap.category.map_or_else(|| self.leaves[leaf].total(), |c| self.leaves[leaf].counts[c])
    }

    /// The row that gives a pool what it lacks with the least lost: the smallest that is enough, else the largest.
    fn best(&self, rows: impl Iterator<Item = usize>, gap: Gap) -> Option<usize> {
        let lack = self.least.saturating_sub(gap.held).max(1);
        let key = |n: &usize| {
            let (value, total) = (self.value(*n, gap), self.leaves[*n].total());
            if value >= lack { (0, value, total) } else { (1, u64::MAX - value, u64::MAX - total) }
        };
        rows.min_by_key(key)
    }

    fn shown(&self) -> Protected {
        let show = |hide: Hide, counts: &[u64]| Shown {
            total: (hide < Hide::Row).then(|| counts.iter().sum()),
            counts: (hide < Hide::Counts).then(|| counts.to_vec()),
        };
        let whole: Vec<u64> =
            (0..self.sums.first().map_or(0, Vec::len)).map(|c| self.sums.iter().map(|s| s[c]).sum()).collect();
        Protected {
            leaves: self.leaves.iter().zip(&self.leaf).map(|(l, h)| show(*h, &l.counts)).collect(),
            groups: self.sums.iter().zip(&self.group).map(|(s, h)| show(*h, s)).collect(),
            all: show(self.all, &whole),
        }
    }
}
