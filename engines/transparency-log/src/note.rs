//! Signed notes (C2SP signed-note) with Ed25519 keys.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

const ED25519: u8 = 0x01;
const MAX_NOTE_BYTES: usize = 1 << 20;
const MAX_SIGNATURES: usize = 100;

/// Why a key was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A name must not be empty nor hold spaces, control characters or `+`.
    #[error("key name {0:?} is empty or holds a space, a control character or '+'")]
    Name(String),
    /// The text is not `name+hash+base64`.
    #[error("a verifier key is written name+hash+base64")]
    Format,
    /// The hash in the text is not that of name and key.
    #[error("the key's hash does not fit its name and bytes")]
    HashDiffers,
    /// Only Ed25519 keys (type 1) are known.
    #[error("key type {0} is not Ed25519")]
    Kind(u8),
    /// The bytes are no Ed25519 public key.
    #[error("the bytes are no Ed25519 public key")]
    Point,
}

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
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let refused = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(refused) { Err(KeyError::Name(name.to_owned())) } else { Ok(()) }
}

fn key_id(name: &str, public: &VerifyingKey) -> u32 {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update([b'\n', ED25519]);
    hasher.update(public.as_bytes());
    let digest: [u8; 32] = hasher.finalize().into();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// A public key with its name (验证公钥), written `name+hash+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_id: u32,
    public: VerifyingKey,
}

impl VerifierKey {
    /// Name of the key, for a log its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of SHA-256(name ‖ LF ‖ type ‖ public key), big-endian.
    pub fn key_id(&self) -> u32 {
        self.key_id
    }

    /// Reads the form that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// [`KeyError`], naming what is wrong.
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Format);
        };
        check_name(name)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| KeyError::Format)?;
        let (kind, public) = bytes.split_first().ok_or(KeyError::Format)?;
        if *kind != ED25519 {
            return Err(KeyError::Kind(*kind));
        }
        let public: [u8; 32] = public.try_into().map_err(|_| KeyError::Format)?;
        let public = VerifyingKey::from_bytes(&public).map_err(|_| KeyError::Point)?;
        let key_id = key_id(name, &public);
        if hash != format!("{key_id:08x}") {
            return Err(KeyError::HashDiffers);
        }
        Ok(VerifierKey { name: name.to_owned(), key_id, public })
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.public.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.key_id, BASE64_STANDARD.encode(bytes))
    }
}

/// A secret key with its name (签名私钥). `Debug` shows the name alone.
#[derive(Clone)]
pub struct NoteSigner {
    name: String,
    secret: SigningKey,
}

impl NoteSigner {
    /// A key from 32 random bytes, which the caller draws and keeps.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<NoteSigner, KeyError> {
        check_name(name)?;
        Ok(NoteSigner { name: name.to_owned(), secret: SigningKey::from_bytes(seed) })
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        let public = self.secret.verifying_key();
        VerifierKey { name: self.name.clone(), key_id: key_id(&self.name, &public), public }
    }

    fn sign(&self, text: &str) -> NoteSignature {
        NoteSignature {
            name: self.name.clone(),
            key_id: self.verifier().key_id,
            bytes: self.secret.sign(text.as_bytes()).to_bytes().to_vec(),
        }
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteSigner").field("name", &self.name).finish_non_exhaustive()
    }
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
        let mut signed = false;
        for signature in &self.signatures {
            if signature.name != key.name || signature.key_id != key.key_id {
                continue;
            }
            let genuine = Signature::from_slice(&signature.bytes)
                .and_then(|it| key.public.verify_strict(self.text.as_bytes(), &it));
            genuine.map_err(|_| NoteError::SignatureForged(key.name.clone()))?;
            signed = true;
        }
        if signed { Ok(()) } else { Err(NoteError::NotSignedBy(key.name.clone())) }
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            let mut bytes = signature.key_id.to_be_bytes().to_vec();
            bytes.extend_from_slice(&signature.bytes);
            writeln!(f, "\u{2014} {} {}", signature.name, BASE64_STANDARD.encode(bytes))?;
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
