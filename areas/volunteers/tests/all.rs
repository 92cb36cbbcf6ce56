//! What the area promises of notices, stipends and the month's instruction, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod guidance;
    mod notices;
    mod pages;
    mod stipends;
    mod world;
}
