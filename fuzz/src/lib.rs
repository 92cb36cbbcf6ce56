//! Fuzz targets for every parser of the engines.
//!
//! A target is a function of bytes that must not panic, whatever the bytes; most assert more than that: a normal
//! form stays itself, what is written can be read back. Two things drive them: [`driver`], which mutates the seeds
//! with any Rust and runs for seconds in the ordinary tests, and libFuzzer with its coverage, see `README.md`.

pub mod driver;
pub mod targets;

/// A function to be fuzzed.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, as on the command line.
    pub name: &'static str,
    /// The function.
    pub run: fn(&[u8]),
    /// Inputs to begin with, in the format that the target reads.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Words of the format, which mutation alone would hardly find.
    pub words: &'static [&'static str],
}

const fn target(
    name: &'static str,
    run: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
    words: &'static [&'static str],
) -> Target {
    Target { name, run, seeds, words }
}

/// All targets of this build.
#[must_use]
pub fn all() -> Vec<Target> {
    let mut all = vec![
        target("identity", targets::identity, targets::identity_seeds, &["E+17", "000", "X", "９", "-", "H", "="]),
        target("names", targets::names, targets::names_seeds, &["·", "•", ".", "張", "𠮷", "\u{E863}", "\u{200B}"]),
        target(
            "address",
            targets::address,
            targets::address_seeds,
            &["弄", "号", "室", "村", "组", "—", "、", "甲", "临", "支弄", "幢", "层", "１２", "十二", "路", "宅", "~"],
        ),
        target(
            "workday",
            targets::workday,
            targets::workday_seeds,
            &["off", "work", "2026-10-01", "date,name,kind\n", "\r\n", "\""],
        ),
        target(
            "survey_frame",
            targets::survey_frame,
            targets::survey_frame_seeds,
            &["pseudonym,stratum,committee,people\n", "4294967295", ",", "\r\n"],
        ),
        target(
            "survey_receipt",
            targets::survey_receipt,
            targets::survey_receipt_seeds,
            &["null", "\"plan\":", "\"seed\":", "[]", "{}", "survey-sample/1"],
        ),
        target(
            "log_note",
            targets::log_note,
            targets::log_note_seeds,
            &["— ", "\n\n", "18446744073709551615", "tile/", "x001/", ".p/"],
        ),
        target("log_proof", targets::log_proof, targets::log_proof_seeds, &[]),
        target(
            "log_witness",
            targets::log_witness,
            targets::log_witness_seeds,
            &["old ", "\n\n", "— ", "18446744073709551615"],
        ),
        target(
            "policy",
            targets::policy,
            targets::policy_seeds,
            &["rule = ", "[[", "= -1", "9999999999", "subject = \"resident\"", "R99"],
        ),
    ];
    all.extend(rosters());
    all.extend(targets::of_territory());
    all
}

/// Those of `roster-match`, and of what is simulated beside it.
fn rosters() -> [Target; 5] {
    [
        target(
            "roster_model",
            targets::roster_model,
            targets::roster_model_seeds,
            &["nan", "inf", "-0.0", "1e-320", "[[", "= "],
        ),
        target(
            "roster_rows",
            targets::roster_rows,
            targets::roster_rows_seeds,
            &["E+17", "张", "弄", "１", "\t", "000"],
        ),
        target(
            "roster_tables",
            targets::roster_tables,
            targets::roster_tables_seeds,
            &["pid,name,doc_no,phone,addr_id,employer_id\n", "\"", "\"\"", ",", "\r\n", "\n", "\u{FEFF}", "07"],
        ),
        target(
            "link_config",
            targets::link_config,
            targets::link_config_seeds,
            &["[[field]]\n", "[[block]]\n", "name = ", "compare = \"digits\"", "matched = ", "nan", "-1", "transitive"],
        ),
        target(
            "experiment",
            targets::experiment,
            targets::experiment_seeds,
            &["= -0.0", "= nan", "= inf", "= 99999999999", "informal_days", "="],
        ),
    ]
}
