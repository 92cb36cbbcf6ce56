//! Somebody who has all that is published tries to tell a withheld small count: by subtracting rows from sums and sums from
//! each other, with linear programming, which finds whatever can be found so; and with two editions.

use good_lp::{Expression, ProblemVariables, Solution as _, SolverModel as _, Variable, constraint, microlp, variable};
use linli_surveys::evaluation::{Leaf, Protected, Shown, is_small, protect, protect_beside};
use proptest::prelude::*;

const LEAST: u64 = 5;

/// What a published table says: which counts, added up, make which number.
struct Published<'a> {
    leaves: &'a [Leaf],
    groups: usize,
    tables: Vec<&'a Protected>,
}

/// Some rows of one category, or of all.
#[derive(Debug, Clone)]
struct Asked {
    rows: Vec<usize>,
    category: usize,
    truth: u64,
}

impl Published<'_> {
    fn width(&self) -> usize {
        self.leaves[0].counts.len()
    }
    fn rows_of(&self, group: Option<usize>) -> Vec<usize> {
        (0..self.leaves.len()).filter(|n| group.is_none_or(|g| self.leaves[*n].group == g)).collect()
    }
    /// Every line of every table with the rows that it adds up.
    fn lines(&self) -> Vec<(Vec<usize>, &Shown)> {
        let mut all = Vec::new();
        for table in &self.tables {
            all.extend(table.leaves.iter().enumerate().map(|(n, s)| (vec![n], s)));
            all.extend((0..self.groups).map(|g| (self.rows_of(Some(g)), &table.groups[g])));
            all.push((self.rows_of(None), &table.all));
        }
        all
    }
    /// The largest or least that the asked could be, after all that is published.
    fn bound(&self, asked: &Asked, most: bool) -> f64 {
        let mut all = ProblemVariables::new();
        let cells: Vec<Vec<Variable>> = (0..self.leaves.len())
            .map(|_| (0..self.width()).map(|_| all.add(variable().min(0.0).max(1e6))).collect())
            .collect();
        let cells = &cells;
        let sum = |rows: &[usize], categories: &[usize]| -> Expression {
            rows.iter().flat_map(|n| categories.iter().map(move |c| cells[*n][*c])).sum()
        };
        let goal = sum(&asked.rows, &[asked.category]);
        let goal = if most { all.maximise(goal) } else { all.minimise(goal) };
        let mut model = goal.using(microlp);
        let every: Vec<usize> = (0..self.width()).collect();
        for (rows, shown) in self.lines() {
            if let Some(total) = shown.total {
                model = model.with(constraint::eq(sum(&rows, &every), total as f64));
            }
            for (c, count) in shown.counts.iter().flatten().enumerate() {
                model = model.with(constraint::eq(sum(&rows, &[c]), *count as f64));
            }
        }
        let solution = model.solve().expect("the truth is possible");
        solution.eval(sum(&asked.rows, &[asked.category]))
    }
    /// All small counts of rows, groups and the whole.
    fn small(&self) -> Vec<Asked> {
        let mut all = Vec::new();
        let groups = (0..self.groups).map(|g| self.rows_of(Some(g)));
        let rows = (0..self.leaves.len()).map(|n| vec![n]).chain(groups).chain([self.rows_of(None)]);
        for rows in rows {
            for category in 0..self.width() {
                let truth = rows.iter().map(|n| self.leaves[*n].counts[category]).sum();
                if is_small(truth, LEAST) {
                    all.push(Asked { rows: rows.clone(), category, truth });
                }
            }
        }
        all
    }
    /// The small counts that can be told: certainly not nothing, or certainly small.
    fn told(&self) -> Vec<(Asked, f64, f64)> {
        let bounds = |asked: Asked| {
            let (low, high) = (self.bound(&asked, false), self.bound(&asked, true));
            (asked, low, high)
        };
        self.small().into_iter().map(bounds).filter(|(_, low, high)| *low > 0.5 || *high < LEAST as f64 - 0.5).collect()
    }
}

fn attack<'a>(leaves: &'a [Leaf], groups: usize, tables: Vec<&'a Protected>) -> Vec<(Asked, f64, f64)> {
    Published { leaves, groups, tables }.told()
}

fn leaf(group: usize, counts: &[u64]) -> Leaf {
    Leaf { group, counts: counts.to_vec() }
}

