//! Handing the yearly results on (报送): to whom, by which day, and when it was done (R35).

use jiff::civil::Date;
use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::NewEvent,
    store::{Query, Tx},
    vals,
};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use serde_json::json;

use super::{YearFrame, subject};

/// One handing-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handing {
    /// Id in the policy pack.
    pub id: String,
    /// By which day.
    pub by: Day,
    /// When it was done.
    pub handed_at: Option<At>,
}

impl Handing {
    /// Days left until it is due; none when it was done or is overdue.
    pub fn days_left(&self, today: &Day) -> Option<i64> {
        Some(self.by.days_since(*today)).filter(|d| *d >= 0 && self.handed_at.is_none())
    }
    /// Days since it was due; none when it was done or is not overdue.
    pub fn days_late(&self, today: &Day) -> Option<i64> {
        Some(today.days_since(self.by)).filter(|d| *d > 0 && self.handed_at.is_none())
    }
}

/// What is to be handed on for a year, with what was.
pub async fn handings(q: &impl Query, pack: &Pack, frame: YearFrame) -> Result<Vec<Handing>> {
    #[derive(FromQueryResult)]
    struct Row {
        submission: String,
        handed_at: At,
    }
    let done: Vec<Row> = q
        .rows(
            "SELECT submission, handed_at FROM assessment_handing WHERE division_code = $1 AND year = $2",
            vals![q.division(), i64::from(frame.year)],
        )
        .await?;
    let handing = |s: &policy_pack::Submission| {
        let by = Date::new(frame.year, s.by_month as i8, s.by_day as i8).ok()?;
        let handed_at = done.iter().find(|d| d.submission == s.id).map(|d| d.handed_at);
        Some(Handing { id: s.id.clone(), by: Day(by), handed_at })
    };
    Ok(pack.scoring.submissions.iter().filter_map(handing).collect())
}

/// Records that a final year was handed on.
///
/// # Errors
/// `not-found` for what the policy pack does not name; `year-not-final`; `year-handed-on` the second time.
pub async fn hand_on(tx: &Tx, pack: &Pack, frame: YearFrame, id: &str) -> Result<()> {
    let known = handings(tx, pack, frame).await?;
    let handing = known.iter().find(|h| h.id == id).ok_or_else(AppError::not_found)?;
    if handing.handed_at.is_some() {
        return Err(AppError::rule("year-handed-on"));
    }
    if super::find(tx, pack, frame).await?.final_at.is_none() {
        return Err(AppError::rule("year-not-final"));
    }
    tx.execute(
        "INSERT INTO assessment_handing (division_code, year, submission, account_id, handed_at)
         VALUES ($1, $2, $3, $4, $5)",
        vals![tx.division(), i64::from(frame.year), id, tx.reader().account, tx.now()],
    )
    .await?;
    let body = json!({ "year": frame.year, "submission": id });
    tx.event(NewEvent::new("assessment.handed-on", subject(frame.year)).body(body)).await?;
    Ok(())
}
