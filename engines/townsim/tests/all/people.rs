use crate::{config, town};
use cn_identity::{HmtPermitNumber, Mobile, OrgCode, PassportNumber, ResidentNumber, TravelPermitNumber};
use std::collections::BTreeSet;
use townsim::{Config, DocKind, Facts, Label, PremisesKind, Tenancy, Town};

/// Why somebody could have the number, if anybody could.
fn problem_of(facts: &Facts) -> Option<String> {
    let number = facts.doc_no.as_str();
    let unissued = match facts.doc_kind {
        DocKind::ResidentId => ResidentNumber::parse(number).map_err(|e| e.to_string()).err().or_else(|| {
            let birth = facts.birth.strftime("%Y%m%d").to_string();
            (!number.starts_with("10") || number[6..14] != birth).then(|| "area or birth".into())
        }),
        DocKind::HmtResidencePermit => HmtPermitNumber::parse(number)
            .map_err(|e| e.to_string())
            .err()
            .or_else(|| (&number[14..17] != "000").then(|| "sequence".into())),
        DocKind::HmtTravelPermit => TravelPermitNumber::parse(number)
            .map_err(|e| e.to_string())
            .err()
            .or_else(|| (!number.trim_start_matches(['H', 'M']).starts_with("99")).then(|| "serial".into())),
        DocKind::Passport => PassportNumber::parse(number)
            .map_err(|e| e.to_string())
            .err()
            .or_else(|| (!number.starts_with("ZZ99")).then(|| "series".into())),
    };
    let mobile = facts.mobile.as_ref().map(|m| m.as_str());
    unissued
        .or_else(|| mobile.and_then(|m| (!m.starts_with("154") || Mobile::parse(m).is_err()).then(|| "mobile".into())))
}

#[test]
fn every_number_is_valid_and_belongs_to_nobody() {
    let mut town = town();
    town.live(1);
    for (person, facts) in town.truth().inhabitants() {
        assert_eq!(problem_of(facts), None, "of person {person}");
    }
    for resident in town.register().residents() {
        assert_eq!(problem_of(&resident.facts), None, "of record {}", resident.id);
    }
    for employer in town.employers() {
        OrgCode::parse(&employer.org_code).unwrap();
        assert_eq!(&employer.org_code[2..4], "10");
    }
}

#[test]
fn no_organisation_code_of_a_whole_sub_district_looks_rounded_by_a_spreadsheet() {
    let whole = Town::new(Config::new(150_000, 1, jiff::civil::date(2026, 10, 23)));
    assert!(whole.employers().len() > 1_000);
    for employer in whole.employers() {
        OrgCode::parse(&employer.org_code).unwrap();
    }
}

#[test]
fn no_document_and_no_organisation_code_comes_twice() {
    let town = town();
    let people: BTreeSet<_> = town.truth().inhabitants().map(|(_, f)| f.doc_no.as_str()).collect();
    assert_eq!(people.len(), town.truth().population() as usize);
    let employers: BTreeSet<_> = town.employers().iter().map(|e| &e.org_code).collect();
    assert_eq!(employers.len(), town.employers().len());
}

#[test]
fn a_person_has_one_main_residence_in_truth_and_in_the_register() {
    let mut town = town();
    town.live(2);
    let homes = 0..town.homes().len() as u32;
    let living: Vec<u32> = homes.clone().flat_map(|h| town.truth().at_home(h).to_vec()).collect();
    let registered: Vec<u32> = homes.flat_map(|h| town.register().at_home(h).to_vec()).collect();
    assert_eq!(living.len(), living.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(living.len(), town.truth().population() as usize);
    assert_eq!(registered.len(), registered.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(registered.len(), town.register().len());
    let documents: BTreeSet<_> = town.register().residents().map(|r| r.facts.doc_no.as_str()).collect();
    assert_eq!(documents.len(), town.register().len());
}

#[test]
fn a_household_lives_in_one_home_and_nobody_lives_there_before_birth() {
    let mut town = town();
    town.live(3);
    let mut home_of = std::collections::BTreeMap::new();
    for (_, facts) in town.truth().inhabitants() {
        assert_eq!(*home_of.entry(facts.household).or_insert(facts.home), facts.home);
        assert!(facts.birth <= facts.since && facts.since < town.today());
    }
}

#[test]
fn the_town_is_as_large_as_asked_for_and_has_every_kind_of_premises() {
    let town = town();
    assert!((2_000..2_020).contains(&town.truth().population()));
    let kinds: BTreeSet<_> = town.addresses().iter().map(|a| a.premises_kind).collect();
    for kind in [PremisesKind::Flat, PremisesKind::House, PremisesKind::SharedLet, PremisesKind::Dormitory] {
        assert!(kinds.contains(&kind));
    }
    let labels: BTreeSet<_> = (0..town.homes().len() as u32).filter_map(|h| town.register().label(h)).collect();
    assert_eq!(labels.into_iter().collect::<Vec<_>>(), [Label::Crowded, Label::Informal, Label::Vacant]);
    assert_eq!(town.roster_employers().count(), 10);
}

#[test]
fn somebody_has_a_rare_character_a_foreign_passport_and_a_permit() {
    let town = Town::new(townsim::Config { residents: 4_000, ..config(3) });
    let people: Vec<_> = town.truth().inhabitants().map(|(_, facts)| facts).collect();
    assert!(people.iter().any(|f| f.name.as_str().chars().any(|c| u32::from(c) > 0xFFFF)));
    assert!(people.iter().any(|f| f.doc_kind == DocKind::Passport));
    assert!(people.iter().any(|f| matches!(f.doc_kind, DocKind::HmtResidencePermit | DocKind::HmtTravelPermit)));
    assert!(people.iter().all(|f| !f.local || f.doc_kind == DocKind::ResidentId));
}

#[test]
fn who_lets_a_home_is_known_and_nobody_lets_an_owners_or_an_employers() {
    for home in town().homes() {
        let lets = matches!(home.tenancy, Tenancy::Let | Tenancy::PartLet);
        assert_eq!(home.landlord.is_some(), lets);
        assert_eq!(home.owner_name.is_none(), home.tenancy == Tenancy::Employer);
        assert_eq!(home.employer.is_some(), home.kind == PremisesKind::Dormitory);
    }
}

#[test]
fn debug_of_a_person_tells_neither_name_nor_number() {
    let town = town();
    let (_, facts) = town.truth().inhabitants().next().unwrap();
    let shown = format!("{facts:?}");
    assert!(!shown.contains(facts.name.as_str()) && !shown.contains(facts.doc_no.as_str()));
}
