//! Newcomers (新来人员自主申报, R12): somebody who is not registered yet declares the own move in, with the household, from
//! the code of the grid's sign.
//!
//! Nothing is looked up in the register until somebody on staff decides: the entrance proves the mobile that was typed
//! ([`door`](crate::door)), the form resolves the address, which is nobody's data, and what is filed becomes a case of
//! the home's grid with its clock and its task. Whoever is registered already and files all the same is answered alike.
//! How the case stands can be followed with the document number and the code on the receipt.

mod file;
mod follow;
mod receipt;

pub use file::{MEMBERS_MAX, OPEN_FOR_A_DOCUMENT, file, file_for};
pub(crate) use file::{Place, insert};
pub use follow::{follow, of_visit, receipt_code};
pub use receipt::issue;
