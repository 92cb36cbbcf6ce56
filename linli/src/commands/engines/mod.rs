//! The engines on the command line; none of these needs an installation.

pub mod address;
pub mod id;
pub mod matching;
pub mod workday;
