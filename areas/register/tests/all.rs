//! The register's promises, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod bulk;
    mod contacts;
    mod doubting;
    mod editing;
    mod erasing;
    mod expiring;
    mod figures;
    mod files;
    mod hard_names;
    mod hazards;
    mod hiding;
    mod importing;
    mod importing_more;
    mod indexing;
    mod inward;
    mod leaving;
    mod merging;
    mod overdue;
    mod pages;
    mod people;
    mod premises;
    mod premises_editing;
    mod reading;
    mod rules;
    mod searching;
    mod seen;
    mod world;
}
