//! Results: computed at the lock, from the answers alone; they count once they are countersigned ([`crate::locks`]).

use std::collections::HashMap;

use linli_platform::{
    Result,
    clock::{At, Month},
    store::{Query, Tx},
    vals,
};
use sea_orm::{FromQueryResult, Value};

use crate::{
    codes::{Level, RateKind, Verdict},
    estimate::{Counts, Figures, Rate},
    ids::SurveyId,
};

/// The result of one area and survey, as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ResultRow {
    /// The survey.
    pub survey_id: SurveyId,
    /// [`Level`].
    pub level: String,
    /// Division or committee code, group letter, or grid id.
    pub code: String,
    /// Month.
    pub month: Month,
    /// Homes in the frame.
    pub frame_homes: i64,
    /// Homes drawn.
    pub homes: i64,
    /// Homes answered.
    pub homes_answered: i64,
    /// People found.
    pub found: i64,
    /// Of those, registered there.
    pub found_registered: i64,
    /// People registered.
    pub registered: i64,
    /// Of those, gone.
    pub gone: i64,
    /// Items checked.
    pub items: i64,
    /// Of those, correct.
    pub items_correct: i64,
    /// Whether the least numbers were reached.
    pub complete: bool,
    reg_value: Option<f64>,
    reg_low: Option<f64>,
    reg_high: Option<f64>,
    reg_deff: Option<f64>,
    acc_value: Option<f64>,
    acc_low: Option<f64>,
    acc_high: Option<f64>,
    acc_deff: Option<f64>,
    over_value: Option<f64>,
    over_low: Option<f64>,
    over_high: Option<f64>,
    over_deff: Option<f64>,
    reg_verdict: Option<String>,
    acc_verdict: Option<String>,
}

fn rate(value: Option<f64>, low: Option<f64>, high: Option<f64>, deff: Option<f64>) -> Option<Rate> {
    Some(Rate { value: value?, low: low?, high: high?, deff: deff? })
}

impl ResultRow {
    /// Registration rate (登记率).
    pub fn registration(&self) -> Option<Rate> {
        rate(self.reg_value, self.reg_low, self.reg_high, self.reg_deff)
    }
    /// Accuracy rate (准确率).
    pub fn accuracy(&self) -> Option<Rate> {
        rate(self.acc_value, self.acc_low, self.acc_high, self.acc_deff)
    }
    /// Over-registration (应销未销).
    pub fn over(&self) -> Option<Rate> {
        rate(self.over_value, self.over_low, self.over_high, self.over_deff)
    }
    /// One of the two measured rates.
    pub fn rate(&self, kind: RateKind) -> Option<Rate> {
        match kind {
            RateKind::Registration => self.registration(),
            RateKind::Accuracy => self.accuracy(),
        }
    }
    /// What was found about it, against the target of its day.
    pub fn verdict(&self, kind: RateKind) -> Option<Verdict> {
        let code = match kind {
            RateKind::Registration => &self.reg_verdict,
            RateKind::Accuracy => &self.acc_verdict,
        };
        code.as_deref().and_then(Verdict::from_code)
    }
}

const COLUMNS: &str = "survey_id, level, code, month, frame_homes, homes, homes_answered, found, found_registered,
 registered, gone, items, items_correct, complete, reg_value, reg_low, reg_high, reg_deff, acc_value, acc_low,
 acc_high, acc_deff, over_value, over_low, over_high, over_deff, reg_verdict, acc_verdict";

/// The result of a committee in a month's round, for the assessment.
#[derive(Debug, Clone)]
pub struct CommitteeResult {
    /// Committee.
    pub committee_code: String,
    /// The survey that it comes from.
    pub survey_id: SurveyId,
    /// When it was locked.
    pub locked_at: At,
    /// All of it.
    pub result: ResultRow,
}

impl CommitteeResult {
    /// Estimated registration rate, 0–1 (登记率).
    pub fn registration_rate(&self) -> Option<f64> {
        self.result.registration().map(|r| r.value)
    }
    /// Estimated accuracy rate, 0–1 (准确率).
    pub fn accuracy_rate(&self) -> Option<f64> {
        self.result.accuracy().map(|r| r.value)
    }
}

