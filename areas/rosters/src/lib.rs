//! Rosters of employers (花名册, R14, R15): sent as a file or as "no change today", checked cell by cell, compared with
//! the register person by person, confirmed by the officer, and followed up at the door.
//!
//! The sender sees the checks of the own file and nothing else. The comparison runs by machine, on record, and only
//! proposes; people see masked rows within their grids and open one by one, by purpose. Nothing in the register
//! changes before [`confirm::confirm`].

mod api;
mod check;
mod codes;
mod columns;
pub mod compare;
pub mod confirm;
mod duties;
mod erased;
pub mod expire;
pub mod figures;
mod file;
mod ids;
mod ledger;
pub mod liaisons;
mod pages;
mod reasons;
pub mod results;
pub mod send;
pub mod standing;
mod store;
mod tables;

use std::sync::Arc;

use linli_platform::area::Area;

pub use codes::{Class, Decided, Kind, State};
pub use columns::COLUMNS;
pub use file::{Line, Report, Stage, run_file};
pub use ids::RosterId;
pub use reasons::{StoredReason, headline};
pub use store::{Filter, Roster, find, list, may_send, problems};
pub use tables::migrations;

/// The area.
pub fn area() -> Area {
    Area {
        name: "rosters",
        routes: pages::routes(),
        api: api::routes(),
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: pages::nav(),
        jobs: vec![Arc::new(compare::Compare), Arc::new(expire::Expire)],
        erased_with: vec![Arc::new(erased::WithResident)],
        duties: vec![Arc::new(duties::RosterDuties)],
        ledgers: vec![Arc::new(ledger::Rosters)],
        ..Area::default()
    }
}
