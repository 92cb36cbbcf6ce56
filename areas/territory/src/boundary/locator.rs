//! Finding the grid that a point lies in.

use geo::{BoundingRect, Intersects, Point};
use linli_platform::ids::GridId;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::GridShape;

/// Grids under an R-tree of their envelopes.
#[derive(Debug, Clone, Default)]
pub struct Locator {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    grids: Vec<GridShape>,
}

impl Locator {
    /// Over the grids of a set.
    pub fn new(mut grids: Vec<GridShape>) -> Self {
        grids.sort_by(|a, b| a.code.cmp(&b.code));
        let envelope = |(i, grid): (usize, &GridShape)| {
            let r = grid.shape.bounding_rect()?;
            Some(GeomWithData::new(Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]), i))
        };
        let tree = RTree::bulk_load(grids.iter().enumerate().filter_map(envelope).collect());
        Locator { tree, grids }
    }
    /// The grid at a point (degrees, WGS 84). On a common border, or where two overlap, it is the one with the lower
    /// code, so that the answer is always the same.
    pub fn at(&self, lon: f64, lat: f64) -> Option<&GridShape> {
        let point = Point::new(lon, lat);
        self.tree
            .locate_in_envelope_intersecting(&AABB::from_point([lon, lat]))
            .filter(|hit| self.grids[hit.data].shape.intersects(&point))
            .map(|hit| hit.data)
            .min()
            .map(|i| &self.grids[i])
    }
    /// Pairs of grids whose envelopes meet, each pair once, by place in [`grids`](Self::grids).
    pub fn near_pairs(&self) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for one in self.tree.iter() {
            let envelope = AABB::from_corners(one.geom().lower(), one.geom().upper());
            let others = self.tree.locate_in_envelope_intersecting(&envelope);
            pairs.extend(others.filter(|other| other.data > one.data).map(|other| (one.data, other.data)));
        }
        pairs.sort_unstable();
        pairs
    }
    /// The grids, by code.
    pub fn grids(&self) -> &[GridShape] {
        &self.grids
    }
    /// Whether a grid is among them.
    pub fn contains(&self, grid: GridId) -> bool {
        self.grids.iter().any(|g| g.grid_id == grid)
    }
}
