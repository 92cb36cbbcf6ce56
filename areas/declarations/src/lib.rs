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

use linli_platform::{area::Area, key_rotation::SealedTable};

pub use codes::{Channel, Field, Kind, Refusal, State};
pub use ids::{AttemptId, DeclarationId, InboundId, OwnSessionId};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

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
        sealed: vec![
            SealedTable::new("declaration", "declaration_id", &["content_sealed"]),
            SealedTable::new("inbound_declaration", "inbound_id", &["content_sealed"]),
        ],
        ..Area::default()
    }
}
