//! What the duty board (R4) says of field work: homes verified this month, premises within their gap.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    reader::Reader,
};
use linli_register::figures;

use crate::desk;

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
                href: "/field".into(),
            };
            let labels = desk::labels(app, &reads, reader).await?;
            let (homes, late) = labels.iter().fold((0, 0), |(n, late), l| (n + l.homes, late + l.overdue));
            let premises =
                Duty { key: "premises-visits", due: homes, done: homes - late, late, href: "/fieldwork".into() };
            Ok(vec![verification, premises])
        })
    }
}
