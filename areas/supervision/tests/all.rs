//! What the area promises of supervision and staff matters, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod inspections;
    mod measures;
    mod pages;
    mod photos;
    mod suggestions;
    mod texts;
    mod town;
}
