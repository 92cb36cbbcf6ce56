//! What a new set of boundaries changes: grids, and who and what changes hands.

use std::collections::{BTreeMap, HashMap};

use geo::{Area, BooleanOps};
use linli_platform::ids::GridId;

use super::{
    GridShape,
    locator::Locator,
    plane::Plane,
    report::{SLIVER_M2, successor},
};
use crate::premises::PremisesPoint;

/// What happens to a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    New,
    /// Its ground changes.
    Changed,
    /// Only its name changes.
    Renamed,
    /// It is not in the new set.
    Closed,
    /// Nothing.
    Same,
}

impl ChangeKind {
    /// Fluent text: `boundary-change-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            ChangeKind::New => "new",
            ChangeKind::Changed => "changed",
            ChangeKind::Renamed => "renamed",
            ChangeKind::Closed => "closed",
            ChangeKind::Same => "same",
        }
    }
}

/// One grid's change.
#[derive(Debug, Clone)]
pub struct GridChange {
    /// The grid.
    pub grid_id: GridId,
    /// Its code.
    pub code: String,
    /// Its name, the new one where there is one.
    pub name: String,
    /// Its committee.
    pub committee_code: String,
    /// What happens.
    pub kind: ChangeKind,
    /// Ground gained or lost, in m².
    pub m2: f64,
}

/// Compares two sets grid by grid, in the order of codes.
pub fn grids(old: &Locator, new: &Locator) -> Vec<GridChange> {
    let before: HashMap<GridId, &GridShape> = old.grids().iter().map(|g| (g.grid_id, g)).collect();
    let change = |g: &GridShape, kind, m2| GridChange {
        grid_id: g.grid_id,
        code: g.code.clone(),
        name: g.name.clone(),
        committee_code: g.committee_code.clone(),
        kind,
        m2,
    };
    let mut all: Vec<GridChange> = new
        .grids()
        .iter()
        .map(|g| match before.get(&g.grid_id) {
            None => change(g, ChangeKind::New, ground_m2(g)),
            Some(was) => match moved_m2(was, g) {
                m2 if m2 >= SLIVER_M2 => change(g, ChangeKind::Changed, m2),
                _ if was.name != g.name => change(g, ChangeKind::Renamed, 0.0),
                _ => change(g, ChangeKind::Same, 0.0),
            },
        })
        .collect();
    let closed = old.grids().iter().filter(|g| !new.contains(g.grid_id));
    all.extend(closed.map(|g| change(g, ChangeKind::Closed, ground_m2(g))));
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all
}

fn ground_m2(grid: &GridShape) -> f64 {
    Plane::around([&grid.shape].into_iter()).to_metres(&grid.shape).unsigned_area()
}

fn moved_m2(was: &GridShape, is: &GridShape) -> f64 {
    if was.shape == is.shape {
        return 0.0;
    }
    let plane = Plane::around([&was.shape].into_iter());
    plane.to_metres(&was.shape).xor(&plane.to_metres(&is.shape)).unsigned_area()
}

/// Where premises go when a new set takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// They stay in their grid.
    Stay,
    /// They move.
    Move(GridId),
    /// They lie outside every grid, or have no coordinates, and stay in their grid or follow it into its successor.
    Outside(Option<GridId>),
    /// They lie outside every grid and their grid closes without a successor: nobody would look after them.
    Lost,
}

/// Decides where premises go.
pub struct Handover<'a> {
    old: &'a Locator,
    new: &'a Locator,
    successors: HashMap<GridId, Option<GridId>>,
}

impl<'a> Handover<'a> {
    /// Between two sets.
    pub fn new(old: &'a Locator, new: &'a Locator) -> Self {
        let closed = old.grids().iter().filter(|g| !new.contains(g.grid_id));
        let successors = closed.map(|g| (g.grid_id, successor(g, new))).collect();
        Handover { old, new, successors }
    }
    /// Where one address goes. Where the boundary did not move, a grid set by hand stays.
    pub fn destination(&self, premises: &PremisesPoint) -> Destination {
        let lives = |g: GridId| self.new.contains(g);
        let within = |set: &Locator| premises.at.and_then(|(lon, lat)| set.at(lon, lat)).map(|g| g.grid_id);
        match (premises.grid, within(self.new)) {
            (Some(grid), Some(found)) if grid == found => Destination::Stay,
            (Some(grid), Some(found)) if lives(grid) && within(self.old) == Some(found) => Destination::Stay,
            (_, Some(found)) => Destination::Move(found),
            (None, None) => Destination::Outside(None),
            (Some(grid), None) if lives(grid) => Destination::Outside(Some(grid)),
            (Some(grid), None) => match self.successors.get(&grid).copied().flatten() {
                Some(next) => Destination::Outside(Some(next)),
                None => Destination::Lost,
            },
        }
    }
}

/// Counts of what changes hands between two grids.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hands {
    /// Addresses.
    pub addresses: i64,
    /// Homes at them.
    pub homes: i64,
    /// Residents who live there.
    pub residents: i64,
}

/// All that changes hands.
#[derive(Debug, Clone, Default)]
pub struct HandoverReport {
    /// By grid it leaves (none: it was in no grid) and grid it comes to.
    pub between: BTreeMap<(Option<GridId>, GridId), Hands>,
    /// Addresses outside every grid of the new set, by id.
    pub outside: Vec<uuid::Uuid>,
    /// Where those outside lie: longitude and latitude.
    pub outside_at: Vec<(f64, f64)>,
    /// Addresses without coordinates.
    pub unplaced: i64,
    /// Addresses that would be left without a grid.
    pub lost: i64,
    /// The moves themselves.
    pub moves: Vec<(uuid::Uuid, GridId)>,
}

impl HandoverReport {
    /// Over all pairs.
    pub fn total(&self) -> Hands {
        self.between.values().fold(Hands::default(), |sum, h| Hands {
            addresses: sum.addresses + h.addresses,
            homes: sum.homes + h.homes,
            residents: sum.residents + h.residents,
        })
    }
}

/// Works out what changes hands between two sets.
pub fn handover(old: &Locator, new: &Locator, premises: &[PremisesPoint]) -> HandoverReport {
    let handover = Handover::new(old, new);
    let mut report = HandoverReport::default();
    for p in premises {
        let to = match handover.destination(p) {
            Destination::Stay => None,
            Destination::Move(to) => Some(to),
            Destination::Outside(to) => {
                note_outside(&mut report, p);
                to.filter(|to| Some(*to) != p.grid)
            }
            Destination::Lost => {
                note_outside(&mut report, p);
                report.lost += 1;
                None
            }
        };
        if let Some(to) = to {
            let hands = report.between.entry((p.grid, to)).or_default();
            hands.addresses += 1;
            hands.homes += p.homes;
            hands.residents += p.residents;
            report.moves.push((p.id, to));
        }
    }
    report
}

fn note_outside(report: &mut HandoverReport, premises: &PremisesPoint) {
    match premises.at {
        Some(at) => {
            report.outside.push(premises.id);
            report.outside_at.push(at);
        }
        None => report.unplaced += 1,
    }
}
