//! Deletion (保存期限): notices a year after their check, stipends ten years after they ended. The entries of the accounts
//! hold amounts and no volunteer, and stay.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    jobs::{Job, JobKind},
    reader::Reader,
    retention::{self, Due},
    store::Query,
    vals,
};
use policy_pack::RetentionId;

/// Name of the job.
pub const KIND: &str = "volunteers.expire";

/// The job; asked for every day.
pub(crate) struct Expire;

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            expire(app).await?;
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let mut all = Vec::new();
            for (key, id, table, over) in PARTS {
                let before = retention::before(app, id);
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND {over}");
                all.push(Due { key, before, rows: q.number(&sql, vals![q.division(), before]).await? });
            }
            Ok(all)
        })
    }
}

/// What goes, by which time, from which table, on what condition.
const PARTS: [(&str, RetentionId, &str, &str); 2] = [
    ("volunteer-notice", RetentionId::VolunteerNotice, "volunteer_notice", "state <> 'open' AND checked_at < $2"),
    ("stipend-account", RetentionId::StipendAccount, "stipend", "state IN ('paid', 'refused') AND ended_at < $2"),
];

/// Deletes what is over its time; how many rows.
pub async fn expire(app: &App) -> Result<u64> {
    let mut gone = 0;
    for (key, id, table, over) in PARTS {
        let before = retention::before(app, id);
        let tx = app.store.begin(&Reader::system()).await?;
        if table == "stipend" {
            let of = format!("SELECT stipend_id FROM stipend WHERE division_code = $1 AND {over}");
            let sql = format!("DELETE FROM stipend_approval WHERE division_code = $1 AND stipend_id IN ({of})");
            tx.execute(&sql, vals![tx.division(), before]).await?;
        }
        let sql = format!("DELETE FROM {table} WHERE division_code = $1 AND {over}");
        let rows = tx.execute(&sql, vals![tx.division(), before]).await?;
        if rows > 0 {
            retention::note(&tx, key, rows).await?;
            tx.commit().await?;
        }
        gone += rows;
    }
    Ok(gone)
}
