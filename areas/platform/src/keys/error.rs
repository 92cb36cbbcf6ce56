//! What goes wrong with keys.

use std::{io, path::PathBuf};

/// What goes wrong with keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The folder holds no root key.
    #[error("no root key at {0}; run `linli init` first")]
    NoRoot(PathBuf),
    /// A key file can be read by others than its owner.
    #[error("{0} can be read by others than its owner; run `chmod 600` on it")]
    OpenToOthers(PathBuf),
    /// A key file or a wrapped key does not open.
    #[error("a key does not open: {0}")]
    DoesNotOpen(String),
    /// The root key was exchanged while this process ran, and the environment gave it the former one.
    #[error("the root key was exchanged: start this process again with the new one")]
    RootExchanged,
    /// Reading or writing failed.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// A root key that was given has another form.
    #[error("a root key has 64 hexadecimal digits, with `sm:` before them for SM4")]
    NotARoot,
    /// There is nothing of that name to be destroyed, or it is what is used now.
    #[error("{0} is in use or not there")]
    InUse(String),
    /// The root key is in a token, and the settings name none.
    #[error("the root key is in a token, as root.token says; the settings name no token (section [token])")]
    TokenNotNamed,
    /// The library of the token cannot be loaded.
    #[error("the token's module {0} cannot be loaded: {1}")]
    TokenModule(PathBuf, String),
    /// No token of that label or in that slot is there.
    #[error("no token {0} is there; found: {1}")]
    TokenMissing(String, String),
    /// The token refused the PIN. It was tried once.
    #[error("the token {0} refused the PIN; it was tried once, and this process does not try again")]
    TokenPin(String),
    /// The token allows one more try only.
    #[error("the token {0} allows one more try of the PIN; nothing was tried: sign in with the token's own tool first")]
    TokenLastTry(String),
    /// The token is locked.
    #[error("the token {0} is locked after too many wrong PINs; its security officer can unlock it")]
    TokenLocked(String),
    /// Neither the settings nor the environment gives the PIN.
    #[error("no PIN for the token {0}: give LINLI_TOKEN__PIN or `pin_file`")]
    TokenNoPin(String),
    /// The key is not in the token, or several keys bear its label.
    #[error("the token holds {1} keys {0}, and one is wanted")]
    TokenKey(String, usize),
    /// The key could be taken out of the token.
    #[error("the key {0} can be taken out of the token; a root key must be sensitive and not extractable")]
    TokenKeyExtractable(String),
    /// Anything else that the token says.
    #[error("the token: {0}")]
    Token(String),
}

impl KeyError {
    /// Whether it is the token, its library or its PIN that is in the way.
    pub fn is_of_the_token(&self) -> bool {
        use KeyError::*;
        matches!(
            self,
            TokenNotNamed
                | TokenModule(..)
                | TokenMissing(..)
                | TokenPin(_)
                | TokenLastTry(_)
                | TokenLocked(_)
                | TokenNoPin(_)
                | TokenKey(..)
                | TokenKeyExtractable(_)
                | Token(_)
        )
    }
}
