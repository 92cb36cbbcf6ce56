#![doc = include_str!("../README.md")]

mod check;
mod collide;
mod demand;
mod model;
mod programme;
mod propose;
mod rules;
mod written;

pub use check::{Broken, validate};
pub use collide::Collision;
pub use demand::Demand;
pub use model::{Person, Plan, Role, Shift, Turn, Week};
pub use propose::{ProposeError, propose};
pub use rules::{Limit, Rule, Rules};
pub use written::{WrittenError, WrittenPerson, WrittenRole, WrittenShift, WrittenWeek};
