//! The day's work (今日): which homes, in which order to walk, what is done. Where the grid has a plan for the month, whose
//! homes and in which order follow from it; elsewhere the day asks for its part of what the month still needs.

use std::collections::{HashMap, HashSet};

use linli_platform::{Result, access::Action, app::App, clock::Day, reader::Reader, store::Query};
use linli_register::{HomeId, figures, figures::Counts};
use linli_work::tasks;
use visit_plan::{Due, Reason};

use crate::{
    due::{self, Candidate},
    plan::mine::{self, Mine},
    visit::{self, VisitRow},
};

/// The most homes of one day's plan.
const MOST: usize = 80;
/// A plan may ask for labelled premises long before their last permitted day.
const WHOLE_MONTH_DAYS: u16 = 31;

/// One home of the day.
#[derive(Debug, Clone)]
pub struct Stop {
    /// The home.
    pub home: Candidate,
    /// Its number in walking order, from 1.
    pub n: usize,
    /// Why it is due.
    pub reason: Reason,
    /// Metres from the stop before.
    pub far_m: Option<i64>,
}

impl Stop {
    /// `late`, `soon` or empty, for colour beside the words.
    pub fn tone(&self) -> &'static str {
        match self.reason {
            Reason::Overdue { .. } | Reason::NeverVisited => "late",
            Reason::DueToday | Reason::DueSoon { .. } => "soon",
            Reason::MonthlyVerification { .. } => "",
        }
    }
    /// Text key and number of the reason.
    pub fn reason_text(&self) -> (&'static str, i64) {
        match self.reason {
            Reason::Overdue { days } => ("due-overdue", days.into()),
            Reason::NeverVisited => ("due-never", 0),
            Reason::DueToday => ("due-today", 0),
            Reason::DueSoon { days } => ("due-soon", days.into()),
            Reason::MonthlyVerification { .. } => ("due-monthly", 0),
        }
    }
}

/// The day of one reader.
#[derive(Debug, Clone)]
pub struct Today {
    /// The day.
    pub day: Day,
    /// Homes still to be visited, in walking order.
    pub stops: Vec<Stop>,
    /// Visits made today in the reader's grids.
    pub done: Vec<VisitRow>,
    /// Length of the walk.
    pub walk_m: i64,
    /// What is due besides and did not fit into the day.
    pub left_over: usize,
    /// The month's counts of the reader's grids.
    pub month: Counts,
    /// Tasks that wait for the reader.
    pub open_tasks: i64,
}

impl Today {
    /// Homes of the day, done and to be done.
    pub fn total(&self) -> usize {
        self.done_homes() + self.stops.len()
    }
    /// Homes visited today.
    pub fn done_homes(&self) -> usize {
        self.done.iter().map(|v| v.home_id).collect::<HashSet<_>>().len()
    }
    /// Coverage of the month in whole percent, rounded down so that it never promises more than there is.
    pub fn coverage_percent(&self) -> i64 {
        self.month.coverage_percent().map_or(0, |p| p.floor() as i64)
    }
    /// Whether a home of the day waits for its visit.
    pub fn is_open(&self, home: HomeId) -> bool {
        self.stops.iter().any(|s| s.home.home_id == home)
    }
}

/// The day of a reader: homes due, in walking order; what is done; the month's coverage; open tasks.
pub async fn today(app: &App, reader: &Reader) -> Result<Today> {
    let reads = app.store.reads();
    let day = app.store.clock().today();
    let month = figures::total(&figures::month(&reads, reader, day.month()).await?);
    let open_tasks = tasks::count_open(&reads, reader).await?;
    let done = visit::of_day(&reads, reader, day).await?;
    let mut today = Today { day, stops: Vec::new(), done, walk_m: 0, left_over: 0, month, open_tasks };
    if reader.may(Action::FieldWork) {
        plan(app, &reads, reader, &mut today).await?;
    }
    Ok(today)
}

