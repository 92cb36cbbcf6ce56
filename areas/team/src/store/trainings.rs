//! The yearly training in confidentiality (R37): who had it when.

use linli_platform::{
    AppError, Result,
    clock::Day,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use super::staff::{self, in_scope};
use crate::ids::StaffId;

/// A member who works now, and the last training.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Trained {
    /// Id.
    pub staff_id: StaffId,
    /// Name.
    pub name: String,
    /// The last training, if there was one.
    pub last_day: Option<Day>,
}

/// Everybody in scope who works now, those longest without a training first.
pub async fn last_of_each(q: &impl Query, reader: &Reader) -> Result<Vec<Trained>> {
    let mut values = vals![q.division()];
    let scope = in_scope(reader, &mut values);
    let last = "(SELECT MAX(t.held_day) FROM training t
                 WHERE t.division_code = s.division_code AND t.staff_id = s.staff_id)";
    let sql = format!(
        "SELECT s.staff_id, s.name, {last} AS last_day FROM staff s
         WHERE s.division_code = $1 AND s.left_day IS NULL AND {scope}
         ORDER BY COALESCE({last}, ''), s.name, s.staff_id"
    );
    q.rows(&sql, values).await
}

/// Records one training of several; whoever has that day on file already is left as is. How many were recorded.
///
/// # Errors
/// `not-found` for somebody outside the scope; `training-future`; `staff-left`.
pub async fn record_all(tx: &Tx, all: &[StaffId], day: Day) -> Result<i64> {
    let mut recorded = 0;
    for id in all {
        staff::find(tx, tx.reader(), *id).await?;
        match staff::record_training(tx, *id, day).await {
            Ok(()) => recorded += 1,
            Err(e) if e.is("training-recorded") => {}
            Err(e) => return Err(e),
        }
    }
    if recorded == 0 { Err(AppError::rule("training-recorded")) } else { Ok(recorded) }
}
