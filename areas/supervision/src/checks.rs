//! The checklist of an inspection (督查清单): for each grid and item either nothing was looked at, or it is in order, or
//! there is a finding. A full inspection (全面检查) looks at every item in every grid; a spot check at what it chooses.

use std::collections::BTreeSet;

use linli_platform::{
    AppError, Result,
    event::NewEvent,
    ids::GridId,
    store::{Query, Tx},
    vals,
};
use policy_pack::Pack;
use sea_orm::FromQueryResult;

use crate::{
    ids::InspectionId,
    inspections::{self, subject},
};

/// An item of a grid that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
pub struct Looked {
    /// Where.
    pub grid_id: GridId,
    /// Id of the checklist's item.
    pub item: String,
}

/// What was looked at and is in order.
pub async fn in_order(q: &impl Query, id: InspectionId) -> Result<BTreeSet<Looked>> {
    let sql = "SELECT grid_id, item FROM inspection_check WHERE division_code = $1 AND inspection_id = $2";
    Ok(q.rows::<Looked>(sql, vals![q.division(), id]).await?.into_iter().collect())
}

/// What has a fault.
pub async fn faulty(q: &impl Query, id: InspectionId) -> Result<BTreeSet<Looked>> {
    let sql = "SELECT DISTINCT grid_id, item FROM finding
               WHERE division_code = $1 AND inspection_id = $2 AND kind = 'fault'";
    Ok(q.rows::<Looked>(sql, vals![q.division(), id]).await?.into_iter().collect())
}

/// How many findings and checks there are.
pub(crate) async fn noted(q: &impl Query, id: InspectionId) -> Result<i64> {
    let sql = "SELECT (SELECT COUNT(*) FROM finding f WHERE f.division_code = $1 AND f.inspection_id = $2)
               + (SELECT COUNT(*) FROM inspection_check c WHERE c.division_code = $1 AND c.inspection_id = $2)";
    q.number(sql, vals![q.division(), id]).await
}

/// How many items of the pack's checklist, over all grids, nobody has looked at.
pub(crate) async fn left(q: &impl Query, pack: &Pack, id: InspectionId) -> Result<i64> {
    let (fine, faulty) = (in_order(q, id).await?, faulty(q, id).await?);
    let mut left = 0;
    for grid in inspections::grids(q, id).await? {
        for item in &pack.work.checklist {
            let one = Looked { grid_id: grid.grid_id, item: item.id.clone() };
            left += i64::from(!fine.contains(&one) && !faulty.contains(&one));
        }
    }
    Ok(left)
}

/// Says which items of a grid are in order; the others of that grid are not looked at, or have a fault.
///
/// # Errors
/// `not-found`; `inspection-not-member`, `inspection-closed`, `inspection-not-yet`; `finding-grid` for a grid that is not
/// inspected; `finding-item` for one that the checklist does not have.
pub async fn look(tx: &Tx, pack: &Pack, id: InspectionId, grid: GridId, items: &[String]) -> Result<()> {
    let inspection = inspections::find(tx, tx.reader(), id).await?;
    inspections::open_to_group(tx, &inspection).await?;
    if inspections::grids(tx, id).await?.iter().all(|g| g.grid_id != grid) {
        return Err(AppError::rule("finding-grid"));
    }
    let items: BTreeSet<&String> = items.iter().collect();
    if items.iter().any(|item| pack.work.checklist.iter().all(|known| known.id != **item)) {
        return Err(AppError::rule("finding-item"));
    }
    tx.execute(
        "DELETE FROM inspection_check WHERE division_code = $1 AND inspection_id = $2 AND grid_id = $3",
        vals![tx.division(), id, grid],
    )
    .await?;
    let account = tx.reader().account;
    let row = |item: &&String| vals![tx.division(), id, grid, item.as_str(), account, tx.now()];
    let columns = ["division_code", "inspection_id", "grid_id", "item", "account_id", "made_at"];
    tx.insert_many("inspection_check", &columns, items.iter().map(row).collect()).await?;
    let body = serde_json::json!({ "items": items.len() });
    let at = linli_platform::event::SubjectRef { grid: Some(grid), ..subject(id) };
    tx.event(NewEvent::new("inspection.looked", at).body(body)).await?;
    Ok(())
}
