//! Linking any two tables.

use proptest::prelude::*;
use roster_match::link::{Config, ConfigError, Link, link};

const CONFIG: &str = r#"
    [[field]]
    name = "name"
    [[field]]
    name = "birth"
    compare = "digits"
    [[field]]
    name = "town"
    compare = "exact"
    [[block]]
    fields = ["name"]
    [[block]]
    fields = ["birth"]
"#;

/// So many people; each name and birthday is rare.
fn table(people: u64) -> Vec<Vec<String>> {
    let mixed = |n: u64, salt: u64| (n + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
    let letters = |mut n: u64| -> String {
        let letter = |_| {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + (n >> 40) as u8 % 26)
        };
        (0..8).map(letter).collect()
    };
    let names = (0..people).map(|n| letters(mixed(n, 1))).collect();
    let births = (0..people).map(|n| format!("{}", 19_500_000 + mixed(n, 7) % 500_000)).collect();
    let towns = (0..people).map(|n| format!("town {}", n % 9)).collect();
    vec![names, births, towns]
}

fn pairs(links: &[Link]) -> Vec<(u32, u32)> {
    links.iter().map(|link| (link.left, link.right)).collect()
}

#[test]
fn a_table_is_linked_with_its_mistyped_copy() {
    let config = Config::from_toml(CONFIG).unwrap();
    let (left, mut right) = (table(300), table(300));
    right[1][5] = right[1][5].replace('1', "2");
    right[0][6].push('x');
    right[2][7] = String::new();
    let found = link(&left, Some(&right), &config);
    assert_eq!(pairs(&found.links), (0..300).map(|n| (n, n)).collect::<Vec<_>>());
    assert_eq!(found, link(&left, Some(&right), &config), "the same tables give the same links");
}

#[test]
fn what_a_household_shares_makes_no_person_of_two() {
    let people = table(600);
    let backwards = |text: &str| text.chars().rev().collect::<String>();
    // Families of three: surname and street are the eldest's. The right table lacks every third person, and of every
    // fifth the given name is another.
    let side = |left: bool| {
        let all = (0..600).filter(|n| left || n % 3 != 2);
        let given =
            |n: usize| if left || !n.is_multiple_of(5) { people[0][n].clone() } else { backwards(&people[0][n]) };
        vec![
            all.clone().map(given).collect::<Vec<_>>(),
            all.clone().map(|n| backwards(&people[0][n - n % 3])).collect(),
            all.map(|n| format!("street {}", people[1][n - n % 3])).collect(),
        ]
    };
    let linked = |shared: &str| {
        let text = format!(
            "[[field]]\nname = \"given\"\n[[field]]\nname = \"surname\"\n{shared}\n\
             [[field]]\nname = \"street\"\n{shared}\n[[block]]\nfields = [\"surname\"]\n"
        );
        pairs(&link(&side(true), Some(&side(false)), &Config::from_toml(&text).unwrap()).links)
    };
    let found = linked("shared = true");
    assert!(found.iter().all(|&(left, right)| left % 3 != 2 && right == left - left / 3), "nobody is a sibling");
    let kept = (0..600).filter(|n| n % 3 != 2 && !u32::is_multiple_of(*n, 5));
    assert!(kept.map(|n| (n, n - n / 3)).all(|pair| found.contains(&pair)));
    assert!(linked("").len() > 900, "taken for independent, surname and street outweigh another given name");
}

#[test]
fn a_left_record_is_linked_once_if_asked_and_a_right_one_as_often_as_it_comes() {
    let (left, mut right) = (table(300), table(300));
    // The last hundred stand in the right table twice, and in the left one too.
    let twice = |mut table: Vec<Vec<String>>| {
        table.iter_mut().for_each(|column| column.extend_from_within(200..300));
        table
    };
    right[2].iter_mut().step_by(2).for_each(|town| *town = "elsewhere".into());
    let config = Config::from_toml(&format!("left_once = true\n{CONFIG}")).unwrap();
    let found = link(&twice(left), Some(&right), &config);
    let expected: Vec<(u32, u32)> = (0..400).map(|n| (n, if n < 300 { n } else { n - 100 })).collect();
    assert_eq!(pairs(&found.links), expected, "two forms of one person are both linked");
    let found = link(&table(300), Some(&twice(right)), &config);
    assert_eq!(pairs(&found.links), (0..300).map(|n| (n, n)).collect::<Vec<_>>(), "of two entries the first is taken");
}

#[test]
fn duplicates_of_one_table_are_found_and_what_they_imply_is_concluded_on_request() {
    let mut one = table(200);
    for n in [3, 3].into_iter().chain(10..70) {
        one.iter_mut().for_each(|column| column.push(column[n].clone()));
    }
    // Sixty copies teach what copies look like; these two are mistyped, each in another field.
    one[0][200].push('q');
    one[1][201] = one[1][201].replacen('1', "7", 1);
    (210..220).for_each(|n| one[0][n].push('q'));
    (220..230).for_each(|n| one[1][n] = one[1][n].replacen('1', "7", 1));
    let of_third = |config: &str| -> Vec<(u32, u32)> {
        let found = link(&one, None, &Config::from_toml(config).unwrap()).links;
        assert_eq!(found.iter().filter(|link| ![3, 200].contains(&link.left)).count(), 60);
        pairs(&found).into_iter().filter(|(left, _)| [3, 200].contains(left)).collect()
    };
    assert_eq!(of_third(CONFIG), [(3, 200), (3, 201)]);
    assert_eq!(of_third(&format!("transitive = true\n{CONFIG}")), [(3, 200), (3, 201), (200, 201)]);
}

#[test]
fn a_configuration_that_cannot_be_used_is_refused() {
    assert!(matches!(Config::from_toml("field = 1"), Err(ConfigError::Unreadable { .. })));
    let unknown = CONFIG.replace("fields = [\"birth\"]", "fields = [\"age\"]");
    assert_eq!(Config::from_toml(&unknown), Err(ConfigError::UnknownField { name: "age".into() }));
    assert_eq!(Config::from_toml("field = []\nblock = []"), Err(ConfigError::Nothing));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 5))]

    #[test]
    fn any_tables_link_without_panic_and_one_to_one_keeps_to_it(
        left in proptest::collection::vec(("[a-c]{0,2}", "[0-9]{0,3}", "[xy]?"), 0..30),
        right in proptest::collection::vec(("[a-c]{0,2}", "[0-9]{0,3}", "[xy]?"), 0..30),
    ) {
        let config = Config::from_toml(&format!("one_to_one = true\nmatched = 0.1\n{CONFIG}")).unwrap();
        let columns = |rows: &[(String, String, String)]| vec![
            rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>(),
            rows.iter().map(|row| row.1.clone()).collect(),
            rows.iter().map(|row| row.2.clone()).collect(),
        ];
        let found = link(&columns(&left), Some(&columns(&right)), &config);
        let mut seen = std::collections::BTreeSet::new();
        for one in &found.links {
            prop_assert!((0.1..=1.0).contains(&one.probability));
            prop_assert!((one.left as usize) < left.len() && (one.right as usize) < right.len());
            prop_assert!(seen.insert((0, one.left)) && seen.insert((1, one.right)));
        }
    }
}
