//! Writing events, access records and machine runs, each with a salted leaf for the transparency log.

use sha2::{Digest, Sha256};

use crate::{
    clock::At,
    error::Result,
    event::{NewEvent, SubjectRef},
    ids::{AccessId, BasisId, EventId, LeafId, RunId},
    reader::Purpose,
    store::{Query as _, Tx},
    vals,
};

/// How many events one leaf covers at most.
const EVENTS_PER_LEAF: usize = 1_000;

/// The data of a leaf: its salt and the digest of what it stands for. Without the salt, the log tells nothing.
pub fn leaf_data(salt: &[u8; 16], digest: &[u8; 32]) -> [u8; 48] {
    let mut data = [0u8; 48];
    data[..16].copy_from_slice(salt);
    data[16..].copy_from_slice(digest);
    data
}

async fn leaf(tx: &Tx, kind: &'static str, digest: [u8; 32]) -> Result<LeafId> {
    let id: LeafId = tx.new_id();
    let salt: [u8; 16] = tx.store().rng().bytes();
    let hash = transparency_log::leaf_hash(&leaf_data(&salt, &digest));
    tx.insert_many(
        "log_leaf",
        &["division_code", "leaf_id", "kind", "salt", "hash", "sequenced", "position", "made_at"],
        vec![vals![tx.division(), id, kind, salt.to_vec(), hash.to_vec(), false, None::<i64>, tx.now()]],
    )
    .await?;
    tx.mark_recorded();
    Ok(id)
}

/// The digest of an event: every column that tells what happened, in a fixed order.
fn event_digest(tx: &Tx, id: EventId, e: &NewEvent, entered: At, body: &str) -> [u8; 32] {
    let text = format!(
        "event\n{}\n{id}\n{}\n{}\n{}\n{}\n{}\n{:?}\n{:?}\n{}\n{}\n{body}",
        tx.division(),
        e.kind,
        e.subject.kind,
        e.subject.id,
        tx.reader().account,
        tx.reader().role_code(),
        e.seen_at.map(|a| a.0),
        e.received_at.map(|a| a.0),
        entered.0,
        e.version,
    );
    Sha256::digest(text.as_bytes()).into()
}

const EVENT_COLUMNS: &[&str] = &[
    "division_code",
    "event_id",
    "kind",
    "subject_kind",
    "subject_id",
    "grid_id",
    "account_id",
    "role",
    "seen_at",
    "received_at",
    "entered_at",
    "version",
    "body",
    "leaf_id",
];

pub(crate) async fn events(tx: &Tx, events: Vec<NewEvent>, entered: Option<Vec<At>>) -> Result<Vec<EventId>> {
    let mut ids = Vec::with_capacity(events.len());
    for (chunk_no, chunk) in events.chunks(EVENTS_PER_LEAF).enumerate() {
        let mut all = Sha256::new();
        let mut rows = Vec::with_capacity(chunk.len());
        for (i, e) in chunk.iter().enumerate() {
            let at = entered.as_ref().map_or(tx.now(), |list| list[chunk_no * EVENTS_PER_LEAF + i]);
            let id = EventId(tx.store().rng().uuid(at));
            let body = if e.body.is_null() { String::new() } else { e.body.to_string() };
            all.update(event_digest(tx, id, e, at, &body));
            rows.push((id, at, body));
        }
        let leaf = leaf(tx, "event", all.finalize().into()).await?;
        let values = chunk
            .iter()
            .zip(&rows)
            .map(|(e, (id, at, body))| {
                vals![
                    tx.division(),
                    *id,
                    e.kind,
                    e.subject.kind,
                    e.subject.id,
                    e.subject.grid,
                    tx.reader().account,
                    tx.reader().role_code(),
                    e.seen_at,
                    e.received_at,
                    *at,
                    e.version,
                    body.as_str(),
                    leaf
                ]
            })
            .collect();
        tx.insert_many("event", EVENT_COLUMNS, values).await?;
        ids.extend(rows.into_iter().map(|r| r.0));
    }
    Ok(ids)
}

pub(crate) async fn access(tx: &Tx, s: SubjectRef, purpose: Purpose, basis: BasisId, fields: &str) -> Result<AccessId> {
    let id = tx.new_access_id();
    let text = format!(
        "access\n{}\n{id}\n{}\n{}\n{}\n{}\n{}\n{}\n{basis}\n{fields}",
        tx.division(),
        s.kind,
        s.id,
        tx.reader().account,
        tx.reader().role_code(),
        tx.now().0,
        purpose.code(),
    );
    let leaf = leaf(tx, "access", Sha256::digest(text.as_bytes()).into()).await?;
    tx.insert_many(
        "access_record",
        &[
            "division_code",
            "access_id",
            "at",
            "account_id",
            "role",
            "purpose",
            "basis_id",
            "subject_kind",
            "subject_id",
            "grid_id",
            "fields",
            "leaf_id",
        ],
        vec![vals![
            tx.division(),
            id,
            tx.now(),
            tx.reader().account,
            tx.reader().role_code(),
            purpose.code(),
            basis,
            s.kind,
            s.id,
            s.grid,
            fields,
            leaf
        ]],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn run(tx: &Tx, id: RunId, kind: &'static str) -> Result<()> {
    let text = format!("run\n{}\n{id}\n{kind}\n{}\n{}", tx.division(), tx.reader().account, tx.now().0);
    let leaf = leaf(tx, "run", Sha256::digest(text.as_bytes()).into()).await?;
    tx.insert_many(
        "machine_run",
        &["division_code", "run_id", "kind", "account_id", "at", "leaf_id"],
        vec![vals![tx.division(), id, kind, tx.reader().account, tx.now(), leaf]],
    )
    .await
}
