//! Plans and their visits as they are stored. Every function keeps to the reader's scope in SQL.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    clock::{At, Day, Month},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_register::HomeId;
use sea_orm::FromQueryResult;
use visit_plan::Point;

use crate::ids::{PlanId, StopId};

/// A plan.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PlanRow {
    /// Id.
    pub plan_id: PlanId,
    /// Its grid.
    pub grid_id: GridId,
    /// The grid's name.
    pub grid_name: String,
    /// Its month.
    pub month: Month,
    /// When it was made.
    pub made_at: At,
    /// When it was last spread anew or changed by hand.
    pub changed_at: At,
    /// The policy pack whose intervals it follows.
    pub pack_digest: String,
    /// Version.
    pub version: i64,
}

impl PlanRow {
    /// Its first day.
    pub fn first_day(&self) -> Day {
        self.month.first_day()
    }
    /// Its last day.
    pub fn last_day(&self) -> Day {
        self.month.last_day()
    }
    pub(crate) fn subject(&self) -> SubjectRef {
        SubjectRef::new("month-plan", self.plan_id, Some(self.grid_id))
    }
    pub(crate) fn event(&self, kind: &'static str, body: serde_json::Value) -> NewEvent {
        NewEvent::new(kind, self.subject()).version(self.version + 1).body(body)
    }
}

const PLANS: &str =
    "SELECT p.plan_id, p.grid_id, g.name AS grid_name, p.month, p.made_at, p.changed_at, p.pack_digest, p.version
     FROM month_plan p JOIN micro_grid g ON g.division_code = p.division_code AND g.grid_id = p.grid_id
     WHERE p.division_code = $1";

/// The plans of a month in the reader's scope.
pub async fn of_month(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<PlanRow>> {
    let mut values = vals![q.division(), month];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    q.rows(&format!("{PLANS} AND p.month = $2 AND {scope} ORDER BY g.code"), values).await
}

/// One plan.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: PlanId) -> Result<PlanRow> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    let row = q.row(&format!("{PLANS} AND p.plan_id = $2 AND {scope}"), values).await?;
    row.ok_or_else(AppError::not_found)
}

/// The plan of a grid's month, if there is one.
pub async fn of_grid(q: &impl Query, reader: &Reader, grid: GridId, month: Month) -> Result<Option<PlanRow>> {
    let mut values = vals![q.division(), grid, month];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    q.row(&format!("{PLANS} AND p.grid_id = $2 AND p.month = $3 AND {scope}"), values).await
}

/// A planned visit, at an address in use and in the plan's grid.
#[derive(Debug, Clone, FromQueryResult)]
pub struct StopRow {
    /// Id.
    pub stop_id: StopId,
    /// Its plan.
    pub plan_id: PlanId,
    /// The plan's grid.
    pub grid_id: GridId,
    /// Home.
    pub home_id: HomeId,
    /// Day.
    pub day: Day,
    /// Whose.
    pub account_id: AccountId,
    /// Its place in that colleague's walk of the day.
    pub seq: i64,
    /// [`super::Why`].
    pub why: String,
    /// Whether somebody put it where it is by hand.
    pub by_hand: bool,
    /// When the home was visited for it.
    pub done_day: Option<Day>,
    /// Where it is.
    pub address_text: String,
    /// Label of the premises.
    pub label: Option<String>,
    /// Longitude.
    pub lon: Option<f64>,
    /// Latitude.
    pub lat: Option<f64>,
}

impl StopRow {
    /// The place, if it is known.
    pub fn point(&self) -> Option<Point> {
        Point::new(self.lon?, self.lat?)
    }
    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        self.done_day.is_none()
    }
    /// Whether its day is over without it.
    pub fn is_left_behind(&self, today: Day) -> bool {
        self.is_open() && self.day < today
    }
}

const STOPS: &str = "SELECT s.stop_id, s.plan_id, p.grid_id, s.home_id, s.day, s.account_id, s.seq, s.why, s.by_hand,
       s.done_day, a.text AS address_text, h.label, a.lon, a.lat
     FROM month_stop s
     JOIN month_plan p ON p.division_code = s.division_code AND p.plan_id = s.plan_id
     JOIN home h ON h.division_code = s.division_code AND h.home_id = s.home_id AND h.grid_id = p.grid_id
     JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
     WHERE s.division_code = $1 AND (a.state = 'current' OR s.done_day IS NOT NULL)";
