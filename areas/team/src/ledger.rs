//! The ledger of the team (队伍台账, R3, R36): who held which post in a month.

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

/// Appointments in force on some day of the month (队伍台账).
pub(crate) struct Team;

#[derive(FromQueryResult)]
struct TeamRow {
    name: String,
    post: String,
    place: Option<String>,
    from_day: Day,
    until_day: Option<Day>,
    stands_in: bool,
    signed_day: Option<Day>,
}

impl Ledger for Team {
    fn code(&self) -> &'static str {
        "team"
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-name",
            "ledger-col-post",
            "ledger-col-area",
            "ledger-col-from",
            "ledger-col-until",
            "ledger-col-stands-in",
            "ledger-col-signed",
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
            // An end day is the first day without the post.
            let sql = format!(
                "SELECT s.name, x.post, COALESCE(g.name, c.name) AS place, x.from_day, x.until_day,
                 CASE WHEN x.stands_in_for IS NULL THEN FALSE ELSE TRUE END AS stands_in,
                 (SELECT MAX(a.signed_day) FROM agreement a WHERE a.division_code = x.division_code
                   AND a.staff_id = x.staff_id AND a.signed_day <= $3) AS signed_day
                 FROM appointment x
                 JOIN staff s ON s.division_code = x.division_code AND s.staff_id = x.staff_id
                 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 LEFT JOIN committee c ON c.division_code = x.division_code AND c.committee_code = x.area
                 WHERE x.division_code = $1 AND x.from_day <= $3 AND (x.until_day IS NULL OR x.until_day > $2)
                 AND {scope} ORDER BY g.code, x.post, x.from_day, x.appointment_id"
            );
            let rows: Vec<TeamRow> = q.rows(&sql, values).await?;
            let cells = |r: TeamRow| {
                vec![
                    r.name.into(),
                    t.code("post", &r.post).into(),
                    text(r.place),
                    day(Some(r.from_day)),
                    day(r.until_day.map(|d| d.plus_days(-1))),
                    t.s(if r.stands_in { "common-yes" } else { "common-no" }).into(),
                    day(r.signed_day),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
