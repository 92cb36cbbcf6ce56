//! One person's own month: for that person's eyes (boundary 6: nobody is scored or ranked).

use linli_platform::{Result, clock::Month, ids::AccountId, store::Query, vals};
use sea_orm::FromQueryResult;

/// What one person did in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
pub struct OwnMonth {
    /// Visits made, whether somebody opened or not.
    pub visits: i64,
    /// Homes verified in full.
    pub verified: i64,
    /// Registered at the door.
    pub registered: i64,
    /// Changed at the door.
    pub changed: i64,
    /// Cancelled at the door.
    pub cancelled: i64,
}

/// The month of one account, from its visits.
pub async fn month(q: &impl Query, account: AccountId, month: Month) -> Result<OwnMonth> {
    let sum = |column: &str| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT)");
    let sql = format!(
        "SELECT COUNT(*) AS visits, {} AS verified, {} AS registered, {} AS changed, {} AS cancelled
         FROM visit WHERE division_code = $1 AND account_id = $2 AND day >= $3 AND day <= $4",
        sum("CASE WHEN outcome = 'verified' THEN 1 ELSE 0 END"),
        sum("registered"),
        sum("changed"),
        sum("cancelled"),
    );
    let row = q.row(&sql, vals![q.division(), account, month.first_day(), month.last_day()]).await?;
    Ok(row.unwrap_or_default())
}
