//! Recording a visit: everything it brings, in one transaction.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::{At, Day},
    erasures,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::{
    HomeId, ResidentId, Told,
    codes::{CancelReason, Source},
    homes::{self, HomeRow},
    residents::{self, NewResident},
};
use linli_work::{
    Outcome, TaskId, TaskKind,
    notices::{self, Arg, To},
    tasks::{self, TaskRow},
};
use sea_orm::FromQueryResult;
use sha2::{Digest as _, Sha256};

use super::{Choice, Fate, Settled, VisitOutcome, settles};
use crate::ids::{EntryId, VisitId};

/// A visit about to be recorded.
#[derive(Debug, Clone)]
pub struct NewVisit {
    /// Made where it was entered; the same one twice is one visit.
    pub entry_id: EntryId,
    /// The home.
    pub home_id: HomeId,
    /// When somebody stood at the door, by their clock; never later than now.
    pub seen_at: At,
    /// How it ended.
    pub outcome: VisitOutcome,
    /// One choice for each person registered there.
    pub people: Vec<Settled>,
    /// People met who were not registered there; their home is this one.
    pub newcomers: Vec<NewResident>,
    /// How open tasks of the home ended, where the visitor said so.
    pub tasks: Vec<(TaskId, Outcome)>,
    /// When to come again.
    pub next_day: Option<Day>,
    /// Who stood at the door, where it is not who writes: a colleague decided about an entry that waited.
    pub visitor: Option<AccountId>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The visit.
    pub visit_id: VisitId,
    /// Whether the entry had been recorded before, so that nothing was done now.
    pub repeated: bool,
    /// People checked.
    pub people_checked: i64,
    /// Registered.
    pub registered: i64,
    /// Changed.
    pub changed: i64,
    /// Cancelled.
    pub cancelled: i64,
}

/// Why a visit was not recorded. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// These people were not settled (还有人未核对).
    #[error("{} people are not settled", .0.len())]
    Unsettled(Vec<ResidentId>),
    /// What was said of one person does not hold.
    #[error("resident: {1}")]
    Person(ResidentId, AppError),
    /// A newcomer, counted from 0, cannot be registered.
    #[error("newcomer {0}: {1}")]
    Newcomer(usize, AppError),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] AppError),
}

/// A visit as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct VisitRow {
    /// Id.
    pub visit_id: VisitId,
    /// Home.
    pub home_id: HomeId,
    /// Where it is.
    pub address_text: String,
    /// Who was there.
    pub account_id: AccountId,
    /// When.
    pub seen_at: At,
    /// [`VisitOutcome`].
    pub outcome: String,
    /// People checked.
    pub people_checked: i64,
    /// Registered.
    pub registered: i64,
    /// Changed.
    pub changed: i64,
    /// Cancelled.
    pub cancelled: i64,
    /// When to come again.
    pub next_day: Option<Day>,
}

const COLUMNS: &str = "v.visit_id, v.home_id, a.text AS address_text, v.account_id, v.seen_at, v.outcome,
 v.people_checked, v.registered, v.changed, v.cancelled, v.next_day
 FROM visit v JOIN home h ON h.division_code = v.division_code AND h.home_id = v.home_id
 JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id";

/// The visits of a day within the reader's scope, in the order made.
pub async fn of_day(q: &impl Query, reader: &Reader, day: Day) -> Result<Vec<VisitRow>> {
    let mut values = vals![q.division(), day];
    let scope = reader.scope.sql("v.grid_id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} WHERE v.division_code = $1 AND v.day = $2 AND {scope} ORDER BY v.seen_at, v.visit_id"
    );
    q.rows(&sql, values).await
}

/// The last visit to a home. The caller has found the home within the scope.
pub async fn last(q: &impl Query, home: HomeId) -> Result<Option<VisitRow>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE v.division_code = $1 AND v.home_id = $2 ORDER BY v.seen_at DESC, v.visit_id DESC LIMIT 1"
    );
    q.row(&sql, vals![q.division(), home]).await
}

async fn earlier(tx: &Tx, visit: &NewVisit) -> Result<Option<VisitRow>> {
    let sql = format!("SELECT {COLUMNS} WHERE v.division_code = $1 AND v.entry_id = $2 AND v.account_id = $3");
    tx.row(&sql, vals![tx.division(), visit.entry_id, visitor(tx, visit)]).await
}

fn visitor(tx: &Tx, visit: &NewVisit) -> AccountId {
    visit.visitor.unwrap_or(tx.reader().account)
}

