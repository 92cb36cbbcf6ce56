//! Entrances beside the own page: of newcomers, of landlords and agents, and of people whom residents appointed.
//!
//! As at the own page, document number and name are typed and a one-time code proves the mobile: a newcomer's is the one
//! that was typed, everybody else's the one on file. Whoever asks learns nothing: of landlords, agents and people
//! appointed the answer is the same whether they are on file or not, and of newcomers nothing is looked up at all.
//! Askings are counted by number, by mobile and by source; guesses at a code are five.

mod ask;
mod visit;

pub use ask::ask;
pub(crate) use ask::on_file;
pub use visit::{VISIT_S, Visitor, end, enter, identity, load};

use linli_platform::{event::SubjectRef, sealed::Bind};

use crate::ids::DoorVisitId;

/// The name of the cookie that goes with an asking.
pub const ASKED_COOKIE: &str = "linli-door-code";
/// The name of the visit's cookie.
pub const VISIT_COOKIE: &str = "linli-door";

/// A visit as a subject of events; it names nobody.
pub(crate) fn subject(id: DoorVisitId) -> SubjectRef {
    SubjectRef::new("own-entrance", id, None)
}

pub(crate) fn bind(id: DoorVisitId) -> Bind {
    Bind { table: "door_visit", column: "identity_sealed", row: id.0 }
}
