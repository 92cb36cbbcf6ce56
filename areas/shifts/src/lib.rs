//! Shifts (错时, R31): who of a committee's team works when in a week, off-hours rounds included.
//!
//! The community officer drafts the plan of a week, by hand or from a proposal of `shift-plan`, and files it with the
//! police-team leader a week ahead. Every rule that it breaks is named, with whom and when; no rule of the scheme keeps a
//! plan from being filed, but whoever files one says that the broken rules are known. The leader takes note. Afterwards
//! colleagues swap shifts among themselves, and each says what was worked. Nobody's place is recorded, and what somebody
//! worked is seen by that colleague and the team's leaders alone (boundary 6).

mod cell;
mod duties;
mod exchange;
mod expire;
mod ids;
mod ledger;
mod pages;
mod past;
pub mod people;
pub mod plans;
mod propose;
pub mod rules;
pub mod swaps;
mod tables;
mod visits;
pub mod worked;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem},
};

pub use cell::Cell;
pub use ids::{PlanId, SwapId};
pub use past::{PastPlan, insert as insert_past};
pub use propose::{Proposal, propose};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// The area.
pub fn area() -> Area {
    let nav = |group, order, key, href, action| NavItem { group, order, key, href, action };
    Area {
        name: "shifts",
        routes: pages::routes(),
        migrations: migrations(),
        texts: Some(TEXTS),
        nav: vec![
            nav(NavGroup::Team, 20, "shifts", "/shifts", Action::ShiftRead),
            nav(NavGroup::Daily, 42, "shifts-mine", "/shifts/mine", Action::ShiftWork),
        ],
        jobs: vec![Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::ShiftDuties)],
        ledgers: vec![Arc::new(ledger::Shifts)],
        ..Area::default()
    }
}
