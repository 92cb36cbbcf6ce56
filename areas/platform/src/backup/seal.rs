//! The encryption of a backup: AES-256-GCM or SM4-GCM in chunks, as the header says, each bound to its place and to whether it is the last, so that
//! a file that was cut off, put together anew or changed does not open.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Read, Write},
    path::Path,
};

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::{
    clock::Rng,
    error::{AppError, Result},
    keys::{Cipher, Profile, Secret},
};

const MAGIC: &[u8; 15] = b"linli-backup-1\n";
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// Stands in the byte of the kind of secret where the cipher is SM4.
const SM_BIT: u8 = 0b10;
/// Magic, kind of secret and profile, salt, beginning of every nonce.
const HEADER: usize = 15 + 1 + 16 + 7;
/// Argon2id for a passphrase that nobody types often: 64 MiB, 3 passes.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// What a backup is encrypted under.
#[derive(Clone, ZeroizeOnDrop)]
pub enum BackupSecret {
    /// A passphrase, stretched by Argon2id.
    Passphrase(String),
    /// 32 bytes of a key file.
    Key([u8; 32]),
}

impl BackupSecret {
    /// Reads a key file of 32 bytes.
    ///
    /// # Errors
    /// `backup-key-file` if it has another length.
    pub fn from_key_file(file: &Path) -> Result<Self> {
        let mut bytes = fs::read(file)?;
        let key: Option<[u8; 32]> = bytes.as_slice().try_into().ok();
        bytes.zeroize();
        key.map(BackupSecret::Key).ok_or_else(|| AppError::rule("backup-key-file").arg("file", file.display()))
    }
    fn kind(&self) -> u8 {
        match self {
            BackupSecret::Key(_) => 0,
            BackupSecret::Passphrase(_) => 1,
        }
    }
    fn cipher(&self, profile: Profile, salt: &[u8]) -> Result<Cipher> {
        let mut key = [0u8; 32];
        match self {
            BackupSecret::Key(bytes) => key = *bytes,
            BackupSecret::Passphrase(words) => {
                let params = Params::new(MEMORY_KIB, PASSES, 1, Some(key.len())).map_err(AppError::internal)?;
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(words.as_bytes(), salt, &mut key)
                    .map_err(AppError::internal)?;
            }
        }
        let secret = Secret::new(profile, key);
        key.zeroize();
        Ok(secret.cipher())
    }
}

