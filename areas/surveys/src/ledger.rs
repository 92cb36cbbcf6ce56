//! The ledger of surveys (达标测查台账, R25, R26, R36): rates of committees, no home.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::Month,
    ledger::{Ledger, text},
    reader::Reader,
    sheet::Out,
    store::Query as _,
    texts::T,
    vals,
};
use sea_orm::FromQueryResult;

/// Results of the month by committee (达标测查台账).
pub(crate) struct Surveys;

#[derive(FromQueryResult)]
struct SurveysRow {
    committee_name: Option<String>,
    homes: i64,
    homes_answered: i64,
    found: i64,
    found_registered: i64,
    reg_value: Option<f64>,
    acc_value: Option<f64>,
}

impl Ledger for Surveys {
    fn code(&self) -> &'static str {
        "surveys"
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-committee",
            "ledger-col-homes",
            "ledger-col-answered",
            "ledger-col-found",
            "ledger-col-found-registered",
            "ledger-col-registration-rate",
            "ledger-col-accuracy-rate",
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
            let mut values = vals![q.division(), month];
            let scope = reader.scope.sql("z.grid_id", &mut values);
            let sql = format!(
                "SELECT c.name AS committee_name, x.homes, x.homes_answered, x.found, x.found_registered, x.reg_value, x.acc_value
                 FROM survey_result x
                 JOIN survey s ON s.division_code = x.division_code AND s.survey_id = x.survey_id AND s.state = 'countersigned'
                 LEFT JOIN committee c ON c.division_code = x.division_code AND c.committee_code = x.code
                 WHERE x.division_code = $1 AND x.month = $2 AND x.level = 'committee' AND EXISTS (SELECT 1 FROM micro_grid z
                   WHERE z.division_code = x.division_code AND z.committee_code = x.code AND {scope}) ORDER BY x.code"
            );
            let rows: Vec<SurveysRow> = q.rows(&sql, values).await?;
            let cells = |r: SurveysRow| {
                vec![
                    text(r.committee_name),
                    r.homes.into(),
                    r.homes_answered.into(),
                    r.found.into(),
                    r.found_registered.into(),
                    percent(r.reg_value),
                    percent(r.acc_value),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}

/// A rate in percent to one place.
fn percent(rate: Option<f64>) -> Out {
    rate.map_or(Out::Blank, |r| Out::Number((r * 1000.0).round() / 10.0))
}
