//! The survey's promises, on every engine that is there.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod all {
    mod again;
    mod answers;
    mod attack;
    mod draws;
    mod evaluation;
    mod pages;
    mod past;
    mod protect;
    mod rectification;
    mod signing;
    mod texts;
    mod town;
}
