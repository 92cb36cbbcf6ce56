//! Photos of findings go with the pack's time for them, and never stay longer than their finding.

use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    retention::{self, Due},
    store::Query,
    vals,
};
use policy_pack::RetentionId;
use sea_orm::{FromQueryResult, Value};

use crate::{ids::PhotoId, photos};

/// How many one transaction deletes.
const BATCH: usize = 200;

const OVER: &str = "p.division_code = $1 AND (p.taken_at < $2 OR EXISTS (SELECT 1 FROM finding f
   JOIN inspection i ON i.division_code = f.division_code AND i.inspection_id = f.inspection_id
   WHERE f.division_code = p.division_code AND f.finding_id = p.finding_id AND i.closed_at < $3))";

#[derive(FromQueryResult)]
struct Row {
    photo_id: PhotoId,
}

fn values(app: &App, q: &impl Query) -> Vec<Value> {
    vals![q.division(), retention::before(app, RetentionId::FindingPhoto), retention::before(app, RetentionId::Finding)]
}

/// What would go now.
pub(crate) async fn due(app: &App) -> Result<Due> {
    let q = app.store.reads();
    let rows = q.number(&format!("SELECT COUNT(*) FROM finding_photo p WHERE {OVER}"), values(app, &q)).await?;
    Ok(Due { key: "finding-photo", before: retention::before(app, RetentionId::FindingPhoto), rows })
}

/// Deletes photos whose time is over, with their keys; how many.
pub(crate) async fn expire(app: &App) -> Result<u64> {
    let mut gone = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = format!("SELECT p.photo_id FROM finding_photo p WHERE {OVER} ORDER BY p.photo_id LIMIT {BATCH}");
        let rows: Vec<Row> = tx.rows(&sql, values(app, &tx)).await?;
        if rows.is_empty() {
            return Ok(gone);
        }
        for row in &rows {
            photos::forget(&tx, row.photo_id).await?;
        }
        retention::note(&tx, "finding-photo", rows.len() as u64).await?;
        tx.commit().await?;
        gone += rows.len() as u64;
    }
}
