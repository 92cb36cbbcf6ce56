//! Orders (指令, R20) through the four levels, and data checks (数据核查, R19) that go down with them and come back.
//!
//! An order goes from the station, the population office or the urban-operation centre to police teams, from there to
//! committees' teams and on to micro-grids, as [`parts`]: each with its receipt, distribution, feedback, transfer and
//! closing, its deadlines and its owner. [`life`] says which step leads where; nothing ends with open parts below. What
//! is overdue climbs one level ([`climb`]); what a team cannot settle goes to the task force.
//!
//! A data check is a list of discrepancies of registration ([`checks`]). Its rows are sealed, travel masked, are visited,
//! checked at the officer's desk, visited again, and are gone when the check is closed.
//!
//! Other systems bring orders by the interface ([`brought`]); an office issues them, or says why not.

mod api;
pub mod brought;
pub mod checks;
pub mod climb;
mod codes;
mod duties;
pub mod expire;
pub mod guard;
mod ids;
mod ledger;
pub mod levels;
pub mod life;
pub mod orders;
mod pages;
pub mod parts;
pub mod steps;
mod tables;

use std::sync::Arc;

use linli_platform::{
    area::Area,
    key_rotation::{KeyedUse, SealedTable},
};

pub use codes::{Decision, Feedback, Level, NotTaken, OrderKind, OrderState, PartState, Raise};
pub use ids::{CheckId, OrderId, PartId, RowId};
pub use tables::migrations;

/// Rows of a list are compared with the register by a digest until the list is closed and they go.
const KEYED: KeyedUse = KeyedUse {
    what: "check-row",
    sql: "SELECT COUNT(*) FROM check_row r
          JOIN data_check c ON c.division_code = r.division_code AND c.check_id = r.check_id
          WHERE r.division_code = $1 AND c.received_at < $2 AND $3 > 0",
    by_day: false,
};

/// The area.
pub fn area() -> Area {
    Area {
        name: "orders",
        routes: pages::routes(),
        api: api::routes(),
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: pages::nav(),
        imports: vec![Arc::new(checks::CheckImport)],
        jobs: vec![Arc::new(climb::Climb), Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::OrderDuties)],
        keyed: vec![KEYED],
        sealed: vec![SealedTable::new("check_row", "row_id", &["content_sealed"])],
        ledgers: vec![Arc::new(ledger::Checks), Arc::new(ledger::Orders)],
        ..Area::default()
    }
}
