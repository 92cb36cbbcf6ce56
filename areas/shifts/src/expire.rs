//! Deletion (保存期限): a week's plan goes with its shifts and swaps when the months of the policy pack are over.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    jobs::{Job, JobKind},
    retention::{self, Due, Part},
    store::Query,
    vals,
};
use policy_pack::RetentionId;

/// The job; asked for every day. Fluent text: `job-shifts-expire`.
pub(crate) struct Expire;

/// What goes: what belongs to a plan before the plan.
const GO: [&str; 3] = [
    "DELETE FROM shift_swap WHERE division_code = $1 AND plan_id IN (
       SELECT plan_id FROM shift_week WHERE division_code = $1 AND monday < $2)",
    "DELETE FROM shift_turn WHERE division_code = $1 AND plan_id IN (
       SELECT plan_id FROM shift_week WHERE division_code = $1 AND monday < $2)",
    "DELETE FROM shift_week WHERE division_code = $1 AND monday < $2",
];

/// Plans of weeks that began before this day are over their time.
fn before(app: &App) -> Day {
    retention::before(app, RetentionId::ShiftPlan).day()
}

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "shifts.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            for delete in GO {
                retention::in_parts(app, "shift-plan", Part::Rows(delete, before(app).into())).await?;
            }
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let sql = "SELECT COUNT(*) FROM shift_week WHERE division_code = $1 AND monday < $2";
            let rows = q.number(sql, vals![q.division(), before(app)]).await?;
            Ok(vec![Due { key: "shift-plan", before: retention::before(app, RetentionId::ShiftPlan), rows }])
        })
    }
}
