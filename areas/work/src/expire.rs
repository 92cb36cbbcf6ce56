//! Deletion (保存期限): notices, and what stood in the grid's channel, after the months of the policy pack. Who read
//! something goes with it.

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

/// Name of the job. Fluent text: `job-work-expire`.
pub const KIND: &str = "work.expire";

/// What goes.
struct Part {
    /// Fluent text: `retained-<key>`.
    key: &'static str,
    /// By which time.
    time: RetentionId,
    /// From which table.
    table: &'static str,
    /// On what condition; `$2` is the instant.
    over: &'static str,
    /// What goes before it: a table that names its rows, and by which column.
    with: Option<(&'static str, &'static str)>,
}

const PARTS: [Part; 4] = [
    Part {
        key: "notice",
        time: RetentionId::Notice,
        table: "notice",
        over: "made_at < $2",
        with: Some(("notice_receipt", "notice_id")),
    },
    Part {
        key: "announcement",
        time: RetentionId::Announcement,
        table: "announcement",
        over: "made_at < $2",
        with: Some(("announcement_receipt", "announcement_id")),
    },
    Part {
        key: "channel-post",
        time: RetentionId::Announcement,
        table: "channel_post",
        over: "made_at < $2",
        with: None,
    },
    // What still waits is sent or given up within hours.
    Part {
        key: "outward",
        time: RetentionId::Announcement,
        table: "outward",
        over: "state <> 'waiting' AND made_at < $2",
        with: None,
    },
];

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
            for Part { key, time, table, over, .. } in PARTS {
                let before = retention::before(app, time);
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE division_code = $1 AND {over}");
                all.push(Due { key, before, rows: q.number(&sql, vals![q.division(), before]).await? });
            }
            Ok(all)
        })
    }
}

/// Deletes what is over its time; how many rows.
///
/// # Errors
/// Those of the store; earlier parts stay deleted.
pub async fn expire(app: &App) -> Result<u64> {
    let mut gone = 0;
    for Part { key, time, table, over, with } in PARTS {
        let before = retention::before(app, time);
        let tx = app.store.begin(&Reader::system()).await?;
        if let Some((readers, id)) = with {
            let of = format!("SELECT {id} FROM {table} WHERE division_code = $1 AND {over}");
            let sql = format!("DELETE FROM {readers} WHERE division_code = $1 AND {id} IN ({of})");
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
