//! The receipt of a round (抽样回执): what was announced, what was opened, what was drawn, and of the
//! results what was signed. With the frame it is all
//! that anybody needs to draw again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use survey_sample::{Announcement, Digest, Frame, FrameError, Mismatch, Receipt, verify, verify_announced};

/// Name and version of the format.
const FORMAT: &str = "linli-survey/1";

/// The receipt of a round: one draw for each committee, all from one seed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundReceipt {
    /// `linli-survey/1`.
    pub format: String,
    /// What was fixed before anybody opened.
    pub announcement: Announcement,
    /// A draw for each plan of the announcement, in its order.
    pub receipts: Vec<Receipt>,
    /// What came of it, once the results are countersigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<SignedResults>,
}

/// The signed results of a round, by digests, roles and times. Nobody is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedResults {
    /// SHA-256 of the published figures, `results.csv`.
    pub digest: Digest,
    /// SHA-256 over the answers.
    pub answers: Digest,
    /// Who locked them and when.
    pub locked: Signature,
    /// Who countersigned them and when: somebody else.
    pub countersigned: Signature,
    /// The homes that were asked twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<DrawnAgain>,
}

/// The second interviews of a round: how they follow from the seed, and how often they differed from the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnAgain {
    /// Share of the drawn homes in percent, rounded up.
    pub percent: u32,
    /// Homes at least.
    pub least: u32,
    /// Their pseudonyms, in the order of the draw.
    pub homes: Vec<String>,
    /// Of those, answered by both surveyors.
    pub asked_twice: usize,
    /// Of those, with different answers.
    pub differing: usize,
    /// The same by item.
    pub differing_by_item: BTreeMap<String, usize>,
}

/// A signature as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Code of the role.
    pub role: String,
    /// Instant in UTC, RFC 3339.
    pub at: String,
}

impl RoundReceipt {
    /// A receipt of these draws.
    pub fn new(announcement: Announcement, receipts: Vec<Receipt>) -> Self {
        RoundReceipt { format: FORMAT.into(), announcement, receipts, results: None }
    }
    /// As indented JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a receipt has string keys only")
    }
}

/// Why a receipt does not hold.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The receipt cannot be read.
    #[error("the receipt cannot be read: {0}")]
    Receipt(#[from] serde_json::Error),
    /// It is of another format.
    #[error("the receipt's format {0:?} is unknown")]
    Format(String),
    /// The frame cannot be read.
    #[error("the frame cannot be read: {0}")]
    Frame(#[from] FrameError),
    /// The draws are not those that were announced, one for each plan.
    #[error("the receipt has {found} draws, the announcement {announced} plans, or their order differs")]
    Plans {
        /// Draws in the receipt.
        found: usize,
        /// Plans announced.
        announced: usize,
    },
    /// The homes that were asked twice do not follow from the seed.
    #[error("the homes asked twice are not those that the seed gives")]
    Again,
    /// A draw done again gives something else.
    #[error("{}{mismatch}", committee.as_ref().map_or_else(String::new, |code| format!("committee {code}: ")))]
    Draw {
        /// The committee's code; none for a draw from the whole frame.
        committee: Option<String>,
        /// The first difference.
        mismatch: Mismatch,
    },
}

/// What was found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Draws done again.
    pub draws: usize,
    /// Households drawn in them.
    pub households: usize,
    /// SHA-256 of the frame, in hexadecimal digits.
    pub frame_digest: String,
}

/// Draws again from `frame.csv` and compares everything with `receipt.json`: a round's receipt or a single draw's.
///
/// # Errors
/// [`VerifyError`]: the first thing that does not hold.
pub fn verify_files(receipt_json: &str, frame_csv: &str) -> Result<Verified, VerifyError> {
    let frame = Frame::parse_csv(frame_csv)?;
    let frame_digest = frame.digest().to_string();
    // A round's receipt names its format; whatever has none of that name is read as a single draw.
    let value: serde_json::Value = serde_json::from_str(receipt_json)?;
    if value.get("announcement").is_none() {
        let receipt: Receipt = serde_json::from_value(value)?;
        verify(&receipt, &frame).map_err(|mismatch| of(&receipt, mismatch))?;
        return Ok(Verified { draws: 1, households: receipt.households.len(), frame_digest });
    }
    let round: RoundReceipt = serde_json::from_value(value)?;
    if round.format != FORMAT {
        return Err(VerifyError::Format(round.format));
    }
    let plans: Vec<_> = round.receipts.iter().map(|r| &r.plan).collect();
    if plans != round.announcement.plans.iter().collect::<Vec<_>>() {
        let (found, announced) = (round.receipts.len(), round.announcement.plans.len());
        return Err(VerifyError::Plans { found, announced });
    }
    for receipt in &round.receipts {
        verify_announced(receipt, &frame, &round.announcement).map_err(|mismatch| of(receipt, mismatch))?;
    }
    if let Some(again) = round.results.as_ref().and_then(|r| r.again.as_ref()) {
        let drawn: Vec<String> =
            round.receipts.iter().flat_map(|r| &r.households).map(|drawn| drawn.pseudonym.clone()).collect();
        let seed = round.receipts.first().ok_or(VerifyError::Again)?.seed;
        if survey_sample::draw_again(&seed, drawn, again.percent, again.least) != again.homes {
            return Err(VerifyError::Again);
        }
    }
    let households = round.receipts.iter().map(|r| r.households.len()).sum();
    Ok(Verified { draws: round.receipts.len(), households, frame_digest })
}

fn of(receipt: &Receipt, mismatch: Mismatch) -> VerifyError {
    VerifyError::Draw { committee: receipt.plan.committee.clone(), mismatch }
}
