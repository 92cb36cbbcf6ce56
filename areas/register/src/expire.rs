//! Deletion when the retention time is over: what is kept of somebody who has left goes after the months that the policy
//! pack names, and with the subject's key every sealed copy becomes unreadable (boundary 2, PIPL 19).

use futures::future::BoxFuture;
use jiff::Span;
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    event::{NewEvent, SubjectRef},
    jobs::{Job, JobKind},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use policy_pack::RetentionId;
use sea_orm::FromQueryResult;

use crate::ids::ResidentId;

/// How many records one transaction deletes.
const BATCH: usize = 500;

/// The daily job. Fluent text: `job-register-expire`.
pub struct Expire;

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "register.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            Ok(String::new())
        })
    }
}

#[derive(FromQueryResult)]
struct Gone {
    resident_id: ResidentId,
}

/// Deletes every record whose time is over; how many.
pub async fn expire(app: &App) -> Result<usize> {
    let months = i32::try_from(app.pack.retention(RetentionId::FormerResident).keep_months).unwrap_or(i32::MAX);
    let last = Day(app.store.clock().today().0.saturating_sub(Span::new().months(months.min(2_400))));
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
        for row in &gone {
            delete(&tx, row.resident_id).await?;
        }
        tx.commit().await?;
        count += gone.len();
    }
}

async fn delete(tx: &Tx, id: ResidentId) -> Result<()> {
    for table in ["residence", "counter_case", "transfer", "resident"] {
        tx.execute(
            &format!("DELETE FROM {table} WHERE division_code = $1 AND resident_id = $2"),
            vals![tx.division(), id],
        )
        .await?;
    }
    for table in ["subject_key", "basis"] {
        tx.execute(
            &format!("DELETE FROM {table} WHERE division_code = $1 AND subject_id = $2"),
            vals![tx.division(), id],
        )
        .await?;
    }
    tx.event(NewEvent::new("resident.erased", SubjectRef::new("resident", id, None))).await?;
    Ok(())
}
