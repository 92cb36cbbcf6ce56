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

use crate::{phone, photo};

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
            let plans = "SELECT COUNT(*) FROM month_plan WHERE division_code = $1 AND month < $2";
            let plans = q.number(plans, vals![q.division(), before.day().month()]).await?;
            let mut all = vec![
                Due { key: "visit", before, rows },
                Due { key: "visit-event", before, rows: events },
                Due { key: "month-plan", before, rows: plans },
                photo::expire::due(app).await?,
            ];
            all.extend(phone::expire::due(app).await?);
            Ok(all)
        })
    }
}

fn before(app: &App) -> At {
    retention::before(app, RetentionId::Visit)
}

/// Deletes visits whose time is over, with what can be read of their events; how many rows.
pub async fn expire(app: &App) -> Result<u64> {
    let before = before(app);
    let notes = Part::Rows(
        "DELETE FROM visit_note WHERE division_code = $1 AND visit_id IN
         (SELECT v.visit_id FROM visit v WHERE v.division_code = $1 AND v.day < $2)",
        before.day().into(),
    );
    let visits = Part::Rows(
        "DELETE FROM visit WHERE division_code = $1 AND visit_id IN
         (SELECT v.visit_id FROM visit v WHERE v.division_code = $1 AND v.day < $2 LIMIT 1000)",
        before.day().into(),
    );
    plans(app, before).await?;
    let mut gone = photo::expire::expire(app).await?;
    gone += retention::in_parts(app, "visit", notes).await?;
    gone += retention::in_parts(app, "visit", visits).await?;
    gone += phone::expire::expire(app).await?;
    Ok(gone + retention::in_parts(app, "visit-event", Part::Events(EVENTS, before.into())).await?)
}

/// Plans go with the visits of their months, and so does who was away and what was reported as overdue.
async fn plans(app: &App, before: At) -> Result<()> {
    let month = before.day().month();
    let over = |sql, value: sea_orm::Value| Part::Rows(sql, value);
    let stops = "DELETE FROM month_stop WHERE division_code = $1 AND plan_id IN
         (SELECT p.plan_id FROM month_plan p WHERE p.division_code = $1 AND p.month < $2)";
    let plans = "DELETE FROM month_plan WHERE division_code = $1 AND month < $2";
    let absences = "DELETE FROM field_absence WHERE division_code = $1 AND day < $2";
    let off_duty = "DELETE FROM field_off_duty WHERE division_code = $1 AND day < $2";
    retention::in_parts(app, "month-plan", over(stops, month.into())).await?;
    retention::in_parts(app, "month-plan", over(plans, month.into())).await?;
    let climbed = "DELETE FROM escalation WHERE division_code = $1 AND climbed_at < $2
         AND kind IN ('premises-round', 'month-verification')";
    retention::in_parts(app, "month-plan", over(absences, before.day().into())).await?;
    retention::in_parts(app, "month-plan", over(off_duty, before.day().into())).await?;
    retention::in_parts(app, "month-plan", over(climbed, before.into())).await?;
    Ok(())
}
