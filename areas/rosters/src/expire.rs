//! Rosters are kept for the time the policy pack gives and then go: the rows as sent, and the compared rows.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::At,
    jobs::{Job, JobKind},
    reader::Reader,
    retention::{self, Due},
    store::Query,
    vals,
};
use policy_pack::RetentionId;
use sea_orm::FromQueryResult;

use crate::{ids::RosterId, send, store};

/// Name of the job.
pub(crate) const KIND: &str = "rosters.expire";

/// The job.
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
            let over = over(app).await?;
            let due =
                |key, kind, rosters| Due { key, before: retention::before(app, kind), rows: send::count(rosters) };
            Ok(vec![
                due("roster-file", RetentionId::RosterFile, over.abandoned.len() + over.files.len()),
                due("roster-row", RetentionId::RosterRow, over.compared.len()),
            ])
        })
    }
}

#[derive(FromQueryResult)]
struct Row {
    roster_id: RosterId,
}

/// Rosters of which something is over its time.
struct Over {
    /// Never confirmed: all of it goes.
    abandoned: Vec<RosterId>,
    /// Confirmed: the rows as sent go.
    files: Vec<RosterId>,
    /// Confirmed and closed: the compared rows go too.
    compared: Vec<RosterId>,
}

async fn over(app: &App) -> Result<Over> {
    let file_until = retention::before(app, RetentionId::RosterFile);
    let rows_until = retention::before(app, RetentionId::RosterRow);
    let abandoned = ids(app, "r.state NOT IN ('confirmed', 'rejected') AND r.received_at < $2", file_until).await?;
    let files = ids(
        app,
        "r.state = 'confirmed' AND r.received_at < $2 AND EXISTS (SELECT 1 FROM roster_chunk c
          WHERE c.division_code = r.division_code AND c.roster_id = r.roster_id)",
        file_until,
    )
    .await?;
    let compared = ids(
        app,
        "r.state = 'confirmed' AND r.closed_at < $2 AND EXISTS (SELECT 1 FROM roster_result x
          WHERE x.division_code = r.division_code AND x.roster_id = r.roster_id)",
        rows_until,
    )
    .await?;
    Ok(Over { abandoned, files, compared })
}

/// Removes what is past its time; the number of rosters touched.
pub async fn expire(app: &App) -> Result<i64> {
    let Over { abandoned, files, compared } = over(app).await?;
    let tx = app.store.begin(&Reader::system()).await?;
    for id in &abandoned {
        let roster = store::find(&tx, tx.reader(), *id).await?;
        send::drop_rows(&tx, &roster).await?;
    }
    tx.housekeeping("rows past their retention time go");
    for id in &files {
        store::clear_chunks(&tx, *id).await?;
    }
    for id in &compared {
        store::clear_results(&tx, *id).await?;
        store::clear_chunks(&tx, *id).await?;
        store::clear_key(&tx, *id).await?;
    }
    tx.commit().await?;
    Ok(send::count(abandoned.len() + files.len() + compared.len()))
}

async fn ids(app: &App, condition: &str, before: At) -> Result<Vec<RosterId>> {
    let q = app.store.reads();
    let sql = format!("SELECT r.roster_id FROM roster r WHERE r.division_code = $1 AND {condition}");
    let rows: Vec<Row> = q.rows(&sql, vals![q.division(), before]).await?;
    Ok(rows.into_iter().map(|r| r.roster_id).collect())
}
