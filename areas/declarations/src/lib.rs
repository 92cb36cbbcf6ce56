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
//! Duties are told by notices ([`notices`]); one that stays neglected is referred to the authority in charge
//! ([`referrals`]).

pub mod api;
mod browser;
mod codes;
pub mod content;
pub mod decide;
mod decide_home;
mod decide_other;
pub mod door;
mod duties;
pub mod entrance;
mod erased;
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
pub mod person_open;
pub mod receipt;
pub mod referrals;
pub mod representatives;
pub mod requests;
pub mod review;
mod sign;
mod source;
mod tables;
mod tables_more;

use std::sync::Arc;

use linli_platform::{
    area::Area,
    key_rotation::{KeyedUse, SealedTable},
};

pub use browser::{KNOWN_COOKIE, KNOWN_S};
pub use codes::{Authority, Channel, Door, Field, Kind, LiaisonKind, NoticeKind, Refusal, State};
pub use ids::{
    AttemptId, DeclarationId, DoorVisitId, DutyNoticeId, InboundId, LettingId, LiaisonId, OwnSessionId, ReferralId,
    RepresentativeId,
};
pub use person::Identity;
pub use source::{ASKS_FROM_A_SOURCE_A_DAY, ASKS_FROM_A_SOURCE_A_QUARTER, Caller, Source};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// What is compared by a keyed digest alone. Of a paper the day of issue is known: one of the day of the exchange may be
/// under either key.
const KEYED: &[KeyedUse] = &[
    KeyedUse {
        what: "own-attempt",
        sql: "SELECT COUNT(*) FROM own_attempt WHERE division_code = $1 AND made_at < $2 AND made_at > $3 - 86400000000",
        by_day: false,
    },
    KeyedUse {
        what: "own-receipt",
        sql: "SELECT COUNT(*) FROM own_receipt WHERE division_code = $1 AND issued_day <= $2 AND until_day >= $3",
        by_day: true,
    },
    KeyedUse {
        what: "door-visit",
        sql: "SELECT COUNT(*) FROM door_visit WHERE division_code = $1 AND made_at < $2 AND made_at > $3 - 86400000000",
        by_day: false,
    },
    // Newcomers follow their declaration by number and receipt code as long as it waits, and three months from its filing.
    KeyedUse {
        what: "newcomer-receipt",
        sql: "SELECT COUNT(*) FROM declaration d
              JOIN declaration_place p ON p.division_code = d.division_code AND p.declaration_id = d.declaration_id
              WHERE d.division_code = $1 AND p.doc_blind IS NOT NULL AND d.made_at < $2
              AND (d.state = 'open' OR d.made_at > $3 - 7776000000000)",
        by_day: false,
    },
];

/// The area.
pub fn area() -> Area {
    Area {
        name: "declarations",
        routes: pages::routes(),
        api: api::routes(),
        migrations: migrations(),
        texts: Some(TEXTS),
        nav: pages::nav(),
        jobs: vec![Arc::new(expire::Expire)],
        duties: vec![Arc::new(duties::DeclarationDuties)],
        erased_with: vec![Arc::new(expire::WithResident)],
        templates: vec![Arc::new(sign::Sign), Arc::new(receipt::Wording)],
        keyed: KEYED.to_vec(),
        sealed: vec![
            SealedTable::new("declaration", "declaration_id", &["content_sealed"]),
            SealedTable::new("inbound_declaration", "inbound_id", &["content_sealed"]),
            SealedTable::new("door_visit", "visit_id", &["identity_sealed"]),
            SealedTable::new("representative", "representative_id", person::SEALED).indexed(person::INDEXED),
            SealedTable::new("letting_liaison", "liaison_id", person::SEALED).indexed(person::INDEXED),
        ],
        ..Area::default()
    }
}
