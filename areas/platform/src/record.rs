//! Writing events, access records and machine runs, each with a salted leaf for the transparency log.

use sea_orm::{FromQueryResult, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    clock::At,
    error::Result,
    event::{NewEvent, SubjectRef},
    ids::{AccessId, AccountId, BasisId, EventId, GridId, LeafId, RunId},
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

/// An event as its row holds it; the digest is made of these columns in this order, at writing and at verifying.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct EventRow {
    pub event_id: EventId,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub grid_id: Option<GridId>,
    pub account_id: AccountId,
    pub role: String,
    pub seen_at: Option<At>,
    pub received_at: Option<At>,
    pub entered_at: At,
    pub version: i64,
    pub body: String,
    pub leaf_id: LeafId,
}

impl EventRow {
    /// The digest of what happened. The grid is left out: a change of boundaries never rewrites an event, but the
    /// digest must not depend on it either way.
    pub(crate) fn digest(&self, division: &str) -> [u8; 32] {
        Sha256::digest(self.text(division).as_bytes()).into()
    }
    /// The text that the digest is of, line by line.
    pub(crate) fn text(&self, division: &str) -> String {
        let instant = |at: Option<At>| at.map_or_else(String::new, |a| a.0.to_string());
        format!(
            "event\n{division}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            self.event_id,
            self.kind,
            self.subject_kind,
            self.subject_id,
            self.account_id,
            self.role,
            instant(self.seen_at),
            instant(self.received_at),
            self.entered_at.0,
            self.version,
            self.body,
        )
    }
    fn values(self, division: &str) -> Vec<Value> {
        vals![
            division,
            self.event_id,
            self.kind,
            self.subject_kind,
            self.subject_id,
            self.grid_id,
            self.account_id,
            self.role,
            self.seen_at,
            self.received_at,
            self.entered_at,
            self.version,
            self.body,
            self.leaf_id
        ]
    }
}

/// The digest of the events that one leaf covers, in whatever order they are read.
pub(crate) fn batch_digest(mut digests: Vec<[u8; 32]>) -> [u8; 32] {
    digests.sort_unstable();
    Sha256::digest(digests.as_flattened()).into()
}

/// How many records one transaction takes out.
const ERASED_AT_ONCE: u64 = 1_000;

/// What is left of a record whose time is over.
#[derive(FromQueryResult)]
pub(crate) struct ErasedRow {
    pub leaf_id: LeafId,
    pub kind: String,
    pub digest: Vec<u8>,
}

/// Keeps the digests of records and deletes them.
async fn erase(
    tx: &Tx,
    (kind, table, id_column): (&str, &str, &str),
    gone: Vec<(Uuid, LeafId, [u8; 32])>,
) -> Result<u64> {
    if gone.is_empty() {
        return Ok(0);
    }
    let mut values = vals![tx.division()];
    values.extend(gone.iter().map(|(id, ..)| Value::from(*id)));
    let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
    let row = |(id, leaf, digest): &(Uuid, LeafId, [u8; 32])| {
        vals![tx.division(), *id, kind, *leaf, digest.to_vec(), tx.now()]
    };
    let columns = ["division_code", "record_id", "kind", "leaf_id", "digest", "erased_at"];
    tx.insert_many("erased_record", &columns, gone.iter().map(row).collect()).await?;
    let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND {id_column} IN ({})", marks.join(", "));
    tx.execute(&sql, values).await
}

pub(crate) const EVENT_SELECT: &str = "SELECT event_id, kind, subject_kind, subject_id, grid_id, account_id, role,
 seen_at, received_at, entered_at, version, body, leaf_id FROM event WHERE division_code = $1";
pub(crate) const ACCESS_SELECT: &str = "SELECT access_id, at, account_id, role, purpose, basis_id, subject_kind,
 subject_id, fields, leaf_id FROM access_record WHERE division_code = $1";

