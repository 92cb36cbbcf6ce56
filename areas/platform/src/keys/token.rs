//! A root key in a token (密码设备), called through PKCS#11: it is made there, never leaves it, and wraps the key files
//! with AES-256-GCM (`CKM_AES_GCM`, PKCS#11 2.40 section 2.11).
//!
//! The PIN is tried once by a process. A token that allows one more try only is left alone, so that a service that is
//! started again and again does not lock it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    mechanism::{Mechanism, aead::GcmParams},
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::{Slot, TokenInfo},
    types::AuthPin,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{error::KeyError, files::read_private};
use crate::clock::Rng;

/// Bits of a tag.
const TAG_BITS: u64 = 128;
/// Bytes of a root key.
const KEY_BYTES: u64 = 32;

/// Which token, and which key in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// The token's library, such as `/usr/lib/softhsm/libsofthsm2.so`.
    pub module: PathBuf,
    /// The token's label; without it, its slot.
    #[serde(default)]
    pub label: Option<String>,
    /// The number of its slot.
    #[serde(default)]
    pub slot: Option<u64>,
    /// The key's label.
    #[serde(default = "key_label")]
    pub key: String,
    /// The PIN, best from the environment (`LINLI_TOKEN__PIN`).
    #[serde(default)]
    pub pin: Option<Pin>,
    /// An owner-only file with the PIN.
    #[serde(default)]
    pub pin_file: Option<PathBuf>,
}

fn key_label() -> String {
    "linli-root".into()
}

/// A PIN. Never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, serde::Deserialize)]
#[serde(transparent)]
pub struct Pin(String);

impl Pin {
    /// A PIN as typed.
    pub fn new(text: &str) -> Self {
        Pin(text.trim().to_owned())
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(***)")
    }
}

/// The token and the key in words, for reports.
impl std::fmt::Display for TokenSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}, {})", self.key, self.name(), self.module.display())
    }
}

impl TokenSettings {
    fn name(&self) -> String {
        match (&self.label, self.slot) {
            (Some(label), _) => format!("“{label}”"),
            (None, Some(slot)) => format!("in slot {slot}"),
            (None, None) => "without label or slot".into(),
        }
    }
    fn pin(&self) -> Result<AuthPin, KeyError> {
        let text = match (&self.pin, &self.pin_file) {
            (Some(pin), _) => pin.0.clone(),
            (None, Some(file)) => {
                let bytes = Zeroizing::new(read_private(file)?);
                String::from_utf8_lossy(&bytes).trim().to_owned()
            }
            (None, None) => return Err(KeyError::TokenNoPin(self.name())),
        };
        Ok(AuthPin::from(text))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Bytes from hexadecimal digits with white space around them.
pub(crate) fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?.trim().as_bytes();
    let pairs = text.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    if text.len() % 2 == 0 { pairs.collect() } else { None }
}

fn fault(e: Error) -> KeyError {
    KeyError::Token(e.to_string())
}

/// A library is loaded and begun once by a process and stays.
fn module(path: &Path) -> Result<Pkcs11, KeyError> {
    static LOADED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = loaded.get(path) {
        return Ok(module.clone());
    }
    let wrong = |e: Error| KeyError::TokenModule(path.into(), e.to_string());
    let module = Pkcs11::new(path).map_err(wrong)?;
    module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).map_err(wrong)?;
    loaded.insert(path.to_owned(), module.clone());
    Ok(module)
}

fn find_slot(module: &Pkcs11, settings: &TokenSettings) -> Result<(Slot, TokenInfo), KeyError> {
    let mut seen = Vec::new();
    for slot in module.get_slots_with_token().map_err(fault)? {
        let Ok(info) = module.get_token_info(slot) else { continue };
        let fits = match (&settings.label, settings.slot) {
            (Some(label), _) => info.label().trim_end() == label,
            (None, Some(number)) => slot.id() == number,
            (None, None) => false,
        };
        if fits {
            return Ok((slot, info));
        }
        if info.token_initialized() {
            seen.push(format!("“{}” in slot {}", info.label().trim_end(), slot.id()));
        }
    }
    Err(KeyError::TokenMissing(settings.name(), seen.join(", ")))
}

/// A session with the token, signed in.
fn sign_in(settings: &TokenSettings) -> Result<Session, KeyError> {
    static REFUSED: Mutex<BTreeSet<(PathBuf, String)>> = Mutex::new(BTreeSet::new());
    let module = module(&settings.module)?;
    let (slot, info) = find_slot(&module, settings)?;
    let name = settings.name();
    let this = (settings.module.clone(), name.clone());
    let mut refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    if refused.contains(&this) {
        return Err(KeyError::TokenPin(name));
    }
    if info.user_pin_locked() {
        return Err(KeyError::TokenLocked(name));
    }
    let session = module.open_rw_session(slot).map_err(fault)?;
    if info.user_pin_final_try() {
        return Err(KeyError::TokenLastTry(name));
    }
    match session.login(UserType::User, Some(&settings.pin()?)) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
        Err(Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _)) => {
            refused.insert(this);
            Err(KeyError::TokenPin(name))
        }
        Err(Error::Pkcs11(RvError::PinLocked, _)) => Err(KeyError::TokenLocked(name)),
        Err(e) => Err(fault(e)),
    }
}

