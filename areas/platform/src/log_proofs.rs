//! Proofs that can be taken away (存在证明): what was recorded, that the log holds it, and the signed checkpoint. Whoever
//! has the log's public key can check one without this program's database and without trusting the office.
//!
//! Checking one by hand: `SHA-256(record)` is the record's digest. Where `beside` is empty it is the leaf's too; else it
//! is one of those, and the leaf's is the batch's. The leaf is `SHA-256(0x00 ‖ salt ‖ digest)`; with the path it gives
//! the root of RFC 6962 section 2.1.1, which the second and third line of the checkpoint name.

use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use transparency_log::{
    Checkpoint, Hash, VerifierKey, inclusion_proof, leaf_hash, tiles_for_inclusion, verify_inclusion,
};
use uuid::Uuid;

use crate::{
    backup::hex,
    error::{AppError, Result},
    ids::LeafId,
    log,
    record::{ACCESS_SELECT, AccessRow, EVENT_SELECT, EventRow, batch_digest, leaf_data},
    store::Query,
    vals,
};

/// Name and version of the form.
pub const FORMAT: &str = "linli-log-proof/1";

/// A proof as a file holds it: of a reading, an event or an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogProof {
    /// [`FORMAT`].
    pub format: String,
    /// The log's name.
    pub origin: String,
    /// What was recorded, line by line: the text whose digest the log commits to.
    pub record: String,
    /// The digests that share the leaf, in hexadecimal digits, the record's own among them; empty for a reading, which
    /// has a leaf of its own.
    pub beside: Vec<String>,
    /// The leaf's salt.
    pub salt: String,
    /// Its position.
    pub index: u64,
    /// The size of the log that the proof is for.
    pub size: u64,
    /// Hashes from the leaf to the root.
    pub path: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The log's public key, for a first look; who trusts nobody has it from elsewhere.
    pub key: String,
}

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// It cannot be read.
    #[error("the proof cannot be read")]
    Form,
    /// The record is not among the digests of its leaf.
    #[error("the record is not what the leaf stands for")]
    Record,
    /// The checkpoint is not signed by this key, or for another log or size.
    #[error("the checkpoint is not this log's")]
    Checkpoint,
    /// The path does not lead from the leaf to the checkpoint's root.
    #[error("the log of the checkpoint does not hold the leaf")]
    Path,
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], ProofFault> {
    let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok());
    let all: Option<Vec<u8>> = text.as_bytes().chunks(2).map(byte).collect();
    all.and_then(|all| all.try_into().ok()).ok_or(ProofFault::Form)
}

impl LogProof {
    /// Checks it against the log's public key, with nothing else at hand.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&self, key: &VerifierKey) -> Result<(), ProofFault> {
        if self.format != FORMAT {
            return Err(ProofFault::Form);
        }
        let own: [u8; 32] = Sha256::digest(self.record.as_bytes()).into();
        let beside = self.beside.iter().map(|d| bytes::<32>(d)).collect::<Result<Vec<_>, _>>()?;
        let digest = match beside.is_empty() {
            true => own,
            false if beside.contains(&own) => batch_digest(beside),
            false => return Err(ProofFault::Record),
        };
        let checkpoint = Checkpoint::parse_and_verify(&self.checkpoint, key).map_err(|_| ProofFault::Checkpoint)?;
        if checkpoint.size != self.size || checkpoint.origin != self.origin {
            return Err(ProofFault::Checkpoint);
        }
        let leaf = leaf_hash(&leaf_data(&bytes(&self.salt)?, &digest));
        let path = self.path.iter().map(|h| bytes::<32>(h)).collect::<Result<Vec<Hash>, _>>()?;
        verify_inclusion(&leaf, self.index, self.size, &path, &checkpoint.root).map_err(|_| ProofFault::Path)
    }
}

#[derive(FromQueryResult)]
struct LeafRow {
    salt: Vec<u8>,
    position: Option<i64>,
}

