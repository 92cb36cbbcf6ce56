//! The facts that a task asks to be checked, opened for a person's eyes.

use linli_platform::{
    AppError, Result,
    event::SubjectRef,
    sealed::{Clear, Sealed},
    store::{Query, SealedField, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::{
    find,
    open::{note_bind, task_subject},
};
use crate::ids::TaskId;

/// The fields of a note that are shown, in this order. Fluent text: `task-note-<field>`.
pub const NOTE_FIELDS: &[&str] = &["name", "doc_no", "phone", "address", "employer", "since", "left"];

/// One line of an opened note. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteLine {
    /// One of [`NOTE_FIELDS`].
    pub field: &'static str,
    value: String,
}

impl std::fmt::Debug for NoteLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NoteLine({}: ***)", self.field)
    }
}

impl NoteLine {
    /// The value, for the page that the access record was written for.
    pub fn text(&self) -> &str {
        &self.value
    }
}

#[derive(FromQueryResult)]
struct Row {
    note_sealed: Option<Sealed>,
}

/// Opens the note of an open task, on the strength of the task itself, and records the reading.
///
/// # Errors
/// `not-found` outside the scope or without a note; `forbidden`; `basis-missing` once the task is closed.
pub async fn open_note(tx: &Tx, id: TaskId) -> Result<Vec<NoteLine>> {
    let task = find(tx, tx.reader(), id).await?;
    let purpose = task.task_kind().and_then(|k| k.purpose()).ok_or_else(AppError::not_found)?;
    let row: Option<Row> = tx
        .row("SELECT note_sealed FROM task WHERE division_code = $1 AND task_id = $2", vals![tx.division(), id])
        .await?;
    let sealed = row.and_then(|r| r.note_sealed).ok_or_else(AppError::not_found)?;
    let field = SealedField { bind: note_bind(id), sealed: &sealed };
    let resident = (task.subject_kind == "resident-record")
        .then(|| SubjectRef::new("resident", task.subject_id, Some(task.grid_id)));
    let opened = tx.unmask_concerning(task_subject(id, task.grid_id), resident, purpose, &[field]).await?;
    opened.first().map(lines).transpose()?.ok_or_else(AppError::not_found)
}

fn lines(clear: &Clear) -> Result<Vec<NoteLine>> {
    let note: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(clear.text()).map_err(|_| AppError::internal("a task's note is no object"))?;
    let line = |field: &&'static str| {
        let value = note.get(*field)?.as_str()?.to_owned();
        (!value.is_empty()).then_some(NoteLine { field, value })
    };
    Ok(NOTE_FIELDS.iter().filter_map(line).collect())
}
