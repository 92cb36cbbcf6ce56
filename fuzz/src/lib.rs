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

/// All targets of this build.
#[must_use]
pub fn all() -> Vec<Target> {
    let mut all = vec![
        Target {
            name: "identity",
            run: targets::identity,
            seeds: targets::identity_seeds,
            words: &["E+17", "000", "X", "９", "-", "H", "="],
        },
        Target {
            name: "names",
            run: targets::names,
            seeds: targets::names_seeds,
            words: &["·", "•", ".", "張", "𠮷", "\u{E863}", "\u{200B}"],
        },
        Target {
            name: "address",
            run: targets::address,
            seeds: targets::address_seeds,
            words: &[
                "弄", "号", "室", "村", "组", "—", "、", "甲", "临", "支弄", "幢", "层", "１２", "十二", "路", "宅",
                "~",
            ],
        },
        Target {
            name: "workday",
            run: targets::workday,
            seeds: targets::workday_seeds,
            words: &["off", "work", "2026-10-01", "date,name,kind\n", "\r\n", "\""],
        },
        Target {
            name: "roster_model",
            run: targets::roster_model,
            seeds: targets::roster_model_seeds,
            words: &["nan", "inf", "-0.0", "1e-320", "[[", "= "],
        },
        Target {
            name: "roster_rows",
            run: targets::roster_rows,
            seeds: targets::roster_rows_seeds,
            words: &["E+17", "张", "弄", "１", "\t", "000"],
        },
        Target {
            name: "survey_frame",
            run: targets::survey_frame,
            seeds: targets::survey_frame_seeds,
            words: &["pseudonym,stratum,committee,people\n", "4294967295", ",", "\r\n"],
        },
        Target {
            name: "survey_receipt",
            run: targets::survey_receipt,
            seeds: targets::survey_receipt_seeds,
            words: &["null", "\"plan\":", "\"seed\":", "[]", "{}", "survey-sample/1"],
        },
        Target {
            name: "log_note",
            run: targets::log_note,
            seeds: targets::log_note_seeds,
            words: &["— ", "\n\n", "18446744073709551615", "tile/", "x001/", ".p/"],
        },
        Target { name: "log_proof", run: targets::log_proof, seeds: targets::log_proof_seeds, words: &[] },
        Target {
            name: "log_witness",
            run: targets::log_witness,
            seeds: targets::log_witness_seeds,
            words: &["old ", "\n\n", "— ", "18446744073709551615"],
        },
        Target {
            name: "policy",
            run: targets::policy,
            seeds: targets::policy_seeds,
            words: &["rule = ", "[[", "= -1", "9999999999", "subject = \"resident\"", "R99"],
        },
    ];
    all.extend(targets::of_territory());
    all
}
