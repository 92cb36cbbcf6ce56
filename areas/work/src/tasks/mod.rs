//! Tasks (任务): what somebody is to do, where, by when, and how it ended (R15, R16, R20).
//!
//! A task lies on premises or on a piece of work, never on a person (boundary 8). While it is open it is the *basis*
//! on which its record may be opened for its purpose (boundary 7); closing it ends that in the same transaction.

mod close;
mod erased;
mod list;
mod note;
mod open;

pub use close::{assign, close, end_of_origin, forget, is_assignable, note_anew, overtake};
pub(crate) use erased::WithResident;
pub use list::{Filter, Step, TaskRow, count_open, find, for_home, history, list};
pub use note::{NOTE_FIELDS, NoteLine, open_note};
pub(crate) use open::task_subject;
pub use open::{NewTask, open_many};
