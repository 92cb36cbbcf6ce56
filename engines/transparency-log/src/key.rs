//! Keys of logs and witnesses, with their names (C2SP signed-note, tlog-cosignature).

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::note::NoteSignature;

const ED25519: u8 = 0x01;
const COSIGNATURE_V1: u8 = 0x04;
/// Signature types without a byte of their own begin with this one and go on with a name.
#[cfg(feature = "sm2")]
const NAMED: u8 = 0xff;
#[cfg(feature = "sm2")]
const SM2_NAME: &[u8] = b"SM2-with-SM3/v1";
/// The identity of a signer who has none of its own (GM/T 0009-2012, 10).
#[cfg(feature = "sm2")]
const SM2_IDENTITY: &str = "1234567812345678";
const TIMESTAMP_BYTES: usize = 8;

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
    /// A signature type that is not known here.
    #[error("signature type {0} is not known")]
    Kind(u8),
    /// The bytes are no public key of their kind.
    #[error("the bytes are no public key of their kind")]
    Point,
    /// The 32 bytes cannot be a secret key of this kind; draw others.
    #[error("the bytes cannot be a secret key of this kind")]
    Seed,
}

/// What a key signs, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519 over the text of a note (type 0x01): a log.
    Ed25519,
    /// Ed25519 over time and checkpoint (type 0x04, `cosignature/v1`): a witness (见证方).
    Cosignature,
    /// SM2 with SM3 over the text of a note (type 0xff with a name): a log under the other profile (国密).
    #[cfg(feature = "sm2")]
    Sm2,
}

#[derive(Clone, Debug)]
enum Public {
    Ed25519(VerifyingKey),
    Cosignature(VerifyingKey),
    #[cfg(feature = "sm2")]
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

impl PartialEq for Public {
    fn eq(&self, other: &Public) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Public {}

impl Public {
    /// Type and key as they are hashed and written.
    fn bytes(&self) -> Vec<u8> {
        match self {
            Public::Ed25519(key) => [&[ED25519][..], key.as_bytes().as_slice()].concat(),
            Public::Cosignature(key) => [&[COSIGNATURE_V1][..], key.as_bytes().as_slice()].concat(),
            #[cfg(feature = "sm2")]
            Public::Sm2(key) => [&[NAMED][..], SM2_NAME, &sm2_point(key)].concat(),
        }
    }

    fn parse(bytes: &[u8]) -> Result<Public, KeyError> {
        let (kind, rest) = bytes.split_first().ok_or(KeyError::Format)?;
        match *kind {
            ED25519 => ed25519_public(rest).map(Public::Ed25519),
            COSIGNATURE_V1 => ed25519_public(rest).map(Public::Cosignature),
            #[cfg(feature = "sm2")]
            NAMED if rest.starts_with(SM2_NAME) => sm2_public(&rest[SM2_NAME.len()..]),
            other => Err(KeyError::Kind(other)),
        }
    }

    fn key_id(&self, name: &str) -> u32 {
        let mut hasher = Sha256::new();
        hasher.update(name.as_bytes());
        hasher.update(b"\n");
        hasher.update(self.bytes());
        let digest: [u8; 32] = hasher.finalize().into();
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }
}

fn ed25519_public(bytes: &[u8]) -> Result<VerifyingKey, KeyError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| KeyError::Format)?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Point)
}

/// The uncompressed point, 65 bytes.
#[cfg(feature = "sm2")]
fn sm2_point(key: &sm2::dsa::VerifyingKey) -> Vec<u8> {
    key.to_sec1_bytes().to_vec()
}

#[cfg(feature = "sm2")]
fn sm2_public(bytes: &[u8]) -> Result<Public, KeyError> {
    if bytes.len() != 65 {
        return Err(KeyError::Format);
    }
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, bytes).map_err(|_| KeyError::Point)?;
    Ok(Public::Sm2(Box::new(key)))
}

/// A public key with its name (验证公钥), written `name+hash+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_id: u32,
    public: Public,
}

impl VerifierKey {
    fn new(name: &str, public: Public) -> VerifierKey {
        VerifierKey { name: name.to_owned(), key_id: public.key_id(name), public }
    }

    /// Name of the key, for a log its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of SHA-256(name ‖ LF ‖ type ‖ public key), big-endian.
    pub fn key_id(&self) -> u32 {
        self.key_id
    }

    /// What the key signs.
    pub fn kind(&self) -> KeyKind {
        match self.public {
            Public::Ed25519(_) => KeyKind::Ed25519,
            Public::Cosignature(_) => KeyKind::Cosignature,
            #[cfg(feature = "sm2")]
            Public::Sm2(_) => KeyKind::Sm2,
        }
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
        let key = VerifierKey::new(name, Public::parse(&bytes)?);
        if hash == format!("{:08x}", key.key_id) { Ok(key) } else { Err(KeyError::HashDiffers) }
    }

    /// Whether a signature line says that it is by this key.
    pub(crate) fn names(&self, signature: &NoteSignature) -> bool {
        signature.name == self.name && signature.key_id == self.key_id
    }

