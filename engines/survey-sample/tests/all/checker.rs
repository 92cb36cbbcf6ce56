//! `docs/verify-draw.py`, which shares no line with this crate, comes to the same draws.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use survey_sample::{Frame, Method, Plan, Receipt};

use crate::{METHODS, frame, parties};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verify-draw.py");

fn receipt(frame: &Frame, method: Method, committee: Option<&str>) -> Receipt {
    let (commitments, openings) = parties();
    let plan = Plan { method, committee: committee.map(str::to_owned), min_households: 15, min_people: 60 };
    Receipt::new(frame, commitments, openings, plan).unwrap()
}

/// What the script says of a receipt, and whether it accepts it; `None` where there is no Python.
fn check(folder: &Path, receipt: &str, frame: &str) -> Option<(bool, String)> {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path
    };
    let (receipt, frame) = (write("receipt.json", receipt), write("frame.csv", frame));
    let out = Command::new("python3").arg(SCRIPT).arg(receipt).arg(frame).output().ok()?;
    let said = [out.stdout, out.stderr].concat();
    Some((out.status.success(), String::from_utf8(said).unwrap()))
}

#[test]
fn another_language_draws_the_same_households_by_every_method() {
    let folder = tempfile::tempdir().unwrap();
    let frame = frame(200);
    for method in METHODS {
        for committee in [None, Some("东方村")] {
            let receipt = receipt(&frame, method, committee);
            let Some((accepted, said)) = check(folder.path(), &receipt.to_json(), &frame.to_csv()) else { return };
            assert!(accepted, "{method:?}: {said}");
            assert_eq!(said.trim(), format!("as drawn: {} households in 1 draws", receipt.households.len()));
        }
    }
}

#[test]
fn another_language_finds_what_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let frame = frame(200);
    let changes: [(fn(&mut Receipt), &str); 6] = [
        (|r| r.frame_digest.0[0] ^= 1, "DIFFERS: the frame is another one"),
        (|r| r.seed.0.0[3] ^= 1, "DIFFERS: the seed does not follow"),
        (|r| r.openings.truncate(1), "DIFFERS: an opening is not what was committed to"),
        (|r| r.commitments.truncate(1), "DIFFERS: two parties must commit"),
        (|r| drop(r.households.pop()), "DIFFERS: the households of None are others"),
        (|r| r.plan.min_households += 9, "DIFFERS: the households of None are others"),
    ];
    for method in [Method::Stratified, Method::ProportionalToSize] {
        for (change, expected) in changes {
            let mut receipt = receipt(&frame, method, None);
            change(&mut receipt);
            let Some((accepted, said)) = check(folder.path(), &receipt.to_json(), &frame.to_csv()) else { return };
            assert!(!accepted, "{expected}");
            assert_eq!(said.trim(), expected);
        }
    }
}

#[test]
fn another_language_checks_a_round_of_many_committees_against_its_announcement() {
    let folder = tempfile::tempdir().unwrap();
    let frame = frame(200);
    let receipts = ["东方村", "清河湾居委会"].map(|it| receipt(&frame, Method::Stratified, Some(it)));
    let round = |plans: Vec<&Plan>| {
        let announcement = serde_json::json!({ "frame_digest": frame.digest(), "plans": plans, "commitments": [] });
        serde_json::json!({ "format": "linli-survey/1", "announcement": announcement, "receipts": receipts })
            .to_string()
    };
    let plans: Vec<&Plan> = receipts.iter().map(|it| &it.plan).collect();
    let Some((accepted, said)) = check(folder.path(), &round(plans.clone()), &frame.to_csv()) else { return };
    assert!(accepted && said.trim().ends_with("households in 2 draws"), "{said}");
    let Some((accepted, said)) = check(folder.path(), &round(plans[..1].to_vec()), &frame.to_csv()) else { return };
    assert!(!accepted && said.trim() == "DIFFERS: the plans are not those announced", "{said}");
}
