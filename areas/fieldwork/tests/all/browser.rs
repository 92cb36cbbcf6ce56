//! What the phone page's own scripts promise: their tests run in Node, on the vectors that the engines are tested with.

use std::{io::ErrorKind, path::Path, process::Command};

use linli_fieldwork::phone::seal::{KeyPair, Place, decoded};
use linli_platform::clock::Day;
use policy_pack::Pack;
use serde_json::{Value, json};

/// How many schedules of a bad network the sending of entries is tried with; `cargo xtask long` sets more.
const SCHEDULES: &str = "LINLI_PHONE_SCHEDULES";

#[test]
fn the_phone_keeps_its_day_seals_sends_and_judges_numbers_as_the_server_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/js");
    let mut node = Command::new("node");
    node.arg("--test").arg("--test-reporter=tap").current_dir(&folder);
    if let Ok(schedules) = std::env::var(SCHEDULES) {
        node.env(SCHEDULES, schedules);
    }
    let ran = match node.output() {
        Ok(ran) => ran,
        Err(e) if e.kind() == ErrorKind::NotFound => {
            assert!(std::env::var("CI").is_err(), "node is missing (Debian: apt-get install nodejs)");
            eprintln!("the phone page's scripts are not tried: install Node (Debian: apt-get install nodejs)");
            return;
        }
        Err(e) => panic!("node: {e}"),
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    let passed = said.lines().find_map(|l| l.strip_prefix("# pass ")?.parse::<u32>().ok());
    assert!(passed >= Some(32), "the tests were found: {said}");
}

#[test]
fn hazards_and_photos_go_by_the_vectors_that_the_page_goes_by() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/premises.json")).unwrap();
    let pack = Pack::embedded();
    let rules: Vec<&str> = pack.visits.photos.iter().map(|r| r.id.as_str()).collect();
    let named: Vec<&str> = vectors["rules"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(rules, named, "the vectors' rules are the pack's");
    for (rule, of) in pack.visits.photos.iter().zip(vectors["rules"].as_array().unwrap()) {
        assert_eq!((json!(rule.categories), json!(rule.outcomes)), (of["categories"].clone(), of["outcomes"].clone()));
    }
    for v in vectors["photos"].as_array().unwrap() {
        let asks = pack.visits.photo(v["category"].as_str(), v["outcome"].as_str().unwrap()).map(|r| r.id.as_str());
        assert_eq!(asks, v["asks"].as_str(), "{v}");
    }
    let mut hazard = pack.visits.hazards.first().unwrap().clone();
    for v in vectors["hazards"].as_array().unwrap() {
        hazard.max_days = u32::try_from(v["max_days"].as_u64().unwrap()).unwrap();
        let day = |name: &str| v[name].as_str().and_then(|d| d.parse::<Day>().ok());
        let noted = day("noted").unwrap();
        let last = hazard.last_day(0, day("said").map(|d| d.days_since(noted))).map(|days| noted.plus_days(days));
        assert_eq!(last, day("until"), "{v}");
    }
}

#[test]
fn what_the_page_sealed_opens_on_the_server_and_nowhere_else() {
    let vector: Value = serde_json::from_str(include_str!("../vectors/sealed.json")).unwrap();
    let text = |name: &str| vector[name].as_str().unwrap();
    let bytes = |name: &str| decoded(text(name)).unwrap();
    let pair = KeyPair::of_seed(&bytes("seed").try_into().unwrap());
    assert_eq!(pair.public(), bytes("public"));
    let place = Place {
        entry: text("entry_id").parse().unwrap(),
        key: text("key_id"),
        device: text("device_id").parse().unwrap(),
    };
    let clear = pair.open(&bytes("enc"), &bytes("ct"), &place).unwrap();
    assert_eq!(std::str::from_utf8(&clear).unwrap(), text("clear"));
    let elsewhere = Place { key: "2026-12", ..place };
    assert!(pair.open(&bytes("enc"), &bytes("ct"), &elsewhere).is_err());
}
