//! What the items rest on, gathered from the work itself and from the assessors' entries.

use std::collections::HashMap;

use linli_platform::{
    Result,
    app::App,
    clock::{Day, Month},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_scenes::scenes::{self, Rate};
use policy_pack::Evidence as Kind;
use sea_orm::FromQueryResult;

use crate::{
    entries::{Entries, EntryKey},
    rules::Found,
    scores,
};

/// Everything found for a month, by committee.
pub(crate) struct Evidence {
    entries: Entries,
    survey: HashMap<String, f64>,
    listings: HashMap<String, i64>,
    members: HashMap<String, i64>,
    items_done: HashMap<String, i64>,
    scenes: HashMap<String, Rate>,
    workdays: i64,
}

impl Evidence {
    pub(crate) fn entry(&self, committee: &str, key: EntryKey) -> Option<i64> {
        self.entries.get(&(committee.to_owned(), key)).copied()
    }

    fn counted(&self, committee: &str, keys: &[EntryKey]) -> (Found, bool) {
        let entered: Vec<i64> = keys.iter().filter_map(|k| self.entry(committee, *k)).collect();
        (Found { count: entered.iter().sum(), ..Found::default() }, entered.is_empty())
    }

    /// The closing rate of scenes: as the assessors entered it, otherwise as it is counted from the scenes themselves.
    fn scenes_closed_percent(&self, committee: &str) -> Option<f64> {
        let counted = self.scenes.get(committee).and_then(Rate::percent);
        match self.entry(committee, EntryKey::ScenesOpened).filter(|n| *n > 0) {
            Some(opened) => {
                let closed = self.entry(committee, EntryKey::ScenesClosed).unwrap_or(0);
                Some((closed as f64 * 100.0 / opened as f64).min(100.0))
            }
            None => counted,
        }
    }

    /// What was found for one kind of evidence, and whether a figure is still missing.
    pub(crate) fn of(&self, kind: Kind, committee: &str) -> (Found, bool) {
        let of = |map: &HashMap<String, i64>| map.get(committee).copied().unwrap_or(0);
        match kind {
            Kind::Ledgers => self.counted(committee, &[EntryKey::LedgersMissing]),
            Kind::Signs => self.counted(committee, &[EntryKey::SignsMissing]),
            Kind::CountsEntered => {
                self.counted(committee, &[EntryKey::BackCheckUnregistered, EntryKey::BackCheckNotCancelled])
            }
            Kind::Confidentiality => {
                let (found, _) = self.counted(committee, &[EntryKey::Breaches]);
                (found, false)
            }
            Kind::Scenes => {
                let rate_percent = self.scenes_closed_percent(committee);
                (Found { rate_percent, ..Found::default() }, rate_percent.is_none())
            }
            Kind::Survey => {
                let rate_percent = self.survey.get(committee).copied();
                (Found { rate_percent, ..Found::default() }, rate_percent.is_none())
            }
            Kind::NumberEntered => {
                let entered_hundredths = self.entry(committee, EntryKey::Outside);
                (Found { entered_hundredths, ..Found::default() }, entered_hundredths.is_none())
            }
            Kind::Listings => (Found { count: of(&self.listings), ..Found::default() }, false),
            Kind::MemberWork => {
                let (members, items_done) = (of(&self.members), of(&self.items_done));
                (Found { members, items_done, workdays: self.workdays, ..Found::default() }, false)
            }
        }
    }
}

/// Gathers what a month's scores rest on.
pub(crate) async fn gather(app: &App, tx: &Tx, month: Month) -> Result<Evidence> {
    let day = month.last_day().min(tx.now().day());
    let costing: Vec<&str> =
        app.pack.scoring.listing_causes.iter().filter(|c| c.costs_points).map(|c| c.id.as_str()).collect();
    let mut listings: HashMap<String, i64> = HashMap::new();
    for listing in linli_surveys::listings::open(tx, month).await? {
        if costing.contains(&listing.cause.as_str()) {
            *listings.entry(listing.committee_code).or_default() += 1;
        }
    }
    Ok(Evidence {
        entries: scores::entries(tx, month).await?,
        survey: survey(tx, month).await?,
        listings,
        members: members(tx, day).await?,
        items_done: items_done(tx, month).await?,
        scenes: scenes::rates(tx, month).await?,
        workdays: workdays(app, month, day),
    })
}

/// The lower of the two rates, in percent: both are to reach the target (R26).
async fn survey(q: &impl Query, month: Month) -> Result<HashMap<String, f64>> {
    let results = linli_surveys::results::for_month(q, month).await?;
    Ok(results
        .into_iter()
        .filter_map(|r| {
            let (registration, accuracy) = (r.result.registration(), r.result.accuracy());
            let lower = registration.into_iter().chain(accuracy).map(|rate| rate.value).reduce(f64::min)?;
            Some((r.committee_code, lower * 100.0))
        })
        .collect())
}

/// N members of each committee on a day, each person once.
async fn members(q: &impl Query, day: Day) -> Result<HashMap<String, i64>> {
    let teams = linli_team::teams(q, &Reader::system(), day, 0).await?;
    Ok(teams.into_iter().map(|t| (t.committee.committee_code, t.n_members as i64)).collect())
}

/// Items of work that N members did in the month: homes visited and changes entered by full-time grid workers, and
/// notices of other members that were acted upon.
async fn items_done(q: &impl Query, month: Month) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
        items: i64,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT g.committee_code, COUNT(*) AS items FROM event e
             JOIN micro_grid g ON g.division_code = e.division_code AND g.grid_id = e.grid_id
             WHERE e.division_code = $1 AND e.entered_at >= $2 AND e.entered_at < $3
               AND e.role IN ('grid-worker', 'volunteer')
               AND e.kind IN ('home.visited', 'resident.registered', 'resident.changed', 'resident.moved',
                              'resident.cancelled')
             GROUP BY g.committee_code",
            vals![q.division(), month.start(), month.end()],
        )
        .await?;
    let mut items: HashMap<String, i64> = rows.into_iter().map(|r| (r.committee_code, r.items)).collect();
    for (committee, confirmed) in linli_volunteers::notices::confirmed_in(q, month).await? {
        *items.entry(committee).or_default() += confirmed;
    }
    Ok(items)
}

/// Working days of the month up to a day, on the official calendar; weekdays where the calendar is not out yet.
fn workdays(app: &App, month: Month, until: Day) -> i64 {
    let range = month.first_day().0..=until.0;
    let known = app.calendar.count_workdays(range.clone());
    let counted = known.or_else(|_| app.calendar.as_ref().clone().weekdays_beyond_known().count_workdays(range));
    counted.map_or(0, i64::from)
}
