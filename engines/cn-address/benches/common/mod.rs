//! Invented addresses for the benchmark and the tests.

pub mod doors;
pub mod peer;
pub mod town;
pub mod ways;
