//! Checkpoints: the size and root of a log, signed (C2SP tlog-checkpoint).

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::hash::Hash;
use crate::key::{KeyKind, NoteSigner, VerifierKey};
use crate::note::{NoteError, SignedNote};
use crate::tile::MAX_SIZE;

/// Why a text is no checkpoint, or not one of this log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it is malformed or not signed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer than three lines, or no line feed at the end.
    #[error("a checkpoint has at least three lines: origin, size, root")]
    Lines,
    /// The origin is empty or holds a control character.
    #[error("the origin is empty or holds a control character")]
    Origin,
    /// The size is no plain decimal number, or over 2⁶².
    #[error("the size {0:?} is not a plain decimal number up to 2^62")]
    Size(String),
    /// The root is not the base64 form of 32 bytes.
    #[error("the root is not the base64 form of 32 bytes")]
    Root,
    /// An extension line is empty or holds a control character.
    #[error("extension line {0} is empty or holds a control character")]
    Extension(usize),
    /// The key is a witness's: its cosignature alone makes no checkpoint.
    #[error("the key of {0} is a witness's, not a log's")]
    WitnessKey(String),
    /// The checkpoint is another log's.
    #[error("the checkpoint is of {found:?}, not of {expected:?}")]
    OtherOrigin {
        /// Origin that the key stands for.
        expected: String,
        /// Origin in the text.
        found: String,
    },
}

/// Size and root of a log at one moment (检查点). Whoever keeps one can prove later whether the
/// log has only grown since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: a line of text, as a rule the name of its key.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree of these leaves.
    pub root: Hash,
    /// Further lines, opaque here, none of them empty.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, size: u64, root: Hash) -> Checkpoint {
        Checkpoint { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// Signs the checkpoint; the result is the text to store and publish.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`], [`CheckpointError::Size`] or [`CheckpointError::Extension`] if
    /// a field would break the format.
    pub fn sign(&self, signer: &NoteSigner) -> Result<SignedNote, CheckpointError> {
        self.check()?;
        Ok(SignedNote::sign(&self.to_string(), signer)?)
    }

    /// Reads a signed checkpoint and checks that the key signed it and that it is of the log the
    /// key is named after.
    ///
    /// # Errors
    /// [`CheckpointError`], naming what is wrong.
    pub fn parse_and_verify(note: &str, key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
        Checkpoint::of_note(&SignedNote::parse(note)?, key)
    }

    /// The same for a note that has been read.
    ///
    /// # Errors
    /// [`CheckpointError`], naming what is wrong.
    pub fn of_note(note: &SignedNote, key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
        if key.kind() == KeyKind::Cosignature {
            return Err(CheckpointError::WitnessKey(key.name().to_owned()));
        }
        note.verify(key)?;
        let checkpoint = Checkpoint::parse_text(note.text())?;
        if checkpoint.origin != key.name() {
            let (expected, found) = (key.name().to_owned(), checkpoint.origin);
            return Err(CheckpointError::OtherOrigin { expected, found });
        }
        Ok(checkpoint)
    }

    /// Reads the text of a checkpoint, without signatures.
    ///
    /// # Errors
    /// [`CheckpointError`], naming what is wrong.
    pub fn parse_text(text: &str) -> Result<Checkpoint, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Lines);
        };
        let number: Option<u64> = size.parse().ok();
        let number = number.filter(|number| number.to_string() == size);
        let number = number.ok_or_else(|| CheckpointError::Size(size.to_owned()))?;
        let root = BASE64_STANDARD.decode(root).map_err(|_| CheckpointError::Root)?;
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: number,
            root: root.try_into().map_err(|_| CheckpointError::Root)?,
            extensions: lines.map(str::to_owned).collect(),
        };
        checkpoint.check()?;
        Ok(checkpoint)
    }

    fn check(&self) -> Result<(), CheckpointError> {
        let breaks_line = |line: &str| line.is_empty() || line.contains(char::is_control);
        if breaks_line(&self.origin) {
            return Err(CheckpointError::Origin);
        }
        if self.size > MAX_SIZE {
            return Err(CheckpointError::Size(self.size.to_string()));
        }
        match self.extensions.iter().position(|line| breaks_line(line)) {
            Some(position) => Err(CheckpointError::Extension(position + 1)),
            None => Ok(()),
        }
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, BASE64_STANDARD.encode(self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
