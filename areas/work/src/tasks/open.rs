//! Opening tasks.

use linli_platform::{
    AppError, Result, basis,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    sealed::{Bind, Sealed},
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use uuid::Uuid;

use crate::{ids::TaskId, kinds::TaskKind};

/// A task about to be opened.
#[derive(Clone)]
pub struct NewTask {
    /// What kind.
    pub kind: TaskKind,
    /// The record it lies on; its kind must be one of [`TaskKind::lies_on`].
    pub subject: SubjectRef,
    /// The home to be visited, where there is one.
    pub home_id: Option<HomeId>,
    /// The grid whose work it is.
    pub grid: GridId,
    /// What it comes from: `roster`, `survey`, `boundary-set` …
    pub origin_kind: &'static str,
    /// The id of what it comes from.
    pub origin_id: Uuid,
    /// By when, usually of [`task_due_at`](crate::deadline::task_due_at); none for a task without a deadline.
    pub due_at: Option<At>,
    /// What is shown of it in lists: masked and made by the program, never typed (boundary 12).
    pub masked_note: String,
    /// Facts to be checked at the door, an object with the fields of [`NOTE_FIELDS`](super::NOTE_FIELDS); sealed
    /// under a key of the task's own and gone when the task is closed.
    pub sealed_note: Option<serde_json::Value>,
}

impl std::fmt::Debug for NewTask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewTask({}, {} {})", self.kind, self.subject.kind, self.subject.id)
    }
}

/// Where the sealed note of a task lives.
pub(super) fn note_bind(task: TaskId) -> Bind {
    Bind { table: "task", column: "note_sealed", row: task.0 }
}

/// The task itself as a subject: of its events and of its note.
pub(crate) fn task_subject(task: TaskId, grid: GridId) -> SubjectRef {
    SubjectRef::new("task", task, Some(grid))
}

const COLUMNS: &[&str] = &[
    "division_code",
    "task_id",
    "kind",
    "subject_kind",
    "subject_id",
    "home_id",
    "grid_id",
    "role",
    "account_id",
    "state",
    "origin_kind",
    "origin_id",
    "due_at",
    "made_at",
    "done_at",
    "outcome",
    "note_masked",
    "note_sealed",
    "version",
];

/// Opens tasks, each with its basis and an event, in the order given. The grids are those whose work it is, not the
/// writer's: a comparison in one grid opens work in others.
///
/// # Errors
/// `task-subject` if a kind cannot lie on that record (boundary 8).
pub async fn open_many(tx: &Tx, new: Vec<NewTask>) -> Result<Vec<TaskId>> {
    if let Some(wrong) = new.iter().find(|t| !t.kind.lies_on().contains(&t.subject.kind)) {
        return Err(AppError::rule("task-subject").arg("kind", wrong.kind).arg("subject", wrong.subject.kind));
    }
    let new: Vec<(TaskId, NewTask)> = new.into_iter().map(|t| (tx.new_id(), t)).collect();
    let mut notes = seal_notes(tx, &new).await?.into_iter();
    let (mut ids, mut rows) = (Vec::with_capacity(new.len()), Vec::with_capacity(new.len()));
    let (mut bases, mut events) = (Vec::with_capacity(new.len()), Vec::with_capacity(new.len()));
    for (id, task) in new {
        let note = task.sealed_note.as_ref().and_then(|_| notes.next());
        let own = task_subject(id, task.grid);
        if let Some(purpose) = task.kind.purpose() {
            bases.push((tx.new_id(), task.subject, purpose, id.0, None, None));
            if note.is_some() {
                bases.push((tx.new_id(), own, purpose, id.0, None, None));
            }
        }
        events.push(NewEvent::new("task.opened", own).body(serde_json::json!({
            "kind": task.kind.code(), "on": task.subject.kind, "origin": task.origin_kind
        })));
        rows.push(values_of(tx, id, task, note));
        ids.push(id);
    }
    tx.insert_many("task", COLUMNS, rows).await?;
    basis::open_many(tx, bases).await?;
    tx.events(events).await?;
    Ok(ids)
}

/// The sealed notes of those tasks that have one, in order.
async fn seal_notes(tx: &Tx, new: &[(TaskId, NewTask)]) -> Result<Vec<Sealed>> {
    let noted: Vec<(TaskId, &serde_json::Value)> =
        new.iter().filter_map(|(id, t)| Some((*id, t.sealed_note.as_ref()?))).collect();
    let subjects: Vec<Uuid> = noted.iter().map(|(id, _)| id.0).collect();
    let keys = tx.create_keys(&subjects).await?;
    Ok(keys.iter().zip(noted).map(|(key, (id, note))| key.seal(note_bind(id), &note.to_string())).collect())
}

fn values_of(tx: &Tx, id: TaskId, task: NewTask, note: Option<Sealed>) -> Vec<sea_orm::Value> {
    vals![
        tx.division(),
        id,
        task.kind.code(),
        task.subject.kind,
        task.subject.id,
        task.home_id,
        task.grid,
        task.kind.role().code(),
        None::<linli_platform::ids::AccountId>,
        "open",
        task.origin_kind,
        task.origin_id,
        task.due_at,
        tx.now(),
        None::<At>,
        None::<String>,
        task.masked_note,
        note,
        1i64
    ]
}
