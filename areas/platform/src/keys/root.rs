//! The root key (根密钥), outside the database: a file of the owner's, a value of the environment, or a key in a token
//! that never leaves it. What it wraps are the files of the key folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    error::KeyError,
    files::{self, read_private},
    profile::{Profile, Secret, open, seal},
    token::{self, OpenToken, TokenSettings},
};
use crate::clock::Rng;

/// The root key's file.
pub(crate) const ROOT_FILE: &str = "root.key";
/// Says that the root key is in a token, and which key it is there: its `CKA_ID` in hexadecimal digits.
pub(crate) const TOKEN_FILE: &str = "root.token";
/// Stands before a root key of the SM profile where it is written as text.
const SM_PREFIX: &str = "sm:";

/// A root key given by the environment (`LINLI_ROOT_KEY`) rather than by the file. Never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, serde::Deserialize)]
#[serde(transparent)]
pub struct GivenRoot(String);

impl GivenRoot {
    /// From 64 hexadecimal digits, with `sm:` before them for SM4; blanks around them do not matter.
    ///
    /// # Errors
    /// [`KeyError::NotARoot`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let given = GivenRoot(text.trim().to_owned());
        given.secret().map(|_| given)
    }
    pub(crate) fn check(&self) -> Result<(), KeyError> {
        self.secret().map(|_| ())
    }
    pub(crate) fn secret(&self) -> Result<Secret, KeyError> {
        let text = self.0.trim();
        let (profile, digits) = match text.strip_prefix(SM_PREFIX) {
            Some(digits) => (Profile::Sm, digits),
            None => (Profile::Aes, text),
        };
        let digit = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok());
        let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(digit).collect();
        let key = bytes.and_then(|b| <[u8; 32]>::try_from(b).ok()).ok_or(KeyError::NotARoot)?;
        Ok(Secret::new(profile, key))
    }
}

impl std::fmt::Debug for GivenRoot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GivenRoot(***)")
    }
}

/// Where an installation's keys are, and of which profile new ones are made.
#[derive(Debug, Clone)]
pub struct KeySettings {
    /// The folder of the keys.
    pub folder: PathBuf,
    /// The profile of new keys.
    pub profile: Profile,
    /// The root key, where the environment gives it.
    pub given: Option<GivenRoot>,
    /// The token, where the settings name one. The root key is in it once `root.token` stands in the folder.
    pub token: Option<TokenSettings>,
}

impl KeySettings {
    /// A folder with its root key in a file, in the profile that is usual.
    pub fn folder(folder: &Path) -> Self {
        KeySettings { folder: folder.to_owned(), profile: Profile::default(), given: None, token: None }
    }
    /// The same with new keys of a profile.
    #[must_use]
    pub fn of_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }
    pub(crate) fn token(&self) -> Result<&TokenSettings, KeyError> {
        self.token.as_ref().ok_or(KeyError::TokenNotNamed)
    }

    /// Whether the root key is in the token.
    pub fn in_token(&self) -> bool {
        self.folder.join(TOKEN_FILE).exists()
    }

    /// Where the root key is, in words.
    pub fn root_place(&self) -> String {
        match (&self.token, &self.given) {
            (Some(token), _) if self.in_token() => token.to_string(),
            (_, Some(_)) => "LINLI_ROOT_KEY".into(),
            _ => self.folder.join(ROOT_FILE).display().to_string(),
        }
    }

    /// Makes a root key where there is none: in the token that is named, else in a file.
    pub(super) fn create_root(&self, rng: &Rng) -> Result<(), KeyError> {
        let (file, mark) = (self.folder.join(ROOT_FILE), self.folder.join(TOKEN_FILE));
        if file.exists() || self.in_token() {
            return Ok(());
        }
        match (&self.token, &self.given) {
            (Some(token), _) => {
                let id = token::key_for_new(token, rng)?;
                files::write_private(&mark, format!("{}\n", token::hex(&id)).as_bytes())
            }
            (None, Some(_)) => Ok(()),
            (None, None) => files::write_private(&file, &Secret::random(self.profile, rng).clear()),
        }
    }

    /// The root key: in the token where the folder says so, else the one given, else the folder's.
    ///
    /// # Errors
    /// Those of a token; [`KeyError::NoRoot`].
    pub(crate) fn root(&self) -> Result<Root, KeyError> {
        if self.in_token() {
            let mark = self.folder.join(TOKEN_FILE);
            let id = read_private(&mark)?;
            let id = token::unhex(&id).ok_or_else(|| KeyError::DoesNotOpen(mark.display().to_string()))?;
            return Ok(Root::Token(OpenToken::open(self.token()?, &id)?));
        }
        if let Some(given) = &self.given {
            return Ok(Root::Held(given.secret()?));
        }
        let file = self.folder.join(ROOT_FILE);
        if !file.exists() {
            return Err(KeyError::NoRoot(file));
        }
        let bytes = zeroize::Zeroizing::new(read_private(&file)?);
        let key = Secret::of_clear(&bytes).ok_or_else(|| KeyError::DoesNotOpen(file.display().to_string()))?;
        Ok(Root::Held(key))
    }

    pub(crate) fn forget(&self, name: &str) -> Result<(), KeyError> {
        let file = self.folder.join(name);
        match fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(KeyError::Io(file, e)),
            _ => Ok(()),
        }
    }
}

/// A root key at hand: its bytes, or a session with the token that keeps it.
pub(crate) enum Root {
    Held(Secret),
    Token(OpenToken),
}

impl Root {
    /// Wraps a key, bound to its name.
    pub(crate) fn wrap(&self, rng: &Rng, name: &str, key: &Secret) -> Result<Vec<u8>, KeyError> {
        match self {
            Root::Held(root) => Ok(seal(&root.cipher(), rng, name.as_bytes(), &key.clear())),
            Root::Token(token) => token.wrap(rng.bytes(), name.as_bytes(), &key.clear()),
        }
    }
    /// Unwraps a key; `None` if it was wrapped by another or for another name.
    pub(crate) fn unwrap(&self, name: &str, wrapped: &[u8]) -> Result<Option<Secret>, KeyError> {
        let clear = match self {
            Root::Held(root) => open(&root.cipher(), name.as_bytes(), wrapped),
            Root::Token(token) => token.unwrap(name.as_bytes(), wrapped)?,
        };
        Ok(clear.map(zeroize::Zeroizing::new).and_then(|clear| Secret::of_clear(&clear)))
    }
}
