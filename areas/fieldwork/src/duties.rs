//! What the duty board (R4) says of field work: homes verified this month, premises within their gap, entries of phones
//! that wait for a decision, the month's plans and what of them is done.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    reader::Reader,
    store::Query,
};
use linli_register::figures;

use crate::{
    desk,
    phone::conflict,
    plan::store::{self, Progress},
};

/// Homes to be verified this month, and premises to be visited by label.
pub struct FieldDuties;

impl DutySource for FieldDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            if !reader.may(Action::FieldWork) {
                return Ok(Vec::new());
            }
            let reads = app.store.reads();
            let today = app.store.clock().today();
            let counts = figures::total(&figures::month(&reads, reader, today.month()).await?);
            // The month's verification is late only once its last day has passed without it; until then it is due.
            let verification = Duty {
                key: "verification",
                due: counts.homes,
                done: counts.homes_verified,
                late: 0,
                href: "/field/online".into(),
            };
            let labels = desk::labels(app, &reads, reader).await?;
            let (homes, late) = labels.iter().fold((0, 0), |(n, late), l| (n + l.homes, late + l.overdue));
            let premises =
                Duty { key: "premises-visits", due: homes, done: homes - late, late, href: "/fieldwork".into() };
            let (open, late) = conflict::waiting(&reads, reader).await?;
            let done = conflict::decided_since(&reads, reader, today.month().start()).await?;
            let phones = Duty { key: "phone-conflicts", due: open + done, done, late, href: "/field/conflicts".into() };
            let mut duties = vec![verification, premises, phones];
            duties.extend(plans(app, &reads, reader).await?);
            Ok(duties)
        })
    }
}

/// Whoever leads makes the month's plans; whoever visits sees how far the own grids' plans are.
async fn plans(app: &App, q: &impl Query, reader: &Reader) -> Result<Vec<Duty>> {
    let today = app.store.clock().today();
    let mut duties = Vec::new();
    if reader.may(Action::VisitPlan) {
        let leads = reader.clone().doing(Action::VisitPlan);
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let due = number(linli_territory::grids(q, &leads).await?.len());
        let done = number(store::of_month(q, &leads, today.month()).await?.len());
        // The plan belongs to the month's first days; it is late when a week has gone by without one.
        let late = if today.0.day() > 7 { due - done } else { 0 };
        duties.push(Duty { key: "month-plan", due, done, late, href: "/plans".into() });
    }
    let mut so_far = Progress::default();
    for progress in store::progress(q, reader, today.month(), today).await?.into_values() {
        so_far.done += progress.done;
        so_far.behind += progress.behind;
    }
    let due = so_far.done + so_far.behind;
    if due > 0 {
        let (done, late) = (so_far.done, so_far.behind);
        duties.push(Duty { key: "plan-behind", due, done, late, href: "/plans".into() });
    }
    Ok(duties)
}
