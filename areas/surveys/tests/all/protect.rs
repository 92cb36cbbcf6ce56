//! What is withheld of a small table.

use linli_surveys::evaluation::{Leaf, Protected, Shown, protect};

fn leaf(group: usize, counts: [u64; 2]) -> Leaf {
    Leaf { group, counts: counts.to_vec() }
}
fn withheld(table: &Protected) -> Vec<usize> {
    (0..table.leaves.len()).filter(|n| table.leaves[*n].counts.is_none()).collect()
}

#[test]
fn a_table_without_small_counts_is_shown_as_it_is() {
    let table = protect(&[leaf(0, [100, 7]), leaf(0, [80, 0]), leaf(0, [90, 5])], 1, 5);
    assert_eq!(withheld(&table), Vec::<usize>::new());
    assert_eq!(table.all.counts, Some(vec![270, 12]));
}

#[test]
fn one_small_count_takes_others_with_it_that_nobody_can_subtract() {
    let table = protect(&[leaf(0, [100, 2]), leaf(0, [80, 9]), leaf(0, [90, 30]), leaf(0, [70, 12])], 1, 5);
    assert!(withheld(&table).contains(&0) && withheld(&table).len() >= 3, "{table:?}");
    assert!(table.leaves.iter().all(|l| l.total.is_some()), "totals of enough people stay");
    assert_eq!(table.groups[0].counts, Some(vec![340, 53]), "and so does the sum");
}

#[test]
fn small_counts_that_add_up_to_a_small_sum_take_the_sum_with_them() {
    let table = protect(&[leaf(0, [100, 1]), leaf(0, [80, 1]), leaf(1, [90, 30]), leaf(1, [60, 20])], 2, 5);
    assert_eq!(table.groups[0].counts, None, "two, one each");
    assert_eq!(table.groups[1].counts, None, "or the first could be had from the whole");
    assert!(table.all.counts.is_some());
}

#[test]
fn that_everybody_is_unregistered_is_told_of_no_row() {
    let table = protect(&[leaf(0, [0, 40]), leaf(0, [100, 9]), leaf(0, [80, 20]), leaf(0, [80, 8])], 1, 5);
    assert!(table.leaves[0].counts.is_none(), "{table:?}");
}

#[test]
fn a_row_of_few_people_shows_nothing() {
    let table = protect(&[leaf(0, [3, 0]), leaf(0, [100, 9]), leaf(0, [80, 20]), leaf(0, [70, 8])], 1, 5);
    assert_eq!(table.leaves[0], Shown::default());
    assert!(table.leaves.iter().filter(|l| l.total.is_none()).count() >= 2, "another total goes with it");
}

#[test]
fn a_table_of_one_row_shows_no_small_count() {
    let table = protect(&[leaf(0, [100, 2])], 1, 5);
    assert_eq!((table.leaves[0].counts.clone(), table.groups[0].counts.clone(), table.all.counts), (None, None, None));
    assert_eq!(table.leaves[0].total, Some(102));
}
