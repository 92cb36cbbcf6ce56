//! Every text is there in both languages, and so is every key that the area uses.

use std::collections::BTreeSet;

fn keys(text: &str) -> BTreeSet<String> {
    let of = |line: &str| line.split_once(" = ").map(|(key, _)| key.to_owned());
    text.lines().filter(|l| !l.starts_with([' ', '#'])).filter_map(of).collect()
}

#[test]
fn both_languages_have_the_same_texts() {
    let (zh, en) = linli_meetings::TEXTS;
    assert_eq!(keys(zh), keys(en));
}

#[test]
fn every_key_named_in_pages_and_rules_has_a_text() {
    let known = keys(linli_meetings::TEXTS.0);
    let root = env!("CARGO_MANIFEST_DIR");
    let mut missing = BTreeSet::new();
    for folder in ["src", "src/pages", "templates/meetings"] {
        for file in std::fs::read_dir(format!("{root}/{folder}")).unwrap().map(|f| f.unwrap().path()) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            for (open, prefix) in
                [("t.s(\"", ""), ("t.n(\"", ""), ("t.a(\"", ""), ("t.all(\"", ""), ("rule(\"", "error-")]
            {
                for rest in text.split(open).skip(1) {
                    let key = format!("{prefix}{}", rest.split('"').next().unwrap());
                    let own =
                        ["meeting", "agenda-", "error-meeting", "channel-meeting"].iter().any(|p| key.starts_with(p));
                    if own && !known.contains(&key) {
                        missing.insert(key);
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
