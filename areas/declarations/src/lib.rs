//! Residents' own pages (居民自主申报, R12): the entrance without an account, the own record and who looked at it with
//! the log's proof, declarations, corrections and deletions with their answers, and the registration receipt.
//!
//! Nobody learns here whether somebody is registered, and nobody sees a relative's dealings: everything is by the one
//! record of the one person who entered ([`entrance`]). What is asked for is sealed ([`content`]), waits with a clock and
//! a task in the grid ([`requests`]), is opened on record by whoever decides ([`review`]) and written to the register by
//! the register's own functions ([`decide`]).
//!
//! Beside the own page are entrances ([`door`]) for newcomers who are not registered yet ([`newcomers`]), for landlords
//! and agents who answer for homes ([`letting`], R13), and for people whom residents appoint ([`representatives`]).

mod codes;
pub mod content;
pub mod decide;
mod decide_home;
pub mod door;
mod duties;
pub mod entrance;
pub mod expire;
mod expire_more;
pub mod gateway;
mod ids;
pub mod letting;
pub mod newcomers;
pub mod notices;
pub mod own;
mod pages;
mod person;
pub mod receipt;
pub mod representatives;
pub mod requests;
pub mod review;
mod source;
mod tables;
mod tables_more;

use std::sync::Arc;

use linli_platform::{area::Area, key_rotation::SealedTable};

pub use codes::{Channel, Door, Field, Kind, LiaisonKind, NoticeKind, Refusal, State};
pub use ids::{
    AttemptId, DeclarationId, DoorVisitId, DutyNoticeId, LettingId, LiaisonId, OwnSessionId, RepresentativeId,
};
pub use person::Identity;
pub use source::{ASKS_FROM_A_SOURCE_A_DAY, ASKS_FROM_A_SOURCE_A_QUARTER, Source};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// The area.
pub fn area() -> Area {
    Area {
        name: "declarations",
        routes: pages::routes(),
        migrations: migrations(),
        texts: Some(TEXTS),
        nav: pages::nav(),
        jobs: vec![Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::DeclarationDuties)],
        sealed: vec![
            SealedTable::new("declaration", "declaration_id", &["content_sealed"]),
            SealedTable::new("door_visit", "visit_id", &["identity_sealed"]),
            SealedTable::new("representative", "representative_id", person::SEALED),
            SealedTable::new("letting_liaison", "liaison_id", person::SEALED),
        ],
        ..Area::default()
    }
}
