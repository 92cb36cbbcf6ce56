#![doc = include_str!("../README.md")]

mod balance;
mod due;
mod hazard;
mod period;
mod plan;
mod route;
mod tables;

pub use balance::{DayShare, balance};
pub use due::{Due, Premises, Reason, due};
pub use hazard::{Hazard, PastCheck, Ranked, Seen, likeliest_stale};
pub use period::{Turn, TurnShare, period_plan};
pub use plan::{DayPlan, day_plan, day_plan_by_gain};
pub use route::{Point, Route, nearest_neighbour_order, walking_order};
pub use tables::{CellError, CellProblem, PastColumns, PremisesColumns, Wanted};
