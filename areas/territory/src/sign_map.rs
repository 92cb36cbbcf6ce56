//! The outline of one grid among its neighbours, for its notice sign (公示牌, R36): a picture without streets, which the
//! program has no right to print, and without anybody's home.

use std::fmt::Write as _;

use geo::{BoundingRect, MultiPolygon, Rect};
use linli_platform::{Result, clock::Day, ids::GridId, store::Query};

use crate::store::boundaries;

/// Sides of the picture, in its own units.
const SIZE: f64 = 1_000.0;
/// Around the grid, as a part of its larger side.
const MARGIN: f64 = 0.25;
/// Metres to one degree of latitude.
const METRES_PER_DEGREE: f64 = 111_320.0;
/// Lengths that a scale bar can have, in metres.
const BARS_M: [f64; 8] = [5_000.0, 2_000.0, 1_000.0, 500.0, 200.0, 100.0, 50.0, 20.0];

/// The picture, and its scale.
#[derive(Debug, Clone, PartialEq)]
pub struct SignMap {
    /// An SVG image, square.
    pub svg: String,
    /// The length of the scale bar in metres.
    pub bar_m: i64,
    /// Its length as a share of the picture's width.
    pub bar_share: f64,
}

/// Where degrees lie in the picture.
struct Frame {
    west: f64,
    north: f64,
    /// Units of the picture to a degree of longitude and of latitude.
    x: f64,
    y: f64,
}

impl Frame {
    fn around(shape: Rect<f64>) -> Frame {
        let squeeze = shape.center().y.to_radians().cos();
        let side = (shape.width() * squeeze).max(shape.height()).max(1e-6) * (1.0 + 2.0 * MARGIN);
        let y = SIZE / side;
        let x = y * squeeze;
        let centre = shape.center();
        Frame { west: centre.x - SIZE / x / 2.0, north: centre.y + SIZE / y / 2.0, x, y }
    }
    fn path(&self, shape: &MultiPolygon<f64>) -> String {
        let mut path = String::new();
        for polygon in shape {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                for (n, point) in ring.coords().enumerate() {
                    let (x, y) = ((point.x - self.west) * self.x, (self.north - point.y) * self.y);
                    let _ = write!(path, "{}{x:.1} {y:.1}", if n == 0 { "M" } else { "L" });
                }
                path.push('Z');
            }
        }
        path
    }
    fn shows(&self, shape: &MultiPolygon<f64>) -> bool {
        let (east, south) = (self.west + SIZE / self.x, self.north - SIZE / self.y);
        shape
            .bounding_rect()
            .is_some_and(|r| r.max().x > self.west && r.min().x < east && r.max().y > south && r.min().y < self.north)
    }
}

/// The outline of a grid on a day; none where no boundaries hold.
///
/// # Errors
/// Those of the store.
pub async fn sign_map(q: &impl Query, grid: GridId, day: Day) -> Result<Option<SignMap>> {
    let all = boundaries::grids_on(q, day).await?;
    let Some(own) = all.iter().find(|g| g.grid_id == grid) else { return Ok(None) };
    let Some(rect) = own.shape.bounding_rect() else { return Ok(None) };
    let frame = Frame::around(rect);
    let mut svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {SIZE} {SIZE}\">");
    for other in all.iter().filter(|g| g.grid_id != grid && frame.shows(&g.shape)) {
        let _ = write!(
            svg,
            "<path d=\"{}\" fill=\"#f2f2ef\" stroke=\"#9a9a94\" stroke-width=\"2\"/>",
            frame.path(&other.shape)
        );
    }
    let _ = write!(
        svg,
        "<path d=\"{}\" fill=\"#cfe6e1\" stroke=\"#0b5d51\" stroke-width=\"7\" fill-rule=\"evenodd\"/></svg>",
        frame.path(&own.shape)
    );
    let width_m = SIZE / frame.y * METRES_PER_DEGREE;
    let bar_m = BARS_M.into_iter().find(|m| *m < width_m / 3.0).unwrap_or(20.0);
    Ok(Some(SignMap { svg, bar_m: bar_m as i64, bar_share: bar_m / width_m }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn the_own_outline_lies_within_the_picture_with_a_margin_around_and_its_sides_keep_their_proportion() {
        // About 955 m from west to east and 1,113 m from south to north.
        let shape = MultiPolygon::from(polygon![
            (x: 121.10, y: 31.15), (x: 121.11, y: 31.15), (x: 121.11, y: 31.16), (x: 121.10, y: 31.16),
        ]);
        let frame = Frame::around(shape.bounding_rect().unwrap());
        let path = frame.path(&shape);
        let numbers: Vec<f64> =
            path.split(['M', 'L', 'Z', ' ']).filter(|t| !t.is_empty()).map(|t| t.parse().unwrap()).collect();
        let (xs, ys): (Vec<f64>, Vec<f64>) = numbers.chunks(2).map(|p| (p[0], p[1])).unzip();
        let span =
            |all: &[f64]| all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min);
        assert!(numbers.iter().all(|n| (0.0..=SIZE).contains(n)), "{path}");
        assert!((span(&ys) - SIZE / 1.5).abs() < 1.0, "{path}");
        assert!((span(&xs) / span(&ys) - 0.8558).abs() < 0.001, "{path}");
        assert!(frame.shows(&shape));
        let far = MultiPolygon::from(polygon![(x: 122.0, y: 31.15), (x: 122.1, y: 31.15), (x: 122.1, y: 31.2)]);
        assert!(!frame.shows(&far));
    }
}
