//! What an auditor sees at a glance (审计概况): counts of readings by purpose and how the log stands. Counts alone, of no
//! member of staff and of no resident (boundaries 2 and 6).

use sea_orm::FromQueryResult;

use crate::{
    clock::{At, Day},
    error::Result,
    log,
    store::Query,
    vals,
};

/// How the log stands (R39).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogState {
    /// Entries under the newest signed checkpoint.
    pub size: i64,
    /// When it was signed; none before the first.
    pub signed_at: Option<At>,
    /// Entries that no checkpoint covers yet.
    pub waiting: i64,
    /// Whether some wait although the newest checkpoint is older than an hour.
    pub behind: bool,
}

/// With entries waiting and no checkpoint for so long, signing has stopped: it takes seconds.
const BEHIND_HOURS: i64 = 1;

/// How the log stands now.
pub async fn log_state(q: &impl Query, now: At) -> Result<LogState> {
    let newest = log::newest(q).await?;
    let waiting = q
        .number("SELECT COUNT(*) FROM log_leaf WHERE division_code = $1 AND sequenced = FALSE", vals![q.division()])
        .await?;
    let signed_at = newest.as_ref().map(|c| c.at);
    let behind = waiting > 0 && signed_at.is_none_or(|at| at.plus_hours(BEHIND_HOURS) < now);
    Ok(LogState { size: newest.map_or(0, |c| c.size), signed_at, waiting, behind })
}

/// Readings with one purpose.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ReadingsFor {
    /// [`Purpose`](crate::reader::Purpose), as coded.
    pub purpose: String,
    /// How many.
    pub readings: i64,
}

/// Readings of unmasked data by staff from one day up to and with another, by purpose, the most first. What residents read
/// of their own record is theirs and is not counted.
pub async fn readings(q: &impl Query, from: Day, last: Day) -> Result<Vec<ReadingsFor>> {
    q.rows(
        "SELECT purpose, COUNT(*) AS readings FROM access_record
         WHERE division_code = $1 AND at >= $2 AND at < $3 AND purpose <> 'own-record'
           AND role NOT IN ('resident', 'representative')
         GROUP BY purpose ORDER BY COUNT(*) DESC, purpose",
        vals![q.division(), from.start(), last.end()],
    )
    .await
}
