//! The engines on the command line; none of these needs an installation.

pub mod address;
pub mod compare;
pub mod id;
pub mod matching;
pub mod samples;
pub mod shifts;
pub mod visits;
pub mod workday;
