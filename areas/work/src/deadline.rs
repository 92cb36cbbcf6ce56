//! Deadlines of tasks.

use cn_workday::Calendar;
pub use linli_platform::deadline::due_at;
use linli_platform::{Result, clock::At};
use policy_pack::Pack;

use crate::kinds::{DueBy, TaskKind};

/// The instant by which a task of a kind is to be done that is opened at `from`. Errors as [`due_at`].
pub fn task_due_at(pack: &Pack, calendar: &Calendar, kind: TaskKind, from: At) -> Result<At> {
    match kind.due_by() {
        DueBy::Pack(id) => due_at(pack, calendar, id, from),
        DueBy::MonthEnd => Ok(from.day().month().end()),
    }
}
