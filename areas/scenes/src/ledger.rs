//! Ledgers of clues and campaigns (台账, R22, R24, R36).

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

/// Campaigns planned or held in the month (宣传台账).
pub(crate) struct Publicity;

#[derive(FromQueryResult)]
struct PublicityRow {
    day: Day,
    grid_name: Option<String>,
    kind: String,
    means: String,
    place: String,
    held_day: Option<Day>,
    reached: Option<i64>,
    leaflets: Option<i64>,
}

impl Ledger for Publicity {
    fn code(&self) -> &'static str {
        "publicity"
    }
    fn source(&self) -> Option<&'static str> {
        Some("publicity")
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-day",
            "ledger-col-grid",
            "ledger-col-kind",
            "ledger-col-means",
            "ledger-col-place",
            "ledger-col-held",
            "ledger-col-reached",
            "ledger-col-leaflets",
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
                "SELECT x.day, g.name AS grid_name, x.kind, x.means, x.place, x.held_day, x.reached, x.leaflets FROM campaign x
                 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 WHERE x.division_code = $1 AND ((x.day >= $2 AND x.day <= $3) OR (x.held_day >= $2 AND x.held_day <= $3)) AND {scope}
                 ORDER BY x.day, x.campaign_id"
            );
            let rows: Vec<PublicityRow> = q.rows(&sql, values).await?;
            let cells = |r: PublicityRow| {
                vec![
                    day(Some(r.day)),
                    text(r.grid_name),
                    campaign(app, t, &r.kind).into(),
                    t.code("publicity-means", &r.means).into(),
                    r.place.into(),
                    day(r.held_day),
                    r.reached.map_or(Out::Blank, Out::from),
                    r.leaflets.map_or(Out::Blank, Out::from),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}

/// Clues about premises opened in the month (场景处置台账).
pub(crate) struct Scenes;

#[derive(FromQueryResult)]
struct ScenesRow {
    made_at: At,
    grid_name: Option<String>,
    code: String,
    state: String,
    passed_at: Option<At>,
    due_at: At,
    closed_at: Option<At>,
}

impl Ledger for Scenes {
    fn code(&self) -> &'static str {
        "scenes"
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-when",
            "ledger-col-grid",
            "ledger-col-kind",
            "ledger-col-state",
            "ledger-col-passed",
            "ledger-col-due",
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
            let scope = reader.scope.sql("x.grid_id", &mut values);
            let sql = format!(
                "SELECT x.made_at, g.name AS grid_name, x.code, x.state, x.passed_at, x.due_at, x.closed_at FROM scene x
                 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 WHERE x.division_code = $1 AND x.made_at >= $2 AND x.made_at < $3 AND {scope} ORDER BY x.made_at, x.scene_id"
            );
            let rows: Vec<ScenesRow> = q.rows(&sql, values).await?;
            let cells = |r: ScenesRow| {
                vec![
                    at(Some(r.made_at)),
                    text(r.grid_name),
                    scene(app, t, &r.code).into(),
                    t.code("scene-state", &r.state).into(),
                    at(r.passed_at),
                    at(Some(r.due_at)),
                    at(r.closed_at),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}

fn campaign(app: &App, t: &T, code: &str) -> String {
    crate::pages::named(t, app.pack.work.campaigns.iter().find(|c| c.id == code), code)
}

fn scene(app: &App, t: &T, code: &str) -> String {
    crate::pages::named(t, app.pack.scenes.iter().find(|s| s.id == code), code)
}
