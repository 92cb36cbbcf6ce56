//! The register's promises, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod bulk;
    mod erasing;
    mod expiring;
    mod figures;
    mod importing;
    mod pages;
    mod people;
    mod reading;
    mod rules;
    mod searching;
    mod world;
}