/// The committees' results of a month's round, by code; none while it is not countersigned.
pub async fn for_month(q: &impl Query, month: Month) -> Result<Vec<CommitteeResult>> {
    let Some((survey_id, locked_at)) = signed_round(q, month).await? else { return Ok(Vec::new()) };
    let rows = of_survey_at(q, survey_id, Level::Committee).await?;
    let of = |result: ResultRow| CommitteeResult { committee_code: result.code.clone(), survey_id, locked_at, result };
    Ok(rows.into_iter().map(of).collect())
}

async fn signed_round(q: &impl Query, month: Month) -> Result<Option<(SurveyId, At)>> {
    #[derive(FromQueryResult)]
    struct Row {
        survey_id: SurveyId,
        locked_at: At,
    }
    let sql = "SELECT survey_id, locked_at FROM survey
               WHERE division_code = $1 AND month = $2 AND committee_code IS NULL AND state = 'countersigned'";
    let row: Option<Row> = q.row(sql, vals![q.division(), month]).await?;
    Ok(row.map(|r| (r.survey_id, r.locked_at)))
}

/// The sub-district's result of a month's countersigned round.
pub async fn division_for_month(q: &impl Query, month: Month) -> Result<Option<ResultRow>> {
    let Some((survey, _)) = signed_round(q, month).await? else { return Ok(None) };
    Ok(of_survey_at(q, survey, Level::Division).await?.into_iter().next())
}

/// All results of a survey.
pub async fn of_survey(q: &impl Query, survey: SurveyId) -> Result<Vec<ResultRow>> {
    let sql =
        format!("SELECT {COLUMNS} FROM survey_result WHERE division_code = $1 AND survey_id = $2 ORDER BY level, code");
    q.rows(&sql, vals![q.division(), survey]).await
}

/// The results of a survey for one kind of area.
pub async fn of_survey_at(q: &impl Query, survey: SurveyId, level: Level) -> Result<Vec<ResultRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM survey_result WHERE division_code = $1 AND survey_id = $2 AND level = $3 ORDER BY code"
    );
    q.rows(&sql, vals![q.division(), survey, level.code()]).await
}

/// An area's results over time, the earliest first: rounds of the sub-district and re-surveys alike.
pub async fn history(q: &impl Query, level: Level, code: &str) -> Result<Vec<ResultRow>> {
    let columns = COLUMNS.split(',').map(|c| format!("r.{}", c.trim())).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT {columns} FROM survey_result r
         JOIN survey s ON s.division_code = r.division_code AND s.survey_id = r.survey_id
         WHERE r.division_code = $1 AND r.level = $2 AND r.code = $3 AND s.state = 'countersigned' ORDER BY r.month, s.locked_at"
    );
    q.rows(&sql, vals![q.division(), level.code(), code]).await
}

/// The assessment group of each committee.
pub(crate) async fn groups(q: &impl Query) -> Result<HashMap<String, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
        group_code: String,
    }
    let sql = "SELECT committee_code, group_code FROM committee WHERE division_code = $1";
    let rows: Vec<Row> = q.rows(sql, vals![q.division()]).await?;
    Ok(rows.into_iter().map(|r| (r.committee_code, r.group_code)).collect())
}

pub(crate) async fn write(tx: &Tx, survey: SurveyId, month: Month, figures: &[Figures]) -> Result<()> {
    let columns: Vec<&'static str> =
        std::iter::once("division_code").chain(COLUMNS.split(',').map(str::trim)).collect();
    let rows = figures.iter().map(|f| values(tx, survey, month, f)).collect();
    tx.insert_many("survey_result", &columns, rows).await
}

fn values(tx: &Tx, survey: SurveyId, month: Month, f: &Figures) -> Vec<Value> {
    let Counts { frame_homes, homes, homes_answered, found, found_registered, registered, gone, items, items_correct } =
        f.counts;
    let mut values = vals![
        tx.division(),
        survey,
        f.level.code(),
        f.code.as_str(),
        month,
        frame_homes,
        homes,
        homes_answered,
        found,
        found_registered,
        registered,
        gone,
        items,
        items_correct,
        f.complete
    ];
    for rate in [f.registration, f.accuracy, f.over] {
        let part = |pick: fn(&Rate) -> f64| rate.as_ref().map(pick).filter(|x| x.is_finite());
        values.extend(vals![part(|r| r.value), part(|r| r.low), part(|r| r.high), part(|r| r.deff)]);
    }
    values.extend(vals![f.registration_verdict.map(Verdict::code), f.accuracy_verdict.map(Verdict::code)]);
    values
}
