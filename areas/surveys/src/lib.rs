//! The monthly survey (达标测查, R25–R27): what share of the people is registered, and how right the records are.
//!
//! A round walks through six states. The office *frames* it: the homes of every committee by kind of premises, never
//! by who lives there, under keyed pseudonyms, with a published digest. At least two parties *commit* to a secret;
//! frame, plans and commitments are announced, and only then they open, which *draws* the homes at once. Surveyors who
//! do not work there *answer*, in counts alone. The *lock* computes rates with intervals and ends it: an error put
//! right in the register changes no result.
//!
//! Whom the rates put below the sub-district's two months running is listed ([`listings`]) and gets better by plan and work
//! ([`rectification`]); a year's rounds are published with small counts withheld ([`evaluation`]).
//!
//! [`verify_files`] repeats a draw from the receipt and the frame; [`results::for_month`] and [`listings::open`] are
//! what the assessment rests on; [`demo_round`] makes the past of a demonstration.

pub mod again;
pub mod answers;
mod api;
pub mod assign;
mod bases;
mod beside;
pub mod codes;
mod corrections;
mod draw;
mod duties;
pub mod estimate;
pub mod evaluation;
pub mod frame;
mod ids;
mod ledger;
pub mod listings;
pub mod locks;
mod notice;
mod pages;
mod past;
mod receipt;
pub mod rectification;
pub mod results;
pub mod rounds;
pub mod seeds;
pub mod surveyors;
mod tables;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem},
};

pub use answers::HomeObservation;
pub use frame::HomesNow;
pub use ids::{AssignmentId, ListingId, SurveyId};
pub use notice::draft as rectification_notice;
pub use past::{PastParty, PastRound, PastTimes, demo_round};
pub use receipt::{RoundReceipt, Verified, VerifyError, verify_files};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// Pseudonyms of a frame, by which the homes are found again when they are drawn.
const KEYED: &[linli_platform::key_rotation::KeyedUse] = &[linli_platform::key_rotation::KeyedUse {
    what: "survey",
    sql: "SELECT COUNT(*) FROM survey WHERE division_code = $1 AND state IN ('framed', 'committed')
          AND made_at < $2 AND made_at <= $3",
    by_day: false,
}];

/// The area.
pub fn area() -> Area {
    let entry = |order, key, href, action| NavItem { group: NavGroup::Quality, order, key, href, action };
    Area {
        name: "surveys",
        routes: pages::routes(),
        api: api::routes(),
        migrations: migrations(),
        keyed: KEYED.to_vec(),
        texts: Some(TEXTS),
        nav: vec![
            entry(10, "surveys", "/surveys", Action::SurveyRead),
            NavItem { group: NavGroup::Daily, ..entry(24, "surveys-mine", "/surveys/mine", Action::SurveyAnswer) },
            entry(14, "listings", "/surveys/listings", Action::SurveyRead),
            entry(16, "evaluations", "/evaluations", Action::SurveyRead),
        ],
        duties: vec![Arc::new(duties::SurveyDuties)],
        ledgers: vec![Arc::new(ledger::Surveys)],
        templates: vec![Arc::new(notice::Notice), Arc::new(evaluation::Yearly)],
        ..Area::default()
    }
}
