//! What the area promises of scenes and campaigns, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod brought;
    mod expire;
    mod publicity;
    mod scenes;
    mod world;
}
