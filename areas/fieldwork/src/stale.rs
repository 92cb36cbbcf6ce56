//! Where the register goes stale (失准风险): by grid, the share of homes that were not verified within their interval, and how
//! many are to be expected to have changed unseen, by `visit-plan`'s hazard. Both are of premises: a type of premises has a rate,
//! a person has none (boundary 2).

use std::collections::HashMap;

use linli_platform::{Result, app::App, clock::Day, ids::GridId, reader::Reader, store::Query, vals};
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use visit_plan::{Hazard, PastCheck};

use crate::due::max_gap_days;

/// The visits of so many days teach how fast premises change.
const LEARN_DAYS: i64 = 92;
/// See [`Hazard::estimate`].
const PRIOR_DAYS: f64 = 1_000.0;
/// Premises that nobody has seen count as not seen for so long, as in the engine.
const NEVER_SEEN_DAYS: u16 = 365;
/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

/// Type of premises: kind of home and label.
type Kind = (String, Option<String>);

/// How stale a grid is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Staleness {
    /// Homes that have to be verified.
    pub homes: i64,
    /// Of them, not verified within their interval: past their label's gap, or verified neither this month nor the last.
    pub past: i64,
    /// How many are to be expected to have changed since they were seen.
    pub expected: f64,
}

impl Staleness {
    /// Adds another's.
    pub fn add(&mut self, other: &Staleness) {
        self.homes += other.homes;
        self.past += other.past;
        self.expected += other.expected;
    }
    /// Share past their interval in percent; none without homes.
    pub fn past_percent(&self) -> Option<f64> {
        (self.homes > 0).then(|| self.past as f64 * 100.0 / self.homes as f64)
    }
    /// Share expected to have changed in percent; none without homes.
    pub fn expected_percent(&self) -> Option<f64> {
        (self.homes > 0).then(|| self.expected * 100.0 / self.homes as f64)
    }
}

/// Homes that are alike in everything that counts here.
#[derive(Debug, FromQueryResult)]
struct Alike {
    grid_id: Option<GridId>,
    kind: String,
    label: Option<String>,
    members: i64,
    last_verified_day: Option<Day>,
    last_visited_day: Option<Day>,
    homes: i64,
}

/// Whether a home was not verified within its interval (R16, R18): its label's gap is over, or a whole calendar month has
/// gone by without its verification.
pub fn is_past(pack: &Pack, label: Option<&str>, verified: Option<Day>, visited: Option<Day>, today: Day) -> bool {
    let gap = label.and_then(|l| max_gap_days(pack, l)).map(i64::from);
    let by_label = gap.is_some_and(|gap| visited.or(verified).is_none_or(|day| today.days_since(day) > gap));
    by_label || verified.is_none_or(|day| day < today.month().previous().first_day())
}

/// How stale the grids of the reader's scope are, and from how many past checks the expectation was learnt. The rates by type
/// of premises are learnt from the whole sub-district's visits: a grid alone has too few.
pub async fn by_grid(app: &App, q: &impl Query, reader: &Reader) -> Result<(HashMap<GridId, Staleness>, i64)> {
    let today = app.store.clock().today();
    let (hazard, checks) = learn(q, today).await?;
    let mut all: HashMap<GridId, Staleness> = HashMap::new();
    for row in alike(q, reader).await? {
        let Some(grid) = row.grid_id else { continue };
        let label = row.label.as_deref();
        let past = is_past(&app.pack, label, row.last_verified_day, row.last_visited_day, today);
        let ago = |day: Day| u16::try_from(today.days_since(day).max(0)).unwrap_or(u16::MAX);
        let days = row.last_verified_day.map_or(NEVER_SEEN_DAYS, ago);
        let size = u32::try_from(row.members).unwrap_or(u32::MAX);
        let chance = hazard.staleness(&(row.kind, row.label), size, days);
        all.entry(grid).or_default().add(&Staleness {
            homes: row.homes,
            past: if past { row.homes } else { 0 },
            expected: chance * row.homes as f64,
        });
    }
    Ok((all, checks))
}

