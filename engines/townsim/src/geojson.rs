//! The micro-grids as GeoJSON (R2).

use crate::Town;
use serde_json::{Value, json};

/// The micro-grids of a town as the text of an RFC 7946 `FeatureCollection`: one polygon each, with the
/// properties `grid_code`, `name`, `committee_code` and `committee`.
pub fn to_geojson(town: &Town) -> String {
    let features: Vec<Value> = town
        .grids()
        .iter()
        .map(|grid| {
            let committee = &town.committees()[grid.committee as usize];
            json!({
                "type": "Feature",
                "properties": {
                    "grid_code": grid.code,
                    "name": grid.name,
                    "committee_code": grid.committee_code,
                    "committee": committee.name,
                },
                "geometry": { "type": "Polygon", "coordinates": [grid.ring] },
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}
