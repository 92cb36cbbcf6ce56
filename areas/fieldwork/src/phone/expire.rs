//! What goes when its time is over: results of entries and the keys they were sealed to after 62 days, phones that were
//! not heard of for as long, decided conflicts. What still waits for a decision stays.

use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    reader::Reader,
    retention::{self, Due, Part},
    store::Query,
    vals,
};

use super::keys::{self, KEPT_DAYS};

/// Phones that were not heard of, unless they were revoked: those stay for a year, so that they learn of it.
const DEVICES: &str = "((revoked_at IS NULL AND seen_at < $2) OR revoked_at < $2 - 26179200000000)";
const ENTRIES: &str = "received_at < $2 AND state <> 'conflict'";
const EVENTS: &str = "subject_kind IN ('phone', 'phone-entry', 'phone-conflict') AND entered_at < $2";
const CONFLICTS: &str = "decided_at < $2";

fn before(app: &App) -> At {
    app.store.now().day().plus_days(-KEPT_DAYS).start()
}

/// What would go now.
pub(crate) async fn due(app: &App) -> Result<Vec<Due>> {
    let (q, before) = (app.store.reads(), before(app));
    let count = async |table: &str, condition: &str| {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND {condition}");
        q.number(&sql, vals![q.division(), before]).await
    };
    Ok(vec![
        Due { key: "phone-entry", before, rows: count("phone_entry", ENTRIES).await? },
        Due { key: "phone-conflict", before, rows: count("phone_conflict", CONFLICTS).await? },
        Due { key: "phone-device", before, rows: count("phone_device", DEVICES).await? },
    ])
}

/// Deletes it; how many rows.
///
/// # Errors
/// Those of the store and of the folder of the keys.
pub(crate) async fn expire(app: &App) -> Result<u64> {
    let before = before(app);
    let mut gone = 0;
    for (key, table, condition) in [
        ("phone-entry", "phone_entry", ENTRIES),
        ("phone-conflict", "phone_conflict", CONFLICTS),
        ("phone-device", "phone_device", DEVICES),
    ] {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND {condition}");
        let rows = tx.execute(&sql, vals![tx.division(), before]).await?;
        if rows > 0 {
            retention::note(&tx, key, rows).await?;
            tx.commit().await?;
        }
        gone += rows;
    }
    let security = retention::before(app, policy_pack::RetentionId::SecurityLog);
    gone += retention::in_parts(app, "phone-entry", Part::Events(EVENTS, security.into())).await?;
    let oldest = keys::oldest(app.store.clock().today());
    app.store.keys().forget_month_seeds(oldest).map_err(AppError::internal)?;
    Ok(gone)
}