const IN_ORDER: &str = "ORDER BY s.day, s.account_id, s.seq, s.stop_id";

/// The visits of a plan that the caller has found, by day, colleague and place in the walk.
pub async fn stops(q: &impl Query, id: PlanId) -> Result<Vec<StopRow>> {
    q.rows(&format!("{STOPS} AND s.plan_id = $2 {IN_ORDER}"), vals![q.division(), id]).await
}

/// The visits of one day of a plan that the caller has found.
pub async fn stops_of_day(q: &impl Query, id: PlanId, day: Day) -> Result<Vec<StopRow>> {
    q.rows(&format!("{STOPS} AND s.plan_id = $2 AND s.day = $3 {IN_ORDER}"), vals![q.division(), id, day]).await
}

/// What is still to be done of a month in the reader's scope.
pub async fn open_stops(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<StopRow>> {
    let mut values = vals![q.division(), month];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    let sql = format!("{STOPS} AND p.month = $2 AND s.done_day IS NULL AND {scope} {IN_ORDER}");
    q.rows(&sql, values).await
}

/// How far a plan is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Planned visits.
    pub visits: i64,
    /// Of them, done.
    pub done: i64,
    /// Of them, left behind: their day is over without them.
    pub behind: i64,
}

/// How far the plans of a month in the reader's scope are.
pub async fn progress(q: &impl Query, reader: &Reader, month: Month, today: Day) -> Result<HashMap<PlanId, Progress>> {
    #[derive(FromQueryResult)]
    struct Row {
        plan_id: PlanId,
        visits: i64,
        done: i64,
        behind: i64,
    }
    let mut values = vals![q.division(), month, today];
    let scope = reader.scope.sql("p.grid_id", &mut values);
    let sql = format!(
        "SELECT s.plan_id, COUNT(*) AS visits,
           CAST(SUM(CASE WHEN s.done_day IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS done,
           CAST(SUM(CASE WHEN s.done_day IS NULL AND s.day < $3 THEN 1 ELSE 0 END) AS BIGINT) AS behind
         FROM month_stop s JOIN month_plan p ON p.division_code = s.division_code AND p.plan_id = s.plan_id
         WHERE s.division_code = $1 AND p.month = $2 AND {scope} GROUP BY s.plan_id"
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    let told = |r: Row| (r.plan_id, Progress { visits: r.visits, done: r.done, behind: r.behind });
    Ok(rows.into_iter().map(told).collect())
}

/// A visit about to be planned.
#[derive(Debug, Clone)]
pub(crate) struct NewStop {
    pub(crate) home: HomeId,
    pub(crate) day: Day,
    pub(crate) account: AccountId,
    pub(crate) seq: i64,
    pub(crate) why: super::Why,
    pub(crate) done_day: Option<Day>,
}

pub(crate) async fn insert(tx: &Tx, plan: PlanId, stops: &[NewStop]) -> Result<()> {
    let row = |s: &NewStop| {
        let id: StopId = tx.new_id();
        vals![tx.division(), id, plan, s.home, s.day, s.account, s.seq, s.why.code(), false, s.done_day]
    };
    let columns =
        ["division_code", "stop_id", "plan_id", "home_id", "day", "account_id", "seq", "why", "by_hand", "done_day"];
    tx.insert_many("month_stop", &columns, stops.iter().map(row).collect()).await
}

/// Takes the next version of a plan.
///
/// # Errors
/// `stale-version` if somebody else changed it.
pub(crate) async fn touch(tx: &Tx, id: PlanId, version: i64) -> Result<()> {
    tx.execute_one(
        "UPDATE month_plan SET version = version + 1, changed_at = $4
         WHERE division_code = $1 AND plan_id = $2 AND version = $3",
        vals![tx.division(), id, version, tx.now()],
    )
    .await
}
