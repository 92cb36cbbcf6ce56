//! Volunteers (志愿者, R5, R21): what they tell of the premises they look after, the stipend for what was so, and the
//! month's instruction of N members.
//!
//! A notice says: somebody moved in, moved out, a hazard of premises, or that a resident wants help with declaring. It
//! holds codes and premises, no person's name and no suspicion (boundary 3); whoever wants to report a crime is shown 110,
//! and nothing is stored. It becomes a task of the coordinator ([`notices`]); thanks and result go back. A stipend passes
//! an applicant, approvals by different people and the accounts ([`stipends`], [`ledger`]).

pub mod codes;
mod duties;
pub mod expire;
pub mod guidance;
mod ids;
pub mod ledger;
mod month_ledgers;
pub mod notices;
mod pages;
pub mod places;
pub mod stipends;
mod tables;

use std::sync::Arc;

use linli_platform::area::Area;

pub use ids::{EntryId, GuidanceId, PlaceId, StipendId, VolunteerNoticeId};
pub use tables::migrations;

/// The area.
pub fn area() -> Area {
    Area {
        name: "volunteers",
        routes: pages::routes(),
        migrations: migrations(),
        texts: Some((include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"))),
        nav: pages::nav(),
        jobs: vec![Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::VolunteerDuties)],
        ledgers: vec![Arc::new(month_ledgers::Stipends), Arc::new(month_ledgers::Guidances)],
        ..Area::default()
    }
}
