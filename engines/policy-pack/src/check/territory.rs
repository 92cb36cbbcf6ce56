//! The sub-district, its groups and committees (R1).

use std::collections::BTreeMap;

use super::Checker;
use crate::Reason;
use crate::pack::Rules;
use crate::source::steps;

const TERRITORY: &str = "territory.toml";
/// Length of a sub-district's code and of a committee's.
const CODE_DIGITS: (usize, usize) = (9, 12);

pub(super) fn check(checker: &mut Checker<'_>, rules: &Rules) {
    meta(checker, rules);
    committees(checker, rules);
    names(checker, rules);
    for (place, group) in rules.territory.groups.iter().enumerate() {
        if !rules.territory.committees.iter().any(|committee| committee.group == group.id) {
            let reason = Reason::EmptyGroup { id: group.id.clone() };
            checker.report(TERRITORY, &steps!["group", place, "id"], reason);
        }
    }
}

fn meta(checker: &mut Checker<'_>, rules: &Rules) {
    let meta = &rules.meta;
    if meta.format != 1 {
        checker.report("pack.toml", &steps!["pack", "format"], Reason::MustBe { expected: "1" });
    }
    if !is_code(&meta.division_code, CODE_DIGITS.0) {
        let reason = Reason::BadDivisionCode { found: meta.division_code.clone() };
        checker.report("pack.toml", &steps!["pack", "division_code"], reason);
    }
    let year = i64::from(meta.effective_from.year());
    if !(2000..=2100).contains(&year) {
        let reason = Reason::OutOfRange { found: year, min: 2000, max: 2100 };
        checker.report("pack.toml", &steps!["pack", "effective_from"], reason);
    }
}

fn is_code(code: &str, digits: usize) -> bool {
    code.len() == digits && code.bytes().all(|b| b.is_ascii_digit())
}

fn committees(checker: &mut Checker<'_>, rules: &Rules) {
    for (place, committee) in rules.territory.committees.iter().enumerate() {
        if !is_code(&committee.code, CODE_DIGITS.1) || !committee.code.starts_with(&rules.meta.division_code) {
            let reason = Reason::BadDivisionCode { found: committee.code.clone() };
            checker.report(TERRITORY, &steps!["committee", place, "code"], reason);
        }
        if !rules.territory.groups.iter().any(|group| group.id == committee.group) {
            let reason = Reason::UnknownReference { id: committee.group.clone() };
            checker.report(TERRITORY, &steps!["committee", place, "group"], reason);
        }
    }
}

/// A name that two committees share would make an import guess.
fn names(checker: &mut Checker<'_>, rules: &Rules) {
    let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, committee) in rules.territory.committees.iter().enumerate() {
        for name in committee.names() {
            if *owner.entry(name).or_insert(place) != place {
                let key = if name == committee.name { "name" } else { "aliases" };
                let reason = Reason::Duplicate { id: name.to_owned() };
                checker.report(TERRITORY, &steps!["committee", place, key], reason);
            }
        }
    }
}