    /// Checks a signature over a text; the time of a cosignature in Unix seconds, 0 for other kinds.
    pub(crate) fn check(&self, text: &str, signature: &[u8]) -> Option<u64> {
        match &self.public {
            Public::Ed25519(key) => {
                let signature = Signature::from_slice(signature).ok()?;
                key.verify_strict(text.as_bytes(), &signature).ok().map(|()| 0)
            }
            Public::Cosignature(key) => {
                let (time, signature) = signature.split_first_chunk::<TIMESTAMP_BYTES>()?;
                let time_s = u64::from_be_bytes(*time);
                let signature = Signature::from_slice(signature).ok()?;
                let message = cosigned_message(time_s, text);
                key.verify_strict(message.as_bytes(), &signature).ok().filter(|()| time_s <= i64::MAX as u64)?;
                Some(time_s)
            }
            #[cfg(feature = "sm2")]
            Public::Sm2(key) => {
                use sm2::dsa::signature::Verifier;
                let signature = sm2::dsa::Signature::from_slice(signature).ok()?;
                key.verify(text.as_bytes(), &signature).ok().map(|()| 0)
            }
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.key_id, BASE64_STANDARD.encode(self.public.bytes()))
    }
}

/// What a witness signs (C2SP tlog-cosignature, Ed25519 signed message).
fn cosigned_message(time_s: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time_s}\n{text}")
}

/// A name must be usable in a signature line.
pub(crate) fn check_name(name: &str) -> Result<(), KeyError> {
    let refused = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(refused) { Err(KeyError::Name(name.to_owned())) } else { Ok(()) }
}

#[derive(Clone)]
enum Secret {
    Ed25519(Box<SigningKey>),
    #[cfg(feature = "sm2")]
    Sm2(Box<sm2::dsa::SigningKey>),
}

/// A log's secret key with its name (签名私钥). `Debug` shows the name alone.
#[derive(Clone)]
pub struct NoteSigner {
    name: String,
    secret: Secret,
}

impl NoteSigner {
    /// An Ed25519 key from 32 random bytes, which the caller draws and keeps.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<NoteSigner, KeyError> {
        check_name(name)?;
        Ok(NoteSigner { name: name.to_owned(), secret: Secret::Ed25519(Box::new(SigningKey::from_bytes(seed))) })
    }

    /// An SM2 key (GM/T 0003) from 32 random bytes, which the caller draws and keeps.
    ///
    /// # Errors
    /// [`KeyError::Name`]; [`KeyError::Seed`] for one in 2³² draws.
    #[cfg(feature = "sm2")]
    pub fn sm2_from_seed(name: &str, seed: &[u8; 32]) -> Result<NoteSigner, KeyError> {
        check_name(name)?;
        let secret = sm2::SecretKey::from_slice(seed).map_err(|_| KeyError::Seed)?;
        let secret = sm2::dsa::SigningKey::new(SM2_IDENTITY, &secret).map_err(|_| KeyError::Seed)?;
        Ok(NoteSigner { name: name.to_owned(), secret: Secret::Sm2(Box::new(secret)) })
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        let public = match &self.secret {
            Secret::Ed25519(secret) => Public::Ed25519(secret.verifying_key()),
            #[cfg(feature = "sm2")]
            Secret::Sm2(secret) => Public::Sm2(Box::new(secret.verifying_key().clone())),
        };
        VerifierKey::new(&self.name, public)
    }

    pub(crate) fn sign(&self, text: &str) -> NoteSignature {
        let bytes = match &self.secret {
            Secret::Ed25519(secret) => secret.sign(text.as_bytes()).to_bytes().to_vec(),
            #[cfg(feature = "sm2")]
            Secret::Sm2(secret) => {
                // The nonce is derived from key and message (RFC 6979), so that no randomness is asked for.
                let signature: sm2::dsa::Signature = secret.sign(text.as_bytes());
                signature.to_bytes().to_vec()
            }
        };
        NoteSignature { name: self.name.clone(), key_id: self.verifier().key_id, bytes }
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteSigner").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A witness's secret key with its name. `Debug` shows the name alone. Its bytes must serve no other purpose:
/// the message that is signed does not hold the name.
#[derive(Clone)]
pub struct Cosigner {
    name: String,
    secret: SigningKey,
}

impl Cosigner {
    /// A key from 32 random bytes, which the caller draws and keeps.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Cosigner, KeyError> {
        check_name(name)?;
        Ok(Cosigner { name: name.to_owned(), secret: SigningKey::from_bytes(seed) })
    }

    /// The public half, of [`KeyKind::Cosignature`].
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey::new(&self.name, Public::Cosignature(self.secret.verifying_key()))
    }

    /// Signs a checkpoint's text as seen at a time, in Unix seconds up to 2⁶³ − 1.
    pub(crate) fn sign(&self, text: &str, time_s: u64) -> NoteSignature {
        let signature = self.secret.sign(cosigned_message(time_s, text).as_bytes());
        let bytes = [time_s.to_be_bytes().as_slice(), &signature.to_bytes()].concat();
        NoteSignature { name: self.name.clone(), key_id: self.verifier().key_id, bytes }
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cosigner").field("name", &self.name).finish_non_exhaustive()
    }
}
