//! Documents of the demonstration: the oldest bulletin is issued under a number, and so are a meeting's record and the
//! notice of a listing.

use linli_meetings::Tab;
use linli_platform::{
    access::Role,
    clock::Month,
    texts::{Lang, T},
    web::Paging,
};

use super::{accounts::Workers, build::World};
use crate::failure::Outcome;

/// What stands on the documents; a demonstration is reached here.
const SITE: &str = "http://127.0.0.1:8080";

/// Issues them; without fonts there is nothing to issue.
pub(super) async fn issue(world: &World, workers: &Workers, months: &[Month]) -> Outcome {
    let (Some(office), Some(month)) = (workers.first(Role::PopulationOffice), months.first()) else { return Ok(()) };
    let reader = world.reader(office.account, office.role, &office.name);
    let (app, t) = (&world.app, T::new(world.app.texts.clone(), Lang::Zh));
    let mut all = vec![linli_assessment::bulletin::draft(app, *month).await?];
    let one = Paging { page: 1, per_page: 1, total: 0 };
    let (held, _) = linli_meetings::list(&app.store.reads(), &reader, Tab::Held, &one).await?;
    for meeting in held {
        let record = linli_meetings::record(app, &reader, meeting.meeting_id).await?;
        all.push(linli_meetings::record_paper(app, &record)?);
    }
    let listings = linli_surveys::listings::all(&app.store.reads()).await?;
    if let Some(listing) = listings.iter().find(|l| l.is_open()) {
        all.push(linli_surveys::rectification_notice(app, listing).await?);
    }
    for new in all {
        match linli_papers::issue(app, &reader, &t, SITE, new).await {
            Err(e) if e.is("fonts-missing") => return Ok(()),
            done => drop(done?),
        }
    }
    Ok(())
}
