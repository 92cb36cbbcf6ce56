//! The transparency log of the division (R39): one leased sequencer takes unsequenced leaves into it within
//! seconds and signs a checkpoint; anybody who holds an earlier one can check that it has only grown.
//!
//! Leaves are taken by state, never by "id above the last": a transaction that commits late would be skipped.

use std::{collections::BTreeMap, time::Duration};

use sea_orm::FromQueryResult;
use transparency_log::{
    Checkpoint, CheckpointError, Frontier, Hash, MemoryTiles, NoteError, NoteSigner, Tampering, VerifierKey, edge_tiles,
};
use uuid::Uuid;

use crate::{
    app::App,
    clock::At,
    error::{AppError, Result},
    ids::LeafId,
    keys::{Profile, Secret},
    reader::Reader,
    record::{ACCESS_SELECT, AccessRow, EVENT_SELECT, ErasedRow, EventRow, batch_digest, leaf_data},
    store::{Query, Store, Tx},
    vals,
};

/// How many leaves one transaction takes in.
const BATCH: u64 = 5_000;
/// How long a sequencer keeps its lease without renewing it.
const LEASE_S: i64 = 20;

/// The name of a division's log, the first line of its checkpoints.
pub fn origin(store: &Store) -> String {
    format!("linli/{}", store.division())
}

/// The signers of the division's checkpoints, the newest first. While the log's key is being exchanged there are two,
/// and both sign. A key signs as its profile says: with Ed25519, or with SM2 and SM3.
fn signers(store: &Store) -> Result<Vec<NoteSigner>> {
    let origin = origin(store);
    let signer = |key: &Secret| match key.profile() {
        Profile::Aes => NoteSigner::from_seed(&origin, key.seed()),
        Profile::Sm => NoteSigner::sm2_from_seed(&origin, key.seed()),
    };
    store.keys().log_keys().iter().map(|key| signer(key).map_err(AppError::internal)).collect()
}

/// The public key that checks the division's checkpoints, to be published.
pub fn verifier(store: &Store) -> Result<VerifierKey> {
    let signers = signers(store)?;
    Ok(signers.first().ok_or_else(|| AppError::internal("a log without a key"))?.verifier())
}

/// The public keys of the signers, each with its number, the oldest first.
pub(crate) fn numbered_verifiers(store: &Store) -> Result<Vec<(u32, VerifierKey)>> {
    let keys = signers(store)?.into_iter().rev().map(|s| s.verifier());
    Ok(store.keys().log_numbers().into_iter().zip(keys).collect())
}

/// Every public key by which a checkpoint of the division can be checked, the oldest first: those that sign no more, and
/// those that sign.
pub fn verifiers(store: &Store) -> Result<Vec<VerifierKey>> {
    let retired = store.keys().retired_log_keys();
    let retired = retired.iter().map(|text| VerifierKey::parse(text).map_err(AppError::internal));
    let signing = numbered_verifiers(store)?.into_iter().map(|(_, key)| Ok(key));
    retired.chain(signing).collect()
}

/// Reads a checkpoint that one of the keys has signed.
pub(crate) fn checkpoint_by(note: &str, keys: &[VerifierKey]) -> std::result::Result<Checkpoint, CheckpointError> {
    let mut last = None;
    for key in keys.iter().rev() {
        match Checkpoint::parse_and_verify(note, key) {
            Err(CheckpointError::Note(NoteError::NotSignedBy(name))) => last = Some(NoteError::NotSignedBy(name)),
            other => return other,
        }
    }
    Err(last.unwrap_or(NoteError::NoSignatures).into())
}

/// A stored checkpoint.
#[derive(Debug, Clone, FromQueryResult)]
pub struct StoredCheckpoint {
    /// Leaves.
    pub size: i64,
    /// The signed note.
    pub note: String,
    /// When it was signed.
    pub at: At,
}

/// The newest checkpoint, if there is one.
pub async fn newest(q: &impl Query) -> Result<Option<StoredCheckpoint>> {
    q.row(
        "SELECT size, note, at FROM log_checkpoint WHERE division_code = $1 ORDER BY size DESC LIMIT 1",
        vals![q.division()],
    )
    .await
}

