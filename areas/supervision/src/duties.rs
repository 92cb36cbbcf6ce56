//! What the duty board (R4) says of supervision.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    clock::{At, Day},
    reader::Reader,
    store::Query,
    vals,
};
use sea_orm::Value;

/// The area's part of the duty board.
pub struct SupervisionDuties;

impl DutySource for SupervisionDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let mut duties = Vec::new();
            if reader.may(Action::SuggestionAnswer) {
                duties.push(answering(app).await?);
            }
            if reader.may(Action::InspectionRecord) {
                duties.extend(inspecting(app, reader).await?);
            }
            if reader.may(Action::FindingCorrect) {
                duties.push(correcting(app, &reader.clone().doing(Action::FindingCorrect)).await?);
            }
            Ok(duties)
        })
    }
}

/// Suggestions of the month, and those before it that wait.
async fn answering(app: &App) -> Result<Duty> {
    let q = app.store.reads();
    let since = app.store.clock().today().month().start();
    let of = async |condition: &str, values: Vec<Value>| {
        let sql = format!("SELECT COUNT(*) FROM suggestion WHERE division_code = $1 AND {condition}");
        q.number(&sql, values).await
    };
    let due = of("(made_at >= $2 OR state = 'open')", vals![q.division(), since]).await?;
    let done = of("made_at >= $2 AND state = 'answered'", vals![q.division(), since]).await?;
    let late = of("state = 'open' AND due_at < $2", vals![q.division(), app.store.now()]).await?;
    Ok(Duty { key: "suggestions", due, done, late, href: "/suggestions".into() })
}

/// Inspections of the own group whose day has come in this month, and those before it without a report.
async fn inspecting(app: &App, reader: &Reader) -> Result<Option<Duty>> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let of = async |condition: &str, day: Day| {
        let sql = format!(
            "SELECT COUNT(*) FROM inspection i JOIN inspection_member m ON m.division_code = i.division_code
               AND m.inspection_id = i.inspection_id
             WHERE i.division_code = $1 AND m.account_id = $2 AND {condition}"
        );
        q.number(&sql, vals![q.division(), reader.account, day]).await
    };
    let month = today.month().first_day();
    let due = of("i.state <> 'withdrawn' AND (i.day >= $3 OR i.state = 'planned')", month).await?;
    let done = of("i.day >= $3 AND i.state = 'closed'", month).await?;
    let late = of("i.day < $3 AND i.state = 'planned'", today).await?;
    Ok((due > 0).then(|| Duty { key: "inspections", due, done, late, href: "/inspections".into() }))
}

/// Faults of the own grids found in this month, and those before it that are not settled.
async fn correcting(app: &App, reader: &Reader) -> Result<Duty> {
    let q = app.store.reads();
    let of = async |condition: &str, at: At| {
        let mut values = vals![q.division(), at];
        let scope = reader.scope.sql("f.grid_id", &mut values);
        let sql = format!(
            "SELECT COUNT(*) FROM finding f WHERE f.division_code = $1 AND f.kind = 'fault' AND {condition} AND {scope}"
        );
        q.number(&sql, values).await
    };
    let since = app.store.clock().today().month().start();
    let due = of("(f.made_at >= $2 OR f.state = 'open')", since).await?;
    let done = of("f.made_at >= $2 AND f.state <> 'open'", since).await?;
    let late = of("f.state = 'open' AND f.due_at < $2", app.store.now()).await?;
    Ok(Duty { key: "findings", due, done, late, href: "/inspections".into() })
}