pub(crate) async fn erase_events(tx: &Tx, condition: &str, values: Vec<Value>) -> Result<u64> {
    let sql = format!("{EVENT_SELECT} AND {condition} ORDER BY event_id LIMIT {ERASED_AT_ONCE}");
    let rows: Vec<EventRow> = tx.rows(&sql, values).await?;
    let gone = rows.iter().map(|r| (r.event_id.0, r.leaf_id, r.digest(tx.division()))).collect();
    erase(tx, ("event", "event", "event_id"), gone).await
}

pub(crate) async fn erase_readings(tx: &Tx, condition: &str, values: Vec<Value>) -> Result<u64> {
    let sql = format!("{ACCESS_SELECT} AND {condition} ORDER BY access_id LIMIT {ERASED_AT_ONCE}");
    let rows: Vec<AccessRow> = tx.rows(&sql, values).await?;
    let gone = rows.iter().map(|r| (r.access_id.0, r.leaf_id, r.digest(tx.division()))).collect();
    erase(tx, ("access", "access_record", "access_id"), gone).await
}

/// An access record as its row holds it.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct AccessRow {
    pub access_id: AccessId,
    pub at: At,
    pub account_id: AccountId,
    pub role: String,
    pub purpose: String,
    pub basis_id: BasisId,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub fields: String,
    pub leaf_id: LeafId,
}

impl AccessRow {
    /// The digest of the reading.
    pub(crate) fn digest(&self, division: &str) -> [u8; 32] {
        Sha256::digest(self.text(division).as_bytes()).into()
    }
    /// What the digest is made of: codes, ids and the instant, and nobody's name.
    pub(crate) fn text(&self, division: &str) -> String {
        format!(
            "access\n{division}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            self.access_id,
            self.subject_kind,
            self.subject_id,
            self.account_id,
            self.role,
            self.at.0,
            self.purpose,
            self.basis_id,
            self.fields,
        )
    }
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
    let mut entered = entered.unwrap_or_default().into_iter();
    let mut events = events.into_iter().peekable();
    while events.peek().is_some() {
        let mut rows = Vec::with_capacity(EVENTS_PER_LEAF);
        for e in events.by_ref().take(EVENTS_PER_LEAF) {
            let at = entered.next().unwrap_or(tx.now());
            rows.push(EventRow {
                event_id: EventId(tx.store().rng().uuid(at)),
                kind: e.kind.into(),
                subject_kind: e.subject.kind.into(),
                subject_id: e.subject.id,
                grid_id: e.subject.grid,
                account_id: tx.reader().account,
                role: tx.reader().role_code(e.subject.grid).into(),
                seen_at: e.seen_at,
                received_at: e.received_at,
                entered_at: at,
                version: e.version,
                body: if e.body.is_null() { String::new() } else { e.body.to_string() },
                leaf_id: LeafId(Uuid::nil()),
            });
        }
        let leaf = leaf(tx, "event", batch_digest(rows.iter().map(|r| r.digest(tx.division())).collect())).await?;
        ids.extend(rows.iter().map(|r| r.event_id));
        let values = rows.into_iter().map(|r| EventRow { leaf_id: leaf, ..r }.values(tx.division())).collect();
        tx.insert_many("event", EVENT_COLUMNS, values).await?;
    }
    Ok(ids)
}

pub(crate) async fn access(tx: &Tx, s: SubjectRef, purpose: Purpose, basis: BasisId, fields: &str) -> Result<AccessId> {
    let mut row = AccessRow {
        access_id: tx.new_id(),
        at: tx.now(),
        account_id: tx.reader().account,
        role: tx.reader().reading_role_code(s.grid).into(),
        purpose: purpose.code().into(),
        basis_id: basis,
        subject_kind: s.kind.into(),
        subject_id: s.id,
        fields: fields.into(),
        leaf_id: LeafId(Uuid::nil()),
    };
    row.leaf_id = leaf(tx, "access", row.digest(tx.division())).await?;
    let id = row.access_id;
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
            row.access_id,
            row.at,
            row.account_id,
            row.role,
            row.purpose,
            row.basis_id,
            row.subject_kind,
            row.subject_id,
            s.grid,
            row.fields,
            row.leaf_id
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
