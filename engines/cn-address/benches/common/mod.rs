//! Invented addresses for the benchmark and the tests.

pub mod doors;
pub mod files;
pub mod fits;
pub mod peer;
pub mod town;
pub mod ways;
