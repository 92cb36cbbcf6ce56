//! What field work promises, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod browser;
    mod door;
    mod pages;
    mod phone;
    mod plan;
    mod plan_pages;
    mod rules;
    mod share;
    mod stale;
    mod today;
    mod visits;
    mod world;
}
