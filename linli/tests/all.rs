//! Integration tests of the program, in one binary.
#![allow(clippy::unwrap_used)]

#[path = "all/journeys/mod.rs"]
mod journeys;
