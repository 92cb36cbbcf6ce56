//! Boundaries as GeoJSON.

use linli_territory::{Committees, Datum, boundary::read::read};

use super::text;
use crate::Target;

pub(crate) const TARGET: Target = Target {
    name: "boundaries",
    run: boundaries,
    seeds,
    words: &["\"coordinates\":", "\"Polygon\"", "\"MultiPolygon\"", "[[", "1e308", "null", "121.1", "31.2"],
};

/// A file of micro-grids: grids or faults, never both, never a panic.
pub fn boundaries(data: &[u8]) {
    let committees = Committees::new(Vec::new());
    for datum in [Datum::Wgs84, Datum::Gcj02] {
        if let Err(faults) = read(&text(data), datum, &committees) {
            assert!(!faults.is_empty());
        }
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let square = "[[[121.10,31.20],[121.11,31.20],[121.11,31.21],[121.10,31.21],[121.10,31.20]]]";
    let feature = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"code\":\"G1\",\"name\":\"一\",\"committee\":\"大盈村\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{square}}}}}]}}"
    );
    vec![feature.into_bytes(), format!("{{\"type\":\"Polygon\",\"coordinates\":{square}}}").into_bytes()]
}
