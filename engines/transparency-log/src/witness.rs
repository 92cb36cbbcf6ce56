//! The witness protocol (C2SP tlog-witness): requests to cosign a checkpoint, and the judgement on them.
//!
//! Pure: who serves the protocol keeps the [`WitnessState`] durable. The order that must hold is judge, store the
//! next state, then answer; and one request of a log at a time.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::{Hash, empty_root};
use crate::key::{Cosigner, VerifierKey};
use crate::note::{NoteError, SignedNote};
use crate::proof::{ProofError, verify_consistency};

/// The longest proof: a tree has at most 63 levels.
const MAX_PROOF_LINES: usize = 63;
const STATE_HEADING: &str = "tlog-witness-state/1";

/// Why a request to cosign is malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The first line is not `old <size>`.
    #[error("the first line is not `old` and a plain decimal size")]
    OldSize,
    /// A line of the proof is not the base64 form of 32 bytes.
    #[error("proof line {0} is not the base64 form of 32 bytes")]
    ProofLine(usize),
    /// More than 63 hashes, or no empty line after them.
    #[error("the proof is longer than {MAX_PROOF_LINES} hashes or has no empty line after it")]
    ProofEnd,
    /// The checkpoint is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The note is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// A request to cosign a checkpoint, with the proof that the log has only grown (见证请求).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the checkpoint that the witness is believed to have cosigned last; 0 if none.
    pub old_size: u64,
    /// Consistency proof from `old_size` to the size of the checkpoint.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub note: SignedNote,
}

impl AddCheckpoint {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`RequestError`], naming what is wrong.
    pub fn parse(body: &str) -> Result<AddCheckpoint, RequestError> {
        let (first, mut rest) = body.split_once('\n').ok_or(RequestError::OldSize)?;
        let size = first.strip_prefix("old ").ok_or(RequestError::OldSize)?;
        let old_size: u64 = size.parse().map_err(|_| RequestError::OldSize)?;
        if old_size.to_string() != size {
            return Err(RequestError::OldSize);
        }
        let mut proof = Vec::new();
        loop {
            let (line, after) = rest.split_once('\n').ok_or(RequestError::ProofEnd)?;
            rest = after;
            if line.is_empty() {
                break;
            }
            if proof.len() == MAX_PROOF_LINES {
                return Err(RequestError::ProofEnd);
            }
            let wrong = || RequestError::ProofLine(proof.len() + 1);
            let bytes = BASE64_STANDARD.decode(line).map_err(|_| wrong())?;
            proof.push(bytes.try_into().map_err(|_| wrong())?);
        }
        Ok(AddCheckpoint { old_size, proof, note: SignedNote::parse(rest)? })
    }
}

/// The body of the request.
impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", BASE64_STANDARD.encode(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

/// Why a witness does not cosign, with the status and body that it answers with.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request cannot be read.
    #[error(transparent)]
    Malformed(#[from] RequestError),
    /// No key of that log is known here.
    #[error("the log {0:?} is not known here")]
    UnknownOrigin(String),
    /// No known key of the log has signed it.
    #[error("no known key of the log has signed the checkpoint: {0}")]
    NotSigned(NoteError),
    /// The old size is above the checkpoint's.
    #[error("the old size is above the checkpoint's")]
    SizesReversed,
    /// The old size is not that of the last checkpoint cosigned.
    #[error("the checkpoint cosigned last has {last} leaves")]
    OtherSize {
        /// Leaves by the checkpoint cosigned last, 0 if none.
        last: u64,
    },
    /// The same size with another root: two histories of one log.
    #[error("another root was cosigned for the same {last} leaves: the log was forked")]
    Forked {
        /// Leaves by both checkpoints.
        last: u64,
    },
    /// The proof does not hold: the log has not only grown.
    #[error("the checkpoint does not continue the one cosigned last: {0}")]
    Inconsistent(ProofError),
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Malformed(_) | Refusal::SizesReversed => 400,
            Refusal::NotSigned(_) => 403,
            Refusal::UnknownOrigin(_) => 404,
            Refusal::OtherSize { .. } | Refusal::Forked { .. } => 409,
            Refusal::Inconsistent(_) => 422,
        }
    }

    /// Media type and body: the last size cosigned where that is what differs, else the reason.
    pub fn body(&self) -> (&'static str, String) {
        match self {
            Refusal::OtherSize { last } | Refusal::Forked { last } => ("text/x.tlog.size", format!("{last}\n")),
            other => ("text/plain; charset=utf-8", format!("{other}\n")),
        }
    }
}

/// What a witness remembers: of each log the last checkpoint it cosigned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessState {
    latest: BTreeMap<String, (u64, Hash)>,
}

