//! The rules of the working-day calendar.
#![allow(clippy::unwrap_used)]

#[path = "all/calendar.rs"]
mod calendar;
#[path = "all/deadlines.rs"]
mod deadlines;
#[path = "all/tables.rs"]
mod tables;
