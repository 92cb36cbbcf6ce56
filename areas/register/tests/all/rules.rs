use cn_identity::{DocumentKind, make::resident_number};
use linli_register::{
    codes::SexCode,
    rules::{Written, check},
};

use super::world::number;

fn written<'a>(name: &'a str, doc_no: &'a str, phone: &'a str) -> Written<'a> {
    Written { name, doc_kind: DocumentKind::Resident, doc_no, doc_confirmed: false, phone, sex: None, birth: None }
}

#[test]
fn each_broken_rule_is_named_at_its_field() {
    let today = "2026-11-20".parse().unwrap();
    let good = number(2);
    let future = resident_number("990101", (2030, 1, 1), 2).as_str().to_owned();
    let mut wrong_check = good.clone();
    wrong_check.replace_range(17.., if good.ends_with('3') { "4" } else { "3" });
    let long = "长".repeat(51);
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        ("", &good, "", "name", "name-empty"),
        (&long, &good, "", "name", "name-too-long"),
        ("王\u{7}明", &good, "", "name", "name-control"),
        ("王明", "", "", "doc_no", "number-empty"),
        ("王明", "9901011990", "", "doc_no", "number-length"),
        ("王明", "99010119900307O023", "", "doc_no", "number-character"),
        ("王明", "990101199013070023", "", "doc_no", "number-date"),
        ("王明", &wrong_check, "", "doc_no", "number-check"),
        ("王明", "9.90101E+17", "", "doc_no", "number-excel"),
        ("王明", "990101199003070000", "", "doc_no", "number-excel"),
        ("王明", &future, "", "doc_no", "birth-future"),
        ("王明", &good, "1390000", "phone", "phone-length"),
        ("王明", &good, "021-59700000", "phone", "phone-prefix"),
        ("王明", &good, "139O0001111", "phone", "phone-character"),
        ("王明", &good, "1.39E+10", "phone", "phone-excel"),
    ];
    for (name, doc_no, phone, field, code) in cases {
        let (person, problems) = check(&written(name, doc_no, phone), today);
        assert!(person.is_none(), "{code}");
        let fatal: Vec<_> = problems.iter().filter(|p| p.fatal).map(|p| (p.field, p.code)).collect();
        assert_eq!(fatal, [(*field, *code)], "{code}");
    }
}

#[test]
fn what_people_type_around_a_right_number_is_no_fault() {
    let today = "2026-11-20".parse().unwrap();
    let good = number(2);
    for typed in [format!("'{good}"), format!(" {} ", good), format!("{} {}", &good[..6], &good[6..]), wide(&good)] {
        let (person, _) = check(&written("王明", &typed, "+86 199-0000-1234"), today);
        let person = person.expect("no fatal problem");
        assert_eq!(person.doc.number, good);
        assert_eq!(person.phone.unwrap().as_str(), "19900001234");
        assert_eq!(person.birth.unwrap().to_string(), "1990-03-07");
    }
}

fn wide(text: &str) -> String {
    text.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect()
}

#[test]
fn the_number_decides_sex_and_birth_and_a_difference_is_a_warning() {
    let today = "2026-11-20".parse().unwrap();
    let good = number(2);
    let typed =
        Written {
            sex: Some(SexCode::Male), birth: Some("1991-01-01".parse().unwrap()), ..written("王明", &good, "")
        };
    let (person, problems) = check(&typed, today);
    assert_eq!(person.unwrap().sex, SexCode::Female);
    let mut codes: Vec<_> = problems.iter().map(|p| p.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["area-unknown", "birth-differs", "sex-differs"]);
    assert!(problems.iter().all(|p| !p.fatal));
}

#[test]
fn a_true_end_of_000_passes_only_when_compared_with_the_card() {
    let today = "2026-11-20".parse().unwrap();
    let number = (0..999u16)
        .filter(|s| s % 100 == 0)
        .flat_map(|s| (1..=28).map(move |d| resident_number("990101", (1990, 3, d), s).as_str().to_owned()))
        .find(|n| n.ends_with("000"))
        .expect("one of them ends so");
    assert!(check(&written("王明", &number, ""), today).0.is_none());
    let confirmed = Written { doc_confirmed: true, ..written("王明", &number, "") };
    assert_eq!(check(&confirmed, today).0.unwrap().doc.number, number);
}

#[test]
fn no_problem_and_no_debug_form_carries_the_value() {
    let today = "2026-11-20".parse().unwrap();
    let good = number(2);
    let (person, problems) = check(&written("欧阳小明", &good, "19900001234"), today);
    let shown = format!("{:?} {problems:?}", person.unwrap());
    assert!(!shown.contains(&good) && !shown.contains("欧阳小明") && !shown.contains("19900001234"), "{shown}");
}