/// The AES keys with a label; with an id too, where one is known.
fn keys_of(session: &Session, label: &str, id: &[u8]) -> Result<Vec<ObjectHandle>, KeyError> {
    let mut wanted = vec![
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(label.as_bytes().to_vec()),
    ];
    if !id.is_empty() {
        wanted.push(Attribute::Id(id.to_vec()));
    }
    session.find_objects(&wanted).map_err(fault)
}

fn id_of(session: &Session, key: ObjectHandle) -> Result<Vec<u8>, KeyError> {
    let found = session.get_attributes(key, &[AttributeType::Id]).map_err(fault)?;
    Ok(found.into_iter().find_map(|a| if let Attribute::Id(id) = a { Some(id) } else { None }).unwrap_or_default())
}

/// The key for an installation that has none yet: the one that bears the label already, else one that is made in the
/// token. Its id, which may be empty.
///
/// # Errors
/// Those of the token; [`KeyError::TokenKey`] where several bear the label.
pub(super) fn key_for_new(settings: &TokenSettings, rng: &Rng) -> Result<Vec<u8>, KeyError> {
    let session = sign_in(settings)?;
    match keys_of(&session, &settings.key, &[])?.as_slice() {
        [] => make(&session, settings, rng),
        [one] => {
            refuse_extractable(&session, *one, settings)?;
            id_of(&session, *one)
        }
        more => Err(KeyError::TokenKey(settings.key.clone(), more.len())),
    }
}

/// Makes another key in the token, beside one that it is to follow. Its id.
pub(crate) fn another_key(settings: &TokenSettings, rng: &Rng) -> Result<Vec<u8>, KeyError> {
    make(&sign_in(settings)?, settings, rng)
}

fn make(session: &Session, settings: &TokenSettings, rng: &Rng) -> Result<Vec<u8>, KeyError> {
    let id = rng.bytes::<8>().to_vec();
    let template = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::ValueLen(KEY_BYTES.into()),
        Attribute::Label(settings.key.as_bytes().to_vec()),
        Attribute::Id(id.clone()),
    ];
    session.generate_key(&Mechanism::AesKeyGen, &template).map_err(fault)?;
    Ok(id)
}

fn refuse_extractable(session: &Session, key: ObjectHandle, settings: &TokenSettings) -> Result<(), KeyError> {
    let asked = [AttributeType::Sensitive, AttributeType::Extractable];
    let found = session.get_attributes(key, &asked).map_err(fault)?;
    let kept = found.contains(&Attribute::Sensitive(true)) && found.contains(&Attribute::Extractable(false));
    if kept { Ok(()) } else { Err(KeyError::TokenKeyExtractable(settings.key.clone())) }
}

/// A session with the token and the key found in it.
pub(crate) struct OpenToken {
    session: Session,
    key: ObjectHandle,
}

impl OpenToken {
    /// Signs in and finds the key.
    ///
    /// # Errors
    /// Each of its own: the library, the token, the PIN, the key.
    pub(crate) fn open(settings: &TokenSettings, id: &[u8]) -> Result<Self, KeyError> {
        let session = sign_in(settings)?;
        let key = match keys_of(&session, &settings.key, id)?.as_slice() {
            [one] => *one,
            other => return Err(KeyError::TokenKey(settings.key.clone(), other.len())),
        };
        refuse_extractable(&session, key, settings)?;
        Ok(OpenToken { session, key })
    }

    /// Encrypts in the token: 12 bytes of nonce, then ciphertext and tag, bound to `aad`.
    pub(super) fn wrap(&self, nonce: [u8; 12], aad: &[u8], clear: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut iv = nonce;
        let params = GcmParams::new(&mut iv, aad, TAG_BITS.into()).map_err(fault)?;
        let sealed = self.session.encrypt(&Mechanism::AesGcm(params), self.key, clear).map_err(fault)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts in the token; `None` if key, binding or bytes differ.
    pub(super) fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Option<Vec<u8>>, KeyError> {
        let Some((nonce, body)) = wrapped.split_first_chunk::<12>() else { return Ok(None) };
        let mut iv = *nonce;
        let params = GcmParams::new(&mut iv, aad, TAG_BITS.into()).map_err(fault)?;
        match self.session.decrypt(&Mechanism::AesGcm(params), self.key, body) {
            Ok(clear) => Ok(Some(clear)),
            // What does not fit is told by each maker in another way.
            Err(Error::Pkcs11(
                RvError::EncryptedDataInvalid
                | RvError::EncryptedDataLenRange
                | RvError::DataInvalid
                | RvError::FunctionFailed
                | RvError::GeneralError,
                _,
            )) => Ok(None),
            Err(e) => Err(fault(e)),
        }
    }
}
