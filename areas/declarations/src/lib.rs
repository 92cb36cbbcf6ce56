//! Residents' own pages (居民自主申报, R12): the entrance without an account, the own record and who looked at it with
//! the log's proof, declarations, corrections and deletions with their answers, and the registration receipt.
//!
//! Nobody learns here whether somebody is registered, and nobody sees a relative's dealings: everything is by the one
//! record of the one person who entered ([`entrance`]). What is asked for is sealed ([`content`]), waits with a clock and
//! a task in the grid ([`requests`]), is opened on record by whoever decides ([`review`]) and written to the register by
//! the register's own functions ([`decide`]).

pub mod api;
mod codes;
pub mod content;
pub mod decide;
mod duties;
pub mod entrance;
pub mod expire;
pub mod gateway;
mod ids;
pub mod own;
mod pages;
pub mod receipt;
pub mod requests;
pub mod review;
mod tables;

use std::sync::Arc;

use linli_platform::{
    area::Area,
    key_rotation::{KeyedUse, SealedTable},
};

pub use codes::{Channel, Field, Kind, Refusal, State};
pub use ids::{AttemptId, DeclarationId, InboundId, OwnSessionId};
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
        keyed: KEYED.to_vec(),
        sealed: vec![
            SealedTable::new("declaration", "declaration_id", &["content_sealed"]),
            SealedTable::new("inbound_declaration", "inbound_id", &["content_sealed"]),
        ],
        ..Area::default()
    }
}
