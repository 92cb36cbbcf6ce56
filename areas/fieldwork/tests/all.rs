//! What field work promises, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod door;
    mod pages;
    mod rules;
    mod today;
    mod visits;
    mod world;
}
