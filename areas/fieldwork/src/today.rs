//! The day's work (今日): which homes, in which order to walk, what is done.

use std::collections::{HashMap, HashSet};

use linli_platform::{Result, access::Action, app::App, clock::Day, reader::Reader, store::Query};
use linli_register::{HomeId, figures, figures::Counts};
use linli_work::tasks;
use visit_plan::{DayPlan, Due, Reason};

use crate::{
    due::{self, Candidate},
    visit::{self, VisitRow},
};

/// The most homes of one day's plan.
const MOST: usize = 80;

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
    let mut due = due::due(&app.pack, &homes, app.store.now());
    due.retain(|d| !visited.contains(&d.id));
    // Whatever cannot wait belongs to the day, however many homes that are; the month's share fills it up.
    let pressing = due.iter().filter(|d| d.urgency >= 0).count();
    let quota = due::quota(app, &homes, today.day).saturating_sub(visited.len());
    let chosen = visit_plan::day_plan(&due, pressing.max(quota).min(MOST), None);
    today.walk_m = chosen.total_m.round() as i64;
    today.left_over = chosen.left_over;
    today.stops = stops(homes, chosen);
    Ok(())
}

fn stops(homes: Vec<Candidate>, chosen: DayPlan<HomeId>) -> Vec<Stop> {
    let mut homes: HashMap<HomeId, Candidate> = homes.into_iter().map(|h| (h.home_id, h)).collect();
    let mut before = None;
    let stop = |(n, due): (usize, Due<HomeId>)| {
        let home = homes.remove(&due.id)?;
        let far = |(a, b): (visit_plan::Point, visit_plan::Point)| a.distance_m(&b).round() as i64;
        let far_m = before.zip(due.location).map(far);
        before = due.location.or(before);
        Some(Stop { home, n: n + 1, reason: due.reason, far_m })
    };
    chosen.visits.into_iter().enumerate().filter_map(stop).collect()
}
