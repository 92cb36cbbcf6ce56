//! What the duty board (R4) says of rosters.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    clock::At,
    reader::Reader,
    store::Query,
    vals,
};
use linli_work::due_at;
use policy_pack::DeadlineId;
use sea_orm::FromQueryResult;

use crate::{send::count, standing};

/// Rosters late, rosters to review, and a liaison's day.
pub(crate) struct RosterDuties;

impl DutySource for RosterDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let mut duties = Vec::new();
            if reader.may(Action::RosterReview) {
                duties.push(senders(app, reader).await?);
            }
            if reader.may(Action::RosterConfirm) {
                duties.push(reviews(app, reader).await?);
            }
            if reader.may(Action::RosterSend) && !reader.employers.is_empty() {
                duties.push(own_days(app, reader).await?);
            }
            Ok(duties)
        })
    }
}

async fn senders(app: &App, reader: &Reader) -> Result<Duty> {
    let all = standing::list(app, reader).await?;
    let late = count(all.iter().filter(|d| d.is_late()).count());
    let due = count(all.len());
    Ok(Duty { key: "rosters-late", due, done: due - late, late, href: "/rosters?late=true".into() })
}

async fn own_days(app: &App, reader: &Reader) -> Result<Duty> {
    let today = app.store.now().day();
    let all = standing::list(app, reader).await?;
    let done = all.iter().filter(|d| d.last_report_day == Some(today)).count();
    let late = all.iter().filter(|d| d.is_late()).count();
    Ok(Duty { key: "roster-day", due: count(all.len()), done: count(done), late: count(late), href: "/rosters".into() })
}

async fn reviews(app: &App, reader: &Reader) -> Result<Duty> {
    #[derive(FromQueryResult)]
    struct Row {
        compared_at: At,
        closed_at: Option<At>,
    }
    let q = app.store.reads();
    let now = app.store.now();
    let mut values = vals![q.division(), now.day().month().start()];
    let scope = reader.scope.sql("e.grid_id", &mut values);
    let rows: Vec<Row> = q
        .rows(
            &format!(
                "SELECT r.compared_at, r.closed_at FROM roster r
                 JOIN employer e ON e.division_code = r.division_code AND e.employer_id = r.employer_id
                 WHERE r.division_code = $1 AND r.compared_at IS NOT NULL AND {scope}
                   AND (r.state = 'compared' OR (r.state = 'confirmed' AND r.closed_at >= $2))"
            ),
            values,
        )
        .await?;
    let mut late = 0;
    for row in rows.iter().filter(|r| r.closed_at.is_none()) {
        late += i64::from(due_at(&app.pack, &app.calendar, DeadlineId::RosterConfirmation, row.compared_at)? <= now);
    }
    let done = count(rows.iter().filter(|r| r.closed_at.is_some()).count());
    Ok(Duty { key: "rosters-review", due: count(rows.len()), done, late, href: "/rosters".into() })
}