/// Why a stored state was refused. A witness without its state must not go on: it would cosign anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The text is not a stored state of this format.
    #[error("not a stored state of a witness")]
    Format,
    /// The checksum does not fit.
    #[error("the stored state of the witness is damaged: its checksum does not fit")]
    Checksum,
}

impl WitnessState {
    /// Size and root cosigned last of a log; size 0 if none was.
    pub fn latest(&self, origin: &str) -> (u64, Hash) {
        self.latest.get(origin).copied().unwrap_or_else(|| (0, empty_root()))
    }

    /// The logs of which a checkpoint was cosigned.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.latest.keys().map(String::as_str)
    }

    /// The state after a checkpoint.
    #[must_use]
    pub fn with(&self, checkpoint: &Checkpoint) -> WitnessState {
        let mut next = self.clone();
        next.latest.insert(checkpoint.origin.clone(), (checkpoint.size, checkpoint.root));
        next
    }

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn parse(text: &str) -> Result<WitnessState, StateError> {
        let lines = text.strip_suffix('\n').ok_or(StateError::Format)?;
        let (body, checksum) = lines.rsplit_once('\n').ok_or(StateError::Format)?;
        let body = format!("{body}\n");
        if checksum != checksum_of(&body) {
            return Err(StateError::Checksum);
        }
        let rest = body.strip_prefix(STATE_HEADING).and_then(|b| b.strip_prefix('\n')).ok_or(StateError::Format)?;
        let mut latest = BTreeMap::new();
        let lines: Vec<&str> = rest.split_inclusive('\n').collect();
        for three in lines.chunks(3) {
            let checkpoint = Checkpoint::parse_text(&three.concat()).map_err(|_| StateError::Format)?;
            latest.insert(checkpoint.origin, (checkpoint.size, checkpoint.root));
        }
        Ok(WitnessState { latest })
    }
}

fn checksum_of(body: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(body.as_bytes()))
}

/// The state as text, to be stored before the answer goes out.
impl fmt::Display for WitnessState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = format!("{STATE_HEADING}\n");
        for (origin, (size, root)) in &self.latest {
            body.push_str(&Checkpoint::new(origin, *size, *root).to_string());
        }
        writeln!(f, "{body}{}", checksum_of(&body))
    }
}

/// A checkpoint that may be cosigned once the next state is stored.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    note: SignedNote,
}

impl Accepted {
    /// The answer: the cosignature's line, as of a time in Unix seconds.
    pub fn answer(mut self, cosigner: &Cosigner, time_s: u64) -> String {
        format!("{}\n", self.note.cosign(cosigner, time_s))
    }
}

/// Judges a request as C2SP tlog-witness asks: known log, signature, sizes, proof, in this order. `logs` are the
/// keys of the logs that are known; a log may have several, all named after its origin.
///
/// # Errors
/// [`Refusal`].
pub fn judge(body: &str, logs: &[VerifierKey], state: &WitnessState) -> Result<Accepted, Refusal> {
    let request = AddCheckpoint::parse(body)?;
    let checkpoint = Checkpoint::parse_text(request.note.text()).map_err(RequestError::from)?;
    check_signatures(&request.note, &checkpoint.origin, logs)?;
    if request.old_size > checkpoint.size {
        return Err(Refusal::SizesReversed);
    }
    let (last, root) = state.latest(&checkpoint.origin);
    if request.old_size != last {
        return Err(Refusal::OtherSize { last });
    }
    if last == checkpoint.size && root != checkpoint.root {
        return Err(Refusal::Forked { last });
    }
    let proved = verify_consistency(last, &root, checkpoint.size, &checkpoint.root, &request.proof);
    proved.map_err(Refusal::Inconsistent)?;
    Ok(Accepted { checkpoint, note: request.note })
}

/// One known key must have signed; a signature of a known key that is not genuine is refused.
fn check_signatures(note: &SignedNote, origin: &str, logs: &[VerifierKey]) -> Result<(), Refusal> {
    let mut known = logs.iter().filter(|key| key.name() == origin).peekable();
    if known.peek().is_none() {
        return Err(Refusal::UnknownOrigin(origin.to_owned()));
    }
    let mut signed = Err(NoteError::NotSignedBy(origin.to_owned()));
    for key in known {
        match Checkpoint::of_note(note, key) {
            Ok(_) => signed = Ok(()),
            Err(CheckpointError::Note(forged @ NoteError::SignatureForged(_))) => {
                return Err(Refusal::NotSigned(forged));
            }
            Err(_) => {}
        }
    }
    signed.map_err(Refusal::NotSigned)
}
