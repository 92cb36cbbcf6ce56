//! The receipt: everything somebody needs to draw again and compare.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::draw::{Draw, DrawError, Drawn, Plan, Shortfall, StratumDraw, draw};
use crate::frame::Frame;
use crate::seed::{PartyCommitment, PartyOpening, Seed, SeedError, derive_seed};

/// Name and version of the format.
const FORMAT: &str = "survey-sample/1";

/// What is published before anybody opens a commitment (抽样公告), so that neither frame nor plan can
/// be chosen to suit the seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// Digest of the frame's canonical form.
    pub frame_digest: Digest,
    /// What will be drawn, a plan for each committee.
    pub plans: Vec<Plan>,
    /// The parties' commitments.
    pub commitments: Vec<PartyCommitment>,
}

/// The receipt of a draw (抽样回执), published as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Name and version of this format, `survey-sample/1`.
    pub format: String,
    /// Digest of the frame's canonical form.
    pub frame_digest: Digest,
    /// What the parties published beforehand.
    pub commitments: Vec<PartyCommitment>,
    /// What they opened afterwards.
    pub openings: Vec<PartyOpening>,
    /// The seed that follows.
    pub seed: Seed,
    /// What was to be drawn.
    pub plan: Plan,
    /// Strata by name.
    pub strata: Vec<StratumDraw>,
    /// Drawn households by rank.
    pub households: Vec<Drawn>,
    /// Present if the frame is too small for the minimums.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Shortfall>,
}

/// Why there is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The parties' values do not make a seed.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// Nothing can be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The text is no receipt.
    #[error("not a receipt: {0}")]
    Json(#[from] serde_json::Error),
}

impl Receipt {
    /// Derives the seed, draws, and writes both down.
    ///
    /// # Errors
    /// [`ReceiptError::Seed`], [`ReceiptError::Draw`].
    pub fn new(
        frame: &Frame,
        commitments: Vec<PartyCommitment>,
        openings: Vec<PartyOpening>,
        plan: Plan,
    ) -> Result<Receipt, ReceiptError> {
        let frame_digest = frame.digest();
        let seed = derive_seed(&commitments, &openings, &frame_digest)?;
        let Draw { strata, households, shortfall, .. } = draw(frame, &seed, &plan)?;
        let format = FORMAT.to_owned();
        Ok(Receipt { format, frame_digest, commitments, openings, seed, plan, strata, households, shortfall })
    }

    /// The draw, as it is written down here.
    pub fn draw(&self) -> Draw {
        Draw {
            method: self.plan.method,
            strata: self.strata.clone(),
            households: self.households.clone(),
            shortfall: self.shortfall,
        }
    }

    /// The receipt as indented JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a receipt has string keys only")
    }

    /// Reads a receipt; it proves nothing until [`verify`].
    ///
    /// # Errors
    /// [`ReceiptError::Json`] with line and column.
    pub fn parse_json(json: &str) -> Result<Receipt, ReceiptError> {
        Ok(serde_json::from_str(json)?)
    }
}

/// What a receipt has otherwise than a draw done again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// The format is unknown.
    #[error("the format {0:?} is unknown")]
    Format(String),
    /// It is about another frame, or the frame was changed afterwards.
    #[error("the frame's digest is {found}, the receipt says {expected}")]
    Frame {
        /// Digest in the receipt.
        expected: Digest,
        /// Digest of the frame at hand.
        found: Digest,
    },
    /// The parties' values do not make a seed.
    #[error(transparent)]
    Parties(#[from] SeedError),
    /// The frame, the plan or the commitments are not those announced beforehand.
    #[error("the {0} differs from what was announced before the draw")]
    NotAsAnnounced(&'static str),
    /// The seed is not the one that follows from the openings.
    #[error("the seed does not follow from the openings and the frame")]
    Seed,
    /// Nothing can be drawn by this plan.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// Strata or their numbers differ.
    #[error("the numbers of stratum {0:?} differ")]
    Stratum(String),
    /// A household was drawn and is not in the receipt, or differs there.
    #[error("household {0:?} was drawn and is missing or different in the receipt")]
    HouseholdMissing(String),
    /// A household is in the receipt that was not drawn.
    #[error("household {0:?} is in the receipt and was not drawn")]
    HouseholdAdded(String),
    /// The households are the right ones in the wrong order.
    #[error("the households are not in the order of their ranks")]
    Order,
    /// The shortfall differs.
    #[error("the shortfall differs")]
    Shortfall,
}

/// Draws again from the frame and compares everything with the receipt.
///
/// # Errors
/// [`Mismatch`]: the first difference.
pub fn verify(receipt: &Receipt, frame: &Frame) -> Result<(), Mismatch> {
    if receipt.format != FORMAT {
        return Err(Mismatch::Format(receipt.format.clone()));
    }
    let found = frame.digest();
    if receipt.frame_digest != found {
        return Err(Mismatch::Frame { expected: receipt.frame_digest, found });
    }
    let seed = derive_seed(&receipt.commitments, &receipt.openings, &found)?;
    if receipt.seed != seed {
        return Err(Mismatch::Seed);
    }
    let again = draw(frame, &seed, &receipt.plan)?;
    compare_households(&receipt.households, &again.households)?;
    compare_strata(&receipt.strata, &again.strata)?;
    if receipt.shortfall == again.shortfall { Ok(()) } else { Err(Mismatch::Shortfall) }
}

/// [`verify`], and frame, plan and commitments are those announced before the openings.
///
/// # Errors
/// [`Mismatch`], [`Mismatch::NotAsAnnounced`] among them.
pub fn verify_announced(receipt: &Receipt, frame: &Frame, announcement: &Announcement) -> Result<(), Mismatch> {
    let same_parties = receipt.commitments.len() == announcement.commitments.len()
        && announcement.commitments.iter().all(|commitment| receipt.commitments.contains(commitment));
    for (what, same) in [
        ("frame", receipt.frame_digest == announcement.frame_digest),
        ("plan", announcement.plans.contains(&receipt.plan)),
        ("commitment", same_parties),
    ] {
        if !same {
            return Err(Mismatch::NotAsAnnounced(what));
        }
    }
    verify(receipt, frame)
}

fn compare_households(receipt: &[Drawn], again: &[Drawn]) -> Result<(), Mismatch> {
    if let Some(missing) = again.iter().find(|it| !receipt.contains(it)) {
        return Err(Mismatch::HouseholdMissing(missing.pseudonym.clone()));
    }
    if let Some(added) = receipt.iter().find(|it| !again.contains(it)) {
        return Err(Mismatch::HouseholdAdded(added.pseudonym.clone()));
    }
    if receipt == again { Ok(()) } else { Err(Mismatch::Order) }
}

fn compare_strata(receipt: &[StratumDraw], again: &[StratumDraw]) -> Result<(), Mismatch> {
    if receipt == again {
        return Ok(());
    }
    let differing = again.iter().chain(receipt).find(|it| !(receipt.contains(it) && again.contains(it)));
    // Equal sets in another order differ at their first line.
    let name = differing.or(receipt.first()).map(|it| it.stratum.clone());
    Err(Mismatch::Stratum(name.unwrap_or_default()))
}
