//! What the duty board (R4) says of scenes and campaigns: derived from the records themselves.

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

use crate::{publicity, scenes::GRID};

/// Scenes to be closed, and the month's campaigns.
pub(crate) struct SceneDuties;

impl DutySource for SceneDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let q = app.store.reads();
            let at = |action| reader.clone().doing(action);
            let mut duties = Vec::new();
            if reader.may(Action::FieldWork) {
                duties.push(scenes(&q, &at(Action::FieldWork)).await?);
            }
            if reader.may(Action::Publicity) {
                duties.push(campaigns(&q, &at(Action::Publicity)).await?);
            }
            Ok(duties)
        })
    }
}

async fn scenes(q: &impl Query, reader: &Reader) -> Result<Duty> {
    let now = q.store().now();
    let count = async |condition: &str, at| {
        let mut values = vals![q.division(), at];
        let scope = reader.scope.sql(GRID, &mut values);
        let sql = format!(
            "SELECT COUNT(*) FROM scene s LEFT JOIN task t ON t.division_code = s.division_code AND t.task_id = s.task_id
             WHERE s.division_code = $1 AND {condition} AND {scope}"
        );
        q.number(&sql, values).await
    };
    let done = count("s.closed_at >= $2", now.day().month().start()).await?;
    let open = count("s.state <> 'closed' AND s.made_at <= $2", now).await?;
    let late = count("s.state <> 'closed' AND s.due_at <= $2", now).await?;
    Ok(Duty { key: "scenes", due: open + done, done, late, href: "/scenes".into() })
}

/// The month's campaigns; late are those whose day is over without a record.
async fn campaigns(q: &impl Query, reader: &Reader) -> Result<Duty> {
    let today = q.store().now().day();
    let reach = publicity::reach(q, reader, today.month()).await?;
    let mut values = vals![q.division(), today];
    let scope = reader.scope.sql("c.grid_id", &mut values);
    let sql = format!(
        "SELECT COUNT(*) FROM campaign c WHERE c.division_code = $1 AND c.day < $2 AND c.held_day IS NULL AND {scope}"
    );
    let late = q.number(&sql, values).await?;
    Ok(Duty { key: "publicity", due: reach.planned, done: reach.held, late, href: "/publicity".into() })
}
