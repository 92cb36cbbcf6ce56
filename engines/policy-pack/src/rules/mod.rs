//! The typed rules, one file for each file of a pack.

pub(crate) mod deadlines;
pub(crate) mod governance;
pub(crate) mod meetings;
pub(crate) mod papers;
pub(crate) mod register;
pub(crate) mod scoring;
pub(crate) mod shifts;
pub(crate) mod survey;
pub(crate) mod team;
pub(crate) mod territory;
pub(crate) mod visits;
pub(crate) mod work;
