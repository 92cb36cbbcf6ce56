//! Entries that wait for a decision (待核条目): kept sealed under a key of their own, seen by whoever has the home now,
//! opened on record, decided field by field, never dropped.

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    access::Role,
    basis,
    clock::At,
    erasures::{self, ErasedWith},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::{Purpose, Reader},
    sealed::{Bind, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use linli_register::{HomeId, ResidentId};
use linli_work::notices::{self, Arg, To};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    entry::Entry,
    reasons::{About, Aside, Waiting},
    received,
};
use crate::ids::{ConflictId, EntryId};

/// An entry waits longer than this, and the duty board calls it late: what was collected is in the register within
/// 24 hours (R10).
pub const LATE_HOURS: i64 = 24;

pub(super) fn bind(id: ConflictId) -> Bind {
    Bind { table: "phone_conflict", column: "content_sealed", row: id.0 }
}

pub(super) fn subject(id: ConflictId, grid: Option<GridId>) -> SubjectRef {
    SubjectRef::new("phone-conflict", id, grid)
}

/// An entry about to be kept.
pub(super) struct NewConflict<'a> {
    pub entry: &'a Entry,
    pub grid: GridId,
    pub why: Waiting,
    pub fields: &'a [About],
    pub seen_at: At,
}

/// Keeps an entry of the transaction's reader and tells the grid's coordinator.
pub(super) async fn keep(tx: &Tx, new: NewConflict<'_>) -> Result<ConflictId> {
    let id: ConflictId = tx.new_id();
    let keys = tx.create_keys(&[id.0]).await?;
    let content = zeroize::Zeroizing::new(serde_json::to_string(new.entry)?);
    let sealed = keys.first().map(|key| key.seal(bind(id), &content));
    tx.execute(
        "INSERT INTO phone_conflict (division_code, conflict_id, entry_id, home_id, grid_id, account_id, reason, fields,
         content_sealed, state, seen_at, made_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, 1)",
        vals![
            tx.division(),
            id,
            new.entry.entry_id,
            new.entry.home_id,
            new.grid,
            tx.reader().account,
            new.why.code(),
            serde_json::to_string(new.fields)?,
            sealed,
            new.seen_at,
            tx.now()
        ],
    )
    .await?;
    let mut people: Vec<(ResidentId, bool)> =
        new.entry.people.iter().map(|p| (p.resident_id, p.changes.is_some())).collect();
    people.sort();
    people.dedup_by_key(|(id, _)| *id);
    let rows = people.into_iter().map(|(person, shown)| vals![tx.division(), id, person, shown]).collect();
    tx.insert_many("phone_conflict_person", &["division_code", "conflict_id", "resident_id", "shown"], rows).await?;
    basis::open(tx, subject(id, Some(new.grid)), Purpose::FieldVerification, id.0, None, None).await?;
    let event = NewEvent::new("phone.entry-waits", subject(id, Some(new.grid)));
    tx.event(event.seen(Some(new.seen_at)).body(serde_json::json!({ "reason": new.why.code() }))).await?;
    tell(tx, id, &new).await?;
    Ok(id)
}

async fn tell(tx: &Tx, id: ConflictId, new: &NewConflict<'_>) -> Result<()> {
    let why = format!("{}-{}", Waiting::PREFIX, new.why.code());
    let (args, href) = (notices::args(&[("why", Arg::Text(why))]), format!("/field/conflicts/{id}"));
    notices::send(tx, To::Role(Role::Coordinator, new.grid), "notice-phone-waits", &args, &href).await.map(|_| ())
}

/// An entry that waits, as lists show it: nothing of what is in it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Conflict {
    /// Its id.
    pub conflict_id: ConflictId,
    /// The entry.
    pub entry_id: EntryId,
    /// The home.
    pub home_id: HomeId,
    /// Where it is.
    pub address_text: String,
    /// The grid that has it now.
    pub grid_id: Option<GridId>,
    /// Its name.
    pub grid_name: Option<String>,
    /// Who was there.
    pub account_id: AccountId,
    /// The colleague's name.
    pub account_name: String,
    /// [`Waiting`].
    pub reason: String,
    /// What it is about, as JSON of [`About`].
    pub fields: String,
    /// `open`, `applied`, `set-aside`.
    pub state: String,
    /// [`Aside`].
    pub aside: Option<String>,
    /// When somebody stood at the door.
    pub seen_at: At,
    /// Since when it waits.
    pub made_at: At,
    /// When it was decided.
    pub decided_at: Option<At>,
    /// By whom.
    pub decided_name: Option<String>,
    /// Version.
    pub version: i64,
}

