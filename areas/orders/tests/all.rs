//! The promises of orders and data checks, on every engine that is there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod expiring;
    mod four_levels;
    mod life;
    mod listed;
    mod model;
    mod pages;
    mod world;
}
