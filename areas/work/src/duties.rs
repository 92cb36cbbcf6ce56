//! What the duty board (R4) says of tasks: derived from the tasks themselves.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    reader::Reader,
    store::Query,
    vals,
};

/// Tasks that fall due this month in the reader's grids: due, done, late.
pub struct TaskDuties;

impl DutySource for TaskDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            if !reader.may(Action::TaskRead) {
                return Ok(Vec::new());
            }
            Ok(vec![month(&app.store.reads(), reader).await?])
        })
    }
}

async fn month(q: &impl Query, reader: &Reader) -> Result<Duty> {
    let now = q.store().now();
    let month = now.day().month();
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("t.grid_id", &mut values);
    let from = format!("SELECT COUNT(*) FROM task t WHERE t.division_code = $1 AND {scope}");
    let n = values.len();
    // A deadline at midnight belongs to the day that it closes.
    let due = format!("{from} AND t.due_at > ${} AND t.due_at <= ${}", n + 1, n + 2);
    let within = |values: &[sea_orm::Value]| {
        let mut all = values.to_vec();
        all.extend(vals![month.start(), month.end()]);
        all
    };
    let all = q.number(&format!("{due} AND t.state <> 'dropped'"), within(&values)).await?;
    let done = q.number(&format!("{due} AND t.state = 'done'"), within(&values)).await?;
    values.push(now.into());
    let late = q.number(&format!("{from} AND t.state = 'open' AND t.due_at <= ${}", n + 1), values).await?;
    Ok(Duty { key: "tasks", due: all, done, late, href: "/tasks".into() })
}
