//! Numbers, names, mobiles, calendars.

use std::sync::LazyLock;

use cn_identity::{DocumentKind, Mobile, check_document, explain, identify, mask, name, suggest, warnings};
use cn_workday::Calendar;
use jiff::civil::Date;

use super::{lines, text};

/// Every reader of numbers: a normal form stays itself, a suggestion is valid, an explanation stands beside each error.
pub fn identity(data: &[u8]) {
    let input = &*text(data);
    let found = identify(input);
    if let Ok(document) = &found.result {
        let _ = warnings(document, input).iter().map(ToString::to_string).collect::<String>();
    }
    for kind in DocumentKind::ALL {
        let checked = check_document(kind, input);
        let why = explain(kind, input);
        assert_eq!(checked.is_err(), why.is_some(), "an explanation for each error and for no other");
        if let Some(why) = why {
            assert!(!why.to_string().is_empty());
        }
        // Fifteen digits may widen to an end of 000, which only a person can confirm.
        if let Ok(document) = &checked
            && !document.as_str().ends_with("000")
        {
            let again = check_document(kind, document.as_str()).expect("a normal form is valid");
            assert_eq!(again.as_str(), document.as_str(), "a normal form stays itself");
        }
        for near in suggest(kind, input, Some((2026, 1, 1))) {
            assert!(checked.is_err() && check_document(kind, near.as_str()).is_ok(), "a suggestion is valid");
        }
    }
    let _ = (Mobile::parse(input).map(|mobile| mobile.masked()), mask::any_document(input), mask::mobile(input));
}

/// Numbers of every kind, and mistyped ones.
pub fn identity_seeds() -> Vec<Vec<u8>> {
    let files = [
        include_str!("../../../engines/cn-identity/vectors/documents.json"),
        include_str!("../../../engines/cn-identity/vectors/suggestions.json"),
    ];
    files.into_iter().flat_map(inputs).collect()
}

/// The values of `"input": "…"` in a file of vectors; escapes are left as they stand.
fn inputs(json: &str) -> Vec<Vec<u8>> {
    let values = json.lines().filter_map(|line| line.trim().strip_prefix("\"input\": \"")?.strip_suffix("\","));
    values.map(|value| value.as_bytes().to_vec()).collect()
}

/// Names: what is checked stays itself, so do keys, and a mask keeps the length.
pub fn names(data: &[u8]) {
    let input = &*text(data);
    if let Ok(checked) = name::check(input) {
        assert_eq!(name::check(&checked).as_deref(), Ok(&*checked));
        assert!(checked.chars().count() <= name::MAX_CHARS);
        assert_eq!(mask::name(&checked).chars().count(), checked.trim().chars().count());
    }
    let key = name::key(input);
    assert_eq!(name::key(&key), key, "a key stays itself");
    assert_eq!(name::sound(&key), name::sound(input), "a name sounds as its key does");
}

/// Names of many scripts.
pub fn names_seeds() -> Vec<Vec<u8>> {
    inputs(include_str!("../../../engines/cn-identity/vectors/names.json"))
}

/// A table of special days, then counting and adding with it.
pub fn workday(data: &[u8]) {
    static OFFICIAL: LazyLock<Calendar> = LazyLock::new(Calendar::official);
    let table = match Calendar::from_csv(&text(data)) {
        Ok(table) => table,
        Err(problems) => {
            assert!(problems.iter().all(|p| p.line > 0 && !p.to_string().is_empty()));
            return;
        }
    };
    let first = data.first().copied().unwrap_or(0);
    let calendar = OFFICIAL.clone().with(table).weekdays_beyond_known();
    let from = Date::constant(2024, 1, 1).saturating_add(jiff::Span::new().days(i64::from(first) * 5));
    let n = i32::from(data.last().copied().unwrap_or(1)) + 1;
    let to = calendar.add_workdays(from, n).expect("far from the end of the calendar");
    let after = from.saturating_add(jiff::Span::new().days(1));
    assert_eq!(calendar.count_workdays(after..=to), Ok(n.unsigned_abs()), "adding and counting agree");
    assert_eq!(calendar.is_workday(to), Ok(true));
}

/// The shipped table whole and in part.
pub fn workday_seeds() -> Vec<Vec<u8>> {
    let table = include_str!("../../../engines/cn-workday/data/workdays-2024-2026.csv");
    let mut seeds = vec![table.as_bytes().to_vec()];
    seeds.extend(lines(table).into_iter().skip(1).take(8).map(|line| [b"date,name,kind\n", &line[..]].concat()));
    seeds
}
