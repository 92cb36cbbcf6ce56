//! What a task says of a resident goes with the resident's record.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    erasures::{self, ErasedWith},
    store::Tx,
};
use uuid::Uuid;

/// The notes of tasks on a record, with their keys; that the task was done, and by whom, stays.
pub(crate) struct WithResident;

impl ErasedWith for WithResident {
    fn kind(&self) -> &'static str {
        "resident"
    }
    fn erase_with<'a>(&'a self, tx: &'a Tx, subjects: &'a [Uuid]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (marks, values) = erasures::listed(tx, subjects);
            let about = format!("division_code = $1 AND subject_kind = 'resident-record' AND subject_id IN ({marks})");
            let keys = format!(
                "DELETE FROM subject_key WHERE division_code = $1
                 AND subject_id IN (SELECT task_id FROM task WHERE {about})"
            );
            tx.execute(&keys, values.clone()).await?;
            let notes = format!("UPDATE task SET note_sealed = NULL, note_masked = '' WHERE {about}");
            tx.execute(&notes, values).await?;
            Ok(())
        })
    }
}
