//! Signed notes (C2SP signed-note).

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::key::{Cosigner, KeyKind, NoteSigner, VerifierKey, check_name};

const MAX_NOTE_BYTES: usize = 1 << 20;
const MAX_SIGNATURES: usize = 100;

/// Why a note was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Over 1 MiB or 100 signatures.
    #[error("the note is too long")]
    TooLong,
    /// A control character other than a line feed.
    #[error("the note holds a control character")]
    ControlCharacter,
    /// No blank line between text and signatures, or no signature.
    #[error("the note has no signatures")]
    NoSignatures,
    /// A signature line that cannot be read; counted from 1 among the signature lines.
    #[error("signature line {0} cannot be read")]
    SignatureLine(usize),
    /// None of the signatures is by the key asked for.
    #[error("the note is not signed by {0}")]
    NotSignedBy(String),
    /// A signature that names the key asked for is not by it.
    #[error("the signature of {0} is not genuine")]
    SignatureForged(String),
    /// The key is not a witness's.
    #[error("the key of {0} makes no cosignatures")]
    NotAWitness(String),
}

/// One signature line of a note, of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Identifier of the key.
    pub key_id: u32,
    /// The signature, without the identifier.
    pub bytes: Vec<u8>,
}

/// The line as it stands in a note, without the line feed.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.to_be_bytes().as_slice(), &self.bytes].concat();
        write!(f, "\u{2014} {} {}", self.name, BASE64_STANDARD.encode(bytes))
    }
}

/// A text with signatures under it (签名文本). It proves nothing until [`SignedNote::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// Signs a text. A line feed is added if it does not end in one.
    ///
    /// # Errors
    /// [`NoteError::ControlCharacter`], [`NoteError::TooLong`].
    pub fn sign(text: &str, signer: &NoteSigner) -> Result<SignedNote, NoteError> {
        check_characters(text)?;
        let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
        let signatures = vec![signer.sign(&text)];
        Ok(SignedNote { text, signatures })
    }

    /// Adds one more signature, as a second key of the log does while keys change.
    pub fn add_signature(&mut self, signer: &NoteSigner) {
        self.signatures.push(signer.sign(&self.text));
    }

    /// Adds a witness's cosignature of the text, a checkpoint's, as seen at `time_s` (Unix seconds).
    pub fn cosign(&mut self, cosigner: &Cosigner, time_s: u64) -> &NoteSignature {
        self.signatures.push(cosigner.sign(&self.text, time_s));
        self.signatures.last().expect("just added")
    }

    /// Takes over signature lines as a witness answers with: those that are genuine and by one of the keys, in the
    /// place of older ones by the same key. Returns how many, also of those that were there already (a witness asked
    /// twice in one second answers the same); other lines are passed over (C2SP tlog-witness).
    ///
    /// # Errors
    /// [`NoteError::SignatureLine`], [`NoteError::NoSignatures`] if the text is not made of signature lines.
    pub fn take_cosignatures(&mut self, lines: &str, witnesses: &[VerifierKey]) -> Result<usize, NoteError> {
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        let mut taken = 0;
        for (position, line) in lines.split('\n').enumerate() {
            let signature = parse_line(line).ok_or(NoteError::SignatureLine(position + 1))?;
            let genuine = |key: &VerifierKey| {
                key.kind() == KeyKind::Cosignature
                    && key.names(&signature)
                    && key.check(&self.text, &signature.bytes).is_some()
            };
            if witnesses.iter().any(genuine) {
                let same_key = |old: &NoteSignature| (&old.name, old.key_id) == (&signature.name, signature.key_id);
                self.signatures.retain(|old| !same_key(old));
                self.signatures.push(signature);
                taken += 1;
            }
        }
        Ok(taken)
    }

    /// The signed text, ending in a line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures in the order written, known or not.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Reads a note. Its text must not be trusted before [`SignedNote::verify`].
    ///
    /// # Errors
    /// [`NoteError`] for whatever deviates from the format.
    pub fn parse(note: &str) -> Result<SignedNote, NoteError> {
        check_characters(note)?;
        let blank = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, lines) = (&note[..=blank], &note[blank + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        let mut signatures = Vec::new();
        for (position, line) in lines.split('\n').enumerate() {
            if position == MAX_SIGNATURES {
                return Err(NoteError::TooLong);
            }
            let signature = parse_line(line).ok_or(NoteError::SignatureLine(position + 1))?;
            signatures.push(signature);
        }
        Ok(SignedNote { text: text.to_owned(), signatures })
    }

    /// Checks that the key has signed the text. Signatures by other keys are passed over.
    ///
    /// # Errors
    /// [`NoteError::NotSignedBy`], [`NoteError::SignatureForged`].
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        self.times_of(key).map(|_| ())
    }

    /// When a witness cosigned the text, in Unix seconds: the latest of its genuine cosignatures.
    ///
    /// # Errors
    /// [`NoteError::NotAWitness`] for a key of another kind, [`NoteError::NotSignedBy`],
    /// [`NoteError::SignatureForged`].
    pub fn cosigned_at(&self, witness: &VerifierKey) -> Result<u64, NoteError> {
        if witness.kind() != KeyKind::Cosignature {
            return Err(NoteError::NotAWitness(witness.name().to_owned()));
        }
        self.times_of(witness)
    }

    /// Checks every signature of the key; the latest time among them.
    fn times_of(&self, key: &VerifierKey) -> Result<u64, NoteError> {
        let mut latest = None;
        for signature in self.signatures.iter().filter(|signature| key.names(signature)) {
            let time_s = key.check(&self.text, &signature.bytes);
            latest = latest.max(Some(time_s.ok_or_else(|| NoteError::SignatureForged(key.name().to_owned()))?));
        }
        latest.ok_or_else(|| NoteError::NotSignedBy(key.name().to_owned()))
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            writeln!(f, "{signature}")?;
        }
        Ok(())
    }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE_BYTES {
        return Err(NoteError::TooLong);
    }
    let refused = |c: char| c < ' ' && c != '\n';
    if text.contains(refused) { Err(NoteError::ControlCharacter) } else { Ok(()) }
}

fn parse_line(line: &str) -> Option<NoteSignature> {
    let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    check_name(name).ok()?;
    let bytes = BASE64_STANDARD.decode(signature).ok()?;
    let (key_id, bytes) = bytes.split_first_chunk::<4>()?;
    let key_id = u32::from_be_bytes(*key_id);
    (!bytes.is_empty()).then(|| NoteSignature { name: name.to_owned(), key_id, bytes: bytes.to_vec() })
}
