//! What becomes of an entry, and why: closed lists, each with something that the person can do.

use linli_platform::codes;
use serde::{Deserialize, Serialize};

codes! {
    /// What became of an entry (条目状态).
    State {
        /// Applied, once.
        Done = "done",
        /// Refused, for a reason that the person can act on.
        Refused = "refused",
        /// Kept for a decision.
        Conflict = "conflict",
        /// Could not be done now; to be sent again.
        Retry = "retry",
    }
}

codes! {
    /// Why an entry was refused (退回原因). Fluent text: `phone-refused-<code>`.
    Refusal, "phone-refused" {
        /// It cannot be read.
        Malformed = "malformed",
        /// Sealed to a key that the server does not have any more.
        UnknownKey = "unknown-key",
        /// It does not open.
        BrokenSeal = "broken-seal",
        /// Another entry has its id.
        EntryIdReused = "entry-id-reused",
        /// The home is none of the sender's, and was none.
        NotYourHome = "not-your-home",
        /// It settles somebody whose record was erased for good.
        ResidentErased = "resident-erased",
        /// Somebody of the household was not settled (R16).
        Unsettled = "unsettled",
        /// People were settled at a door that nobody opened.
        NotEntered = "not-entered",
        /// A document number that is none.
        BadNumber = "bad-number",
        /// A name that is none.
        BadName = "bad-name",
        /// A mobile that is none.
        BadPhone = "bad-phone",
        /// A birth date that cannot be.
        BadBirth = "bad-birth",
        /// No employer has the code.
        EmployerUnknown = "employer-unknown",
        /// A day that is still to come.
        FutureDay = "future-day",
        /// A change that changes nothing.
        NothingChanged = "nothing-changed",
        /// A task cannot end so.
        BadOutcome = "bad-outcome",
        /// A photo that is none, or is too large.
        BadPhoto = "bad-photo",
        /// A colleague decided against it.
        SetAside = "set-aside",
        /// Another rule of the register.
        Rule = "rule",
    }
}

codes! {
    /// Why an entry waits for a decision (待核原因). Fluent text: `phone-conflict-<code>`.
    Waiting, "phone-conflict" {
        /// A record was changed between the assignment and the entry's arrival.
        ChangedMeanwhile = "changed-meanwhile",
        /// Somebody moved in or out meanwhile.
        PeopleChanged = "people-changed",
        /// A newcomer is registered somewhere already.
        RegisteredElsewhere = "registered-elsewhere",
        /// The home has become another's since.
        HandedOver = "handed-over",
        /// The phone was revoked.
        DeviceRevoked = "device-revoked",
    }
}

codes! {
    /// Why somebody set an entry aside (不采用原因). Fluent text: `entry-aside-<code>`.
    Aside, "entry-aside" {
        /// The same was entered by somebody else.
        Duplicate = "duplicate",
        /// It was entered by mistake.
        Mistake = "mistake",
        /// It is not so any more.
        Outdated = "outdated",
        /// The record was erased for good; said by the program alone.
        ResidentErased = "resident-erased",
    }
}

impl Aside {
    /// What somebody can say.
    pub const SAID: [Aside; 3] = [Aside::Duplicate, Aside::Mistake, Aside::Outdated];
}

/// What of an entry a reason is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// `person`, `newcomer`, `home` or `task`.
    pub about: String,
    /// The record or task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<uuid::Uuid>,
    /// The place among the newcomers, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<usize>,
    /// The field.
    pub field: String,
}

impl About {
    /// A field of a registered person.
    pub fn person(id: impl Into<uuid::Uuid>, field: &str) -> Self {
        About { about: "person".into(), id: Some(id.into()), n: None, field: field.into() }
    }
    /// A field of a newcomer.
    pub fn newcomer(n: usize, field: &str) -> Self {
        About { about: "newcomer".into(), id: None, n: Some(n), field: field.into() }
    }
    /// A field of the visit itself.
    pub fn home(field: &str) -> Self {
        About { about: "home".into(), id: None, n: None, field: field.into() }
    }
}
