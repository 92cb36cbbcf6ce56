#![doc = include_str!("../README.md")]

mod calendar;
mod deadline;
mod office;
mod table;
mod year;

pub use calendar::{Calendar, Day, UnknownYear};
pub use deadline::{deadline_hours, shanghai_date};
pub use office::{OfficeHours, OfficeHoursError};
pub use table::{RowError, RowProblem};
