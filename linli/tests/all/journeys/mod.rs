//! The main job in a real Chromium, as people walk it: `LINLI_TEST_BROWSER=/usr/bin/chromedriver cargo test -p linli`.
//! Pictures of the pages at 1440 and 390 px are written to `screenshots/` for people to look at.
#![allow(clippy::unwrap_used)]

pub mod browser;
mod door;
mod downloads;
pub mod entrances;
mod everyday;
pub mod files;
mod imports;
mod offline;
pub mod own_page;
mod passkeys;
mod push;
mod records;
pub mod registering;
mod residents;
mod rosters;
mod scores;
mod surveys;
mod together;
pub mod town;
