//! What a synthetic town must keep, and what it must be like.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "all/city.rs"]
mod city;
#[path = "all/life.rs"]
mod life;
#[path = "all/map.rs"]
mod map;
#[path = "all/people.rs"]
mod people;
#[path = "all/rosters.rs"]
mod rosters;

use jiff::civil::date;
use townsim::{Config, Town};

fn config(seed: u64) -> Config {
    Config::new(2_000, seed, date(2026, 1, 1))
}

fn town() -> Town {
    Town::new(config(1))
}