async fn of_leaf(q: &impl Query, leaf: LeafId, record: String, beside: Vec<String>) -> Result<LogProof> {
    let sql = "SELECT salt, position FROM log_leaf WHERE division_code = $1 AND leaf_id = $2";
    let row: LeafRow = q.row(sql, vals![q.division(), leaf]).await?.ok_or_else(AppError::not_found)?;
    let waits = || AppError::rule("log-waits");
    let last = log::newest(q).await?.ok_or_else(waits)?;
    let (index, size) = (row.position.ok_or_else(waits)? as u64, last.size as u64);
    let places = tiles_for_inclusion(index, size).map_err(AppError::internal)?;
    let tiles = log::load_tiles(q, places.iter().map(|t| (t.level, t.index))).await?;
    let path = inclusion_proof(index, size, &tiles).map_err(AppError::internal)?;
    let known = log::verifiers(q.store())?;
    let signed = |key: &&VerifierKey| Checkpoint::parse_and_verify(&last.note, key).is_ok();
    let key =
        known.iter().rev().find(signed).ok_or_else(|| AppError::internal("no known key signed the checkpoint"))?;
    let key = key.to_string();
    Ok(LogProof {
        format: FORMAT.into(),
        origin: log::origin(q.store()),
        record,
        beside,
        salt: hex(&row.salt),
        index,
        size,
        path: path.iter().map(|h| hex(h)).collect(),
        checkpoint: last.note,
        key,
    })
}

/// The proof of a reading.
///
/// # Errors
/// `not-found`; `log-waits` for some seconds, until the log has taken it in.
pub async fn of_access(q: &impl Query, id: Uuid) -> Result<LogProof> {
    let sql = format!("{ACCESS_SELECT} AND access_id = $2");
    let row: AccessRow = q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)?;
    of_leaf(q, row.leaf_id, row.text(q.division()), Vec::new()).await
}

/// The proof of a reading of one subject, for the one whom it concerns.
///
/// # Errors
/// `not-found` if there is no such reading of that subject; `log-waits`.
pub async fn of_reading(q: &impl Query, subject: Uuid, id: Uuid) -> Result<LogProof> {
    let sql = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND access_id = $2 AND subject_id = $3";
    if q.number(sql, vals![q.division(), id, subject]).await? == 0 {
        return Err(AppError::not_found());
    }
    of_access(q, id).await
}

/// The proof of an event.
///
/// # Errors
/// As [`of_access`].
pub async fn of_event(q: &impl Query, id: Uuid) -> Result<LogProof> {
    let sql = format!("{EVENT_SELECT} AND event_id = $2");
    let row: EventRow = q.row(&sql, vals![q.division(), id]).await?.ok_or_else(AppError::not_found)?;
    let shared: Vec<EventRow> =
        q.rows(&format!("{EVENT_SELECT} AND leaf_id = $2 ORDER BY event_id"), vals![q.division(), row.leaf_id]).await?;
    let gone: Vec<crate::record::ErasedRow> = q
        .rows(
            "SELECT leaf_id, kind, digest FROM erased_record WHERE division_code = $1 AND leaf_id = $2",
            vals![q.division(), row.leaf_id],
        )
        .await?;
    let beside = shared.iter().map(|e| hex(&e.digest(q.division()))).chain(gone.iter().map(|g| hex(&g.digest)));
    of_leaf(q, row.leaf_id, row.text(q.division()), beside.collect()).await
}

/// The proof that a subject was erased: of the event that its erasure left.
///
/// # Errors
/// `not-found` if it was not, or the event is over its time.
pub async fn of_erasure(q: &impl Query, subject: Uuid) -> Result<LogProof> {
    #[derive(FromQueryResult)]
    struct Found {
        event_id: Uuid,
    }
    let sql = "SELECT event_id FROM event WHERE division_code = $1 AND subject_id = $2 AND kind LIKE '%.erased'
               ORDER BY event_id DESC LIMIT 1";
    let found: Option<Found> = q.row(sql, vals![q.division(), subject]).await?;
    of_event(q, found.ok_or_else(AppError::not_found)?.event_id).await
}
