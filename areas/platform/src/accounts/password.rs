//! Passwords (口令): what is accepted, and how it is kept.
//!
//! Argon2id with 19 MiB, 2 passes and 1 lane, the first choice of OWASP's password storage cheat sheet: about 30 ms
//! on an office server. Hashing runs off the request threads and at most four at a time, so that many wrong
//! passwords at once cost the attacker time and not the office its server.

use std::sync::OnceLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{
    clock::Rng,
    error::{AppError, Result},
};

/// Characters of a password at least.
pub const MIN_CHARS: usize = 10;
/// Characters of a password at most; more would only make hashing slow.
pub const MAX_CHARS: usize = 200;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Passwords that are tried first, of ten characters or more; compared in lower case without digits at the end.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "qwertyuiop",
    "qwertyui",
    "qwerty",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc",
    "1q2w3e4r5t",
    "qazwsxedc",
    "iloveyou",
    "woaini",
    "woaini1314",
    "woaizhongguo",
    "administrator",
    "admin",
    "letmein",
    "welcome",
    "abcdefghij",
    "abc",
    "a",
    "aa",
    "xianghuaqiao",
    "qingpu",
    "shanghai",
    "linli",
    "linlilinli",
    "jiedao",
    "shequ",
    "juweihui",
    "wangge",
    "test",
    "changeme",
    "root",
    "user",
    "guest",
];

/// Why a password is not accepted. Fluent text: `password-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`MIN_CHARS`] characters.
    #[error("too short")]
    Short,
    /// More than [`MAX_CHARS`] characters.
    #[error("too long")]
    Long,
    /// Holds the sign-in name, or is held by it.
    #[error("holds the sign-in name")]
    Name,
    /// One of those tried first, a run such as 1234567890, or few characters repeated.
    #[error("easily guessed")]
    Common,
}

impl PasswordFault {
    /// The Fluent key of its text.
    pub fn key(self) -> &'static str {
        match self {
            PasswordFault::Short => "password-short",
            PasswordFault::Long => "password-long",
            PasswordFault::Name => "password-name",
            PasswordFault::Common => "password-common",
        }
    }
}

/// Whether a password is good enough for an account.
pub fn check_password(sign_in_name: &str, password: &str) -> Result<(), PasswordFault> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(PasswordFault::Short);
    }
    if chars > MAX_CHARS {
        return Err(PasswordFault::Long);
    }
    let (lower, name) = (password.to_lowercase(), sign_in_name.trim().to_lowercase());
    if name.chars().count() >= 3 && lower.contains(&name) {
        return Err(PasswordFault::Name);
    }
    if is_common(&lower) { Err(PasswordFault::Common) } else { Ok(()) }
}

fn is_common(lower: &str) -> bool {
    let core = lower.trim_end_matches(|c: char| c.is_ascii_digit() || "!@#.".contains(c));
    let distinct: std::collections::HashSet<char> = lower.chars().collect();
    let codes: Vec<i64> = lower.chars().map(|c| i64::from(u32::from(c))).collect();
    let run = |step: i64| codes.windows(2).filter(|w| w[1] - w[0] == step).count() + 2 >= codes.len();
    COMMON.contains(&core) || COMMON.contains(&lower) || core.is_empty() || distinct.len() < 4 || run(1) || run(-1)
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with a fresh salt; PHC form.
pub async fn hash_password(rng: &Rng, password: String) -> Result<String> {
    let salt: [u8; 16] = rng.bytes();
    let hash = off_thread(move || argon2().hash_password_with_salt(password.as_bytes(), &salt).map(|h| h.to_string()));
    hash.await?.map_err(AppError::internal)
}

/// Whether a password fits a hash. Without a hash (no such account) it takes as long and says no.
pub async fn verify_password(rng: &Rng, hash: Option<String>, password: String) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let known = hash.is_some();
    let hash = match (hash, NOBODY.get()) {
        (Some(hash), _) => hash,
        (None, Some(nobody)) => nobody.clone(),
        (None, None) => {
            let nobody = hash_password(rng, "nobody has this password".into()).await?;
            NOBODY.get_or_init(|| nobody).clone()
        }
    };
    let fits = off_thread(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
    });
    Ok(fits.await? && known)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)
}

/// A password to be told once and changed at the first sign-in: 16 characters that cannot be mistaken for another,
/// in groups of four; 78 random bits.
pub fn one_time_password(rng: &Rng) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes: [u8; 16] = rng.bytes();
    let chars: Vec<char> = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
    chars.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_neither_the_name_nor_one_tried_first() {
        for (password, want) in [
            ("mossy-lantern-42", Ok(())),
            ("青浦的桥有三座古老的", Ok(())),
            ("short-one", Err(PasswordFault::Short)),
            ("九个字的口令太短了", Err(PasswordFault::Short)),
            ("wang.wei-2026", Err(PasswordFault::Name)),
            ("xWANG.WEIx99", Err(PasswordFault::Name)),
            ("Password2026", Err(PasswordFault::Common)),
            ("password1234!", Err(PasswordFault::Common)),
            ("1234567890", Err(PasswordFault::Common)),
            ("9876543210", Err(PasswordFault::Common)),
            ("abcdefghij", Err(PasswordFault::Common)),
            ("aaaaaaaaaaaa", Err(PasswordFault::Common)),
            ("20260101888", Err(PasswordFault::Common)),
            ("Linli2026!!", Err(PasswordFault::Common)),
        ] {
            assert_eq!(check_password("wang.wei", password), want, "{password}");
        }
        assert_eq!(check_password("wang.wei", &"长口令x".repeat(60)), Err(PasswordFault::Long));
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_alone_and_nobody_fits_nothing() {
        let rng = Rng::seeded(1);
        let hash = hash_password(&rng, "mossy-lantern-42".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password(&rng, Some(hash.clone()), "mossy-lantern-42".into()).await.unwrap());
        assert!(!verify_password(&rng, Some(hash.clone()), "mossy-lantern-43".into()).await.unwrap());
        assert!(!verify_password(&rng, None, "nobody has this password".into()).await.unwrap());
        assert_ne!(hash, hash_password(&rng, "mossy-lantern-42".into()).await.unwrap(), "salts differ");
    }

    #[test]
    fn one_time_passwords_pass_the_rules_themselves() {
        let rng = Rng::seeded(2);
        for _ in 0..200 {
            assert_eq!(check_password("wang.wei", &one_time_password(&rng)), Ok(()));
        }
    }
}
