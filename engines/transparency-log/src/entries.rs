//! Entry bundles: the entries behind up to 256 neighbouring leaves (C2SP tlog-tiles, log entries).

use crate::tile::{TILE_WIDTH, tile_path};

/// Why a bundle was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry is over 65,535 bytes long.
    #[error("entry {0} is over 65,535 bytes long")]
    TooLong(usize),
    /// A bundle ends within an entry.
    #[error("the bundle ends within entry {0}")]
    Truncated(usize),
    /// A bundle holds no entry, or more than 256.
    #[error("a bundle holds 1 to 256 entries, not {0}")]
    Count(usize),
}

/// Path of a bundle below the log's prefix, `tile/entries/<N>[.p/<W>]`.
///
/// ```
/// assert_eq!(transparency_log::entries_path(1234067, 256), "tile/entries/x001/x234/067");
/// assert_eq!(transparency_log::entries_path(0, 17), "tile/entries/000.p/17");
/// ```
pub fn entries_path(index: u64, width: u16) -> String {
    tile_path(0, index, width).replacen("tile/0/", "tile/entries/", 1)
}

/// Writes 1 to 256 entries, each after its length in two bytes, big-endian.
///
/// # Errors
/// [`BundleError::TooLong`], [`BundleError::Count`].
pub fn entry_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    if entries.is_empty() || entries.len() > usize::from(TILE_WIDTH) {
        return Err(BundleError::Count(entries.len()));
    }
    let mut bytes = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| BundleError::TooLong(position))?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Reads what [`entry_bundle`] writes.
///
/// # Errors
/// [`BundleError::Truncated`], [`BundleError::Count`].
pub fn parse_entry_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let cut = || BundleError::Truncated(entries.len());
        let (length, after) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or_else(cut)?;
        entries.push(entry);
        rest = after;
        if entries.len() > usize::from(TILE_WIDTH) {
            return Err(BundleError::Count(entries.len()));
        }
    }
    if entries.is_empty() { Err(BundleError::Count(0)) } else { Ok(entries) }
}
