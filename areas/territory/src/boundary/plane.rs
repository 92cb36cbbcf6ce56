//! A local plane in metres, for areas in m².

use geo::{Coord, MapCoords, MultiPolygon};

/// A plane that touches the WGS 84 ellipsoid at one point; x goes east and y north, in metres. Within 20 km of
/// that point areas are right to about 0.1 %.
#[derive(Debug, Clone, Copy)]
pub struct Plane {
    lon: f64,
    lat: f64,
    east_m: f64,
    north_m: f64,
}

/// Semi-major axis in metres and squared eccentricity of WGS 84.
const AXIS_M: f64 = 6_378_137.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;

impl Plane {
    /// The plane at a point in degrees.
    pub fn at(lon: f64, lat: f64) -> Self {
        let w = 1.0 - ECCENTRICITY_SQUARED * lat.to_radians().sin().powi(2);
        let north_m = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (w * w.sqrt()) * 1f64.to_radians();
        let east_m = AXIS_M / w.sqrt() * lat.to_radians().cos() * 1f64.to_radians();
        Plane { lon, lat, east_m, north_m }
    }
    /// The plane in the middle of some shapes; at 0, 0 if there is none.
    pub fn around<'a>(shapes: impl Iterator<Item = &'a MultiPolygon<f64>>) -> Self {
        use geo::{BoundingRect, Rect};
        let join = |a: Rect<f64>, b: Rect<f64>| {
            Rect::new(
                Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
                Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
            )
        };
        let whole = shapes.filter_map(BoundingRect::bounding_rect).reduce(join);
        whole.map_or(Plane::at(0.0, 0.0), |r| Plane::at(r.center().x, r.center().y))
    }
    /// Degrees to metres.
    pub fn to_metres(&self, shape: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        shape.map_coords(|c| Coord { x: (c.x - self.lon) * self.east_m, y: (c.y - self.lat) * self.north_m })
    }
    /// Metres to degrees.
    pub fn to_degrees(&self, shape: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        shape.map_coords(|c| Coord { x: c.x / self.east_m + self.lon, y: c.y / self.north_m + self.lat })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, GeodesicArea, Rect};

    #[test]
    fn areas_agree_with_the_ellipsoid_to_a_thousandth() {
        let rect = Rect::new(Coord { x: 121.03, y: 31.14 }, Coord { x: 121.13, y: 31.215 });
        let shape = MultiPolygon::new(vec![rect.to_polygon()]);
        let plane = Plane::around([&shape].into_iter());
        let flat = plane.to_metres(&shape).unsigned_area();
        let true_m2 = shape.geodesic_area_unsigned();
        assert!((flat / true_m2 - 1.0).abs() < 1e-3, "{flat} {true_m2}");
    }
}
