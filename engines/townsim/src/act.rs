//! What happens: events in truth, and acts on the register.

use crate::model::{Label, Resident};
use crate::private::Private;
use jiff::civil::Date;
use serde::Serialize;

/// Something that happened in truth, whether or not anybody told the register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// The day.
    pub date: Date,
    /// The person.
    pub person: u32,
    /// What happened.
    pub kind: EventKind,
}

/// What happened to a person in truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum EventKind {
    /// Came from elsewhere.
    MovedIn {
        /// Into which home.
        home: u32,
    },
    /// Moved from one home to another.
    MovedWithin {
        /// The home left.
        from: u32,
        /// The home moved into.
        to: u32,
    },
    /// Left for elsewhere.
    MovedOut {
        /// The home left.
        from: u32,
    },
    /// Came back after having left.
    Returned {
        /// Into which home.
        home: u32,
    },
    /// Was born.
    Born {
        /// In which home.
        home: u32,
    },
    /// Died.
    Died {
        /// In which home.
        home: u32,
    },
    /// Changed, took up or left work.
    ChangedEmployer {
        /// The employer now.
        employer: Option<u32>,
    },
    /// Has another mobile.
    ChangedMobile,
}

/// Where an act's knowledge came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Source {
    /// Seen at the door.
    Visit,
    /// Declared by the landlord.
    Landlord,
    /// Declared by the employer.
    Employer,
    /// Declared by the household itself.
    SelfDeclared,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Outcome {
    /// Everyone in the home was checked (上门一户, 核查全员).
    Verified,
    /// The home was found vacant.
    Vacant,
    /// Nobody opened.
    NobodyHome,
    /// The visit was refused; the officer joins the next one.
    Refused,
}

/// A fact that is put right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Field {
    /// The name.
    Name(Private),
    /// The mobile.
    Mobile(Option<Private>),
    /// The employer, by index.
    Employer(Option<u32>),
}

/// An act on the register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Act {
    /// When it was seen or declared, in Unix seconds.
    pub seen_at_s: i64,
    /// When it was entered, in Unix seconds; never before it was seen.
    pub entered_at_s: i64,
    /// Who entered it, by index.
    pub by_staff: u32,
    /// Where the knowledge came from.
    pub source: Source,
    /// What was done.
    pub kind: ActKind,
}

/// What is done to the register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ActKind {
    /// A home was visited. With [`Outcome::Verified`] everyone registered there counts as verified.
    HomeVerified {
        /// The home, by index.
        home: u32,
        /// How the visit ended.
        outcome: Outcome,
    },
    /// Somebody was registered (来登), newly or again.
    Registered {
        /// The whole record.
        resident: Box<Resident>,
    },
    /// A fact was put right.
    Changed {
        /// The person.
        resident: u32,
        /// What it is now.
        field: Field,
    },
    /// The main residence was moved to another home.
    MovedWithin {
        /// The person.
        resident: u32,
        /// The home, by index.
        home: u32,
        /// The household there.
        household: u32,
        /// Since when.
        since: Date,
    },
    /// The registration was cancelled (去销).
    Cancelled {
        /// The person.
        resident: u32,
        /// The home of the registration; the act is void if it has been moved since.
        home: u32,
    },
    /// The label of premises was set to what was found (帐实相符).
    Labelled {
        /// The home, by index.
        home: u32,
        /// The label now.
        label: Option<Label>,
    },
}
