//! Ledgers of orders and data checks (台账, R19, R20, R36): numbers and times, no row of a list.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::{At, Day, Month},
    ledger::{Ledger, at, day, text},
    reader::{Reader, Scope},
    sheet::Out,
    store::Query as _,
    texts::T,
    vals,
};
use sea_orm::FromQueryResult;

/// Data checks received in the month (数据核查台账).
pub(crate) struct Checks;

#[derive(FromQueryResult)]
struct ChecksRow {
    received_at: At,
    day: Day,
    number: i64,
    row_count: i64,
    state: String,
    returned_at: Option<At>,
    closed_at: Option<At>,
}

impl Ledger for Checks {
    fn code(&self) -> &'static str {
        "data-checks"
    }
    fn source(&self) -> Option<&'static str> {
        Some("data-checks")
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-received",
            "ledger-col-day",
            "ledger-col-number",
            "ledger-col-rows",
            "ledger-col-state",
            "ledger-col-returned",
            "ledger-col-closed",
        ]
    }
    fn rows<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        t: &'a T,
        month: Month,
    ) -> BoxFuture<'a, Result<Vec<Vec<Out>>>> {
        Box::pin(async move {
            // Lists and parts lie in grids only in the end: this is a ledger of the whole, for whoever sees all of it.
            if reader.scope != Scope::Division {
                return Ok(Vec::new());
            }
            let q = app.store.reads();
            let values = vals![q.division(), month.start(), month.next().start()];
            let sql = "SELECT x.received_at, x.day, x.number, x.row_count, x.state, x.returned_at, x.closed_at FROM data_check x
                 WHERE x.division_code = $1 AND x.received_at >= $2 AND x.received_at < $3 ORDER BY x.received_at";
            let rows: Vec<ChecksRow> = q.rows(sql, values).await?;
            let cells = |r: ChecksRow| {
                vec![
                    at(Some(r.received_at)),
                    day(Some(r.day)),
                    r.number.into(),
                    r.row_count.into(),
                    t.code("check-state", &r.state).into(),
                    at(r.returned_at),
                    at(r.closed_at),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}

/// Parts of orders by level and place, sent in the month (工单台账).
pub(crate) struct Orders;

#[derive(FromQueryResult)]
struct OrdersRow {
    sent_at: At,
    kind: String,
    level: String,
    place: Option<String>,
    receipt_due_at: At,
    received_at: Option<At>,
    due_at: At,
    answered_at: Option<At>,
    feedback: Option<String>,
    closed_at: Option<At>,
    state: String,
}

impl Ledger for Orders {
    fn code(&self) -> &'static str {
        "orders"
    }
    fn columns(&self) -> &'static [&'static str] {
        &[
            "ledger-col-sent",
            "ledger-col-kind",
            "ledger-col-level",
            "ledger-col-place",
            "ledger-col-receipt-due",
            "ledger-col-received",
            "ledger-col-due",
            "ledger-col-answered",
            "ledger-col-feedback",
            "ledger-col-closed",
            "ledger-col-state",
        ]
    }
    fn rows<'a>(
        &'a self,
        app: &'a App,
        reader: &'a Reader,
        t: &'a T,
        month: Month,
    ) -> BoxFuture<'a, Result<Vec<Vec<Out>>>> {
        Box::pin(async move {
            // Lists and parts lie in grids only in the end: this is a ledger of the whole, for whoever sees all of it.
            if reader.scope != Scope::Division {
                return Ok(Vec::new());
            }
            let q = app.store.reads();
            let values = vals![q.division(), month.start(), month.next().start()];
            let sql = "SELECT x.sent_at, o.kind, x.level, COALESCE(g.name, c.name, x.area) AS place, x.receipt_due_at, x.received_at,
                 x.due_at, x.answered_at, x.feedback, x.closed_at, x.state FROM order_part x
                 JOIN work_order o ON o.division_code = x.division_code AND o.order_id = x.order_id
                 LEFT JOIN micro_grid g ON g.division_code = x.division_code AND g.grid_id = x.grid_id
                 LEFT JOIN committee c ON c.division_code = x.division_code AND c.committee_code = x.area
                 WHERE x.division_code = $1 AND x.sent_at >= $2 AND x.sent_at < $3 ORDER BY x.sent_at, x.part_id";
            let rows: Vec<OrdersRow> = q.rows(sql, values).await?;
            let cells = |r: OrdersRow| {
                vec![
                    at(Some(r.sent_at)),
                    t.code("order-kind", &r.kind).into(),
                    t.code("order-level", &r.level).into(),
                    text(r.place),
                    at(Some(r.receipt_due_at)),
                    at(r.received_at),
                    at(Some(r.due_at)),
                    at(r.answered_at),
                    text(r.feedback.map(|f| t.code("order-feedback", f))),
                    at(r.closed_at),
                    t.code("part-state", &r.state).into(),
                ]
            };
            Ok(rows.into_iter().map(cells).collect())
        })
    }
}
