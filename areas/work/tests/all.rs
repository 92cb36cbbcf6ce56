//! What the area promises of tasks, notices and the channel, on every engine that is there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod all {
    mod channel;
    mod escalating;
    mod expire;
    mod guard;
    mod kinds;
    mod notices;
    mod outward;
    mod push;
    mod tasks;
    mod wecom;
    mod world;
}
