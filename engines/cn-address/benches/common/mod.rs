//! Invented addresses for the benchmark and the tests.

pub mod peer;
pub mod town;
pub mod ways;
