//! Which homes are due (R16, R18): by the month, by their label, by an open task.

use linli_platform::{
    Result,
    app::App,
    clock::{At, Day},
    ids::GridId,
    reader::Reader,
    store::Query,
    vals,
};
use linli_register::HomeId;
use policy_pack::Pack;
use sea_orm::FromQueryResult;
use visit_plan::{Due, Point, Premises, Reason};

/// A label counts as due soon from so many days before its last permitted day.
pub const SOON_DAYS: u16 = 2;

/// A home as the plan sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Candidate {
    /// Home.
    pub home_id: HomeId,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// Where it is.
    pub address_text: String,
    /// Longitude, WGS 84 degrees.
    pub lon: Option<f64>,
    /// Latitude, WGS 84 degrees.
    pub lat: Option<f64>,
    /// Label of the premises.
    pub label: Option<String>,
    /// Last full verification.
    pub last_verified_day: Option<Day>,
    /// Last visit.
    pub last_visited_day: Option<Day>,
    /// People registered there.
    pub members: i64,
    /// Open tasks of it.
    pub tasks: i64,
    /// When the first of them is due.
    pub task_due_at: Option<At>,
}

impl Candidate {
    /// The place, if it is known.
    pub fn point(&self) -> Option<Point> {
        Point::new(self.lon?, self.lat?)
    }
}

/// The longest gap in days that a label of premises allows; none for care visits, whose gap is as agreed (R18).
pub fn max_gap_days(pack: &Pack, label: &str) -> Option<u32> {
    pack.visits.categories.iter().find(|c| c.id == label).map(|c| c.max_gap_days)
}

/// Every home in the reader's scope that has to be verified: all but premises without homes, at addresses in use.
pub async fn candidates(q: &impl Query, reader: &Reader) -> Result<Vec<Candidate>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("h.grid_id", &mut values);
    let sql = format!(
        "SELECT h.home_id, h.grid_id, a.text AS address_text, a.lon, a.lat, h.label, h.last_verified_day,
           h.last_visited_day, COALESCE(p.members, 0) AS members, COALESCE(t.tasks, 0) AS tasks, t.task_due_at
         FROM home h JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         LEFT JOIN (SELECT division_code, home_id, COUNT(*) AS members FROM resident WHERE state = 'current'
                    GROUP BY division_code, home_id) p
           ON p.division_code = h.division_code AND p.home_id = h.home_id
         LEFT JOIN (SELECT division_code, home_id, COUNT(*) AS tasks, MIN(due_at) AS task_due_at FROM task
                    WHERE state = 'open' GROUP BY division_code, home_id) t
           ON t.division_code = h.division_code AND t.home_id = h.home_id
         WHERE h.division_code = $1 AND a.state = 'current' AND h.kind <> 'workplace' AND {scope}
         ORDER BY a.text, h.home_id"
    );
    q.rows(&sql, values).await
}

/// Homes as the engine sees them: with the longest gap of their label, and verified once a month.
pub(crate) fn premises(pack: &Pack, homes: &[Candidate]) -> Vec<Premises<HomeId>> {
    let place = |h: &Candidate| Premises {
        max_gap_days: h.label.as_deref().and_then(|l| max_gap_days(pack, l)).and_then(|d| u16::try_from(d).ok()),
        last_visited: h.last_visited_day.or(h.last_verified_day).map(|d| d.0),
        monthly: true,
        monthly_verified: h.last_verified_day.map(|d| d.0),
        ..Premises::new(h.home_id, h.point())
    };
    homes.iter().map(place).collect()
}

/// What is due on a day, the most urgent first: by label and month from the plan, and homes with an open task whose
/// time comes within a day, as urgent as that task is late.
pub fn due(pack: &Pack, homes: &[Candidate], now: At) -> Vec<Due<HomeId>> {
    let today = now.day();
    let mut list = visit_plan::due(&premises(pack, homes), today.0, SOON_DAYS);
    for home in homes.iter().filter(|h| h.tasks > 0) {
        let Some(urgency) = task_urgency(home.task_due_at, today) else { continue };
        let days = urgency.unsigned_abs();
        let reason = match urgency {
            1.. => Reason::Overdue { days },
            0 => Reason::DueToday,
            _ => Reason::DueSoon { days },
        };
        let by_task = Due { id: home.home_id, reason, urgency, location: home.point() };
        match list.iter_mut().find(|d| d.id == home.home_id) {
            Some(known) if known.urgency < urgency => *known = by_task,
            Some(_) => {}
            None => list.push(by_task),
        }
    }
    list.sort_by_key(|d| std::cmp::Reverse(d.urgency));
    list
}

/// Days past a task's deadline if it comes within a day or has passed. A deadline at midnight closes the day before.
fn task_urgency(due_at: Option<At>, today: Day) -> Option<i32> {
    let last = due_at?.plus_s(-1).day();
    let past = today.days_since(last);
    (past >= -1).then(|| i32::try_from(past).unwrap_or(i32::MAX))
}

/// How many homes a day asks for: what the month still needs, spread over its working days left, today included.
pub fn quota(app: &App, homes: &[Candidate], today: Day) -> usize {
    let month = today.month();
    // Verified today counts as not yet verified, so that the day's number does not shrink while it is worked off.
    let left = homes.iter().filter(|h| h.last_verified_day.is_none_or(|d| d < month.first_day() || d == today)).count();
    let mut days = 0usize;
    let mut day = today;
    while day <= month.last_day() {
        days += usize::from(app.calendar.is_workday(day.0).unwrap_or(true));
        day = day.plus_days(1);
    }
    left.div_ceil(days.max(1))
}
