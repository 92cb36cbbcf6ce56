//! R15's classes and the rules that keep the machine careful, on hand-made cases.

use cn_identity::make::resident_number;
use roster_match::{Class, Decision, Matcher, Model, Options, Reason, Register, RegisterPerson, RosterRow, RowResult};

const HOME: &str = "外青松公路5800弄12号301室";
const OTHER_HOME: &str = "盈港东路88号101室";
const PHONE: &str = "13900010001";

fn number(seq: u16) -> String {
    resident_number("990101", (1990, 3, 7), seq).as_str().to_owned()
}

/// Zhang at home with 231, his twin 232, Li with 415 elsewhere, Wang without a number; and two thousand others.
fn register() -> Register {
    let numbers = [number(231), number(232), number(415)];
    let others: Vec<(String, String)> = (0..2000u64)
        .map(|n| {
            let name: String =
                ["高", "罗", "郭", "何"][n as usize % 4].chars().chain(char::from_u32(0x5000 + n as u32)).collect();
            let number =
                resident_number("990202", (1970, 1 + (n % 12) as u8, 1 + (n / 12 % 28) as u8), 1 + (n % 99) as u16);
            (name, number.as_str().to_owned())
        })
        .collect();
    let person = |pid, name, doc_no, phone, addr, employer| RegisterPerson { pid, name, doc_no, phone, addr, employer };
    let mut people = vec![
        person(1, "张建国", numbers[0].as_str(), PHONE, 0, 1),
        person(2, "张建军", numbers[1].as_str(), PHONE, 0, 2),
        person(3, "李雪梅", numbers[2].as_str(), "13900010003", 1, 1),
        person(4, "王海燕", "", "13900010004", 1, 1),
        person(5, "李雪梅", numbers[2].as_str(), "13900010003", 1, 1),
    ];
    people.extend(others.iter().enumerate().map(|(n, (name, doc))| person(100 + n as u64, name, doc, "", 2, 9)));
    Register::build(people, [HOME, OTHER_HOME, "香大东路1号"], Options::default())
}

fn compare(name: &str, id_no: &str, phone: &str, address: &str) -> RowResult {
    let register = register();
    let row = RosterRow { row: 1, employer: 1, name, id_no, phone, address };
    Matcher::new(&register, &Model::default()).compare(&[row]).remove(0)
}

fn has(result: &RowResult, reason: Reason) -> bool {
    result.reasons.iter().any(|finding| finding.reason == reason)
}

#[test]
fn the_five_classes_of_a_row() {
    use Decision::{Match, None as Unregistered, Review};
    let valid = number(231);
    let stranger = resident_number("990303", (1985, 5, 5), 77);
    let cases = [
        ("same address", "张建国", valid.as_str(), PHONE, HOME, Match, Class::Same, Some(1)),
        (
            "same address written otherwise",
            "張建國",
            &valid,
            "",
            "外青松公路５８００弄12-301",
            Match,
            Class::Same,
            Some(1),
        ),
        ("registered at another address", "张建国", &valid, PHONE, OTHER_HOME, Match, Class::Diff, Some(1)),
        ("no address given", "张建国", &valid, PHONE, "", Match, Class::NotGiven, Some(1)),
        ("not registered", "周小川", stranger.as_str(), "13700000000", "某路1号", Unregistered, Class::NotGiven, None),
        ("uncertain: the number is under another name", "钱多多", &valid, "", "", Review, Class::NotGiven, Some(1)),
    ];
    for (case, name, id_no, phone, address, decision, class, pid) in cases {
        let found = compare(name, id_no, phone, address);
        assert_eq!((found.decision, found.class, found.pid), (decision, class, pid), "{case}: {found:?}");
    }
}

#[test]
fn the_fifth_class_is_gone_from_the_roster() {
    let register = register();
    let number = number(231);
    let rows = [RosterRow { row: 1, employer: 1, name: "张建国", id_no: &number, phone: PHONE, address: HOME }];
    let matcher = Matcher::new(&register, &Model::default());
    let results = matcher.compare(&rows);
    // Person 5 is person 3 registered twice.
    assert_eq!(matcher.missing(&rows, &results), [(1, 3), (1, 4)]);
}

#[test]
fn damaged_numbers_find_their_person_and_say_what_is_wrong() {
    let valid = number(231);
    let wrong_digit = format!("{}8{}", &valid[..8], &valid[9..]);
    let exchanged = format!("{}30{}", &valid[..10], &valid[12..]);
    let fifteen = format!("{}{}", &valid[..6], &valid[8..17]);
    let excel = format!("{}000", &valid[..15]);
    let left_out = format!("{}{}", &valid[..4], &valid[5..]);
    let doubled = format!("{}{}", &valid[..6], &valid[5..]);
    for (id_no, reason) in [
        (wrong_digit, Some(Reason::NumberOneOff { position: 9 })),
        (exchanged, Some(Reason::NumberTransposed { position: 11 })),
        (fifteen, Some(Reason::NumberEqual)),
        (excel, Some(Reason::NumberDamaged)),
        (left_out, None),
        (doubled, None),
        (format!("'{valid}"), Some(Reason::NumberEqual)),
    ] {
        let found = compare("张建国", &id_no, PHONE, HOME);
        assert_eq!((found.pid, found.decision), (Some(1), Decision::Match), "{id_no}: {found:?}");
        assert!(reason.is_none_or(|reason| has(&found, reason)), "{id_no}: {found:?}");
    }
}

