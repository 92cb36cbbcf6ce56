//! Residents (实有人口, R7): registered when met, changed when they change, moved when they move, cancelled when they
//! leave (来登去销), each with source, when seen and when entered.
//!
//! Names, numbers, mobiles and birth dates are sealed; lists show the masked forms. People see clear values only
//! through [`open`], machines only through [`machine_rows`].

mod candidates;
mod change;
mod leave;
mod list;
mod machine;
mod open;
mod own;
mod register;
mod search;

pub use candidates::{Candidate, Typing, candidates};
pub(crate) use change::fact_event;
pub use change::{Change, change, correct};
pub use leave::{cancel, correct_residence, move_to};
pub(crate) use leave::{grid_of, relocate};
pub(crate) use list::where_is;
pub use list::{Filter, MaskedResident, after, count, find, list, of_employer, of_home, versions};
pub use machine::{MachineName, MachineResident, machine_names, machine_rows};
pub use open::{OpenResident, open};
pub use own::{lives_since, machine_by_document, machine_of_home};
pub(crate) use register::RESIDENCE;
pub use register::{Entered, NewResident, register, register_many};
pub(crate) use search::of_ids;
pub use search::{Search, SearchKind, search};

use linli_platform::{AppError, sealed::Bind};
use sea_orm::{DbErr, SqlErr};

use crate::ids::ResidentId;

/// Where a sealed value of a resident lives.
pub(crate) fn bind(column: &'static str, id: ResidentId) -> Bind {
    Bind { table: "resident", column, row: id.0 }
}

/// Turns the database's own refusal of a second row into the rule that it keeps.
pub(crate) fn friendly(e: AppError, code: &'static str) -> AppError {
    let refused = e.cause.as_ref().and_then(|c| c.downcast_ref::<DbErr>()).and_then(DbErr::sql_err);
    match refused {
        Some(SqlErr::UniqueConstraintViolation(_)) => AppError { cause: e.cause, ..AppError::rule(code) },
        _ => e,
    }
}
