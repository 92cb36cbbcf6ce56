use crate::{config, town};
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeSet;
use townsim::{ActKind, Churn, City, Config, District, Label, Table, Town, VisitOrder, VisitRules, table};

fn rows(town: &Town, which: Table) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    table(town, which, |cells| {
        rows.push(cells.iter().map(str::to_owned).collect::<Vec<_>>());
        Ok::<(), ()>(())
    })
    .unwrap();
    rows
}

#[test]
fn the_towns_of_a_city_have_as_many_residents_as_it_has() {
    for residents in [1, 99_999, 100_000, 100_001, 250_000, 25_000_000, u32::MAX] {
        let city = City::new(residents, 1, date(2026, 1, 1));
        let sum: u32 = (0..city.districts()).map(|number| city.config(number).residents).sum();
        assert_eq!(sum, residents.clamp(Config::MIN_RESIDENTS, City::MAX_RESIDENTS));
        assert!((0..city.districts()).all(|n| city.config(n).residents <= City::RESIDENTS_A_DISTRICT));
    }
}

#[test]
fn a_city_of_one_town_is_that_town() {
    let city = City::new(2_000, 1, date(2026, 1, 1));
    assert_eq!(city.config(0), config(1));
    assert!(rows(&town(), Table::Addresses)[0][1].starts_with(townsim::ADDRESS_PREFIX));
}

#[test]
fn nobody_in_a_city_has_the_number_of_somebody_in_another_town() {
    // Small towns at the ends and beside one another of the largest city there may be.
    let (mut people, mut employers, mut codes, mut prefixes) = <(Vec<_>, Vec<_>, BTreeSet<_>, BTreeSet<_>)>::default();
    for number in [0, 1, 2, 200, 398, 399] {
        let district = District { number, of: 400 };
        let town = Town::new(Config { residents: 4_000, district, seed: 5, ..config(1) });
        people.extend(rows(&town, Table::Truth).into_iter().map(|row| row[2..5].to_vec()));
        employers.extend(rows(&town, Table::Employers).into_iter().map(|row| row[1].clone()));
        codes.insert(district.division_code());
        prefixes.insert(district.address_prefix());
    }
    let documents: BTreeSet<_> = people.iter().map(|cells| &cells[1]).collect();
    assert_eq!(documents.len(), people.len());
    let mobiles: Vec<_> = people.iter().map(|cells| &cells[2]).filter(|mobile| !mobile.is_empty()).collect();
    assert_eq!(mobiles.iter().collect::<BTreeSet<_>>().len(), mobiles.len());
    assert_eq!(employers.iter().collect::<BTreeSet<_>>().len(), employers.len());
    assert!(people.iter().any(|cells| cells[0] == "hmt-permit" || cells[0] == "travel-permit"));
    assert_eq!((codes.len(), prefixes.len()), (6, 6));
}

#[test]
fn every_sub_district_has_a_name_and_a_code_of_its_own() {
    let all = || (0..District::MOST).map(|number| District { number, of: District::MOST });
    assert_eq!(all().map(District::address_prefix).collect::<BTreeSet<_>>().len(), District::MOST as usize);
    assert_eq!(all().map(District::division_code).collect::<BTreeSet<_>>().len(), District::MOST as usize);
}

#[test]
fn tables_have_a_cell_for_every_column_and_point_to_rows_that_are_there() {
    let town = Town::new(Config { district: District { number: 3, of: 9 }, ..config(1) });
    for which in Table::ALL {
        let rows = rows(&town, which);
        assert!(!rows.is_empty());
        assert!(rows.iter().all(|row| row.len() == which.columns().len()), "{which:?}");
        let ids: BTreeSet<_> = rows.iter().map(|row| &row[0]).collect();
        assert_eq!(ids.len(), rows.len(), "{which:?}");
    }
    let addresses: BTreeSet<_> = rows(&town, Table::Addresses).into_iter().map(|row| row[0].clone()).collect();
    let employers: BTreeSet<_> = rows(&town, Table::Employers).into_iter().map(|row| row[0].clone()).collect();
    for which in [Table::Persons, Table::Truth] {
        for row in rows(&town, which) {
            assert!(addresses.contains(&row[5]) && (row[6].is_empty() || employers.contains(&row[6])));
        }
    }
    assert_eq!(rows(&town, Table::Persons).len(), town.register().len());
    assert_eq!(rows(&town, Table::Truth).len(), town.truth().population() as usize);
}

#[test]
fn a_table_ends_at_the_first_row_that_cannot_be_taken() {
    let mut taken = 0;
    let ended = table(&town(), Table::Persons, |_| {
        taken += 1;
        if taken == 3 { Err("full") } else { Ok(()) }
    });
    assert_eq!((ended, taken), (Err("full"), 3));
}