#[derive(FromQueryResult)]
struct LeafRow {
    leaf_id: LeafId,
    hash: Vec<u8>,
}

fn as_hash(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| AppError::internal("a stored hash is not 32 bytes"))
}

async fn lease(tx: &Tx, holder: &str) -> Result<bool> {
    let taken = tx
        .execute(
            "INSERT INTO lease (division_code, name, holder, until_at) VALUES ($1, 'log-sequencer', $2, $3)
             ON CONFLICT (division_code, name) DO UPDATE SET holder = $2, until_at = $3
             WHERE lease.holder = $2 OR lease.until_at < $4",
            vals![tx.division(), holder, tx.now().plus_s(LEASE_S), tx.now()],
        )
        .await?;
    Ok(taken == 1)
}

/// Takes waiting leaves into the log and signs a checkpoint. The number taken; 0 if there were none or another
/// process holds the lease.
pub async fn sequence(store: &Store, holder: &str) -> Result<u64> {
    let waiting = store
        .reads()
        .number(
            "SELECT COUNT(*) FROM (SELECT 1 FROM log_leaf WHERE division_code = $1 AND sequenced = FALSE LIMIT 1) AS w",
            vals![store.division()],
        )
        .await?;
    if waiting == 0 {
        return Ok(0);
    }
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("the log records the records");
    if !lease(&tx, holder).await? {
        return Ok(0);
    }
    let leaves: Vec<LeafRow> = tx
        .rows(
            &format!(
                "SELECT leaf_id, hash FROM log_leaf WHERE division_code = $1 AND sequenced = FALSE ORDER BY leaf_id LIMIT {BATCH}"
            ),
            vals![store.division()],
        )
        .await?;
    let mut frontier = frontier(&tx).await?;
    let start = frontier.size();
    let hashes = leaves.iter().map(|l| as_hash(&l.hash)).collect::<Result<Vec<_>>>()?;
    let writes = frontier.append(&hashes).map_err(AppError::internal)?;
    for (i, leaf) in leaves.iter().enumerate() {
        tx.execute(
            "UPDATE log_leaf SET sequenced = TRUE, position = $3 WHERE division_code = $1 AND leaf_id = $2",
            vals![store.division(), leaf.leaf_id, (start as i64) + (i as i64)],
        )
        .await?;
    }
    for tile in writes {
        tx.execute(
            "INSERT INTO log_tile (division_code, level, tile_index, width, hashes) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (division_code, level, tile_index) DO UPDATE SET width = $4, hashes = $5",
            vals![store.division(), i64::from(tile.level), tile.index as i64, i64::from(tile.width), tile.bytes],
        )
        .await?;
    }
    checkpoint(&tx, &frontier).await?;
    tx.commit().await?;
    Ok(leaves.len() as u64)
}

async fn checkpoint(tx: &Tx, frontier: &Frontier) -> Result<()> {
    let checkpoint = Checkpoint::new(&origin(tx.store()), frontier.size(), frontier.root());
    let signers = signers(tx.store())?;
    let (first, others) = signers.split_first().ok_or_else(|| AppError::internal("a log without a key"))?;
    let mut note = checkpoint.sign(first).map_err(AppError::internal)?;
    others.iter().for_each(|former| note.add_signature(former));
    tx.insert_many(
        "log_checkpoint",
        &["division_code", "size", "root", "note", "at"],
        vec![vals![tx.division(), frontier.size() as i64, frontier.root().to_vec(), note.to_string(), tx.now()]],
    )
    .await
}

async fn frontier(q: &impl Query) -> Result<Frontier> {
    let Some(last) = newest(q).await? else { return Ok(Frontier::new()) };
    let size = last.size as u64;
    let tiles = load_tiles(q, edge_tiles(size).iter().map(|t| (t.level, t.index))).await?;
    Frontier::from_tiles(size, &tiles).map_err(AppError::internal)
}

