//! Datums of uploaded coordinates.
//!
//! Linli keeps WGS 84 degrees. CGCS2000, the national datum, differs from it by centimetres and is taken as the same.
//! GCJ-02, the datum that map services of mainland China show, is shifted by a published approximation; it is
//! turned back by iteration. (The crate at hand for it carries a boundary of the country under ODbL, which would bind
//! everybody who passes this program on.)

use std::f64::consts::PI;

/// The datum of an uploaded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datum {
    /// WGS 84 or CGCS2000, in degrees.
    Wgs84,
    /// GCJ-02 (火星坐标), in degrees.
    Gcj02,
}

impl Datum {
    /// `wgs84` or `gcj02`, as stored and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Datum::Wgs84 => "wgs84",
            Datum::Gcj02 => "gcj02",
        }
    }
    /// By code.
    pub fn from_code(code: &str) -> Option<Datum> {
        match code {
            "wgs84" => Some(Datum::Wgs84),
            "gcj02" => Some(Datum::Gcj02),
            _ => None,
        }
    }
    /// Longitude and latitude in WGS 84 degrees.
    pub fn to_wgs84(self, lon: f64, lat: f64) -> (f64, f64) {
        match self {
            Datum::Wgs84 => (lon, lat),
            Datum::Gcj02 => gcj02_to_wgs84(lon, lat),
        }
    }
}

/// Semi-major axis in metres and squared eccentricity of the Krasovsky ellipsoid, which the shift is computed on.
const AXIS_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// How often the inverse is refined; each step divides the error by some thousand, so three give well under 1 mm.
const REFINEMENTS: usize = 3;

/// WGS 84 to GCJ-02 degrees, within mainland China.
pub fn wgs84_to_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let common = 20.0 * ((6.0 * x * PI).sin() + (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let metres_a_degree_north = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (magic * magic.sqrt()) * PI / 180.0;
    let metres_a_degree_east = AXIS_M / magic.sqrt() * phi.cos() * PI / 180.0;
    (lon + east / metres_a_degree_east, lat + north / metres_a_degree_north)
}

fn gcj02_to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    let (mut x, mut y) = (lon, lat);
    for _ in 0..REFINEMENTS {
        let (shifted_x, shifted_y) = wgs84_to_gcj02(x, y);
        x -= shifted_x - lon;
        y -= shifted_y - lat;
    }
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_is_the_published_one_and_turning_it_back_is_exact_to_a_centimetre() {
        // A point widely used to check implementations: Tian'anmen.
        let (lon, lat) = wgs84_to_gcj02(116.404, 39.915);
        assert!((lon - 116.410_244_499_169_38).abs() < 1e-7, "{lon}");
        assert!((lat - 39.916_404_281_501_64).abs() < 1e-7, "{lat}");
        for (lon, lat) in [(121.05, 31.17), (121.5, 31.2), (100.0, 25.0)] {
            let (x, y) = wgs84_to_gcj02(lon, lat);
            assert!((x - lon).abs() > 1e-4, "the shift is hundreds of metres");
            let (back_lon, back_lat) = Datum::Gcj02.to_wgs84(x, y);
            assert!((back_lon - lon).abs() < 1e-7 && (back_lat - lat).abs() < 1e-7);
        }
    }
}
