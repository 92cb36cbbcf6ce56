//! What the duty board (R4) says of orders and data checks, counted from the work itself.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    reader::Reader,
    store::Query,
    vals,
};

use crate::{brought, codes::Level, levels};

/// Parts of the reader's levels; rows that wait for a visit, a desk check or a grid.
pub(crate) struct OrderDuties;

impl DutySource for OrderDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let mut duties = Vec::new();
            let at = |action| reader.clone().doing(action);
            if reader.may(Action::OrderHandle) {
                duties.push(parts(&q, &at(Action::OrderHandle)).await?);
            }
            if reader.may(Action::OrderIssue) {
                duties.push(orders(&q).await?);
                duties.extend(brought(&q).await?);
            }
            if reader.may(Action::OrderSettle) {
                duties.push(raised(&q).await?);
            }
            if reader.may(Action::DataCheckRead) && reader.may(Action::FieldWork) {
                let visits = "r.state IN ('first-visit', 'second-visit')";
                duties.push(rows(&q, &at(Action::FieldWork), "check-visits", visits, true).await?);
            }
            if reader.may(Action::DataCheckDesk) {
                duties.push(rows(&q, &at(Action::DataCheckDesk), "check-desk", "r.state = 'desk'", false).await?);
            }
            if reader.may(Action::DataCheckRun) {
                duties.push(rows(&q, &at(Action::DataCheckRun), "check-waiting", "r.state = 'waiting'", false).await?);
            }
            Ok(duties)
        })
    }
}

const LATE: &str = "p.answered_at IS NULL AND (p.due_at <= $2 OR (p.state = 'waiting' AND p.receipt_due_at <= $2))";

/// The parts of the highest level at which the reader acts: with feedback this month, open, late.
async fn parts(q: &impl Query, reader: &Reader) -> Result<Duty> {
    let now = q.store().now();
    let level = levels::levels_of(reader).first().copied().unwrap_or(Level::Grid);
    let count = async |condition: &str, at| {
        let mut values = vals![q.division(), at];
        let visible = levels::visible(reader, &mut values);
        let sql = format!(
            "SELECT COUNT(*) FROM order_part p WHERE p.division_code = $1 AND p.level = '{level}' AND {condition} AND {visible}"
        );
        q.number(&sql, values).await
    };
    let done = count("p.answered_at >= $2", now.day().month().start()).await?;
    let open =
        count("p.answered_at IS NULL AND p.state NOT IN ('closed', 'elsewhere') AND p.sent_at <= $2", now).await?;
    let late = count(&format!("p.state NOT IN ('closed', 'elsewhere') AND {LATE}"), now).await?;
    Ok(Duty { key: "orders-parts", due: open + done, done, late, href: "/orders".into() })
}

async fn orders(q: &impl Query) -> Result<Duty> {
    let now = q.store().now();
    let count = async |condition: &str, at| {
        let sql = format!("SELECT COUNT(*) FROM work_order o WHERE o.division_code = $1 AND {condition}");
        q.number(&sql, vals![q.division(), at]).await
    };
    let done = count("o.state = 'closed' AND o.closed_at >= $2", now.day().month().start()).await?;
    let open = count("o.state = 'issued' AND o.made_at <= $2", now).await?;
    let late = count("o.state = 'issued' AND o.due_at <= $2", now).await?;
    Ok(Duty { key: "orders-issued", due: open + done, done, late, href: "/orders".into() })
}

/// Orders that other systems brought and that wait; late after a day.
async fn brought(q: &impl Query) -> Result<Option<Duty>> {
    let now = q.store().now();
    let due = brought::waiting(q, now).await?;
    let late = brought::waiting(q, now.plus_hours(-24)).await?;
    Ok((due > 0).then(|| Duty { key: "orders-brought", due, done: 0, late, href: "/orders".into() }))
}

async fn raised(q: &impl Query) -> Result<Duty> {
    let sql = "SELECT COUNT(*) FROM order_part p WHERE p.division_code = $1 AND p.held_level = 'task-force'
         AND p.state NOT IN ('closed', 'elsewhere')";
    let due = q.number(sql, vals![q.division()]).await?;
    let late = q.number(&format!("{sql} AND {LATE}"), vals![q.division(), q.store().now()]).await?;
    Ok(Duty { key: "orders-raised", due, done: 0, late, href: "/orders".into() })
}

/// Rows in a state; `visits` counts those settled this month as done.
async fn rows(q: &impl Query, reader: &Reader, key: &'static str, condition: &str, visits: bool) -> Result<Duty> {
    let now = q.store().now();
    let count = async |condition: &str, at| {
        let mut values = vals![q.division(), at];
        let scope = reader.scope.sql("r.grid_id", &mut values);
        let sql = format!("SELECT COUNT(*) FROM check_row r WHERE r.division_code = $1 AND {condition} AND {scope}");
        q.number(&sql, values).await
    };
    let settled = "r.settled_at >= $2";
    let done = if visits { count(settled, now.day().month().start()).await? } else { 0 };
    let late = count(&format!("{condition} AND r.due_at <= $2"), now).await?;
    let open = late + count(&format!("{condition} AND (r.due_at IS NULL OR r.due_at > $2)"), now).await?;
    Ok(Duty { key, due: open + done, done, late, href: "/data-checks".into() })
}
