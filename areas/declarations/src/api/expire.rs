//! What other systems brought goes with what became of it, or after the time of a declaration.

use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    retention::{self, Due},
    store::{Query, Tx},
    vals,
};
use policy_pack::RetentionId;
use sea_orm::FromQueryResult;

use crate::ids::InboundId;

/// How many one transaction deletes.
const BATCH: usize = 500;
/// Refused before the instant; or filed as a declaration that is gone.
const OVER: &str =
    "(inbound_declaration.decided_at < $2 OR (inbound_declaration.declaration_id IS NOT NULL AND NOT EXISTS (
 SELECT 1 FROM declaration d WHERE d.division_code = inbound_declaration.division_code
 AND d.declaration_id = inbound_declaration.declaration_id)))";

fn before(app: &App) -> At {
    retention::before(app, RetentionId::Declaration)
}

/// What would go now.
pub(crate) async fn due(app: &App) -> Result<Due> {
    let q = app.store.reads();
    let sql = format!("SELECT COUNT(*) FROM inbound_declaration WHERE division_code = $1 AND {OVER}");
    let rows = q.number(&sql, vals![q.division(), before(app)]).await?;
    Ok(Due { key: "inbound-declaration", before: before(app), rows })
}

/// Deletes it; how many rows.
pub(crate) async fn expire(app: &App) -> Result<u64> {
    #[derive(FromQueryResult)]
    struct Row {
        inbound_id: InboundId,
    }
    let mut count = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = format!(
            "SELECT inbound_id FROM inbound_declaration WHERE division_code = $1 AND {OVER}
             ORDER BY inbound_id LIMIT {BATCH}"
        );
        let rows: Vec<Row> = tx.rows(&sql, vals![tx.division(), before(app)]).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in &rows {
            delete(&tx, row.inbound_id).await?;
        }
        retention::note(&tx, "inbound-declaration", rows.len() as u64).await?;
        tx.commit().await?;
        count += rows.len() as u64;
    }
}

/// Deletes one, with its key.
pub(crate) async fn delete(tx: &Tx, id: InboundId) -> Result<()> {
    for (table, column) in
        [("inbound_declaration", "inbound_id"), ("subject_key", "subject_id"), ("basis", "subject_id")]
    {
        let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND {column} = $2");
        tx.execute(&sql, vals![tx.division(), id]).await?;
    }
    while tx.erase_events("subject_id = $2", vals![tx.division(), id]).await? > 0 {}
    Ok(())
}
