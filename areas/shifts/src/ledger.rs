//! The ledger of shifts (错时台账, R31, R36): what was planned and what was worked.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::{Day, Month},
    ledger::{Ledger, day, text},
    reader::Reader,
    sheet::Out,
    store::Query as _,
    texts::T,
    vals,
};
use sea_orm::FromQueryResult;

/// Shifts of the month (错时排班台账).
pub(crate) struct Shifts;

#[derive(FromQueryResult)]
struct ShiftsRow {
    day: Day,
    committee_name: Option<String>,
    staff_name: String,
    cell: String,
    worked: Option<String>,
}

impl Ledger for Shifts {
    fn code(&self) -> &'static str {
        "shifts"
    }
    fn columns(&self) -> &'static [&'static str] {
        &["ledger-col-day", "ledger-col-committee", "ledger-col-name", "ledger-col-planned", "ledger-col-worked"]
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
            let scope = reader.scope.sql("z.grid_id", &mut values);
            let sql = format!(
                "SELECT x.day, c.name AS committee_name, s.name AS staff_name, x.cell, x.worked FROM shift_turn x
                 JOIN shift_week w ON w.division_code = x.division_code AND w.plan_id = x.plan_id
                 JOIN staff s ON s.division_code = x.division_code AND s.staff_id = x.staff_id
                 LEFT JOIN committee c ON c.division_code = w.division_code AND c.committee_code = w.committee_code
                 WHERE x.division_code = $1 AND x.day >= $2 AND x.day <= $3 AND w.state <> 'drafted' AND EXISTS (SELECT 1 FROM micro_grid z
                   WHERE z.division_code = w.division_code AND z.committee_code = w.committee_code AND {scope})
                 ORDER BY x.day, w.committee_code, s.name"
            );
            let rows: Vec<ShiftsRow> = q.rows(&sql, values).await?;
            let cells = |r: ShiftsRow| {
                vec![
                    day(Some(r.day)),
                    text(r.committee_name),
                    r.staff_name.into(),
                    t.code("shift", &r.cell).into(),
                    text(r.worked.map(|w| t.code("shift", w))),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