impl Conflict {
    /// Whether it waits.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
    /// Whether it waits longer than it should.
    pub fn is_late(&self, now: At) -> bool {
        self.is_open() && self.made_at <= now.plus_hours(-LATE_HOURS)
    }
    /// What it is about.
    pub fn about(&self) -> Vec<About> {
        serde_json::from_str(&self.fields).unwrap_or_default()
    }
}

/// An entry that waits goes with its home: whoever has the home now decides.
const GRID: &str = "COALESCE(h.grid_id, c.grid_id)";
const FROM: &str = "FROM phone_conflict c
 JOIN home h ON h.division_code = c.division_code AND h.home_id = c.home_id";

fn select(condition: &str) -> String {
    format!(
        "SELECT c.conflict_id, c.entry_id, c.home_id, a.text AS address_text, {GRID} AS grid_id, g.name AS grid_name,
         c.account_id, o.display_name AS account_name, c.reason, c.fields, c.state, c.aside, c.seen_at, c.made_at,
         c.decided_at, p.display_name AS decided_name, c.version {FROM}
         JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         JOIN account o ON o.division_code = c.division_code AND o.account_id = c.account_id
         LEFT JOIN account p ON p.division_code = c.division_code AND p.account_id = c.decided_by
         LEFT JOIN micro_grid g ON g.division_code = c.division_code AND g.grid_id = {GRID}
         WHERE c.division_code = $1 AND {condition}"
    )
}

/// What waits in the reader's grids, the longest first; or what was decided lately.
pub async fn list(q: &impl Query, reader: &Reader, open: bool) -> Result<Vec<Conflict>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql(GRID, &mut values);
    let (state, order) =
        if open { ("c.state = 'open'", "c.made_at") } else { ("c.state <> 'open'", "c.decided_at DESC") };
    q.rows(&format!("{} ORDER BY {order}, c.conflict_id LIMIT 200", select(&format!("{state} AND {scope}"))), values)
        .await
}

/// One of them.
///
/// # Errors
/// `not-found` outside the scope.
pub async fn find(q: &impl Query, reader: &Reader, id: ConflictId) -> Result<Conflict> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql(GRID, &mut values);
    q.row(&select(&format!("c.conflict_id = $2 AND {scope}")), values).await?.ok_or_else(AppError::not_found)
}

/// How many wait in the reader's grids, and how many of them for too long.
pub async fn waiting(q: &impl Query, reader: &Reader) -> Result<(i64, i64)> {
    let count = async |condition: &str, at: At| {
        let mut values = vals![q.division(), at];
        let scope = reader.scope.sql(GRID, &mut values);
        q.number(&format!("SELECT COUNT(*) {FROM} WHERE c.division_code = $1 AND {condition} AND {scope}"), values)
            .await
    };
    let now = q.store().now();
    let open = count("c.state = 'open' AND c.made_at <= $2", now).await?;
    Ok((open, count("c.state = 'open' AND c.made_at <= $2", now.plus_hours(-LATE_HOURS)).await?))
}

/// How many were decided since an instant.
pub async fn decided_since(q: &impl Query, reader: &Reader, since: At) -> Result<i64> {
    let mut values = vals![q.division(), since];
    let scope = reader.scope.sql(GRID, &mut values);
    q.number(&format!("SELECT COUNT(*) {FROM} WHERE c.division_code = $1 AND c.decided_at >= $2 AND {scope}"), values)
        .await
}

#[derive(FromQueryResult)]
struct Content {
    content_sealed: Option<Sealed>,
}

#[derive(FromQueryResult)]
struct Shown {
    resident_id: ResidentId,
}

pub(super) async fn sealed(q: &impl Query, id: ConflictId) -> Result<Sealed> {
    let sql = "SELECT content_sealed FROM phone_conflict WHERE division_code = $1 AND conflict_id = $2";
    let row: Option<Content> = q.row(sql, vals![q.division(), id]).await?;
    row.and_then(|r| r.content_sealed).ok_or_else(AppError::not_found)
}

