//! The ledger of announcements (通知台账, R23, R36).

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

/// What was said to grids in the month, and by how many it was read (通知台账).
pub(crate) struct Announcements;

#[derive(FromQueryResult)]
struct AnnouncementsRow {
    made_at: At,
    grid_name: Option<String>,
    kind: String,
    body: String,
    readers: i64,
    withdrawn_at: Option<At>,
}

impl Ledger for Announcements {
    fn code(&self) -> &'static str {
        "announcements"
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-when",
            "ledger-col-grid",
            "ledger-col-kind",
            "ledger-col-words",
            "ledger-col-readers",
            "ledger-col-withdrawn",
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
                "SELECT x.made_at, g.name AS grid_name, x.kind, x.body, x.withdrawn_at,
                 (SELECT COUNT(*) FROM announcement_receipt r WHERE r.division_code = x.division_code
                   AND r.announcement_id = x.announcement_id) AS readers
                 FROM announcement x LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 WHERE x.division_code = $1 AND x.made_at >= $2 AND x.made_at < $3 AND {scope} ORDER BY x.made_at, x.announcement_id"
            );
            let rows: Vec<AnnouncementsRow> = q.rows(&sql, values).await?;
            let cells = |r: AnnouncementsRow| {
                vec![
                    at(Some(r.made_at)),
                    text(r.grid_name),
                    t.code("announcement-kind", &r.kind).into(),
                    r.body.into(),
                    r.readers.into(),
                    at(r.withdrawn_at),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
