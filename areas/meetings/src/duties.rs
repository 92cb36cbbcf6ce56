//! What the duty board (R4) says of meetings: those that the reader convenes, and those that the reader is invited to.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::{Action, Role},
    app::App,
    area::{Duty, DutySource},
    clock::At,
    reader::Reader,
    store::Query,
    vals,
};
use sea_orm::FromQueryResult;

use crate::{
    ids::MeetingId,
    meetings::{MeetingRow, convenes, find},
};

/// The area's part of the duty board.
pub struct MeetingDuties;

impl DutySource for MeetingDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let mut duties = Vec::new();
            if reader.may(Action::MeetingConvene) {
                duties.push(convening(app, reader).await?);
            }
            if reader.may(Action::MeetingRead) {
                duties.extend(attending(app, reader).await?);
            }
            Ok(duties)
        })
    }
}

#[derive(FromQueryResult)]
struct IdRow {
    meeting_id: MeetingId,
}

/// The month's meetings up to today and those before that have no minutes.
async fn convening(app: &App, reader: &Reader) -> Result<Duty> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let roles: Vec<&str> =
        [Role::GridLeader, Role::TeamLeader].into_iter().filter(|r| reader.is(*r)).map(Role::code).collect();
    let mut values = vals![q.division(), today.month().start(), today.month().end()];
    let seen = crate::meetings::seen(reader, &mut values);
    let first = values.len() + 1;
    values.extend(roles.iter().map(|r| (*r).into()));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT m.meeting_id FROM meeting m WHERE m.division_code = $1 AND {seen} AND m.convener_role IN ({})
         AND ((m.starts_at >= $2 AND m.starts_at < $3) OR (m.state = 'convened' AND m.starts_at < $2))",
        marks.join(", ")
    );
    let mut own: Vec<MeetingRow> = Vec::new();
    for row in q.rows::<IdRow>(&sql, values).await? {
        let meeting = find(&q, reader, row.meeting_id).await?;
        if convenes(reader, &meeting) {
            own.push(meeting);
        }
    }
    let late = own.iter().filter(|m| m.is_missed(today)).count() as i64;
    let done = own.iter().filter(|m| !m.is_open()).count() as i64;
    let href = if late > 0 { "/meetings?state=missed" } else { "/meetings" };
    Ok(Duty { key: "meetings", due: own.len() as i64, done, late, href: href.into() })
}

/// The month's meetings that the reader is invited to, up to now.
async fn attending(app: &App, reader: &Reader) -> Result<Option<Duty>> {
    #[derive(FromQueryResult)]
    struct Row {
        due: i64,
        done: Option<i64>,
    }
    let q = app.store.reads();
    let now: At = app.store.now();
    let row: Option<Row> = q
        .row(
            "SELECT COUNT(*) AS due, CAST(SUM(CASE WHEN a.state = 'present' THEN 1 ELSE 0 END) AS BIGINT) AS done
             FROM meeting_attendee a
             JOIN meeting m ON m.division_code = a.division_code AND m.meeting_id = a.meeting_id
             WHERE a.division_code = $1 AND a.account_id = $2 AND m.starts_at >= $3 AND m.starts_at < $4",
            vals![q.division(), reader.account, now.day().month().start(), now.day().month().end()],
        )
        .await?;
    let duty = |r: Row| Duty {
        key: "meetings-mine",
        due: r.due,
        done: r.done.unwrap_or(0),
        late: 0,
        href: "/meetings".into(),
    };
    Ok(row.filter(|r| r.due > 0).map(duty))
}
