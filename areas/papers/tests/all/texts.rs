//! Every text is there in both languages.

use std::collections::BTreeSet;

fn keys(text: &str) -> BTreeSet<&str> {
    text.lines().filter(|l| !l.starts_with([' ', '#'])).filter_map(|l| Some(l.split_once(" = ")?.0)).collect()
}

#[test]
fn both_languages_have_the_same_texts() {
    let (zh, en) = linli_papers::area().texts.unwrap();
    assert_eq!(keys(zh), keys(en));
    assert!(keys(zh).len() > 100);
}
