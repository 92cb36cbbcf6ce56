//! A committee can object to an item before the month is final (R35). Reasons and answers are coded (boundary 12).

use linli_platform::{
    AppError, Result,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    reader::{Reader, Scope},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{ids::ObjectionId, round};

/// Reasons of an objection. Fluent text: `objection-<code>`.
pub const REASONS: &[&str] = &["figure-wrong", "not-ours", "rule-misapplied", "entered-late"];
/// Answers. Fluent text: `objection-answer-<code>`.
pub const ANSWERS: &[&str] = &["upheld", "partly-upheld", "rejected"];

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Objection {
    /// Id.
    pub objection_id: ObjectionId,
    /// Month.
    pub month: Month,
    /// Committee.
    pub committee_code: String,
    /// Item of the policy pack.
    pub item_id: String,
    /// Coded reason.
    pub reason: String,
    /// `open` or `answered`.
    pub state: String,
    /// When it was made.
    pub made_at: At,
    /// Coded answer.
    pub answer: Option<String>,
    /// Version.
    pub version: i64,
}

/// Objects to an item of the own committee in a published month.
///
/// # Errors
/// `not-found` for another's committee, `round-not-published`, `objection-reason`, `objection-item`.
pub async fn object(
    tx: &Tx,
    month: Month,
    committee: &str,
    item: &str,
    reason: &str,
    items: &[String],
) -> Result<ObjectionId> {
    if !tx.reader().committees.iter().any(|c| c == committee) {
        return Err(AppError::not_found());
    }
    // Held until the commit: the round cannot become final, or be computed anew, beside this.
    if round::hold(tx, month).await?.is_none_or(|r| r.state != "published") {
        return Err(AppError::rule("round-not-published"));
    }
    if !REASONS.contains(&reason) {
        return Err(AppError::rule("objection-reason"));
    }
    if !items.iter().any(|i| i == item) {
        return Err(AppError::rule("objection-item"));
    }
    let id: ObjectionId = tx.new_id();
    tx.execute(
        "INSERT INTO assessment_objection
           (division_code, objection_id, month, committee_code, item_id, reason, state, account_id, made_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, 1)",
        vals![tx.division(), id, month, committee, item, reason, tx.reader().account, tx.now()],
    )
    .await?;
    let body = json!({ "month": month.to_string(), "committee": committee, "item": item, "reason": reason });
    tx.event(NewEvent::new("assessment.objected", SubjectRef::new("assessment", id, None)).body(body)).await?;
    Ok(id)
}

/// Answers an objection. Upholding one does not change a score by itself: the entry is put right and the month
/// computed again, so that the figure and what it rests on stay together.
pub async fn answer(tx: &Tx, id: ObjectionId, version: i64, answer: &str) -> Result<()> {
    if !ANSWERS.contains(&answer) {
        return Err(AppError::rule("objection-answer"));
    }
    tx.execute_one(
        "UPDATE assessment_objection SET state = 'answered', answer = $4, answered_at = $5, version = version + 1
         WHERE division_code = $1 AND objection_id = $2 AND version = $3 AND state = 'open'",
        vals![tx.division(), id, version, answer, tx.now()],
    )
    .await?;
    let body = json!({ "answer": answer });
    let subject = SubjectRef::new("assessment", id, None);
    tx.event(NewEvent::new("assessment.answered", subject).version(version + 1).body(body)).await?;
    Ok(())
}

/// The objections of a month that the reader may see: all for whoever sees the sub-district, else the own committees'.
pub async fn of_month(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<Objection>> {
    let mut values = vals![q.division(), month];
    let scope = match (&reader.scope, reader.committees.as_slice()) {
        (Scope::Division, _) => "1 = 1".to_owned(),
        (_, []) => "1 = 0".to_owned(),
        (_, committees) => {
            let marks: Vec<String> = (3..3 + committees.len()).map(|n| format!("${n}")).collect();
            values.extend(committees.iter().map(|c| c.as_str().into()));
            format!("committee_code IN ({})", marks.join(", "))
        }
    };
    let sql = format!(
        "SELECT objection_id, month, committee_code, item_id, reason, state, made_at, answer, version
         FROM assessment_objection WHERE division_code = $1 AND month = $2 AND {scope} ORDER BY made_at"
    );
    q.rows(&sql, values).await
}
