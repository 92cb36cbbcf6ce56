use crate::town;
use cn_identity::ResidentNumber;
use std::collections::BTreeSet;
use townsim::Damage;

#[test]
fn a_roster_lists_everyone_of_the_town_who_works_there_and_some_outsiders() {
    let town = town();
    for employer in town.roster_employers() {
        let roster = town.roster(employer);
        let working: BTreeSet<u32> =
            town.truth().inhabitants().filter(|(_, f)| f.employer == Some(employer)).map(|(id, _)| id).collect();
        let listed: BTreeSet<u32> = roster.truth.iter().filter_map(|row| row.person).collect();
        assert!(listed.is_superset(&working));
        assert!(roster.truth.iter().any(|row| row.person.is_none()));
        assert!(roster.rows.len() == roster.truth.len() && roster.rows.iter().all(|r| r.len() == roster.header.len()));
    }
}

#[test]
fn a_number_that_is_not_noted_as_damaged_is_the_persons_own() {
    let town = town();
    let mut wrong_digits = 0;
    for employer in town.roster_employers() {
        let roster = town.roster(employer);
        for (row, truth) in roster.rows.iter().zip(&roster.truth) {
            let Some(facts) = truth.person.and_then(|p| town.truth().person(p)) else { continue };
            let damage = [Damage::Apostrophe, Damage::FullWidth, Damage::Spreadsheet, Damage::WrongDigit];
            let noted = truth.damage.iter().any(|d| damage.contains(d));
            assert_eq!(row[2] != facts.doc_no.as_str(), noted);
            if truth.damage.contains(&Damage::WrongDigit) {
                wrong_digits += 1;
                assert!(ResidentNumber::parse(&row[2]).is_err());
            }
        }
    }
    assert!(wrong_digits > 0);
}

#[test]
fn a_roster_is_the_same_whenever_it_is_asked_for_on_one_day() {
    let mut town = town();
    let employer = town.roster_employers().next().unwrap();
    let today = town.roster(employer);
    assert_eq!(today, town.roster(employer));
    town.step_day();
    assert_ne!(today, town.roster(employer));
}

#[test]
fn outsiders_have_no_number_of_a_resident() {
    let town = town();
    let residents: BTreeSet<_> = town.truth().inhabitants().map(|(_, f)| f.doc_no.as_str()).collect();
    for employer in town.roster_employers() {
        let roster = town.roster(employer);
        for (row, truth) in roster.rows.iter().zip(&roster.truth) {
            assert!(truth.person.is_some() || !residents.contains(row[2].as_str()));
        }
    }
}

#[test]
fn an_unknown_employer_has_an_empty_roster() {
    assert!(town().roster(u32::MAX).rows.is_empty());
}
