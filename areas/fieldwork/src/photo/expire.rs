//! Photos go with the pack's time for them, and never stay longer than the visit that they were taken at.

use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    retention::{self, Due},
    store::Query,
    vals,
};
use policy_pack::RetentionId;
use sea_orm::FromQueryResult;

use crate::ids::PhotoId;

/// How many one transaction deletes.
const BATCH: usize = 200;

#[derive(FromQueryResult)]
struct Row {
    photo_id: PhotoId,
}

fn before(app: &App) -> At {
    At(retention::before(app, RetentionId::VisitPhoto).0.max(retention::before(app, RetentionId::Visit).0))
}

/// What would go now.
pub(crate) async fn due(app: &App) -> Result<Due> {
    let (q, before) = (app.store.reads(), before(app));
    let sql = "SELECT COUNT(*) FROM visit_photo WHERE division_code = $1 AND stored_at < $2";
    Ok(Due { key: "visit-photo", before, rows: q.number(sql, vals![q.division(), before]).await? })
}

/// Deletes photos whose time is over, with their keys; how many.
///
/// # Errors
/// Those of the store.
pub(crate) async fn expire(app: &App) -> Result<u64> {
    let before = before(app);
    let mut gone = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = format!(
            "SELECT photo_id FROM visit_photo WHERE division_code = $1 AND stored_at < $2 ORDER BY photo_id LIMIT {BATCH}"
        );
        let rows: Vec<Row> = tx.rows(&sql, vals![tx.division(), before]).await?;
        if rows.is_empty() {
            return Ok(gone);
        }
        for row in &rows {
            super::forget(&tx, row.photo_id).await?;
        }
        retention::note(&tx, "visit-photo", rows.len() as u64).await?;
        tx.commit().await?;
        gone += rows.len() as u64;
    }
}
