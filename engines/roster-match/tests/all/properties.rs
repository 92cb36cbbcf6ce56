//! What holds for any row.

use proptest::prelude::*;
use roster_match::{Class, Decision, Matcher, Model, Options, Register, RosterRow};

use super::town::Town;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    #[test]
    fn any_row_gets_a_probability_and_a_consistent_result(
        name in "\\PC{0,6}", id_no in "[0-9Xx'E+. ０-９]{0,20}", phone in "[0-9+ -]{0,14}", address in "\\PC{0,20}"
    ) {
        let town = Town::grow(3, 200, 0, 1.0);
        let register = Register::build(town.register(), town.addresses.iter().map(String::as_str), Options::default());
        let row = RosterRow { row: 9, employer: 1, name: &name, id_no: &id_no, phone: &phone, address: &address };
        let result = &Matcher::new(&register, &Model::default()).compare(&[row])[0];
        prop_assert!((0.0..=1.0).contains(&result.probability));
        prop_assert_eq!(result.pid.is_none(), result.decision == Decision::None);
        prop_assert!(result.class == Class::NotGiven || result.decision == Decision::Match);
    }

    #[test]
    fn everybody_is_found_by_the_own_row(n in 0usize..200) {
        let town = Town::grow(3, 200, 0, 1.0);
        let register = Register::build(town.register(), town.addresses.iter().map(String::as_str), Options::default());
        let person = &town.people[n];
        let address = &town.addresses[person.addr];
        let row = RosterRow { row: 1, employer: person.employer, name: &person.name, id_no: &person.number, phone: &person.phone, address };
        let result = &Matcher::new(&register, &Model::default()).compare(&[row])[0];
        prop_assert_eq!(result.pid, Some(n as u64));
        prop_assert_eq!(result.decision, Decision::Match);
        prop_assert_eq!(result.class, Class::Same);
    }
}
