//! Drawings of grids and homes as SVG: no tiles from elsewhere, no scripts.

use linli_territory::boundary::GridShape;

/// Room around a drawing.
const MARGIN: f64 = 16.0;

/// Fits longitude and latitude into the drawing, north up, without stretching.
pub(crate) struct Frame {
    west: f64,
    north: f64,
    /// Drawing units per degree of longitude and of latitude.
    scale: (f64, f64),
}

impl Frame {
    /// Around these points; none without any.
    pub(crate) fn around(points: &[(f64, f64)], side: f64) -> Option<Frame> {
        let fold = |pick: fn(&(f64, f64)) -> f64, f: fn(f64, f64) -> f64| points.iter().map(pick).reduce(f);
        let (west, east) = (fold(|p| p.0, f64::min)?, fold(|p| p.0, f64::max)?);
        let (south, north) = (fold(|p| p.1, f64::min)?, fold(|p| p.1, f64::max)?);
        // A degree of longitude is shorter than one of latitude by the cosine of the latitude.
        let squeeze = ((south + north) / 2.0).to_radians().cos();
        let span = ((east - west) * squeeze).max(north - south).max(1e-5);
        let per_degree = (side - 2.0 * MARGIN) / span;
        Some(Frame { west, north, scale: (per_degree * squeeze, per_degree) })
    }
    /// Where a place is drawn.
    pub(crate) fn place(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        (MARGIN + (lon - self.west) * self.scale.0, MARGIN + (self.north - lat) * self.scale.1)
    }
    /// The same as an SVG's list of points has it.
    pub(crate) fn point(&self, place: (f64, f64)) -> String {
        let (x, y) = self.place(place);
        format!("{x:.1},{y:.1}")
    }
    /// A ring or a walk as an SVG's list of points.
    pub(crate) fn points(&self, places: &[(f64, f64)]) -> String {
        places.iter().map(|p| self.point(*p)).collect::<Vec<_>>().join(" ")
    }
}

/// The outer rings of a grid's shape.
pub(crate) fn rings(shape: &GridShape) -> Vec<Vec<(f64, f64)>> {
    shape.shape.0.iter().map(|p| p.exterior().coords().map(|c| (c.x, c.y)).collect()).collect()
}

/// The middle of a closed ring (its centre of area); none of a ring without area.
pub(crate) fn middle(ring: &[(f64, f64)]) -> Option<(f64, f64)> {
    // Reckoned from the first corner, so that small rings far from 0°, 0° keep their digits.
    let (x0, y0) = *ring.first()?;
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for pair in ring.windows(2) {
        let ((ax, ay), (bx, by)) = ((pair[0].0 - x0, pair[0].1 - y0), (pair[1].0 - x0, pair[1].1 - y0));
        let cross = ax * by - bx * ay;
        area += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    (area != 0.0).then(|| (x0 + x / (3.0 * area), y0 + y / (3.0 * area)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_holds_every_point_with_north_up() {
        let frame = Frame::around(&[(121.10, 31.10), (121.12, 31.14)], 360.0).unwrap();
        let (x, y) = frame.place((121.10, 31.14));
        assert!((x - MARGIN).abs() < 1e-9 && (y - MARGIN).abs() < 1e-9);
        let (x, y) = frame.place((121.12, 31.10));
        assert!(x < 360.0 && (y - (360.0 - MARGIN)).abs() < 1e-6, "{x} {y}");
        assert!(Frame::around(&[], 360.0).is_none());
        let (x, y) = Frame::around(&[(121.1, 31.1)], 360.0).unwrap().place((121.1, 31.1));
        assert!(x.is_finite() && y.is_finite());
    }

    #[test]
    fn the_middle_of_a_ring_is_that_of_its_area() {
        let ring = [(121.0, 31.0), (121.2, 31.0), (121.2, 31.1), (121.0, 31.1), (121.0, 31.0)];
        let (x, y) = middle(&ring).unwrap();
        assert!((x - 121.1).abs() < 1e-9 && (y - 31.05).abs() < 1e-9, "{x} {y}");
        assert!(middle(&[]).is_none() && middle(&[(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)]).is_none());
    }
}
