//! Ledgers of stipends and guidance (台账, R5, R21, R36).

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

/// Stipends applied for in the month (奖励费台账).
pub(crate) struct Stipends;

#[derive(FromQueryResult)]
struct StipendsRow {
    applied_at: At,
    grid_name: Option<String>,
    payee_name: Option<String>,
    yuan: i64,
    state: String,
    ended_at: Option<At>,
}

impl Ledger for Stipends {
    fn code(&self) -> &'static str {
        "stipends"
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-applied",
            "ledger-col-grid",
            "ledger-col-name",
            "ledger-col-yuan",
            "ledger-col-state",
            "ledger-col-ended",
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
            let scope = reader.scope.sql("x.grid_id", &mut values);
            let sql = format!(
                "SELECT x.applied_at, g.name AS grid_name, p.display_name AS payee_name, x.yuan, x.state, x.ended_at FROM stipend x
                 LEFT JOIN account p ON p.division_code = x.division_code AND p.account_id = x.account_id
                 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 WHERE x.division_code = $1 AND x.applied_at >= $2 AND x.applied_at < $3 AND {scope} ORDER BY x.applied_at, x.stipend_id"
            );
            let rows: Vec<StipendsRow> = q.rows(&sql, values).await?;
            let cells = |r: StipendsRow| {
                vec![
                    at(Some(r.applied_at)),
                    text(r.grid_name),
                    text(r.payee_name),
                    r.yuan.into(),
                    t.code("stipend-state", &r.state).into(),
                    at(r.ended_at),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}

/// Monthly instruction of N members by the officer (指导台账).
pub(crate) struct Guidances;

#[derive(FromQueryResult)]
struct GuidancesRow {
    day: Day,
    grid_name: Option<String>,
    topic: String,
    officer_name: Option<String>,
    invited: i64,
    came: i64,
}

impl Ledger for Guidances {
    fn code(&self) -> &'static str {
        "guidance"
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-day",
            "ledger-col-grid",
            "ledger-col-topic",
            "ledger-col-name",
            "ledger-col-invited",
            "ledger-col-came",
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
                "SELECT x.day, g.name AS grid_name, x.topic, p.display_name AS officer_name,
                 (SELECT COUNT(*) FROM guidance_attendance a WHERE a.division_code = x.division_code
                   AND a.guidance_id = x.guidance_id) AS invited,
                 (SELECT COUNT(*) FROM guidance_attendance a WHERE a.division_code = x.division_code
                   AND a.guidance_id = x.guidance_id AND a.attended = TRUE) AS came
                 FROM guidance x LEFT JOIN account p ON p.division_code = x.division_code AND p.account_id = x.account_id
                 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 WHERE x.division_code = $1 AND x.day >= $2 AND x.day <= $3 AND {scope} ORDER BY x.day, x.guidance_id"
            );
            let rows: Vec<GuidancesRow> = q.rows(&sql, values).await?;
            let cells = |r: GuidancesRow| {
                vec![
                    day(Some(r.day)),
                    text(r.grid_name),
                    t.code("guidance-topic", &r.topic).into(),
                    text(r.officer_name),
                    r.invited.into(),
                    r.came.into(),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
