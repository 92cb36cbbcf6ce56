//! The ledger of meetings (例会台账, R30, R36).

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::{At, Month},
    ledger::{Ledger, at, text},
    reader::Reader,
    sheet::Out,
    store::Query as _,
    texts::T,
    vals,
};
use sea_orm::FromQueryResult;

/// Meetings of the month, held or missed (例会台账).
pub(crate) struct Meetings;

#[derive(FromQueryResult)]
struct MeetingsRow {
    starts_at: At,
    grid_name: Option<String>,
    kind: String,
    state: String,
    invited: i64,
    came: i64,
    decisions: i64,
    moves: i64,
}

impl Ledger for Meetings {
    fn code(&self) -> &'static str {
        "meetings"
    }
    fn source(&self) -> Option<&'static str> {
        Some("meetings")
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-when",
            "ledger-col-grid",
            "ledger-col-kind",
            "ledger-col-state",
            "ledger-col-invited",
            "ledger-col-came",
            "ledger-col-decisions",
            "ledger-col-moves",
        ]
    }
    fn rows<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        t: &'a T,
        month: Month,
    ) -> BoxFuture<'a, Result<Vec<Vec<Out>>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let mut values = vals![q.division(), month.start(), month.next().start()];
            let scope = reader.scope.sql("s.grid_id", &mut values);
            let sql = format!(
                "SELECT x.starts_at, COALESCE(g.name, c.police_area, c.name) AS grid_name, x.kind, x.state, x.moves,
                 (SELECT COUNT(*) FROM meeting_attendee a WHERE a.division_code = x.division_code
                   AND a.meeting_id = x.meeting_id) AS invited,
                 (SELECT COUNT(*) FROM meeting_attendee a WHERE a.division_code = x.division_code
                   AND a.meeting_id = x.meeting_id AND a.state = 'present') AS came,
                 (SELECT COUNT(*) FROM meeting_decision d WHERE d.division_code = x.division_code
                   AND d.meeting_id = x.meeting_id) AS decisions
                 FROM meeting x LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 LEFT JOIN committee c ON c.division_code = x.division_code AND c.committee_code = x.area
                 WHERE x.division_code = $1 AND x.starts_at >= $2 AND x.starts_at < $3 AND EXISTS (SELECT 1 FROM meeting_grid s
                   WHERE s.division_code = x.division_code AND s.meeting_id = x.meeting_id AND {scope})
                 ORDER BY x.starts_at, x.meeting_id"
            );
            let rows: Vec<MeetingsRow> = q.rows(&sql, values).await?;
            let cells = |r: MeetingsRow| {
                vec![
                    at(Some(r.starts_at)),
                    text(r.grid_name),
                    t.code("meeting-kind", &r.kind).into(),
                    t.code("meeting-state", &r.state).into(),
                    r.invited.into(),
                    r.came.into(),
                    r.decisions.into(),
                    r.moves.into(),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
