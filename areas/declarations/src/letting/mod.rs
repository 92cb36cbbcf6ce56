//! Landlords and agents (出租人、中介, R9, R13): a liaison on file answers for homes of which the register names the same
//! landlord or agency, accepts the confidentiality terms, and declares who moves in and out.
//!
//! A liaison sees the addresses of those homes and the own declarations, and nothing of anybody who lives there. What is
//! declared is decided by the grid's staff; a landlord's word cancels nobody.

mod declare;
mod homes;
mod liaison;
mod terms;

pub use declare::{OPEN_AT_ONCE, file, find as find_declaration, list as declarations};
pub(crate) use homes::of_staff;
pub use homes::{LetHome, add_home, end_home, find as find_home, list as homes_of};
pub(crate) use liaison::by_id;
pub use liaison::{Liaison, add, end, find, list, of_visitor};
pub use terms::{Terms, accept};
