//! Numbered documents, their sentences, and ledgers, on both engines and by their pages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod ledgers;
    mod register;
    mod texts;
    mod wordings;
    mod world;
}
