//! Visits go when their time is over: who opened a door and when is kept no longer than the work needs it (boundary 11).
//! On the home, its last verified day and last visited day remain; in the log, the proofs.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::At,
    jobs::{Job, JobKind},
    retention::{self, Due, Part},
    store::Query,
    vals,
};
use policy_pack::RetentionId;

/// The daily job. Fluent text: `job-fieldwork-expire`.
pub struct Expire;

/// The events of visits.
const EVENTS: &str = "kind = 'home.visited' AND entered_at < $2";

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "fieldwork.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let (q, before) = (app.store.reads(), before(app));
            let rows = "SELECT COUNT(*) FROM visit WHERE division_code = $1 AND day < $2";
            let rows = q.number(rows, vals![q.division(), before.day()]).await?;
            let events = format!("SELECT COUNT(*) FROM event WHERE division_code = $1 AND {EVENTS}");
            let events = q.number(&events, vals![q.division(), before]).await?;
            Ok(vec![Due { key: "visit", before, rows }, Due { key: "visit-event", before, rows: events }])
        })
    }
}

fn before(app: &App) -> At {
    retention::before(app, RetentionId::Visit)
}

/// Deletes visits whose time is over, with what can be read of their events; how many rows.
pub async fn expire(app: &App) -> Result<u64> {
    let before = before(app);
    let visits = Part::Rows(
        "DELETE FROM visit WHERE division_code = $1 AND visit_id IN
         (SELECT v.visit_id FROM visit v WHERE v.division_code = $1 AND v.day < $2 LIMIT 1000)",
        before.day().into(),
    );
    let gone = retention::in_parts(app, "visit", visits).await?;
    Ok(gone + retention::in_parts(app, "visit-event", Part::Events(EVENTS, before.into())).await?)
}
