#![doc = include_str!("../README.md")]

mod calendar;
mod deadline;
mod table;

pub use calendar::{Calendar, Day, UnknownYear};
pub use deadline::{deadline_hours, shanghai_date};
pub use table::{RowError, RowProblem};
