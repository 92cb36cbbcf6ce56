//! The survey's promises, on every engine that is there.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod all {
    mod answers;
    mod draws;
    mod pages;
    mod past;
    mod texts;
    mod town;
}