/// Records a visit with everything it brings: registrations, changes and cancellations, the day of verification, the
/// tasks it settles. The same entry a second time gives the first result and does nothing.
///
/// # Errors
/// [`VisitError::Unsettled`] while somebody of the household has no choice; `not-found` outside the scope;
/// `visit-resident-erased`, `visit-newcomer-erased` for an entry from before a record was erased for good;
/// `visit-not-entered` where people are settled at a door that nobody opened; `stale-version` where a record was
/// changed in the meantime. Nothing is written then; the transaction is to be dropped.
pub async fn record(tx: &Tx, visit: NewVisit) -> Result<Recorded, VisitError> {
    if let Some(row) = earlier(tx, &visit).await? {
        return Ok(told(&row, true));
    }
    let home = homes::household(tx, tx.reader(), visit.home_id).await?;
    let grid = home.home.grid_id.ok_or_else(AppError::not_found)?;
    // A phone's clock may be wrong; what it says is kept within a year, or the figures would reckon with nonsense.
    let seen_at = At(visit.seen_at.0.clamp(tx.now().plus_hours(-24 * 366).0, tx.now().0));
    refuse_erased(tx, &visit).await?;
    let members: Vec<ResidentId> = home.members.iter().map(|m| m.resident_id).collect();
    complete(&members, &visit)?;
    let open = tasks::for_home(tx, tx.reader(), visit.home_id).await?;
    let changes = apply(tx, &visit, seen_at).await?;
    let day = seen_at.day();
    if visit.outcome.verifies() {
        homes::mark_verified(tx, visit.home_id, day).await?;
    }
    if visit.outcome.visits() {
        homes::mark_visited(tx, visit.home_id, day).await?;
    }
    let recorded = write(tx, &visit, grid, seen_at, changes).await?;
    close_tasks(tx, &visit, open, changes).await?;
    crate::door::end_assignment(tx, visit.home_id).await?;
    crate::plan::settle::settle(tx, visit.home_id, day, visit.outcome, visit.next_day).await?;
    if visit.outcome == VisitOutcome::Refused {
        tell_officer(tx, &home.home, grid, visit.next_day).await?;
    }
    Ok(recorded)
}

fn told(row: &VisitRow, repeated: bool) -> Recorded {
    Recorded {
        visit_id: row.visit_id,
        repeated,
        people_checked: row.people_checked,
        registered: row.registered,
        changed: row.changed,
        cancelled: row.cancelled,
    }
}

/// Everybody of the household has a choice, and nobody else has.
fn complete(members: &[ResidentId], visit: &NewVisit) -> Result<(), VisitError> {
    if !visit.outcome.verifies() {
        let nobody = visit.people.is_empty() && visit.newcomers.is_empty();
        return if nobody { Ok(()) } else { Err(AppError::rule("visit-not-entered").into()) };
    }
    let left: Vec<ResidentId> =
        members.iter().copied().filter(|m| !visit.people.iter().any(|p| p.resident_id == *m)).collect();
    if !left.is_empty() {
        return Err(VisitError::Unsettled(left));
    }
    if visit.people.iter().any(|p| !members.contains(&p.resident_id)) {
        return Err(AppError::stale().into());
    }
    Ok(())
}

/// An entry that is sent again, from before a record was erased, brings nobody back: neither a choice about the erased
/// record nor the newcomer that the erased record was made of.
async fn refuse_erased(tx: &Tx, visit: &NewVisit) -> Result<(), VisitError> {
    for person in &visit.people {
        if erasures::is_erased(tx, person.resident_id.0).await? {
            return Err(VisitError::Person(person.resident_id, AppError::rule("visit-resident-erased")));
        }
    }
    for n in 0..visit.newcomers.len() {
        if erasures::is_erased(tx, newcomer_id(visit.entry_id, n).0).await? {
            return Err(VisitError::Newcomer(n, AppError::rule("visit-newcomer-erased")));
        }
    }
    Ok(())
}

