//! What is wrong with a set of boundaries on the ground: overlaps and gaps (R2).

use geo::{Area, BooleanOps, InteriorPoint, MultiPolygon, Polygon, unary_union};
use linli_platform::ids::GridId;

use super::{GridShape, locator::Locator, plane::Plane};

/// Slivers below this size, in m², come from rounding where neighbours were drawn apart, and are not reported.
pub const SLIVER_M2: f64 = 1.0;

/// Two grids that share ground.
#[derive(Debug, Clone)]
pub struct Overlap {
    /// One grid's code.
    pub a: String,
    /// The other's.
    pub b: String,
    /// How much, in m².
    pub m2: f64,
    /// Where, in degrees.
    pub shape: MultiPolygon<f64>,
}

/// Ground within the outline that is in no grid.
#[derive(Debug, Clone)]
pub struct Gap {
    /// How much, in m².
    pub m2: f64,
    /// A point in it: longitude, latitude.
    pub at: (f64, f64),
    /// Where, in degrees.
    pub shape: MultiPolygon<f64>,
}

/// The report.
#[derive(Debug, Clone, Default)]
pub struct GeometryReport {
    /// Overlaps of 1 m² or more, the largest first.
    pub overlaps: Vec<Overlap>,
    /// Gaps of 1 m² or more, the largest first.
    pub gaps: Vec<Gap>,
    /// Into how many separate pieces the whole falls; 1 is what one expects.
    pub pieces: usize,
    /// The ground covered, in m².
    pub area_m2: f64,
}

impl GeometryReport {
    /// Whether there is neither overlap nor gap.
    pub fn is_clean(&self) -> bool {
        self.overlaps.is_empty() && self.gaps.is_empty()
    }
}

/// Looks for overlaps and gaps. Gaps are holes of the union: ground that is enclosed by grids but in none.
pub fn geometry(grids: &[GridShape]) -> GeometryReport {
    let plane = Plane::around(grids.iter().map(|g| &g.shape));
    let flat: Vec<GridShape> =
        grids.iter().map(|g| GridShape { shape: plane.to_metres(&g.shape), ..g.clone() }).collect();
    let locator = Locator::new(flat);
    let union = unary_union(locator.grids().iter().map(|g| &g.shape));
    GeometryReport {
        overlaps: overlaps(&locator, &plane),
        gaps: gaps(&union, &plane),
        pieces: union.0.len(),
        area_m2: union.unsigned_area(),
    }
}

fn overlaps(locator: &Locator, plane: &Plane) -> Vec<Overlap> {
    let grids = locator.grids();
    let mut found: Vec<Overlap> = locator
        .near_pairs()
        .into_iter()
        .filter_map(|(i, j)| {
            let common = grids[i].shape.intersection(&grids[j].shape);
            let m2 = common.unsigned_area();
            (m2 >= SLIVER_M2).then(|| Overlap {
                a: grids[i].code.clone(),
                b: grids[j].code.clone(),
                m2,
                shape: plane.to_degrees(&common),
            })
        })
        .collect();
    found.sort_by(|a, b| b.m2.total_cmp(&a.m2));
    found
}

fn gaps(union: &MultiPolygon<f64>, plane: &Plane) -> Vec<Gap> {
    let holes = union.0.iter().flat_map(Polygon::interiors);
    let mut found: Vec<Gap> = holes
        .map(|ring| Polygon::new(ring.clone(), Vec::new()))
        // An island inside a hole is a piece of its own, so what is left of the hole is the gap.
        .map(|hole| MultiPolygon::new(vec![hole]).difference(union))
        .filter_map(|hole| {
            let m2 = hole.unsigned_area();
            let shape = plane.to_degrees(&hole);
            let at = shape.interior_point()?;
            (m2 >= SLIVER_M2).then_some(Gap { m2, at: (at.x(), at.y()), shape })
        })
        .collect();
    found.sort_by(|a, b| b.m2.total_cmp(&a.m2));
    found
}

/// The grid of `new` that takes most of an old grid's ground; none if they share less than a sliver.
pub fn successor(old: &GridShape, new: &Locator) -> Option<GridId> {
    let plane = Plane::around([&old.shape].into_iter());
    let ground = plane.to_metres(&old.shape);
    let share = |g: &GridShape| (g.grid_id, plane.to_metres(&g.shape).intersection(&ground).unsigned_area());
    let best = new.grids().iter().map(share).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= SLIVER_M2).then_some(best.0)
}
