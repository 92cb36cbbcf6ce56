//! The targets, by engine.

mod addresses;
mod identifiers;
mod logs;
mod policies;
mod rosters;
mod surveys;
#[cfg(feature = "territory")]
mod territories;
mod towns;

pub use addresses::{address, address_seeds};
pub use identifiers::{identity, identity_seeds, names, names_seeds, workday, workday_seeds};
pub use logs::{log_note, log_note_seeds, log_proof, log_proof_seeds, log_witness, log_witness_seeds};
pub use policies::{policy, policy_seeds};
pub use rosters::{
    link_config, link_config_seeds, roster_model, roster_model_seeds, roster_rows, roster_rows_seeds, roster_tables,
    roster_tables_seeds,
};
pub use surveys::{survey_frame, survey_frame_seeds, survey_receipt, survey_receipt_seeds};
#[cfg(feature = "territory")]
pub use territories::boundaries;
pub use towns::{experiment, experiment_seeds};

use crate::Target;

/// The targets of the application's floor below, where it is built in.
pub(crate) fn of_territory() -> Vec<Target> {
    #[cfg(feature = "territory")]
    return vec![territories::TARGET];
    #[cfg(not(feature = "territory"))]
    Vec::new()
}

/// Lines of a text as seeds.
fn lines(text: &str) -> Vec<Vec<u8>> {
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}

/// The bytes as text; what is no UTF-8 becomes the replacement character.
fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}