#[test]
fn without_a_number_name_telephone_and_address_find_the_person() {
    let found = compare("张建国", "", PHONE, HOME);
    assert_eq!((found.pid, found.decision), (Some(1), Decision::Match), "{found:?}");
    let found = compare("王海燕", "", "13900010004", "");
    assert_eq!(found.pid, Some(4), "{found:?}");
}

#[test]
fn an_unregistered_twin_is_not_taken_for_the_other() {
    let third = number(233);
    let found = compare("张建民", &third, PHONE, HOME);
    assert_eq!(found.decision, Decision::None, "{found:?}");
}

#[test]
fn registered_twins_are_told_apart_by_number_or_name() {
    let found = compare("张建军", &number(232), PHONE, HOME);
    assert_eq!((found.pid, found.decision), (Some(2), Decision::Match), "{found:?}");
    let found = compare("张建军", "", PHONE, HOME);
    assert_ne!(found.pid, Some(1), "{found:?}");
}

#[test]
fn a_namesake_of_the_same_birthday_with_a_number_of_his_own_is_not_registered() {
    let own = resident_number("990404", (1990, 3, 7), 517);
    let found = compare("张建国", own.as_str(), "13700000000", "某路1号");
    assert_eq!(found.decision, Decision::None, "{found:?}");
}

#[test]
fn the_number_of_another_registered_person_goes_to_review_or_the_reason_says_it() {
    // Name, and telephone or door, are this person's, and nothing is the owner's, who lives and works elsewhere.
    let elsewhere = resident_number("990202", (1970, 1, 1), 1);
    let found = compare("张建国", elsewhere.as_str(), PHONE, HOME);
    assert_eq!((found.decision, found.pid), (Decision::Match, Some(1)), "{found:?}");
    assert!(has(&found, Reason::NumberOfRegistered), "{found:?}");
    // The owner is a colleague, has the telephone but for one digit, or lives behind the door.
    for (phone, home) in [("", HOME), (PHONE, HOME), (PHONE, OTHER_HOME)] {
        let found = compare("张建国", &number(415), phone, home);
        assert_eq!(found.decision, Decision::Review, "{found:?}");
        assert!(has(&found, Reason::NumberUnderOtherName), "{found:?}");
    }
    // The name alone is a namesake's as well.
    assert_ne!(compare("张建国", &number(415), "", "").decision, Decision::Match);
    // The name has another character: too little.
    let found = compare("张健国", &number(415), PHONE, HOME);
    assert_eq!(found.decision, Decision::Review, "{found:?}");
}

#[test]
fn no_reason_is_said_twice_and_a_row_without_a_person_says_why() {
    let stranger = resident_number("990303", (1985, 5, 5), 77);
    let own = resident_number("990404", (1990, 3, 7), 517);
    for (name, id_no, phone, home) in [
        ("张建国", number(415).as_str(), PHONE, HOME),
        ("张建国", own.as_str(), PHONE, HOME),
        ("张建国", own.as_str(), PHONE, ""),
        ("张健国", own.as_str(), PHONE, HOME),
        ("刘小芳", "", PHONE, HOME),
        ("张建国", "", "", ""),
        ("周小川", stranger.as_str(), "13700000000", "某路1号"),
        ("", "", "", ""),
    ] {
        let found = compare(name, id_no, phone, home);
        let reasons: Vec<_> = found.reasons.iter().map(|finding| finding.reason).collect();
        let said: std::collections::HashSet<_> = reasons.iter().collect();
        assert_eq!(said.len(), reasons.len(), "{found:?}");
        assert!(!reasons.is_empty(), "{found:?}");
    }
    assert!(has(&compare("周小川", "", "13700000000", "某路1号"), Reason::NobodyLike));
    let namesake = compare("张建国", own.as_str(), "13700000000", "某路1号");
    let why = [Reason::NumberNotRegistered, Reason::NobodyLike];
    assert!(why.iter().any(|reason| has(&namesake, *reason)), "{namesake:?}");
}

#[test]
fn the_number_of_a_relative_at_the_same_door_goes_to_review() {
    let found = compare("刘小芳", &number(231), "13900010077", HOME);
    assert_eq!((found.decision, found.pid), (Decision::Review, Some(1)), "{found:?}");
    assert!(has(&found, Reason::NumberUnderOtherName), "{found:?}");
}

#[test]
fn somebody_renamed_is_known_by_number_and_telephone() {
    let found = compare("刘小芳", &number(231), PHONE, HOME);
    assert_eq!((found.decision, found.pid), (Decision::Match, Some(1)), "{found:?}");
}

#[test]
fn a_relative_with_the_same_telephone_and_door_is_not_matched() {
    let found = compare("刘小芳", "", PHONE, HOME);
    assert_ne!(found.decision, Decision::Match, "{found:?}");
}
