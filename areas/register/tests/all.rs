//! The register's promises, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod bulk;
    mod doubting;
    mod editing;
    mod erasing;
    mod expiring;
    mod figures;
    mod files;
    mod importing;
    mod indexing;
    mod leaving;
    mod merging;
    mod pages;
    mod people;
    mod premises;
    mod reading;
    mod rules;
    mod searching;
    mod world;
}
