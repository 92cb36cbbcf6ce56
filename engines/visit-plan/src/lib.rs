#![doc = include_str!("../README.md")]

mod due;
mod plan;
mod route;

pub use due::{Due, Premises, Reason, due};
pub use plan::{DayPlan, day_plan};
pub use route::{Point, Route, nearest_neighbour_order, walking_order};
