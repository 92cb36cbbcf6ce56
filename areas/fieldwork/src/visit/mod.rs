//! A visit (走访): entering one home means checking everyone in it (上门一户, 核查全员, R16).

mod outcome;
mod record;
mod settle;

pub use outcome::VisitOutcome;
pub use record::{NewVisit, Recorded, VisitError, VisitRow, last, of_day, record};
pub use settle::{Choice, Fate, Settled, settles};
