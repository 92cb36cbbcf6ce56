//! Exchanging keys while the server runs (密钥轮换), level by level.
//!
//! *Root* ([`rotate_root`]): every key file is wrapped anew, by another file, the environment or a token; a copy of each
//! former form stays until all are done, so that an exchange that is broken off at any moment opens under the old root or
//! the new. *Division*: another epoch begins, and subject keys are wrapped in it, batch by batch; running servers read
//! the new epoch when they meet it. *Subject* ([`rotate_subjects`]): a person's data key is made anew and every value
//! sealed under it is sealed again, in one transaction. *Blind index* ([`rotate_blind`]): both keys are accepted until
//! every index was computed anew. *Log* ([`rotate_log`]): both keys sign until the former is destroyed. *Epochs* that wrap
//! nothing any more are destroyed, which completes the erasures of their time.
//!
//! New keys of every level are of the profile that the settings name, so that an installation moves from one
//! [`Profile`](crate::keys::Profile) to the other by exchanging its keys.

mod blind;
mod log_key;
mod root;
mod sealed_table;
mod subjects;

use futures::future::BoxFuture;
use uuid::Uuid;

pub use blind::{KeyedUse, end_blind, indexes_left, reindex, rotate_blind};
pub use log_key::{end_log, rotate_log};
pub use root::{NewRoot, rotate_root};
pub use sealed_table::{Indexed, SealedTable};
pub use subjects::{rotate_subject, rotate_subjects};

use crate::{
    app::App,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    jobs::{Job, JobKind},
    keys::WrappedKey,
    reader::Reader,
    sealed::KeyRow,
    store::{Query, Store, Tx},
    vals,
};

/// How many subject keys one transaction wraps anew.
const BATCH: u64 = 1_000;

/// Begins another epoch of the division and wraps every subject key in it. Its name, and how many there were.
pub async fn rotate_division(store: &Store) -> Result<(String, u64)> {
    let epoch = store.keys().begin_epoch(store.rng(), store.clock().today().month()).map_err(AppError::internal)?;
    let rows = rewrap(store).await?;
    Ok((epoch, rows))
}

/// Wraps in the current epoch what is wrapped in another; how many. Subject keys stay what they are.
pub async fn rewrap(store: &Store) -> Result<u64> {
    let keys = store.keys().clone();
    let mut all = 0;
    loop {
        let tx = store.begin(&Reader::system()).await?;
        let current = keys.current_epoch();
        let sql = format!(
            "SELECT subject_id, epoch, wrapped FROM subject_key WHERE division_code = $1 AND epoch <> $2
             ORDER BY subject_id LIMIT {BATCH}"
        );
        let rows: Vec<KeyRow> = tx.rows(&sql, vals![tx.division(), current.as_str()]).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        for row in &rows {
            let secret = keys.unwrap(&row.epoch, row.subject_id, &row.wrapped)?;
            let (epoch, wrapped) = keys.wrap(store.rng(), row.subject_id, &secret);
            replace(&tx, row.subject_id, epoch, wrapped).await?;
        }
        let body = serde_json::json!({ "to": current, "rows": rows.len() });
        tx.event(NewEvent::new("keys.rewrapped", subject(&tx)).body(body)).await?;
        tx.commit().await?;
        all += rows.len() as u64;
    }
}

async fn replace(tx: &Tx, subject: Uuid, epoch: String, wrapped: WrappedKey) -> Result<()> {
    tx.execute_one(
        "UPDATE subject_key SET epoch = $3, wrapped = $4 WHERE division_code = $1 AND subject_id = $2",
        vals![tx.division(), subject, epoch, wrapped],
    )
    .await
}

fn subject(tx: &Tx) -> SubjectRef {
    SubjectRef::new("keys", tx.new_id::<Uuid>(), None)
}

/// How many subject keys an epoch wraps.
pub async fn wrapped_in(q: &impl Query, epoch: &str) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM subject_key WHERE division_code = $1 AND epoch = $2";
    q.number(sql, vals![q.division(), epoch]).await
}

/// Destroys an epoch that wraps nothing any more. Backups of its time cannot be opened for anybody afterwards.
///
/// # Errors
/// `epoch-in-use` if it is the current one or still wraps a key; `epoch-unknown`.
pub async fn destroy_epoch(store: &Store, epoch: &str) -> Result<()> {
    let keys = store.keys();
    if !keys.has_epoch(epoch) {
        return Err(AppError::rule("epoch-unknown").arg("epoch", epoch));
    }
    let tx = store.begin(&Reader::system()).await?;
    if keys.current_epoch() == epoch || wrapped_in(&tx, epoch).await? > 0 {
        return Err(AppError::rule("epoch-in-use").arg("epoch", epoch));
    }
    tx.event(NewEvent::new("keys.epoch-destroyed", subject(&tx)).body(serde_json::json!({ "epoch": epoch }))).await?;
    keys.destroy_epoch(epoch).map_err(AppError::internal)?;
    tx.commit().await
}

/// The daily job: at the turn of the month subject keys move to the new epoch, and an exchange of the blind-index key that
/// was broken off goes on. Fluent text: `job-keys-rewrap`.
pub(crate) struct Rewrap;

impl JobKind for Rewrap {
    fn kind(&self) -> &'static str {
        "keys.rewrap"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            rewrap(&app.store).await?;
            reindex(app).await.map(|_| String::new())
        })
    }
}
