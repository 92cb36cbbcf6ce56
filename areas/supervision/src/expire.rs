//! Deletion (保存期限): inspections, findings, measures and suggestions go when the months of the policy pack are over.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    jobs::{Job, JobKind},
    retention::{self, Due, Part},
    store::Query,
    vals,
};
use policy_pack::RetentionId;

use crate::photos_expire;

/// The job; asked for every day. Fluent text: `job-supervision-expire`.
pub(crate) struct Expire;

/// What goes, in this order: what refers to an inspection before it. A case that is open stays.
const GO: [&str; 7] = [
    "DELETE FROM staff_measure WHERE division_code = $1 AND decided_at < $2",
    "DELETE FROM suggestion WHERE division_code = $1 AND answered_at < $2",
    "DELETE FROM finding WHERE division_code = $1 AND inspection_id IN (
       SELECT inspection_id FROM inspection WHERE division_code = $1 AND closed_at < $2)",
    "DELETE FROM inspection_check WHERE division_code = $1 AND inspection_id IN (
       SELECT inspection_id FROM inspection WHERE division_code = $1 AND closed_at < $2)",
    "DELETE FROM inspection_member WHERE division_code = $1 AND inspection_id IN (
       SELECT inspection_id FROM inspection WHERE division_code = $1 AND closed_at < $2)",
    "DELETE FROM inspection_grid WHERE division_code = $1 AND inspection_id IN (
       SELECT inspection_id FROM inspection WHERE division_code = $1 AND closed_at < $2)",
    "DELETE FROM inspection WHERE division_code = $1 AND closed_at < $2",
];

/// What is counted of it beforehand.
const OLD: [&str; 3] = [
    "SELECT COUNT(*) FROM inspection WHERE division_code = $1 AND closed_at < $2",
    "SELECT COUNT(*) FROM suggestion WHERE division_code = $1 AND answered_at < $2",
    "SELECT COUNT(*) FROM staff_measure WHERE division_code = $1 AND decided_at < $2",
];

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "supervision.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let before = retention::before(app, RetentionId::Finding);
            photos_expire::expire(app).await?;
            for delete in GO {
                retention::in_parts(app, "finding", Part::Rows(delete, before.into())).await?;
            }
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let (q, before) = (app.store.reads(), retention::before(app, RetentionId::Finding));
            let mut rows = 0;
            for count in OLD {
                rows += q.number(count, vals![q.division(), before]).await?;
            }
            Ok(vec![Due { key: "finding", before, rows }, photos_expire::due(app).await?])
        })
    }
}