async fn alike(q: &impl Query, reader: &Reader) -> Result<Vec<Alike>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "SELECT h.grid_id, h.kind, h.label, COALESCE(p.members, 0) AS members, h.last_verified_day, h.last_visited_day,
           COUNT(*) AS homes
         FROM home h JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         LEFT JOIN (SELECT division_code, home_id, COUNT(*) AS members FROM resident
                    WHERE division_code = $1 AND state = 'current' GROUP BY division_code, home_id) p
           ON p.division_code = h.division_code AND p.home_id = h.home_id
         WHERE h.division_code = $1 AND a.state = 'current' AND h.kind <> 'workplace' AND {scope}
         GROUP BY h.grid_id, h.kind, h.label, COALESCE(p.members, 0), h.last_verified_day, h.last_visited_day"
    );
    q.rows(&sql, values).await
}

/// Checks of one type after one gap, summed: the engine asks for sums alone.
#[derive(FromQueryResult)]
struct Checks {
    kind: String,
    label: Option<String>,
    gap_days: i64,
    checks: i64,
    places: i64,
    changes: i64,
}

async fn learn(q: &impl Query, today: Day) -> Result<(Hazard<Kind>, i64)> {
    let sql = format!(
        "SELECT x.kind, x.label, x.gap_days, COUNT(*) AS checks, CAST(SUM(x.places) AS BIGINT) AS places,
           CAST(SUM(x.changes) AS BIGINT) AS changes
         FROM (SELECT h.kind, h.label, CASE WHEN v.people_checked > 1 THEN v.people_checked ELSE 1 END AS places,
                 v.registered + v.changed + v.cancelled AS changes,
                 (v.seen_at - LAG(v.seen_at) OVER (PARTITION BY v.home_id ORDER BY v.seen_at, v.visit_id)) / {DAY_US}
                   AS gap_days
               FROM visit v JOIN home h ON h.division_code = v.division_code AND h.home_id = v.home_id
               WHERE v.division_code = $1 AND v.outcome = 'verified' AND v.day >= $2) x
         WHERE x.gap_days IS NOT NULL GROUP BY x.kind, x.label, x.gap_days"
    );
    let rows: Vec<Checks> = q.rows(&sql, vals![q.division(), today.plus_days(-LEARN_DAYS)]).await?;
    let number = |n: i64| u32::try_from(n.max(0)).unwrap_or(u32::MAX);
    let check = |r: &Checks| PastCheck {
        kind: (r.kind.clone(), r.label.clone()),
        gap_days: u16::try_from(r.gap_days.max(0)).unwrap_or(u16::MAX),
        size: number(r.places),
        changes: number(r.changes),
    };
    let past: Vec<PastCheck<Kind>> = rows.iter().map(check).collect();
    Ok((Hazard::estimate(&past, PRIOR_DAYS), rows.iter().map(|r| r.checks).sum()))
}

/// The upper ends of the levels of a share past the interval, in percent.
const PAST_LEVELS: [f64; 4] = [0.0, 5.0, 15.0, 30.0];
/// The upper ends of the levels of a share expected to have changed, in percent.
const EXPECTED_LEVELS: [f64; 4] = [10.0, 20.0, 35.0, 50.0];

linli_platform::codes! {
    /// What the map shows. Fluent text: `stale-<code>`.
    Measure {
        /// The share not verified within its interval.
        Past = "past",
        /// The share to be expected to have changed.
        Expected = "expected",
    }
}

impl Measure {
    /// The upper ends of the levels 0 to 3, in percent; what is above is level 4.
    pub fn ends(self) -> [f64; 4] {
        match self {
            Measure::Past => PAST_LEVELS,
            Measure::Expected => EXPECTED_LEVELS,
        }
    }
    /// The value, in percent.
    pub fn percent(self, of: &Staleness) -> Option<f64> {
        match self {
            Measure::Past => of.past_percent(),
            Measure::Expected => of.expected_percent(),
        }
    }
    /// The level of a value, 0 to 4.
    pub fn level(self, percent: f64) -> usize {
        self.ends().iter().filter(|end| percent > **end).count()
    }
}
