//! Deletion when the retention time is over: what is kept of somebody who has left goes after the months that the policy
//! pack names, and with the subject's key every sealed copy becomes unreadable (boundary 2, PIPL 19).

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    erasures::{self, Eraser},
    event::{NewEvent, SubjectRef},
    jobs::{Job, JobKind},
    reader::Reader,
    retention::{self, Due, Part},
    store::{Query, Tx},
    vals,
};
use policy_pack::RetentionId;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::ids::ResidentId;

/// How many records one transaction deletes.
const BATCH: usize = 500;

/// Consents to care visits that were taken back.
const CONSENTS: &str = "DELETE FROM care_consent WHERE division_code = $1 AND revoked_at < $2";

/// The kind of subject.
pub(crate) const KIND: &str = "resident";

/// The daily job. Fluent text: `job-register-expire`.
pub struct Expire;

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "register.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            let before = retention::before(app, RetentionId::FormerResident);
            retention::in_parts(app, "inward-transfer", Part::Rows(ANSWERED, before.into())).await?;
            let revoked = retention::before(app, RetentionId::CareConsent);
            retention::in_parts(app, "care-consent", Part::Rows(CONSENTS, revoked.into())).await?;
            crate::hazards::expire(app).await?;
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let (q, before) = (app.store.reads(), retention::before(app, RetentionId::FormerResident));
            let sql = "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND state = 'cancelled'
                       AND cancelled_day < $2";
            let rows = q.number(sql, vals![q.division(), before.day()]).await?;
            let offers = "SELECT COUNT(*) FROM inward_transfer WHERE division_code = $1 AND decided_at < $2";
            let offers = q.number(offers, vals![q.division(), before]).await?;
            let answered = Due { key: "inward-transfer", before, rows: offers };
            let revoked = retention::before(app, RetentionId::CareConsent);
            let sql = "SELECT COUNT(*) FROM care_consent WHERE division_code = $1 AND revoked_at < $2";
            let consents = q.number(sql, vals![q.division(), revoked]).await?;
            Ok(vec![
                Due { key: "former-resident", before, rows },
                answered,
                Due { key: "care-consent", before: revoked, rows: consents },
                crate::hazards::due(app).await?,
            ])
        })
    }
}

/// Offers of other jurisdictions that were answered: masked forms are all that is left of them.
const ANSWERED: &str = "DELETE FROM inward_transfer WHERE division_code = $1 AND transfer_id IN
 (SELECT t.transfer_id FROM inward_transfer t WHERE t.division_code = $1 AND t.decided_at < $2 LIMIT 1000)";

#[derive(FromQueryResult)]
struct Gone {
    resident_id: ResidentId,
}

/// Deletes every record whose time is over; how many.
pub async fn expire(app: &App) -> Result<usize> {
    let last = retention::before(app, RetentionId::FormerResident).day();
    let mut count = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let gone: Vec<Gone> = tx
            .rows(
                &format!(
                    "SELECT resident_id FROM resident WHERE division_code = $1 AND state = 'cancelled'
                     AND cancelled_day < $2 ORDER BY resident_id LIMIT {BATCH}"
                ),
                vals![tx.division(), last],
            )
            .await?;
        if gone.is_empty() {
            return Ok(count);
        }
        let ids: Vec<ResidentId> = gone.iter().map(|row| row.resident_id).collect();
        delete(app, &tx, &ids).await?;
        tx.commit().await?;
        count += gone.len();
        erasures::keep(app).await?;
    }
}

/// Deletes records and what was merged into them, which is the same person's, with what every area holds about them:
/// history and key go, a tombstone and an event stay.
pub(crate) async fn delete(app: &App, tx: &Tx, ids: &[ResidentId]) -> Result<()> {
    let mut all = ids.to_vec();
    let mut next = 0;
    while let Some(id) = all.get(next).copied() {
        next += 1;
        let absorbed: Vec<Gone> = tx
            .rows(
                "SELECT absorbed_id AS resident_id FROM record_merge
                 WHERE division_code = $1 AND kept_id = $2 AND state = 'merged'",
                vals![tx.division(), id],
            )
            .await?;
        all.extend(absorbed.into_iter().map(|g| g.resident_id));
    }
    let subjects: Vec<Uuid> = all.iter().map(|id| id.0).collect();
    erasures::destroy(app, tx, KIND, &subjects).await?;
    for id in all {
        delete_one(tx, id).await?;
    }
    Ok(())
}

/// Tables with rows about a resident, each with the column that says whom.
const ABOUT: [(&str, &str); 13] = [
    ("care_consent", "resident_id"),
    ("record_merge", "kept_id"),
    ("record_merge", "absorbed_id"),
    ("record_split", "from_id"),
    ("record_split", "new_id"),
    ("doubt", "resident_id"),
    ("outward_transfer", "resident_id"),
    ("inward_transfer", "resident_id"),
    ("daily_row", "resident_id"),
    ("residence", "resident_id"),
    ("counter_case", "resident_id"),
    ("transfer", "resident_id"),
    ("resident", "resident_id"),
];

/// What became overdue of somebody's, by the ids of doubts and hand-overs.
const OVERDUE: [&str; 3] = [
    "SELECT doubt_id FROM doubt WHERE division_code = $1 AND resident_id = $2",
    "SELECT transfer_id FROM transfer WHERE division_code = $1 AND resident_id = $2",
    "SELECT transfer_id FROM outward_transfer WHERE division_code = $1 AND resident_id = $2",
];

async fn delete_one(tx: &Tx, id: ResidentId) -> Result<()> {
    for of in OVERDUE {
        let sql = format!("DELETE FROM escalation WHERE division_code = $1 AND subject_id IN ({of})");
        tx.execute(&sql, vals![tx.division(), id]).await?;
    }
    for (table, column) in ABOUT {
        tx.execute(
            &format!("DELETE FROM {table} WHERE division_code = $1 AND {column} = $2"),
            vals![tx.division(), id],
        )
        .await?;
    }
    tx.execute("DELETE FROM basis WHERE division_code = $1 AND subject_id = $2", vals![tx.division(), id]).await?;
    // The history of the changes goes with the record (boundary 2); who read it stays for its own time.
    while tx.erase_events("subject_id = $2", vals![tx.division(), id]).await? > 0 {}
    tx.event(NewEvent::new("resident.erased", SubjectRef::new("resident", id, None))).await?;
    Ok(())
}

/// Erases one resident: when two people agreed on it (PIPL 47), and again in a database restored from an older backup.
pub struct EraseResident;

impl Eraser for EraseResident {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn erase<'a>(&'a self, app: &'a App, tx: &'a Tx, subject: Uuid) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let sql = "SELECT COUNT(*) FROM resident WHERE division_code = $1 AND resident_id = $2";
            let there = tx.number(sql, vals![tx.division(), subject]).await? > 0;
            if there {
                delete(app, tx, &[ResidentId(subject)]).await?;
            }
            Ok(there)
        })
    }
}
