//! The ledger of rosters (花名册管理台账, R14, R36): files and their states, no row of them.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::{At, Day, Month},
    ledger::{Ledger, at, day},
    reader::Reader,
    sheet::Out,
    store::Query as _,
    texts::T,
    vals,
};
use sea_orm::FromQueryResult;

/// What employers sent (花名册管理台账).
pub(crate) struct Rosters;

#[derive(FromQueryResult)]
struct RostersRow {
    received_at: At,
    employer_name: String,
    kind: String,
    as_of_day: Day,
    row_count: i64,
    bad_count: i64,
    task_count: i64,
    state: String,
    closed_at: Option<At>,
}

impl Ledger for Rosters {
    fn code(&self) -> &'static str {
        "rosters"
    }
    fn source(&self) -> Option<&'static str> {
        Some("rosters")
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-received",
            "ledger-col-employer",
            "ledger-col-kind",
            "ledger-col-day",
            "ledger-col-rows",
            "ledger-col-bad",
            "ledger-col-tasks",
            "ledger-col-state",
            "ledger-col-closed",
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
            let scope = reader.scope.sql("e.grid_id", &mut values);
            let sql = format!(
                "SELECT x.received_at, e.name AS employer_name, x.kind, x.as_of_day, x.row_count, x.bad_count, x.task_count,
                 x.state, x.closed_at FROM roster x
                 JOIN employer e ON e.division_code = x.division_code AND e.employer_id = x.employer_id
                 WHERE x.division_code = $1 AND x.received_at >= $2 AND x.received_at < $3 AND {scope} ORDER BY x.received_at"
            );
            let rows: Vec<RostersRow> = q.rows(&sql, values).await?;
            let cells = |r: RostersRow| {
                vec![
                    at(Some(r.received_at)),
                    r.employer_name.into(),
                    t.code("roster-kind", &r.kind).into(),
                    day(Some(r.as_of_day)),
                    r.row_count.into(),
                    r.bad_count.into(),
                    r.task_count.into(),
                    t.code("roster-state", &r.state).into(),
                    at(r.closed_at),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