async fn plan(app: &App, q: &impl Query, reader: &Reader, today: &mut Today) -> Result<()> {
    let homes = due::candidates(q, reader).await?;
    let visited: HashSet<HomeId> = today.done.iter().map(|v| v.home_id).collect();
    let mine = mine::of(q, reader, today.day).await?;
    let mut due = due::due(&app.pack, &homes, app.store.now());
    due.retain(|d| !visited.contains(&d.id));
    let (planned, free): (Vec<Candidate>, Vec<Candidate>) =
        homes.iter().cloned().partition(|h| h.grid_id.is_some_and(|g| mine.grids.contains(&g)));
    let (mut walk, more) = by_plan(app, &planned, &due, &mine, &visited, today.day);
    let (chosen, left_over) = by_quota(app, &free, &due, &visited, today.day);
    today.left_over = left_over + mine.later(today.day);
    // What the plan has for today is walked as it says; what came up besides follows, from where that walk ends.
    let extra: Vec<Due<HomeId>> = more.into_iter().chain(chosen).collect();
    let from = walk.iter().rev().find_map(|d| d.location);
    walk.extend(visit_plan::day_plan(&extra, extra.len(), from).visits);
    today.left_over += walk.len().saturating_sub(MOST);
    walk.truncate(MOST);
    today.stops = stops(homes, walk);
    today.walk_m = today.stops.iter().filter_map(|s| s.far_m).sum();
    Ok(())
}

/// The homes of grids with a plan: those of today in the plan's order, and what came up besides: left from days before, or
/// pressing and nobody else's.
fn by_plan(
    app: &App,
    homes: &[Candidate],
    due: &[Due<HomeId>],
    mine: &Mine,
    visited: &HashSet<HomeId>,
    day: Day,
) -> (Vec<Due<HomeId>>, Vec<Due<HomeId>>) {
    let within = visit_plan::due(&due::premises(&app.pack, homes), day.0, WHOLE_MONTH_DAYS);
    let known: HashMap<HomeId, &Due<HomeId>> = within.iter().chain(due).map(|d| (d.id, d)).collect();
    let (mut walk, mut more) = (Vec::new(), Vec::new());
    for home in homes.iter().filter(|h| !visited.contains(&h.home_id) && !mine.others.contains(&h.home_id)) {
        // What is not due by any rule was settled by facts that the plan did not know.
        let Some(visit) = known.get(&home.home_id) else { continue };
        match mine.by(home.home_id, day) {
            Some(place) if place.day == day => walk.push((place, (*visit).clone())),
            Some(_) => more.push((*visit).clone()),
            None if visit.urgency >= 0 => more.push((*visit).clone()),
            None => {}
        }
    }
    walk.sort_by_key(|(place, _)| *place);
    (walk.into_iter().map(|(_, visit)| visit).collect(), more)
}

/// The homes of grids without a plan: whatever cannot wait belongs to the day, however many homes that are; the month's share
/// fills it up.
fn by_quota(
    app: &App,
    homes: &[Candidate],
    due: &[Due<HomeId>],
    visited: &HashSet<HomeId>,
    day: Day,
) -> (Vec<Due<HomeId>>, usize) {
    let here: HashSet<HomeId> = homes.iter().map(|h| h.home_id).collect();
    let due: Vec<Due<HomeId>> = due.iter().filter(|d| here.contains(&d.id)).cloned().collect();
    let pressing = due.iter().filter(|d| d.urgency >= 0).count();
    let done = visited.iter().filter(|h| here.contains(h)).count();
    let quota = due::quota(app, homes, day).saturating_sub(done);
    let chosen = visit_plan::day_plan(&due, pressing.max(quota).min(MOST), None);
    (chosen.visits, chosen.left_over)
}

fn stops(homes: Vec<Candidate>, walk: Vec<Due<HomeId>>) -> Vec<Stop> {
    let mut homes: HashMap<HomeId, Candidate> = homes.into_iter().map(|h| (h.home_id, h)).collect();
    let mut before = None;
    let stop = |(n, due): (usize, Due<HomeId>)| {
        let home = homes.remove(&due.id)?;
        let far = |(a, b): (visit_plan::Point, visit_plan::Point)| a.distance_m(&b).round() as i64;
        let far_m = before.zip(due.location).map(far);
        before = due.location.or(before);
        Some(Stop { home, n: n + 1, reason: due.reason, far_m })
    };
    walk.into_iter().enumerate().filter_map(stop).collect()
}