fn nonce(header: &[u8; HEADER], place: u32, last: bool) -> [u8; 12] {
    let mut nonce = [0u8; 12];
    nonce[..7].copy_from_slice(&header[HEADER - 7..]);
    nonce[7..11].copy_from_slice(&place.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

/// As much as the buffer takes, or what is left.
fn fill(from: &mut impl Read, buffer: &mut Vec<u8>, most: usize) -> Result<()> {
    buffer.clear();
    from.by_ref().take(most as u64).read_to_end(buffer)?;
    Ok(())
}

/// Encrypts a file.
pub(super) fn seal(secret: &BackupSecret, profile: Profile, rng: &Rng, from: &Path, to: &Path) -> Result<()> {
    let mut header = [0u8; HEADER];
    header[..15].copy_from_slice(MAGIC);
    header[15] = secret.kind() | if profile == Profile::Sm { SM_BIT } else { 0 };
    header[16..].copy_from_slice(&rng.bytes::<23>());
    let cipher = secret.cipher(profile, &header[16..32])?;
    let (mut from, mut to) = (BufReader::new(File::open(from)?), BufWriter::new(File::create(to)?));
    to.write_all(&header)?;
    chunks(&mut from, CHUNK, |place, last, clear| {
        Ok(to.write_all(&cipher.encrypt(nonce(&header, place, last), &header, clear))?)
    })?;
    to.into_inner().map_err(|e| AppError::internal(e.into_error()))?.sync_all()?;
    Ok(())
}

/// Decrypts a file.
///
/// # Errors
/// `backup-form` if it is none; `backup-opens-not` if the secret is another or the file was changed.
pub(super) fn open(secret: &BackupSecret, from: &Path, to: &Path) -> Result<()> {
    let mut from = BufReader::new(File::open(from)?);
    let mut header = [0u8; HEADER];
    from.read_exact(&mut header).map_err(|_| AppError::rule("backup-form"))?;
    if &header[..15] != MAGIC {
        return Err(AppError::rule("backup-form"));
    }
    let profile = if header[15] & SM_BIT == 0 { Profile::Aes } else { Profile::Sm };
    if header[15] & !SM_BIT != secret.kind() {
        return Err(AppError::rule("backup-other-secret"));
    }
    let cipher = secret.cipher(profile, &header[16..32])?;
    let mut to = BufWriter::new(File::create(to)?);
    chunks(&mut from, CHUNK + TAG, |place, last, sealed| {
        let opened = cipher.decrypt(nonce(&header, place, last), &header, sealed);
        Ok(to.write_all(&opened.ok_or_else(|| AppError::rule("backup-opens-not"))?)?)
    })?;
    to.flush()?;
    Ok(())
}

/// Hands over part by part, saying which is the last; of an empty source, one empty part.
fn chunks(from: &mut impl Read, size: usize, mut part: impl FnMut(u32, bool, &[u8]) -> Result<()>) -> Result<()> {
    let (mut this, mut next) = (Vec::with_capacity(size), Vec::with_capacity(size));
    fill(from, &mut this, size)?;
    let mut place = 0u32;
    loop {
        fill(from, &mut next, size)?;
        let last = next.is_empty();
        part(place, last, &this)?;
        if last {
            return Ok(());
        }
        place = place.checked_add(1).ok_or_else(|| AppError::internal("a backup of 256 TiB"))?;
        std::mem::swap(&mut this, &mut next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_opens_with_its_secret_and_not_when_changed_cut_off_or_reordered() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let rng = Rng::seeded(1);
        let secret = BackupSecret::Key([7; 32]);
        let lengths = [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK];
        for (profile, len) in Profile::ALL.into_iter().flat_map(|profile| lengths.map(|len| (profile, len))) {
            let clear: Vec<u8> = (0..len).map(|n| n.to_le_bytes()[0]).collect();
            fs::write(path("clear"), &clear).unwrap();
            seal(&secret, profile, &rng, &path("clear"), &path("sealed")).unwrap();
            open(&secret, &path("sealed"), &path("again")).unwrap();
            assert_eq!(fs::read(path("again")).unwrap(), clear);
            let sealed = fs::read(path("sealed")).unwrap();
            let mut changed = sealed.clone();
            *changed.last_mut().unwrap() ^= 1;
            let mut other_profile = sealed.clone();
            other_profile[15] ^= SM_BIT;
            let mut swapped = sealed.clone();
            if len == 3 * CHUNK {
                let (a, b) = (HEADER, HEADER + CHUNK + TAG);
                swapped[a..a + CHUNK + TAG].copy_from_slice(&sealed[b..b + CHUNK + TAG]);
                swapped[b..b + CHUNK + TAG].copy_from_slice(&sealed[a..a + CHUNK + TAG]);
            } else {
                swapped[HEADER - 1] ^= 1;
            }
            let cut = if len > CHUNK { HEADER + CHUNK + TAG } else { sealed.len() - 1 };
            for wrong in [changed, other_profile, swapped, sealed[..cut].to_vec()] {
                fs::write(path("wrong"), wrong).unwrap();
                let refused = open(&secret, &path("wrong"), &path("again")).unwrap_err();
                assert!(refused.is("backup-opens-not") || refused.is("backup-form"), "{len}: {refused}");
            }
            let other = open(&BackupSecret::Key([8; 32]), &path("sealed"), &path("again")).unwrap_err();
            assert!(other.is("backup-opens-not"));
        }
    }

    #[test]
    fn a_passphrase_opens_what_it_sealed_and_another_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let (clear, sealed, again) = (dir.path().join("c"), dir.path().join("s"), dir.path().join("a"));
        fs::write(&clear, "一户").unwrap();
        let words = BackupSecret::Passphrase("nine owls over the lake".into());
        for profile in Profile::ALL {
            seal(&words, profile, &Rng::seeded(2), &clear, &sealed).unwrap();
            open(&words, &sealed, &again).unwrap();
            assert_eq!(fs::read_to_string(&again).unwrap(), "一户");
        }
        let other = BackupSecret::Passphrase("nine owls over the pond".into());
        assert!(open(&other, &sealed, &again).unwrap_err().is("backup-opens-not"));
        assert!(open(&BackupSecret::Key([0; 32]), &sealed, &again).unwrap_err().is("backup-other-secret"));
    }
}
