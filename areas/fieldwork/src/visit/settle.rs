//! One choice for each person of the household, and what the choices settle.

use linli_platform::clock::Day;
use linli_register::{ResidentId, residents::Change};
use linli_work::{Outcome, TaskKind};

/// What was found of one person. `Debug` shows no value.
#[derive(Debug, Clone)]
pub enum Choice {
    /// Still lives here (仍在住).
    StillHere,
    /// Moved out on a day (已搬离); where to is not asked.
    MovedOut {
        /// The day.
        day: Day,
    },
    /// A fact changed (有变更).
    Changed(Box<Change>),
}

/// One person with what was found.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The person's record.
    pub resident_id: ResidentId,
    /// The version of the record that was seen at the door.
    pub version: i64,
    /// What was found.
    pub choice: Choice,
}

/// What a visit means for the record or home that a task lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The person of the record still lives there, as registered.
    Here,
    /// The person of the record moved out.
    Gone,
    /// The person's record was changed.
    Changed,
    /// The home was checked in full, with so many registrations, changes and cancellations.
    Home {
        /// Registered.
        registered: i64,
        /// Changed.
        changed: i64,
        /// Cancelled.
        cancelled: i64,
    },
}

impl From<&Choice> for Fate {
    fn from(choice: &Choice) -> Self {
        match choice {
            Choice::StillHere => Fate::Here,
            Choice::MovedOut { .. } => Fate::Gone,
            Choice::Changed(_) => Fate::Changed,
        }
    }
}

/// The outcome with which a full visit settles a task by itself, if it does. What it does not settle stays open until
/// somebody says how it ended: whether a newcomer is the one whom a roster names, for one, only a person can tell.
pub fn settles(kind: TaskKind, fate: Fate) -> Option<Outcome> {
    use TaskKind::*;
    match (kind, fate) {
        (HomeVerification | SurveyError, Fate::Home { registered, changed, cancelled }) => {
            Some(match (registered, changed, cancelled) {
                (1.., _, _) => Outcome::Registered,
                (_, 1.., _) => Outcome::Changed,
                (_, _, 1..) => Outcome::Cancelled,
                _ => Outcome::Confirmed,
            })
        }
        (SurveyError | DataCheck | DataCheckSecondVisit, Fate::Here) => Some(Outcome::Confirmed),
        (SurveyError | DataCheck | DataCheckSecondVisit, Fate::Gone) => Some(Outcome::Cancelled),
        (SurveyError | DataCheck | DataCheckSecondVisit, Fate::Changed) => Some(Outcome::Changed),
        (RosterAddressDiffers, Fate::Here) => Some(Outcome::Confirmed),
        (RosterAddressDiffers, Fate::Gone) => Some(Outcome::NotThere),
        (RosterLeftEmployer, Fate::Gone) => Some(Outcome::Cancelled),
        _ => None,
    }
}
