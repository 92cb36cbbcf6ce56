//! The seed: nobody alone can choose it, anyone can check it.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// A party's secret: 32 random bytes, published after the frame is closed (揭示值). `Debug` hides
/// it, because before that moment it must not leak.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Opening(Digest);

impl Opening {
    /// An opening of 32 random bytes.
    pub fn new(secret: [u8; 32]) -> Opening {
        Opening(Digest(secret))
    }

    /// The bytes, to be published.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0.0
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening(…)")
    }
}

/// What a party publishes beforehand: SHA-256 of its [`Opening`] (承诺值).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(pub Digest);

impl Commitment {
    /// The commitment to an opening.
    pub fn of(opening: &Opening) -> Commitment {
        Commitment(Digest::of(opening.bytes()))
    }
}

/// Who committed to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyCommitment {
    /// Name or post of the party.
    pub party: String,
    /// Its commitment.
    pub commitment: Commitment,
}

/// Who opened what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyOpening {
    /// Name or post of the party.
    pub party: String,
    /// Its opening.
    pub opening: Opening,
}

/// The seed of a draw (种子).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub Digest);

/// Why openings do not make a seed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// One party could choose the seed alone.
    #[error("at least two parties must commit, there are {0}")]
    TooFewParties(usize),
    /// A party is there twice.
    #[error("{0} is there twice")]
    DuplicateParty(String),
    /// A party has taken over the commitment of another one.
    #[error("{0} has the commitment of another party")]
    CopiedCommitment(String),
    /// A party has committed and not opened.
    #[error("{0} has not opened its commitment")]
    NotOpened(String),
    /// A party opens without a commitment.
    #[error("{0} has not committed beforehand")]
    NotCommitted(String),
    /// An opening is not what was committed to.
    #[error("the opening of {0} is not the one committed to")]
    OpeningDiffers(String),
}

/// The seed: SHA-256 of all openings, sorted bytewise and joined, followed by the frame's digest.
///
/// # Errors
/// [`SeedError`] unless at least two parties have committed, each to something of its own, and
/// exactly these have opened what they committed to.
pub fn derive_seed(
    commitments: &[PartyCommitment],
    openings: &[PartyOpening],
    frame_digest: &Digest,
) -> Result<Seed, SeedError> {
    if commitments.len() < 2 {
        return Err(SeedError::TooFewParties(commitments.len()));
    }
    let (mut parties, mut values) = (BTreeSet::new(), BTreeSet::new());
    for PartyCommitment { party, commitment } in commitments {
        if !parties.insert(party) {
            return Err(SeedError::DuplicateParty(party.clone()));
        }
        if !values.insert(commitment) {
            return Err(SeedError::CopiedCommitment(party.clone()));
        }
        let mut own = openings.iter().filter(|it| it.party == *party);
        let opening = own.next().ok_or_else(|| SeedError::NotOpened(party.clone()))?;
        if own.next().is_some() {
            return Err(SeedError::DuplicateParty(party.clone()));
        }
        if Commitment::of(&opening.opening) != *commitment {
            return Err(SeedError::OpeningDiffers(party.clone()));
        }
    }
    if let Some(stranger) = openings.iter().find(|it| !parties.contains(&it.party)) {
        return Err(SeedError::NotCommitted(stranger.party.clone()));
    }
    let mut sorted: Vec<_> = openings.iter().map(|it| it.opening).collect();
    sorted.sort_unstable();
    let mut message: Vec<u8> = sorted.iter().flat_map(|opening| *opening.bytes()).collect();
    message.extend_from_slice(&frame_digest.0);
    Ok(Seed(Digest::of(&message)))
}
