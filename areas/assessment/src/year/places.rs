//! What the first and the last places lead to (奖惩, R35): a code for each committee, never a text, and only for the
//! bundled team as a whole (boundary 6).

use linli_platform::{
    AppError, Result,
    event::NewEvent,
    store::{Query as _, Tx},
    vals,
};
use serde_json::json;

use super::{YearFrame, subject};

/// What can follow. Fluent text: `consequence-<code>`. The first two are for the first places, the others for the last.
pub const CONSEQUENCES: &[&str] = &["commended", "rewarded", "talk", "circular", "rectification"];

/// Records what a committee's place in a final year led to; nothing takes it back.
///
/// # Errors
/// `consequence` for a code that is none; `stale-version` where the year is not final or has no such committee.
pub async fn consequence(tx: &Tx, frame: YearFrame, committee: &str, code: Option<&str>) -> Result<()> {
    if code.is_some_and(|c| !CONSEQUENCES.contains(&c)) {
        return Err(AppError::rule("consequence"));
    }
    tx.execute_one(
        "UPDATE assessment_year_score SET consequence = $4
         WHERE division_code = $1 AND year = $2 AND committee_code = $3",
        vals![tx.division(), i64::from(frame.year), committee, code.map(str::to_owned)],
    )
    .await?;
    let body = json!({ "year": frame.year, "committee": committee, "consequence": code });
    tx.event(NewEvent::new("assessment.consequence", subject(frame.year)).body(body)).await?;
    Ok(())
}
