//! What the duty board (R4) says of declarations: waiting, answered this month, late.

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

/// Declarations of the reader's grids.
pub(crate) struct DeclarationDuties;

impl DutySource for DeclarationDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            if !reader.may(Action::DeclarationDecide) {
                return Ok(Vec::new());
            }
            let (q, now) = (app.store.reads(), app.store.now());
            let month = now.day().month().start();
            let count = async |condition: &str, at| {
                let mut values = vals![q.division(), at];
                let scope = reader.scope.sql("COALESCE(r.grid_id, d.grid_id)", &mut values);
                let sql = format!(
                    "SELECT COUNT(*) FROM declaration d
                     LEFT JOIN resident r ON r.division_code = d.division_code AND r.resident_id = d.resident_id
                     WHERE d.division_code = $1 AND {condition} AND {scope}"
                );
                q.number(&sql, values).await
            };
            let done = count("d.state IN ('accepted', 'refused') AND d.decided_at >= $2", month).await?;
            let open = count("d.state = 'open' AND d.made_at <= $2", now).await?;
            let late = count("d.state = 'open' AND d.due_at <= $2", now).await?;
            Ok(vec![Duty { key: "declarations", due: open + done, done, late, href: "/declarations".into() }])
        })
    }
}
