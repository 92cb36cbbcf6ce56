//! What the plans say to one reader today: which homes are this reader's, in which order, and which are a colleague's.

use std::collections::{HashMap, HashSet};

use linli_platform::{Result, clock::Day, ids::GridId, reader::Reader, store::Query};
use linli_register::HomeId;

use super::{crew, store};

/// A home's place in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When.
    pub day: Day,
    /// In which grid.
    pub grid: GridId,
    /// Its place in the walk.
    pub seq: i64,
}

/// The plans of the reader's grids, as they concern the reader on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mine {
    /// Grids that have a plan for the month.
    pub grids: HashSet<GridId>,
    /// Homes whose next visit is the reader's: planned so, taken over from somebody the reader stands in for, or left
    /// by somebody who is not there and has no stand-in.
    pub homes: HashMap<HomeId, Place>,
    /// Homes whose next visit is a colleague's who is there.
    pub others: HashSet<HomeId>,
}

impl Mine {
    /// The place of a home that is to be visited by a day.
    pub fn by(&self, home: HomeId, day: Day) -> Option<Place> {
        self.homes.get(&home).copied().filter(|p| p.day <= day)
    }
    /// How many of the reader's homes come after a day.
    pub fn later(&self, day: Day) -> usize {
        self.homes.values().filter(|p| p.day > day).count()
    }
}

/// What the month's plans say to the reader on a day.
pub async fn of(q: &impl Query, reader: &Reader, day: Day) -> Result<Mine> {
    let plans = store::of_month(q, reader, day.month()).await?;
    if plans.is_empty() {
        return Ok(Mine::default());
    }
    let grids: Vec<GridId> = plans.iter().map(|p| p.grid_id).collect();
    let crews = crew::of_grids(q, &grids, day, day).await?;
    let mut mine = Mine { grids: grids.into_iter().collect(), ..Mine::default() };
    // By day: the first of a home is its next.
    for stop in store::open_stops(q, reader, day.month()).await? {
        if mine.homes.contains_key(&stop.home_id) || mine.others.contains(&stop.home_id) {
            continue;
        }
        match crews.get(&stop.grid_id).and_then(|crew| crew.acting(stop.account_id, day)) {
            Some(other) if other != reader.account => {
                mine.others.insert(stop.home_id);
            }
            _ => {
                mine.homes.insert(stop.home_id, Place { day: stop.day, grid: stop.grid_id, seq: stop.seq });
            }
        }
    }
    Ok(mine)
}
