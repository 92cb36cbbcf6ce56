//! The log as it is published: the checkpoint and the tiles, read from the database page by page.
//!
//! Entries are not published. What a leaf commits to is a salted digest; salts are handed to whom a record
//! concerns, and records go when their time is over.

use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};
use transparency_log::{Checkpoint, NoteSigner, SignedNote, Tile, TileWrite, VerifierKey};

use crate::{
    error::{AppError, Result},
    keys::{Profile, Secret},
    log,
    store::{Query, Store},
    vals,
};

/// How many tiles are read at once, 8 KiB each.
const PAGE: u64 = 256;

/// The log as of its newest checkpoint.
#[derive(Debug, Clone)]
pub struct Published {
    /// The signed checkpoint.
    pub note: SignedNote,
    /// Its number of leaves.
    pub size: u64,
    /// The public keys that have signed it.
    pub keys: Vec<VerifierKey>,
    /// Those with which the log signed before its key was exchanged.
    pub former: Vec<VerifierKey>,
}

/// The SM2 signer beside an Ed25519 one; its key comes from the same secret.
fn sm2_signer(store: &Store, key: &Secret) -> Result<NoteSigner> {
    let seed = Sha256::new().chain_update(b"linli log key for SM2\n").chain_update(key.seed()).finalize();
    NoteSigner::sm2_from_seed(&log::origin(store), &seed.into()).map_err(AppError::internal)
}

/// The newest checkpoint, signed with SM2 too where that is asked for and its own keys are of the other profile; `None`
/// for a log that has none yet.
pub async fn published(q: &impl Query, sm2: bool) -> Result<Option<Published>> {
    let Some(newest) = log::newest(q).await? else { return Ok(None) };
    let mut note = SignedNote::parse(&newest.note).map_err(AppError::internal)?;
    let signed = |key: &VerifierKey| Checkpoint::of_note(&note, key).ok().map(|checkpoint| checkpoint.size);
    let known = log::verifiers(q.store())?;
    let (mut keys, former): (Vec<_>, Vec<_>) = known.into_iter().partition(|key| signed(key).is_some());
    let size = keys.last().and_then(signed).ok_or_else(|| AppError::internal("no known key signed the checkpoint"))?;
    let beside = q.store().keys().log_keys().into_iter().find(|key| key.profile() == Profile::Aes);
    if let (true, Some(key)) = (sm2, beside) {
        let signer = sm2_signer(q.store(), &key)?;
        note.add_signature(&signer);
        keys.push(signer.verifier());
    }
    Ok(Some(Published { note, size, keys, former }))
}

/// Some tiles of a log, in the order of their places.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The tiles.
    pub tiles: Vec<TileWrite>,
    /// The place (level, index) after which the next page begins; `None` after the last.
    pub next: Option<(u8, u64)>,
}

/// The next tiles of a log of `size` leaves, after a place or from the beginning. A tile that has grown since is cut
/// to what that log has of it.
pub async fn tiles(q: &impl Query, size: u64, after: Option<(u8, u64)>) -> Result<Page> {
    #[derive(FromQueryResult)]
    struct Row {
        level: i64,
        tile_index: i64,
        hashes: Vec<u8>,
    }
    let (level, index) = after.map_or((-1, -1), |(level, index)| (i64::from(level), index as i64));
    let rows: Vec<Row> = q
        .rows(
            &format!(
                "SELECT level, tile_index, hashes FROM log_tile
                 WHERE division_code = $1 AND (level > $2 OR (level = $2 AND tile_index > $3))
                 ORDER BY level, tile_index LIMIT {PAGE}"
            ),
            vals![q.division(), level, index],
        )
        .await?;
    let next = rows.last().map(|row| (row.level as u8, row.tile_index as u64));
    let cut = |mut row: Row| {
        let tile = Tile::of_tree(row.level as u8, row.tile_index as u64, size)?;
        row.hashes.truncate(tile.len_bytes());
        Some(TileWrite { level: tile.level, index: tile.index, width: tile.width, bytes: row.hashes })
    };
    Ok(Page { tiles: rows.into_iter().filter_map(cut).collect(), next })
}
