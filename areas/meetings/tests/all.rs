//! What the area promises of meetings, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod convening;
    mod feed;
    mod meeting;
    mod pages;
    mod texts;
    mod town;
}
