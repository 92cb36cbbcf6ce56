//! What is overdue climbs one level with a notice (R20): once for a missed receipt, once for a missed feedback.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    event::NewEvent,
    jobs::{Job, JobKind},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_work::notices::{self, To};
use sea_orm::FromQueryResult;

use crate::{
    checks,
    codes::Level,
    ids::PartId,
    levels, orders,
    parts::{self, Part},
};

/// Name of the job.
pub const KIND: &str = "orders.climb";
/// Parts in one transaction.
const BATCH: usize = 200;

/// The job; asked for every hour.
pub(crate) struct Climb;

impl JobKind for Climb {
    fn kind(&self) -> &'static str {
        KIND
    }
    fn run<'a>(&'a self, app: &'a App, _: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            checks::take_up(app).await?;
            climb(app).await?;
            Ok(String::new())
        })
    }
}

#[derive(FromQueryResult)]
struct Row {
    part_id: PartId,
    receipt: bool,
}

/// Lets every part climb that missed a deadline since; how many. Running it again changes nothing.
pub async fn climb(app: &App) -> Result<usize> {
    let mut all = 0;
    loop {
        let tx = app.store.begin(&Reader::system()).await?;
        let sql = format!(
            "SELECT p.part_id, (CASE WHEN p.due_at > $2 THEN TRUE ELSE FALSE END) AS receipt FROM order_part p
             WHERE p.division_code = $1 AND p.answered_at IS NULL AND p.state NOT IN ('closed', 'elsewhere')
               AND ((p.state = 'waiting' AND p.receipt_climbed = FALSE AND p.receipt_due_at <= $2)
                 OR (p.due_climbed = FALSE AND p.due_at <= $2))
             ORDER BY p.due_at, p.part_id LIMIT {BATCH}"
        );
        let rows: Vec<Row> = tx.rows(&sql, vals![tx.division(), tx.now()]).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        for row in &rows {
            let part = parts::find(&tx, tx.reader(), row.part_id).await?;
            one(&tx, &part, row.receipt).await?;
        }
        tx.commit().await?;
        all += rows.len();
    }
}

async fn one(tx: &Tx, part: &Part, receipt: bool) -> Result<()> {
    let to = part.held().above();
    // Once the feedback is late, the receipt is no further matter.
    let flags = if receipt { "receipt_climbed = TRUE" } else { "receipt_climbed = TRUE, due_climbed = TRUE" };
    tx.execute_one(
        &format!(
            "UPDATE order_part SET held_level = $4, {flags}, version = version + 1
             WHERE division_code = $1 AND part_id = $2 AND version = $3"
        ),
        vals![tx.division(), part.part_id, part.version, to.code()],
    )
    .await?;
    let body = serde_json::json!({ "level": part.level, "to": to.code() });
    tx.event(NewEvent::new("order.climbed", part.subject()).version(part.version + 1).body(body)).await?;
    let (args, href) = (part.notice_args(), part.href());
    match to {
        Level::SubDistrict => {
            let order = orders::find(tx, tx.reader(), part.order_id).await?;
            notices::send(tx, To::Account(order.account_id), "notice-order-climbed", &args, &href).await?;
        }
        Level::TaskForce => {
            levels::tell(tx, to, "", "notice-order-climbed", &args, &href).await?;
        }
        level => {
            if let Some(area) = levels::area_above(tx, level, part).await? {
                levels::tell(tx, level, &area, "notice-order-climbed", &args, &href).await?;
            }
        }
    }
    Ok(())
}
