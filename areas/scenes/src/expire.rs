//! Deletion (保存期限): scenes after they were closed, campaigns after they were planned, by the months of the policy pack.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    jobs::{Job, JobKind},
    reader::Reader,
    retention::{self, Due, Part},
    store::Query,
    vals,
};
use policy_pack::RetentionId;

/// Name of the job. Fluent text: `job-scenes-expire`.
pub const KIND: &str = "scenes.expire";

/// What goes, by which time, how it is counted and how it goes.
const PARTS: [(&str, RetentionId, &str, &str); 2] = [
    (
        "scene",
        RetentionId::Scene,
        "SELECT COUNT(*) FROM scene WHERE division_code = $1 AND state = 'closed' AND closed_at < $2",
        "DELETE FROM scene WHERE division_code = $1 AND state = 'closed' AND closed_at < $2",
    ),
    (
        "campaign",
        RetentionId::Campaign,
        "SELECT COUNT(*) FROM campaign WHERE division_code = $1 AND made_at < $2",
        "DELETE FROM campaign WHERE division_code = $1 AND made_at < $2",
    ),
];

/// The job; asked for every day.
pub(crate) struct Expire;

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let mut all = Vec::new();
            for (key, time, count, _) in PARTS {
                let before = retention::before(app, time);
                all.push(Due { key, before, rows: q.number(count, vals![q.division(), before]).await? });
            }
            Ok(all)
        })
    }
}

/// Deletes what is over its time; how many rows.
///
/// # Errors
/// Those of the store; earlier parts stay deleted.
pub async fn expire(app: &App) -> Result<u64> {
    let mut gone = 0;
    for (key, time, _, delete) in PARTS {
        let before = retention::before(app, time);
        gone += retention::in_parts(app, key, Part::Rows(delete, before.into())).await?;
    }
    let tx = app.store.begin(&Reader::system()).await?;
    let orphans = "DELETE FROM scene_brought WHERE division_code = $1 AND NOT EXISTS (
           SELECT 1 FROM scene s WHERE s.division_code = scene_brought.division_code
           AND s.scene_id = scene_brought.scene_id)";
    if tx.execute(orphans, vals![tx.division()]).await? > 0 {
        tx.housekeeping("which system brought a scene goes with the scene");
        tx.commit().await?;
    }
    Ok(gone)
}