/// Committees as they are: most people registered, few not, few gone; here and there hardly anybody.
fn leaves() -> impl Strategy<Value = (Vec<Leaf>, usize)> {
    let few = prop_oneof![4 => 0_u64..8, 1 => 8_u64..60];
    let many = prop_oneof![6 => 20_u64..600, 1 => 0_u64..8];
    let counts = (many, few.clone(), few.clone(), prop_oneof![3 => Just(0_u64), 1 => few]);
    (1_usize..4).prop_flat_map(move |groups| {
        let row = (0..groups, counts.clone()).prop_map(|(g, (a, b, c, d))| leaf(g, &[a, b, c, d]));
        (proptest::collection::vec(row, 1..9), Just(groups))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn from_one_table_nobody_tells_a_small_count((leaves, groups) in leaves()) {
        let table = protect(&leaves, groups, LEAST);
        let told = attack(&leaves, groups, vec![&table]);
        prop_assert!(told.is_empty(), "{told:?}\n{table:?}");
    }

    #[test]
    fn what_is_shown_is_true_and_no_small_count_is_shown((leaves, groups) in leaves()) {
        let table = protect(&leaves, groups, LEAST);
        for (leaf, shown) in leaves.iter().zip(&table.leaves) {
            prop_assert!(shown.total.is_none_or(|t| t == leaf.total() && !is_small(t, LEAST)));
            if let Some(counts) = &shown.counts {
                prop_assert_eq!(counts, &leaf.counts);
                prop_assert!(counts.iter().all(|c| !is_small(*c, LEAST)));
            }
        }
    }

    #[test]
    fn a_table_beside_another_withholds_the_rows_that_the_other_does((leaves, groups) in leaves()) {
        let people = protect(&leaves, groups, LEAST);
        let items: Vec<Leaf> = leaves.iter().map(|l| leaf(l.group, &[4 * l.counts[0], l.counts[1]])).collect();
        let beside = protect_beside(&items, groups, LEAST, &people);
        for (one, other) in people.leaves.iter().zip(&beside.leaves) {
            prop_assert!(one.counts.is_some() || other.total.is_none());
        }
        let told = attack(&items, groups, vec![&beside]);
        prop_assert!(told.is_empty(), "{told:?}\n{beside:?}");
    }
}

#[test]
fn hiding_the_small_counts_alone_would_tell_them() {
    let rows = [leaf(0, &[100, 2]), leaf(0, &[80, 9]), leaf(0, &[90, 30])];
    let mut table = protect(&rows, 1, LEAST);
    assert!(attack(&rows, 1, vec![&table]).is_empty());
    // The same with the first row withheld and nothing else: the attacker subtracts.
    for n in [1, 2] {
        table.leaves[n].counts = Some(rows[n].counts.clone());
    }
    let told = attack(&rows, 1, vec![&table]);
    assert!(told.iter().any(|(asked, low, high)| asked.truth == 2 && (low - high).abs() < 1e-6), "{told:?}");
}

#[test]
fn two_editions_would_tell_what_neither_does() {
    // An office that thinks better of it: first with a least count of 5, then of 12. Each edition is safe.
    let rows = [
        leaf(0, &[100, 3]),
        leaf(0, &[80, 6]),
        leaf(0, &[90, 7]),
        leaf(0, &[90, 30]),
        leaf(1, &[200, 40]),
        leaf(1, &[100, 50]),
        leaf(1, &[120, 45]),
    ];
    let (first, second) = (protect(&rows, 2, LEAST), protect(&rows, 2, 12));
    assert!(attack(&rows, 2, vec![&first]).is_empty() && attack(&rows, 2, vec![&second]).is_empty());
    // What one withholds to guard the small count, another that guards it otherwise shows.
    let mut other = first.clone();
    let hidden: Vec<usize> = (0..4).filter(|n| first.leaves[*n].counts.is_none()).collect();
    assert!(hidden.contains(&0) && hidden.len() == 3, "{hidden:?}");
    let spare = (0..4).find(|n| !hidden.contains(n)).unwrap();
    let shown: Vec<usize> = hidden.iter().copied().filter(|n| *n != 0).collect();
    other.leaves[shown[0]].counts = Some(rows[shown[0]].counts.clone());
    other.leaves[shown[1]].counts = Some(rows[shown[1]].counts.clone());
    other.leaves[spare].counts = None;
    let told = attack(&rows, 2, vec![&first, &other]);
    assert!(told.iter().any(|(asked, ..)| asked.rows == [0]), "therefore a year has one edition: {told:?}");
}
