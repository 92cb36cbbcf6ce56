//! What entitles somebody to open one record: an open task or case on it (boundary 7). Areas open a basis in the
//! same transaction as the task it stands for, and close it with the task.

use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    clock::At,
    error::Result,
    event::SubjectRef,
    ids::{AccountId, BasisId},
    reader::Purpose,
    store::{Query, Tx},
    vals,
};

/// An open basis.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Basis {
    /// Its id.
    pub basis_id: BasisId,
    /// The account it is limited to; without one, whoever has the subject in scope.
    pub account_id: Option<AccountId>,
}

/// Opens a basis. `task` is the id of the task or case it stands for; `account` limits it to one person.
pub async fn open(
    tx: &Tx,
    subject: SubjectRef,
    purpose: Purpose,
    task: Uuid,
    account: Option<AccountId>,
    until: Option<At>,
) -> Result<BasisId> {
    let id: BasisId = tx.new_id();
    open_many(tx, vec![(id, subject, purpose, task, account, until)]).await?;
    Ok(id)
}

/// Opens many at once.
pub async fn open_many(
    tx: &Tx,
    rows: Vec<(BasisId, SubjectRef, Purpose, Uuid, Option<AccountId>, Option<At>)>,
) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|(id, s, p, task, account, until)| {
            vals![tx.division(), id, s.kind, s.id, p.code(), task, account, tx.now(), until, None::<At>]
        })
        .collect();
    tx.insert_many(
        "basis",
        &[
            "division_code",
            "basis_id",
            "subject_kind",
            "subject_id",
            "purpose",
            "task_id",
            "account_id",
            "opened_at",
            "until_at",
            "closed_at",
        ],
        rows,
    )
    .await
}

/// Closes every basis of a task or case.
pub async fn close(tx: &Tx, task: Uuid) -> Result<()> {
    tx.execute(
        "UPDATE basis SET closed_at = $3 WHERE division_code = $1 AND task_id = $2 AND closed_at IS NULL",
        vals![tx.division(), task, tx.now()],
    )
    .await?;
    Ok(())
}

/// The open basis for a subject and purpose that the transaction's reader can use, the personal one first.
pub(crate) async fn find(tx: &Tx, subject: SubjectRef, purpose: Purpose) -> Result<Option<Basis>> {
    tx.row(
        "SELECT basis_id, account_id FROM basis
         WHERE division_code = $1 AND subject_id = $2 AND purpose = $3 AND closed_at IS NULL
           AND (until_at IS NULL OR until_at > $4) AND (account_id IS NULL OR account_id = $5)
         ORDER BY CASE WHEN account_id IS NULL THEN 1 ELSE 0 END, opened_at LIMIT 1",
        vals![tx.division(), subject.id, purpose.code(), tx.now(), tx.reader().account],
    )
    .await
}

/// The purposes for which the reader could open a subject now, for the page that asks for one.
pub async fn purposes(q: &impl Query, account: AccountId, subject: Uuid, now: At) -> Result<Vec<Purpose>> {
    #[derive(FromQueryResult)]
    struct Row {
        purpose: String,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT DISTINCT purpose FROM basis
             WHERE division_code = $1 AND subject_id = $2 AND closed_at IS NULL
               AND (until_at IS NULL OR until_at > $3) AND (account_id IS NULL OR account_id = $4) ORDER BY purpose",
            vals![q.division(), subject, now, account],
        )
        .await?;
    Ok(rows.iter().filter_map(|r| Purpose::from_code(&r.purpose)).collect())
}
