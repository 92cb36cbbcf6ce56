//! The proof that the log holds one reading, as a file that anybody can check without this program.
//!
//! The file names what was recorded, line by line, the salt that hides it from others, the way from the leaf to the
//! root, the signed checkpoint and the public key. Checking it: `SHA-256(record)` is the digest; the leaf is
//! `SHA-256(0x00 ‖ salt ‖ digest)`; with the path it gives the root of RFC 6962 section 2.1.1, which the second and
//! third line of the checkpoint name.

use serde::{Deserialize, Serialize};

use crate::{
    error::{AppError, Result},
    ids::AccessId,
    log,
    record::{ACCESS_SELECT, AccessRow},
    store::Query,
    vals,
};

/// Name and version of the format.
pub const FORMAT: &str = "linli-reading-proof/1";

/// The proof that the log holds a reading (查阅留证).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingProof {
    /// [`FORMAT`].
    pub format: String,
    /// The record as the log stands for it, line by line.
    pub record: String,
    /// The salt, 16 bytes in hexadecimal digits.
    pub salt: String,
    /// Position of the leaf, from 0.
    pub position: u64,
    /// Leaves of the log that the checkpoint is of.
    pub size: u64,
    /// Hashes from leaf to root, in hexadecimal digits.
    pub path: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The public key that checks it.
    pub key: String,
}

/// The proof of a reading of one subject; `None` while it waits to be taken into the log, some seconds.
///
/// # Errors
/// `not-found` if there is no such reading of that subject.
pub async fn of(q: &impl Query, subject: uuid::Uuid, access: AccessId) -> Result<Option<ReadingProof>> {
    let row: Option<AccessRow> = q
        .row(&format!("{ACCESS_SELECT} AND access_id = $2 AND subject_id = $3"), vals![q.division(), access, subject])
        .await?;
    let row = row.ok_or_else(AppError::not_found)?;
    let Some(proof) = log::access_proof(q, access).await? else { return Ok(None) };
    Ok(Some(ReadingProof {
        format: FORMAT.into(),
        record: row.text(q.division()),
        salt: hex(&proof.salt),
        position: proof.position,
        size: proof.size,
        path: proof.path.iter().map(|hash| hex(hash)).collect(),
        checkpoint: proof.note,
        key: log::verifier(q.store())?.to_string(),
    }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
