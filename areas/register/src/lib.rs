//! The register (一标三实, R6–R11): standard addresses, homes, employers and residents, each fact with its source and
//! dates, sealed where it is personal, and with an event beside every change.
//!
//! Lists are masked and within the reader's scope. One person's clear values are opened by purpose, on record
//! ([`residents::open`]); comparisons by machine run on [`residents::machine_rows`].

pub mod addresses;
pub mod codes;
pub mod counter;
pub mod directory;
pub mod employers;
pub mod figures;
pub mod history;
pub mod homes;
pub mod imports;
mod ids;
mod parallel;
mod premises;
pub mod residents;
pub mod rules;
mod sql;
mod tables;
mod told;
pub mod transfers;

pub use imports::kinds as import_kinds;
pub use premises::RegisterPremises;
pub use ids::{AddressId, CounterCaseId, EmployerId, HomeId, ResidenceId, ResidentId, TransferId};
pub use tables::migrations;
pub use told::{Found, Slice, Told};
