//! The promises of the rosters, on every engine that is there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod access;
    mod bulk;
    mod cells;
    mod comparison;
    mod duty;
    mod erasing;
    mod liaisons;
    mod pages;
    mod world;
}
