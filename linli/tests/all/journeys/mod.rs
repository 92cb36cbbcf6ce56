//! The main job in a real Chromium, as people walk it: `LINLI_TEST_BROWSER=/usr/bin/chromedriver cargo test -p linli`.
//! Pictures of the pages at 1440 and 390 px are written to `screenshots/` for people to look at.

mod browser;
mod everyday;
mod town;
