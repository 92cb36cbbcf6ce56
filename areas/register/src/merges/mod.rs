//! Two records of one person made one (合并), taken apart again, and a record that mixes two people split (拆分).
//!
//! A merge opens nothing: masked forms and a machine's comparison are all that whoever decides sees. It gives nobody a
//! right: whoever could open one of the two could, and can, open that one. The absorbed record stays as it is, with its
//! own key, readings and history, until the kept one goes; so a merge can be undone, and nothing of what was changed in
//! the meantime is lost.

mod candidates;
mod list;
mod make;
mod rows;
mod split;
mod undo;

pub use candidates::candidates;
pub use list::{MergeRow, absorbed_into, of_record};
pub(crate) use list::{family, newcomer_is_absorbed};
pub use make::{Merge, merge};
pub use split::{Split, split};
pub use undo::undo;

use crate::codes::Fact;

/// The facts that are decided on one by one. Birth date and sex go with the document that tells them.
pub const DECIDED: [Fact; 6] = [Fact::Name, Fact::Document, Fact::Phone, Fact::Local, Fact::Residence, Fact::Employer];

/// The columns of a record that a fact stands in, in the order in which `before` and updates hold them.
const COLUMNS: [(Fact, &[&str]); 5] = [
    (Fact::Name, &["name_sealed", "name_masked"]),
    (Fact::Document, &["doc_kind", "doc_sealed", "doc_masked", "doc_blind", "facts_sealed", "sex", "birth_year"]),
    (Fact::Phone, &["phone_sealed", "phone_masked", "phone_blind"]),
    (Fact::Local, &["is_local"]),
    (Fact::Employer, &["employer_id"]),
];