#[derive(FromQueryResult)]
struct TileRow {
    level: i64,
    tile_index: i64,
    hashes: Vec<u8>,
}

pub(crate) async fn load_tiles(q: &impl Query, places: impl Iterator<Item = (u8, u64)>) -> Result<MemoryTiles> {
    let mut tiles = MemoryTiles::default();
    for (level, index) in places {
        let row: Option<TileRow> = q
            .row(
                "SELECT level, tile_index, hashes FROM log_tile WHERE division_code = $1 AND level = $2 AND tile_index = $3",
                vals![q.division(), i64::from(level), index as i64],
            )
            .await?;
        if let Some(row) = row {
            tiles.insert(row.level as u8, row.tile_index as u64, row.hashes);
        }
    }
    Ok(tiles)
}

/// Sequences until the process ends.
pub async fn run_forever(app: App) {
    let holder = app.store.rng().uuid(app.store.now()).to_string();
    loop {
        let pause = match sequence(&app.store, &holder).await {
            Ok(taken) if taken == BATCH => Duration::from_millis(50),
            Ok(_) => Duration::from_secs(1),
            Err(e) => {
                tracing::error!(code = e.code, cause = ?e.cause.as_ref().map(ToString::to_string), "the log does not grow");
                Duration::from_secs(5)
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Leaves in the log.
    pub leaves: u64,
    /// Leaves that wait to be taken in.
    pub waiting: u64,
    /// Events whose content was checked against their leaves.
    pub events: u64,
    /// Access records whose content was checked against their leaves.
    pub readings: u64,
    /// Records whose time is over: their digests were checked against their leaves, and nothing else is left of them.
    pub erased: u64,
}

/// A log that does not hold what it should.
#[derive(Debug, thiserror::Error)]
pub enum LogFault {
    /// The tree does not fit its leaves or its checkpoint.
    #[error("{0}")]
    Tree(#[from] Tampering),
    /// The checkpoint's signature or form is wrong.
    #[error("checkpoint: {0}")]
    Checkpoint(String),
    /// The content that a leaf stands for was changed, or is gone.
    #[error("leaf {position:?}: the {kind} it stands for was changed or removed")]
    Content {
        /// `event` or `access`.
        kind: &'static str,
        /// Where in the log.
        position: Option<i64>,
    },
}

#[derive(FromQueryResult)]
struct FullLeaf {
    leaf_id: LeafId,
    kind: String,
    salt: Vec<u8>,
    hash: Vec<u8>,
    position: Option<i64>,
}

/// Checks the whole log: signature, tree, and every event and access record against its leaf. `earlier` is a
/// checkpoint that somebody kept; the log must have grown from it.
pub async fn verify(store: &Store, earlier: Option<&str>) -> Result<std::result::Result<Verified, LogFault>> {
    let q = store.reads();
    let leaves: Vec<FullLeaf> = q
        .rows(
            "SELECT leaf_id, kind, salt, hash, position FROM log_leaf WHERE division_code = $1 ORDER BY position",
            vals![q.division()],
        )
        .await?;
    let sequenced: Vec<&FullLeaf> = leaves.iter().filter(|l| l.position.is_some()).collect();
    let waiting = (leaves.len() - sequenced.len()) as u64;
    if let Err(fault) = verify_tree(&q, &sequenced, earlier).await? {
        return Ok(Err(fault));
    }
    let Counts { events, readings, erased } = match verify_content(&q, &leaves).await? {
        Ok(counts) => counts,
        Err(fault) => return Ok(Err(fault)),
    };
    Ok(Ok(Verified { leaves: sequenced.len() as u64, waiting, events, readings, erased }))
}

async fn verify_tree(
    q: &impl Query,
    leaves: &[&FullLeaf],
    earlier: Option<&str>,
) -> Result<std::result::Result<(), LogFault>> {
    let Some(last) = newest(q).await? else {
        return Ok(if leaves.is_empty() { Ok(()) } else { Err(LogFault::Checkpoint("there is none".into())) });
    };
    let keys = verifiers(q.store())?;
    let parse = |note: &str| checkpoint_by(note, &keys).map_err(|e| LogFault::Checkpoint(e.to_string()));
    let checkpoint = match parse(&last.note) {
        Ok(checkpoint) => checkpoint,
        Err(fault) => return Ok(Err(fault)),
    };
    let hashes = leaves.iter().map(|l| as_hash(&l.hash)).collect::<Result<Vec<_>>>()?;
    let rows: Vec<TileRow> =
        q.rows("SELECT level, tile_index, hashes FROM log_tile WHERE division_code = $1", vals![q.division()]).await?;
    let mut tiles = MemoryTiles::default();
    for row in rows {
        tiles.insert(row.level as u8, row.tile_index as u64, row.hashes);
    }
    if let Err(fault) = transparency_log::verify_log(hashes.iter().copied(), &tiles, &checkpoint) {
        return Ok(Err(fault.into()));
    }
    if let Some(earlier) = earlier {
        let earlier = match parse(earlier) {
            Ok(earlier) => earlier,
            Err(fault) => return Ok(Err(fault)),
        };
        if let Err(fault) = transparency_log::verify_growth(hashes.iter().copied(), &earlier, &checkpoint) {
            return Ok(Err(fault.into()));
        }
    }
    Ok(Ok(()))
}

struct Counts {
    events: u64,
    readings: u64,
    erased: u64,
}

async fn erased(q: &impl Query) -> Result<Vec<ErasedRow>> {
    q.rows("SELECT leaf_id, kind, digest FROM erased_record WHERE division_code = $1", vals![q.division()]).await
}

async fn verify_content(q: &impl Query, leaves: &[FullLeaf]) -> Result<std::result::Result<Counts, LogFault>> {
    let mut digests: BTreeMap<LeafId, Vec<[u8; 32]>> = BTreeMap::new();
    let (mut events, mut after) = (0, Uuid::nil());
    loop {
        let rows: Vec<EventRow> = q
            .rows(
                &format!("{EVENT_SELECT} AND event_id > $2 ORDER BY event_id LIMIT 20000"),
                vals![q.division(), after],
            )
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.event_id.0;
        events += rows.len() as u64;
        for row in &rows {
            digests.entry(row.leaf_id).or_default().push(row.digest(q.division()));
        }
    }
    let accesses: Vec<AccessRow> = q.rows(ACCESS_SELECT, vals![q.division()]).await?;
    let mut readings: BTreeMap<LeafId, [u8; 32]> =
        accesses.iter().map(|a| (a.leaf_id, a.digest(q.division()))).collect();
    let count = readings.len() as u64;
    let erased = erased(q).await?;
    for gone in &erased {
        match gone.kind.as_str() {
            "event" => digests.entry(gone.leaf_id).or_default().push(as_hash(&gone.digest)?),
            _ => drop(readings.insert(gone.leaf_id, as_hash(&gone.digest)?)),
        }
    }
    let counts = Counts { events, readings: count, erased: erased.len() as u64 };
    for leaf in leaves {
        let (kind, digest) = match leaf.kind.as_str() {
            "event" => ("event", digests.remove(&leaf.leaf_id).map(batch_digest)),
            "access" => ("access", readings.remove(&leaf.leaf_id)),
            _ => continue,
        };
        let salt: [u8; 16] =
            leaf.salt.as_slice().try_into().map_err(|_| AppError::internal("a salt is not 16 bytes"))?;
        let fits = digest.is_some_and(|d| transparency_log::leaf_hash(&leaf_data(&salt, &d)) == leaf.hash.as_slice());
        if !fits {
            return Ok(Err(LogFault::Content { kind, position: leaf.position }));
        }
    }
    match (digests.is_empty(), readings.is_empty()) {
        (true, true) => Ok(Ok(counts)),
        (false, _) => Ok(Err(LogFault::Content { kind: "event", position: None })),
        (_, false) => Ok(Err(LogFault::Content { kind: "access", position: None })),
    }
}