fn accuracy_after(visits: VisitRules, months: u32) -> f64 {
    let mut town = Town::new(Config { visits, ..config(1) });
    town.live(months);
    town.true_rates_of_town().accuracy_rate().unwrap()
}

#[test]
fn a_register_is_the_righter_the_oftener_homes_are_visited() {
    let every = |days, homes_a_visit| VisitRules {
        crowded_days: days,
        informal_days: days,
        vacant_days: days,
        ordinary_days: days,
        homes_a_visit,
        ..VisitRules::default()
    };
    let (often, usual, seldom) = (every(7, 3), VisitRules::default(), every(120, 13));
    let [often, usual, seldom] = [often, usual, seldom].map(|rules| accuracy_after(rules, 3));
    assert!(often > usual && usual > seldom, "{often} {usual} {seldom}");
}

#[test]
fn going_round_in_turn_visits_every_home_before_any_twice() {
    let visits = VisitRules { order: VisitOrder::InTurn, ..VisitRules::default() };
    let mut town = Town::new(Config { visits, ..config(1) });
    let mut visited = BTreeSet::new();
    let homes = town.homes_of_grid(0);
    // Acts are entered up to days later and not in the order of the visits: the days of the visits are looked at.
    let mut last = vec![None; town.homes().len()];
    town.live(2);
    for act in town.acts() {
        if let ActKind::HomeVerified { home, .. } = act.kind
            && homes.contains(&home)
        {
            let gap = last[home as usize].replace(act.seen_at_s).map(|before: i64| act.seen_at_s - before);
            assert!(gap.is_none_or(|gap| gap.abs() > 5 * 86_400), "home {home} again after {gap:?} s");
            visited.insert(home);
        }
    }
    assert_eq!(visited.len(), homes.len());
}

#[test]
fn a_planner_decides_who_is_visited_and_cannot_go_beyond_what_can_be_done() {
    let mut town = town();
    let mut asked = 0;
    for _ in 0..14 {
        town.step_day_planned(&mut |town, grid, most| {
            asked += 1;
            let homes = town.homes_of_grid(grid);
            // The first homes of the grid, too many of them, and one of another grid.
            [homes.end].into_iter().chain(homes).take(most + 5).collect()
        });
    }
    assert_eq!(asked, 12 * town.grids().len());
    let visits = town.acts().iter().filter_map(|a| match a.kind {
        ActKind::HomeVerified { home, .. } if a.seen_at_s >= 1_767_283_200 + 5 * 86_400 => Some(home),
        _ => None,
    });
    for home in visits {
        let grid = town.grid_of_home(&town.homes()[home as usize]);
        let homes = town.homes_of_grid(grid);
        assert!(home < homes.start + (homes.end - homes.start) / 13 + 1);
    }
}

#[test]
fn what_is_out_of_range_is_said_by_name() {
    assert_eq!(VisitRules::default().problem(), None);
    assert_eq!(Churn::default().problem(), None);
    let never = VisitRules { vacant_days: 0, ..VisitRules::default() };
    assert_eq!(never.problem().unwrap().to_string(), "vacant_days is 0; it must be from 1 to 366");
    let wild = Churn { refusal: 1.5, ..Churn::default() };
    assert_eq!(wild.problem().unwrap().to_string(), "refusal is 1.5; it must be from 0 to 1");
    let wild = Churn { owner_moves_yearly: f64::NAN, ..Churn::default() };
    assert!(wild.problem().is_some());
}

#[test]
fn an_experiment_names_what_it_changes_and_nothing_that_is_not_there() {
    let rules: VisitRules = serde_json::from_str(r#"{"crowded_days": 5, "order": "in-turn"}"#).unwrap();
    assert_eq!(rules, VisitRules { crowded_days: 5, order: VisitOrder::InTurn, ..VisitRules::default() });
    assert!(serde_json::from_str::<VisitRules>(r#"{"crowed_days": 5}"#).is_err());
    assert!(serde_json::from_str::<Churn>(r#"{"refusal": 0.1, "refusals": 0.1}"#).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 32))]

    #[test]
    fn any_rules_in_range_are_kept_without_a_panic(days in 1_u32..=366, homes_a_visit in 1_u32..=1_000, tries in 1_u8..=20, turn: bool, seed: u64) {
        let order = if turn { VisitOrder::InTurn } else { VisitOrder::LongestDue };
        let visits = VisitRules { crowded_days: days, ordinary_days: 367 - days, homes_a_visit, tries, order, ..VisitRules::default() };
        prop_assert_eq!(visits.problem(), None);
        let mut town = Town::new(Config { visits, ..Config::new(500, seed, date(2026, 1, 1)) });
        town.live(1);
        let rates = town.true_rates_of_town();
        prop_assert!(rates.registered <= rates.living && rates.accurate <= rates.records);
        prop_assert!((0..town.homes().len() as u32).filter_map(|h| town.register().label(h)).any(|l| l == Label::Vacant));
    }
}
