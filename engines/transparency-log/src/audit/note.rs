//! Notes and keys as the auditor reads them (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// What is wrong, in words.
type Reason = &'static str;

#[cfg(feature = "sm2")]
const SM2_PREFIX: &[u8] = b"\xffSM2-with-SM3/v1";

#[derive(Clone)]
enum Kind {
    Log(VerifyingKey),
    Witness(VerifyingKey),
    #[cfg(feature = "sm2")]
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

/// A public key with its name.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) name: String,
    id: [u8; 4],
    kind: Kind,
}

impl Key {
    pub(super) fn parse(text: &str) -> Result<Key, Reason> {
        let [name, id, encoded] = text.splitn(3, '+').collect::<Vec<_>>()[..] else {
            return Err("a key is written name+hash+base64");
        };
        if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("the key's name is empty or holds a space");
        }
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| "the key is not base64")?;
        let hashed = [name.as_bytes(), b"\n", &bytes].concat();
        let digest: [u8; 32] = Sha256::digest(hashed).into();
        let expected: String = digest[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        if id != expected {
            return Err("the key's hash does not fit it");
        }
        let id = [digest[0], digest[1], digest[2], digest[3]];
        Ok(Key { name: name.to_owned(), id, kind: kind_of(&bytes)? })
    }

    pub(super) fn is_of_a_log(&self) -> bool {
        !matches!(self.kind, Kind::Witness(_))
    }

    pub(super) fn is_named_by(&self, line: &Line) -> bool {
        line.name == self.name && line.id == self.id
    }

    fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        match &self.kind {
            Kind::Log(key) => ed25519(key, text.as_bytes(), signature),
            Kind::Witness(key) => signature.split_at_checked(8).is_some_and(|(time, signature)| {
                let time_s = time.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                let message = ["cosignature/v1\ntime ", &time_s.to_string(), "\n", text].concat();
                time_s < 1 << 63 && ed25519(key, message.as_bytes(), signature)
            }),
            #[cfg(feature = "sm2")]
            Kind::Sm2(key) => {
                use sm2::dsa::signature::Verifier;
                sm2::dsa::Signature::from_slice(signature).is_ok_and(|it| key.verify(text.as_bytes(), &it).is_ok())
            }
        }
    }
}

fn ed25519(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|it| key.verify_strict(message, &it).is_ok())
}

fn kind_of(bytes: &[u8]) -> Result<Kind, Reason> {
    #[cfg(feature = "sm2")]
    if let Some(point) = bytes.strip_prefix(SM2_PREFIX).filter(|point| point.len() == 65) {
        let key = sm2::dsa::VerifyingKey::from_sec1_bytes("1234567812345678", point);
        return key.map(|key| Kind::Sm2(Box::new(key))).map_err(|_| "not a point of the curve");
    }
    let [kind @ (1 | 4), point @ ..] = bytes else { return Err("a key of a kind not known here") };
    let point: &[u8; 32] = point.try_into().map_err(|_| "not 32 bytes")?;
    let key = VerifyingKey::from_bytes(point).map_err(|_| "not a point of the curve")?;
    Ok(if *kind == 1 { Kind::Log(key) } else { Kind::Witness(key) })
}

/// One signature.
pub(super) struct Line {
    name: String,
    id: [u8; 4],
    signature: Vec<u8>,
}

/// A signed text.
pub(super) struct Note {
    text: String,
    pub(super) lines: Vec<Line>,
}

impl Note {
    pub(super) fn parse(bytes: Vec<u8>) -> Result<Note, Reason> {
        if bytes.len() > 1_000_000 {
            return Err("the note is over a million bytes long");
        }
        let note = String::from_utf8(bytes).map_err(|_| "the note is not UTF-8")?;
        if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
            return Err("the note holds a control character");
        }
        let Some(at) = note.rfind("\n\n") else { return Err("the note has no signatures") };
        let mut lines = Vec::new();
        for line in note[at + 2..].split_inclusive('\n') {
            lines.push(Line::parse(line).ok_or("a signature line cannot be read")?);
        }
        if lines.is_empty() {
            return Err("the note has no signatures");
        }
        let text = note[..=at].to_owned();
        Ok(Note { text, lines })
    }

    /// Whether the key has signed, and every signature that bears its name is genuine.
    pub(super) fn is_signed_by(&self, key: &Key) -> bool {
        let mut own = self.lines.iter().filter(|line| key.is_named_by(line)).peekable();
        own.peek().is_some() && own.all(|line| key.has_signed(&self.text, &line.signature))
    }

    /// Origin, size and root.
    pub(super) fn head(&self) -> Result<Head, Reason> {
        let [origin, size, root, more @ ..] = &self.text.lines().collect::<Vec<_>>()[..] else {
            return Err("a checkpoint has three lines or more");
        };
        if origin.is_empty() || more.iter().any(|line| line.is_empty()) {
            return Err("a line of the checkpoint is empty");
        }
        let plain = size.bytes().all(|byte| byte.is_ascii_digit()) && (*size == "0" || !size.starts_with('0'));
        let size = size.parse().ok().filter(|size| plain && *size <= 1 << 62).ok_or("the size is no plain number")?;
        let root = BASE64_STANDARD.decode(root).ok().and_then(|root| root.try_into().ok());
        let root = root.ok_or("the root is not 32 bytes in base64")?;
        Ok(Head { origin: (*origin).to_owned(), size, root })
    }
}

impl Line {
    fn parse(line: &str) -> Option<Line> {
        let mut parts = line.strip_suffix('\n')?.split(' ');
        let (dash, name, encoded) = (parts.next()?, parts.next()?, parts.next()?);
        if dash != "\u{2014}" || name.is_empty() || name.contains('+') || parts.next().is_some() {
            return None;
        }
        let mut bytes = BASE64_STANDARD.decode(encoded).ok().filter(|bytes| bytes.len() > 4)?;
        let signature = bytes.split_off(4);
        Some(Line { name: name.to_owned(), id: bytes.try_into().ok()?, signature })
    }
}

/// What a checkpoint says.
pub(super) struct Head {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: [u8; 32],
}
