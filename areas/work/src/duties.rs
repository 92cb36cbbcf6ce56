//! What the duty board (R4) says of tasks: derived from the tasks themselves.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::{Action, Role},
    app::App,
    area::{Duty, DutySource},
    clock::At,
    reader::{Reader, Scope},
    store::Query,
    vals,
};

use crate::{announcements, channel};

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

/// The month's announcements that a member has read, and for the leader what went to the group.
pub struct ChannelDuties;

impl DutySource for ChannelDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let since = app.store.now().day().month().start();
            let mut duties = Vec::new();
            // Those who oversee the whole sub-district read along and are nobody's members.
            if reader.may(Action::TeamRead) && reader.scope != Scope::Division {
                let reader = reader.clone().doing(Action::TeamRead);
                let (due, done) = announcements::counts(&q, &reader, since).await?;
                if due > 0 {
                    duties.push(Duty { key: "announcements", due, done, late: 0, href: "/channel".into() });
                }
            }
            if reader.roles.contains(&Role::Coordinator) {
                duties.push(daily_reports(&q, reader).await?);
            }
            if reader.may(Action::ChannelRobot) {
                duties.extend(outward(&q, &reader.clone().doing(Action::ChannelRobot), since).await?);
            }
            Ok(duties)
        })
    }
}

/// Days that are looked at for work without a report.
const LOOKED_AT_DAYS: i64 = 7;

/// The own daily reports of this month (R23). They write themselves; late is a day of the last week whose work has none.
async fn daily_reports(q: &impl Query, reader: &Reader) -> Result<Duty> {
    let today = q.store().now().day();
    let posts = "SELECT COUNT(DISTINCT p.day) FROM channel_post p
         WHERE p.division_code = $1 AND p.account_id = $2 AND p.kind = $3";
    let of = vals![q.division(), reader.account, channel::DAY_POST];
    let mut month = of.clone();
    month.push(today.month().first_day().into());
    let done = q.number(&format!("{posts} AND p.day >= $4"), month).await?;
    let mut late = 0;
    // Yesterday's is written in the course of the day.
    for back in 2..=LOOKED_AT_DAYS {
        let day = today.plus_days(-back);
        let worked = !channel::day_sums(q, day, Some(reader.account)).await?.is_empty();
        let mut on = of.clone();
        on.push(day.into());
        late += i64::from(worked && q.number(&format!("{posts} AND p.day = $4"), on).await? == 0);
    }
    Ok(Duty { key: "daily-reports", due: done + late, done, late, href: "/channel".into() })
}

/// What was to go to the group this month: sent, and stuck.
async fn outward(q: &impl Query, reader: &Reader, since: At) -> Result<Option<Duty>> {
    let mut values = vals![q.division(), since];
    let scope = reader.scope.sql("o.grid_id", &mut values);
    let count = format!("SELECT COUNT(*) FROM outward o WHERE o.division_code = $1 AND o.made_at >= $2 AND {scope}");
    let due = q.number(&count, values.clone()).await?;
    let done = q.number(&format!("{count} AND o.state = 'sent'"), values.clone()).await?;
    let late = q.number(&format!("{count} AND o.state IN ('refused', 'given-up')"), values).await?;
    Ok((due > 0).then(|| Duty { key: "outward", due, done, late, href: "/channel/robots".into() }))
}
