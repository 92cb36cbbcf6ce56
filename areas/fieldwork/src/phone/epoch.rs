//! The epoch (纪元): a restored database begins a new one, and phones send again what they keep of the last 30 days.

use linli_platform::{Result, store::Query, vals};
use sea_orm::FromQueryResult;

/// The setting that a restored backup writes anew.
pub const SETTING: &str = "restored-epoch";
/// The epoch of a database that was never restored.
const FIRST: &str = "first";

#[derive(FromQueryResult)]
struct Row {
    value: String,
}

/// The epoch of the database.
pub async fn current(q: &impl Query) -> Result<String> {
    let sql = "SELECT value FROM setting WHERE division_code = $1 AND name = $2";
    let row: Option<Row> = q.row(sql, vals![q.division(), SETTING]).await?;
    Ok(row.map_or_else(|| FIRST.to_owned(), |r| r.value))
}
