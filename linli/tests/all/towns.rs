//! Synthetic towns by command line: tables, and experiments with policies.

use std::fs;

use super::world::{run, said};

#[test]
fn a_city_is_written_as_tables_that_matching_reads() {
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    let write = |to: &str, jobs: &str| run(&["town", "--out", &at(to), "--residents", "100001", "--jobs", jobs]);
    let written = write("city", "2");
    assert!(written.status.success() && said(&written).contains("2 towns"), "{}", said(&written));
    assert!(write("again", "1").status.success());
    for name in ["persons.csv", "truth.csv", "addresses.csv", "employers.csv"] {
        let table = fs::read_to_string(work.path().join("city").join(name)).unwrap();
        assert_eq!(table, fs::read_to_string(work.path().join("again").join(name)).unwrap(), "{name}");
        assert!(table.lines().count() > 100);
    }
    fs::write(
        at("roster.csv"),
        "row_id,employer_id,employer,name,id_no,phone,address\n1,,,王芳,990101199003070023,,\n",
    )
    .unwrap();
    let files = [at("city/persons.csv"), at("city/addresses.csv"), at("roster.csv"), at("results.csv")];
    let [persons, addresses, roster, results] = &files;
    let args = ["match", "--register", persons, "--addresses", addresses, "--roster", roster, "--out", results];
    let matched = run(&args);
    assert!(matched.status.success(), "{}", said(&matched));
}

#[test]
fn a_policy_is_lived_month_by_month_and_a_worse_one_shows() {
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name).display().to_string();
    fs::write(at("seldom.toml"), "[visits]\nordinary_days = 120\n\n[churn]\nvisit_finds_departure = 0.3\n").unwrap();
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/xianghuaqiao-2023");
    let small = ["--months", "3", "--residents", "2000", "--out", "-"];
    let policies = ["simulate", "--policy", pack, "--policy", &at("seldom.toml")];
    let simulated = run(&[policies.as_slice(), &small].concat());
    assert!(simulated.status.success(), "{}", said(&simulated));
    let table = said(&simulated);
    let mut lines = table.lines();
    assert_eq!(
        lines.next().unwrap(),
        "policy,month,day,people,records,registration_rate,accuracy_rate,registered,visits,entries"
    );
    let accuracy: Vec<f64> = lines.map(|line| line.split(',').nth(6).unwrap().parse().unwrap()).collect();
    assert_eq!(accuracy.len(), 8);
    assert!(accuracy[3] > accuracy[7] + 0.01, "{accuracy:?}");
    let usual = run(&["simulate", "--months", "1", "--residents", "1000", "--out", "-"]);
    assert_eq!(said(&usual).lines().count(), 3);
    let screen = run(&["simulate", "--months", "1", "--residents", "1000"]);
    assert!(said(&screen).contains("Registration rate") && said(&screen).contains(" %\t"), "{}", said(&screen));
}

#[test]
fn a_policy_that_cannot_be_says_where() {
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("p.toml").display().to_string();
    for (text, said_at, reason) in [
        ("[visits]\ncrowded_days = 0\n", "p.toml:2:", "crowded_days is 0"),
        ("[visits]\ncrowed_days = 1\n", "p.toml:2:", "crowed_days"),
        ("[churn]\nrefusal = 2.0\n", "p.toml:2:", "refusal is 2"),
        ("[churn\n", "p.toml:1:", ""),
        ("[visits]\norder = \"by-luck\"\n", "p.toml:2:", "by-luck"),
    ] {
        fs::write(&file, text).unwrap();
        let wrong = run(&["simulate", "--policy", &file, "--months", "1"]);
        assert!(!wrong.status.success(), "{text}");
        assert!(said(&wrong).contains(said_at) && said(&wrong).contains(reason), "{text}: {}", said(&wrong));
    }
}
