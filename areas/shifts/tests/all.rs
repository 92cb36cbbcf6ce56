//! What the area promises of shifts, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod pages;
    mod plans;
    mod swaps;
    mod texts;
    mod town;
}
