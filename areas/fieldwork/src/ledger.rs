//! Ledgers of the work at the door (台账, R16, R18, R36): sums by grid and day, and the rounds of labelled premises.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::{At, Day, Month},
    ledger::{Ledger, at, day, text},
    reader::Reader,
    sheet::Out,
    store::Query as _,
    texts::T,
    vals,
};
use sea_orm::FromQueryResult;

/// Visits and what came of them, by grid and day (日常走访采集台账).
pub(crate) struct Daily;

#[derive(FromQueryResult)]
struct DailyRow {
    day: Day,
    grid_name: Option<String>,
    visits: i64,
    verified: i64,
    people_checked: i64,
    registered: i64,
    changed: i64,
    cancelled: i64,
}

impl Ledger for Daily {
    fn code(&self) -> &'static str {
        "daily-work"
    }
    fn source(&self) -> Option<&'static str> {
        Some("visits")
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-day",
            "ledger-col-grid",
            "ledger-col-visits",
            "ledger-col-verified",
            "ledger-col-people-checked",
            "ledger-col-registered",
            "ledger-col-changed",
            "ledger-col-cancelled",
        ]
    }
    fn rows<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        _t: &'a T,
        month: Month,
    ) -> BoxFuture<'a, Result<Vec<Vec<Out>>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let mut values = vals![q.division(), month.first_day(), month.last_day()];
            let scope = reader.scope.sql("x.grid_id", &mut values);
            let sql = format!(
                "SELECT x.day, g.name AS grid_name, COUNT(*) AS visits,
                 CAST(SUM(CASE WHEN x.outcome = 'verified' THEN 1 ELSE 0 END) AS BIGINT) AS verified,
                 CAST(SUM(x.people_checked) AS BIGINT) AS people_checked, CAST(SUM(x.registered) AS BIGINT) AS registered,
                 CAST(SUM(x.changed) AS BIGINT) AS changed, CAST(SUM(x.cancelled) AS BIGINT) AS cancelled
                 FROM visit x LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 WHERE x.division_code = $1 AND x.day >= $2 AND x.day <= $3 AND {scope}
                 GROUP BY x.day, x.grid_id, g.code, g.name ORDER BY x.day, g.code"
            );
            let rows: Vec<DailyRow> = q.rows(&sql, values).await?;
            let cells = |r: DailyRow| {
                vec![
                    day(Some(r.day)),
                    text(r.grid_name),
                    r.visits.into(),
                    r.verified.into(),
                    r.people_checked.into(),
                    r.registered.into(),
                    r.changed.into(),
                    r.cancelled.into(),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}

/// Labelled premises and the rounds to them (房屋分类走访台账).
pub(crate) struct Premises;

#[derive(FromQueryResult)]
struct PremisesRow {
    grid_name: Option<String>,
    address: String,
    label: Option<String>,
    label_at: Option<At>,
    visits: i64,
    last_visited_day: Option<Day>,
}

impl Ledger for Premises {
    fn code(&self) -> &'static str {
        "premises"
    }
    fn source(&self) -> Option<&'static str> {
        Some("premises-rounds")
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-grid",
            "ledger-col-address",
            "ledger-col-label",
            "ledger-col-labelled",
            "ledger-col-visits",
            "ledger-col-last-visited",
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
            let mut values = vals![q.division(), month.first_day(), month.last_day()];
            let scope = reader.scope.sql("x.grid_id", &mut values);
            let sql = format!(
                "SELECT g.name AS grid_name, a.text AS address, x.label, x.label_at, x.last_visited_day,
                 (SELECT COUNT(*) FROM visit v WHERE v.division_code = x.division_code AND v.home_id = x.home_id
                   AND v.day >= $2 AND v.day <= $3) AS visits
                 FROM home x JOIN address a ON a.division_code = x.division_code AND a.address_id = x.address_id
                 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 WHERE x.division_code = $1 AND x.label IS NOT NULL AND x.label <> 'care' AND {scope} ORDER BY g.code, a.text"
            );
            let rows: Vec<PremisesRow> = q.rows(&sql, values).await?;
            let cells = |r: PremisesRow| {
                vec![
                    text(r.grid_name),
                    r.address.into(),
                    text(r.label.map(|l| t.code("label", l))),
                    at(r.label_at),
                    r.visits.into(),
                    day(r.last_visited_day),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
