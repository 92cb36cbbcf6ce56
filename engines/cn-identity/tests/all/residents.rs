use cn_identity::{AreaKnowledge, NumberError, ResidentNumber, Sex, make, suggestions};

use crate::{rule, vectors};

#[test]
fn every_shared_vector_gets_the_verdict_written_beside_it() {
    let vectors = vectors(include_str!("../../vectors/resident.json"));
    assert!(vectors.len() > 40);
    for vector in vectors {
        let input = vector["input"].as_str().unwrap();
        match ResidentNumber::parse(input) {
            Ok(number) => {
                assert_eq!(vector["rule"], "ok", "{input}");
                assert_eq!(vector["valid"], true, "{input}");
                assert_eq!(vector["normalised"], number.as_str(), "{input}");
            }
            Err(error) => {
                assert_eq!(vector["valid"], false, "{input}: {error}");
                assert_eq!(vector["rule"], rule(&error), "{input}: {error}");
            }
        }
    }
}

#[test]
fn a_wrong_number_says_which_character_and_what_was_expected() {
    let cases = [
        ("99010119900307O023", NumberError::BadCharacter { position: 15, found: 'O' }),
        ("9901011990030700X3", NumberError::BadCharacter { position: 17, found: 'X' }),
        ("990101199003070024", NumberError::WrongCheck { expected: '3', found: '4' }),
        ("99010119900307002", NumberError::WrongLength { got: 17 }),
        ("9.90101E+17", NumberError::ExcelDamage { check_holds: false }),
        ("990101199003070000", NumberError::ExcelDamage { check_holds: false }),
        ("990101199003040000", NumberError::ExcelDamage { check_holds: true }),
    ];
    for (input, expected) in cases {
        assert_eq!(ResidentNumber::parse(input), Err(expected), "{input}");
    }
}

#[test]
fn a_number_that_truly_ends_in_000_passes_once_a_person_has_confirmed_it() {
    let number = ResidentNumber::parse_confirmed("990101199003040000").unwrap();
    assert_eq!(number.as_str(), "990101199003040000");
    assert!(ResidentNumber::parse_confirmed("990101199003070000").is_err());
    assert!(ResidentNumber::parse_confirmed("9.90101E+17").is_err());
}

#[test]
fn birth_date_and_sex_are_read_from_the_number() {
    let number = ResidentNumber::parse("990101200002291233").unwrap();
    assert_eq!((number.birth_date(), number.sex()), ((2000, 2, 29), Sex::Male));
    let number = ResidentNumber::parse("990101199003070023").unwrap();
    assert_eq!((number.birth_date(), number.sex()), ((1990, 3, 7), Sex::Female));
    assert!(number.is_born_after(1990, 3, 6));
    assert!(!number.is_born_after(1990, 3, 7));
}

#[test]
fn an_unknown_area_warns_and_a_retired_one_does_not() {
    let unknown = ResidentNumber::parse("990101199003070023").unwrap();
    assert!(unknown.area_known().is_warning());
    let known = ResidentNumber::parse("11010519491231002X").unwrap();
    assert_eq!(known.area_known(), AreaKnowledge::Province("北京市"));
    let retired = make::resident_number("310229", (1990, 3, 7), 2);
    assert_eq!(retired.area_known(), AreaKnowledge::Province("上海市"));
    let county = make::resident_number("310999", (1990, 3, 7), 2);
    assert!(county.area_known().is_warning());
}

#[test]
fn no_form_of_output_shows_the_whole_number() {
    let number = ResidentNumber::parse("990101199003070023").unwrap();
    for shown in [format!("{number}"), format!("{number:?}"), format!("{:?}", Some(number))] {
        assert!(shown.contains("9***************23"), "{shown}");
        assert!(!shown.contains("1990"), "{shown}");
    }
}

#[test]
fn the_right_number_is_among_the_suggestions_for_one_slip() {
    let right = make::resident_number("990101", (1990, 3, 7), 2);
    let typed: Vec<char> = right.as_str().chars().collect();
    for place in 0..17 {
        let mut swapped = typed.clone();
        swapped.swap(place, place + 1);
        let swapped: String = swapped.into_iter().collect();
        if swapped != right.as_str() {
            assert!(suggestions(&swapped).contains(&right), "{swapped}");
        }
        let mut wrong = typed.clone();
        wrong[place] = if typed[place] == '7' { '1' } else { '7' };
        let wrong: String = wrong.into_iter().collect();
        assert!(suggestions(&wrong).contains(&right), "{wrong}");
    }
}

#[test]
fn suggestions_are_few_and_none_for_valid_or_hopeless_numbers() {
    assert!(suggestions("990101199003070023").is_empty());
    assert!(suggestions("9901011990?307?023").is_empty());
    assert!(suggestions("990101199003070000").is_empty(), "what a spreadsheet has rounded cannot be guessed");
    assert_eq!(suggestions("9901011990O307O023").len(), 1, "letters for digits of their looks");
    assert!(suggestions("12345").is_empty());
    assert!(suggestions("990101199003070024").len() <= 35);
    assert_eq!(suggestions("99010119900307O023").len(), 1);
}

#[test]
fn generated_numbers_take_only_what_exists() {
    assert!(make::try_resident_number("990101", (1990, 2, 29), 1).is_none());
    assert!(make::try_resident_number("99010", (1990, 2, 28), 1).is_none());
    assert!(make::try_resident_number("9901０1", (1990, 2, 28), 1).is_none());
    assert!(make::try_resident_number("990101", (1990, 2, 28), 1000).is_none());
    assert!(make::try_resident_number("990101", (1990, 2, 28), 999).is_some());
}