/// The record of a newcomer has an id that follows from the entry: sent again, it is known to be the same.
fn newcomer_id(entry: EntryId, n: usize) -> ResidentId {
    let digest = Sha256::new().chain_update(b"newcomer\n").chain_update(entry.0).chain_update((n as u64).to_be_bytes());
    let digest = digest.finalize();
    let bytes: [u8; 16] = digest.first_chunk().copied().expect("a digest holds sixteen bytes");
    ResidentId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// How many registrations, changes, cancellations.
#[derive(Debug, Clone, Copy, Default)]
struct Changes {
    checked: i64,
    registered: i64,
    changed: i64,
    cancelled: i64,
}

async fn apply(tx: &Tx, visit: &NewVisit, seen_at: At) -> Result<Changes, VisitError> {
    let told = Told::seen(Source::DoorVisit, seen_at);
    let mut changes = Changes::default();
    for person in &visit.people {
        changes.checked += 1;
        let (id, version) = (person.resident_id, person.version);
        match &person.choice {
            Choice::StillHere => {}
            Choice::MovedOut { day } => {
                let cancelled = residents::cancel(tx, id, version, CancelReason::Left, *day, told).await;
                cancelled.map_err(|e| VisitError::Person(id, e))?;
                changes.cancelled += 1;
            }
            Choice::Changed(change) => {
                let changed = residents::change(tx, id, version, (**change).clone(), told).await;
                changed.map_err(|e| VisitError::Person(id, e))?;
                changes.changed += 1;
            }
        }
    }
    for (n, newcomer) in visit.newcomers.iter().enumerate() {
        let new = NewResident {
            resident_id: Some(newcomer_id(visit.entry_id, n)),
            home_id: visit.home_id,
            source: Source::DoorVisit,
            seen_at: Some(seen_at),
            entered_at: None,
            ..newcomer.clone()
        };
        residents::register(tx, new).await.map_err(|e| VisitError::Newcomer(n, e))?;
        changes.checked += 1;
        changes.registered += 1;
    }
    Ok(changes)
}

async fn write(tx: &Tx, visit: &NewVisit, grid: GridId, seen_at: At, c: Changes) -> Result<Recorded> {
    let id: VisitId = tx.new_id();
    tx.execute(
        "INSERT INTO visit (division_code, visit_id, entry_id, home_id, grid_id, account_id, role, seen_at, received_at,
         entered_at, outcome, people_checked, registered, changed, cancelled, day, next_day)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        vals![
            tx.division(),
            id,
            visit.entry_id,
            visit.home_id,
            grid,
            visitor(tx, visit),
            tx.reader().role_code(Some(grid)),
            seen_at,
            tx.now(),
            tx.now(),
            visit.outcome.code(),
            c.checked,
            c.registered,
            c.changed,
            c.cancelled,
            seen_at.day(),
            visit.next_day
        ],
    )
    .await?;
    // Who was at home is no event's business (boundary 11): the row above has it and goes when its time is over.
    let mut event = NewEvent::new("home.visited", SubjectRef::new("home", visit.home_id, Some(grid)));
    event.received_at = Some(tx.now());
    tx.event(event.seen(Some(seen_at)).body(serde_json::json!({ "visit": id }))).await?;
    let (people_checked, registered, changed, cancelled) = (c.checked, c.registered, c.changed, c.cancelled);
    Ok(Recorded { visit_id: id, repeated: false, people_checked, registered, changed, cancelled })
}

/// Closes what the visitor said ended, and what the visit settles by itself.
async fn close_tasks(tx: &Tx, visit: &NewVisit, open: Vec<TaskRow>, c: Changes) -> Result<()> {
    let said: HashMap<TaskId, Outcome> = visit.tasks.iter().copied().collect();
    let whole = Fate::Home { registered: c.registered, changed: c.changed, cancelled: c.cancelled };
    for task in open {
        let on_person = visit.people.iter().find(|p| p.resident_id.0 == task.subject_id);
        let fate = on_person.map_or(whole, |p| Fate::from(&p.choice));
        let by_itself =
            || task.task_kind().filter(|_| visit.outcome.verifies()).and_then(|kind: TaskKind| settles(kind, fate));
        if let Some(outcome) = said.get(&task.task_id).copied().or_else(by_itself) {
            tasks::close(tx, task.task_id, task.version, outcome).await?;
        }
    }
    Ok(())
}

/// After a refusal the officer joins the next visit (R16): a message about the premises, not a list.
async fn tell_officer(tx: &Tx, home: &HomeRow, grid: GridId, next_day: Option<Day>) -> Result<()> {
    let day = next_day.unwrap_or_else(|| tx.now().day().plus_days(1));
    let args = notices::args(&[("place", Arg::Name(home.address_text.clone())), ("day", Arg::Day(day))]);
    let href = format!("/field/homes/{}", home.home_id);
    notices::send(tx, To::Role(Role::Officer, grid), "notice-officer-joins", &args, &href).await?;
    Ok(())
}
