//! Meetings (例会, R30): of a grid's team each week and month, of a police-team leader's area once a year.
//!
//! A meeting walks through two states. It is *convened* for the day that the official calendar gives, by a job and
//! ahead, or by whoever convenes it; it can be moved with notice. On its day everybody who has come opens a short-lived
//! link from a QR code, or is ticked; who has not come has a coded reason. It is *held* once the minutes stand: then its
//! agenda, drawn from the data up to that moment, is kept as it was, and what was decided becomes tasks, which return in
//! the next agenda until they are done. A convened meeting whose day is over and that has no minutes shows as missed.

mod agenda;
mod convening;
pub mod dates;
mod decisions;
mod duties;
mod feed;
mod ids;
mod jobs;
mod ledger;
mod meetings;
mod minutes;
mod pages;
mod paper;
mod past;
mod roll;
mod tables;

use std::sync::Arc;

use linli_platform::{
    access::Action,
    area::{Area, NavGroup, NavItem},
};

pub use agenda::{Line, Point, draw};
pub use convening::{Convened, Wanted, convene, convene_many, move_to, set_place};
pub use decisions::{Decision, FollowUp, NewDecision, decide, follow_ups, of_meeting, withdraw};
pub use feed::{calendar, make_feed, revoke_feed};
pub use ids::{DecisionId, MeetingId};
pub use jobs::{ConveneAhead, Expire, convene_ahead};
pub use meetings::{MeetingRow, Tab, convenes, find, grids_of, list};
pub use minutes::{MeetingRecord, close, record};
pub use paper::draft as record_paper;
pub use past::{PastDecision, PastMeeting, insert as insert_past};
pub use roll::{Attendee, Mark, Team, excuse, is_valid_link, link, mark, of as roll_of, present, refresh};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// The area.
pub fn area() -> Area {
    let nav = NavItem {
        group: NavGroup::Cooperation,
        order: 40,
        key: "meetings",
        href: "/meetings",
        action: Action::MeetingRead,
    };
    Area {
        name: "meetings",
        routes: pages::routes(),
        migrations: migrations(),
        texts: Some(TEXTS),
        nav: vec![nav],
        jobs: vec![Arc::new(ConveneAhead), Arc::new(Expire)],
        duties: vec![Arc::new(duties::MeetingDuties)],
        ledgers: vec![Arc::new(ledger::Meetings)],
        ..Area::default()
    }
}