/// Opens an entry for whoever decides, on record: also for each registered person of whom it holds a value.
///
/// # Errors
/// `not-found` outside the scope; `basis-missing` once it was decided.
pub async fn open(tx: &Tx, id: ConflictId) -> Result<Entry> {
    let one = find(tx, tx.reader(), id).await?;
    let sealed = sealed(tx, id).await?;
    let fields = [SealedField { bind: bind(id), sealed: &sealed }];
    let sql = "SELECT resident_id FROM phone_conflict_person
               WHERE division_code = $1 AND conflict_id = $2 AND shown = TRUE ORDER BY resident_id";
    let people: Vec<Shown> = tx.rows(sql, vals![tx.division(), id]).await?;
    let about = subject(id, one.grid_id);
    let mut clear = Vec::new();
    for person in &people {
        let of = SubjectRef::new("resident", person.resident_id, one.grid_id);
        clear = tx.unmask_concerning(about, Some(of), Purpose::FieldVerification, &fields).await?;
    }
    if people.is_empty() {
        clear = tx.unmask(about, Purpose::FieldVerification, &fields).await?;
    }
    let text = clear.first().ok_or_else(AppError::not_found)?;
    Entry::read(text.text().as_bytes(), one.entry_id).ok_or_else(|| AppError::internal("a kept entry does not read"))
}

/// Whether the reader has opened it: nobody decides about what they have not read.
pub(super) async fn was_read(q: &impl Query, reader: &Reader, id: ConflictId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM access_record WHERE division_code = $1 AND subject_id = $2 AND account_id = $3";
    Ok(q.number(sql, vals![q.division(), id, reader.account]).await? > 0)
}

/// Ends it: the content and its key go, the phone's entry gets its answer.
pub(super) async fn end(tx: &Tx, one: &Conflict, version: i64, against: Option<Aside>) -> Result<()> {
    let id = one.conflict_id;
    tx.execute_one(
        "UPDATE phone_conflict SET state = $4, aside = $5, decided_at = $6, decided_by = $7, content_sealed = NULL,
         version = version + 1 WHERE division_code = $1 AND conflict_id = $2 AND version = $3 AND state = 'open'",
        vals![
            tx.division(),
            id,
            version,
            if against.is_some() { "set-aside" } else { "applied" },
            against.map(Aside::code),
            tx.now(),
            tx.reader().account
        ],
    )
    .await?;
    forget_content(tx, id).await?;
    received::decided(tx, one.entry_id, against).await?;
    let body = serde_json::json!({ "applied": against.is_none(), "reason": against.map(Aside::code) });
    let event = NewEvent::new("phone.entry-decided", subject(id, one.grid_id)).version(version + 1);
    tx.event(event.seen(Some(one.seen_at)).body(body)).await?;
    Ok(())
}

/// With the key, every copy of what was entered becomes unreadable.
async fn forget_content(tx: &Tx, id: ConflictId) -> Result<()> {
    basis::close(tx, id.0).await?;
    for sql in [
        "DELETE FROM subject_key WHERE division_code = $1 AND subject_id = $2",
        "DELETE FROM phone_conflict_person WHERE division_code = $1 AND conflict_id = $2",
    ] {
        tx.execute(sql, vals![tx.division(), id]).await?;
    }
    Ok(())
}

/// An entry that settles somebody whose record is erased for good is set aside in the same transaction, and with it what
/// it held of that person; the home is due again.
pub(crate) struct WithResident;

#[derive(FromQueryResult)]
struct Of {
    conflict_id: ConflictId,
}

impl ErasedWith for WithResident {
    fn kind(&self) -> &'static str {
        "resident"
    }
    fn erase_with<'a>(&'a self, tx: &'a Tx, subjects: &'a [Uuid]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (marks, values) = erasures::listed(tx, subjects);
            let sql = format!(
                "SELECT DISTINCT conflict_id FROM phone_conflict_person WHERE division_code = $1 AND resident_id IN ({marks})"
            );
            for row in tx.rows::<Of>(&sql, values).await? {
                let one = find(tx, &Reader::system(), row.conflict_id).await?;
                if one.is_open() {
                    end(tx, &one, one.version, Some(Aside::ResidentErased)).await?;
                }
            }
            Ok(())
        })
    }
}
