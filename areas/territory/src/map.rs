//! Grids as GeoJSON, for the map on the pages.

use linli_platform::{Result, clock::Day, ids::GridId, store::Query};
use serde_json::{Value, json};

use crate::{
    boundary::{GridShape, changes::ChangeKind},
    effect::Preview,
    store::{boundaries, committees},
};

fn feature(geometry: &geo::MultiPolygon<f64>, properties: Value) -> Value {
    let geometry = geojson::Geometry::new(geojson::GeometryValue::from(geometry));
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

fn collection(features: Vec<Value>) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// The grids of a day as the text of a `FeatureCollection` with the properties `grid_id`, `code`, `name`, `committee`,
/// `group` and `href`. `only` keeps some grids.
pub async fn geojson_for_map(q: &impl Query, day: Day, only: Option<&[GridId]>) -> Result<String> {
    let known = committees::all(q).await?;
    let grids = boundaries::grids_on(q, day).await?;
    let features = grids.iter().filter(|g| only.is_none_or(|ids| ids.contains(&g.grid_id))).map(|g: &GridShape| {
        let committee = known.iter().find(|c| c.committee_code == g.committee_code);
        let properties = json!({
            "grid_id": g.grid_id, "code": g.code, "name": g.name,
            "committee": committee.map(|c| c.name.as_str()), "group": committee.map(|c| c.group_code.as_str()),
            "href": format!("/territory/grids/{}", g.grid_id),
        });
        feature(&g.shape, properties)
    });
    Ok(collection(features.collect()))
}

/// A preview for the map: grids with their `change`, then overlaps and gaps with their `fault` and `m2`, then the
/// places of addresses outside every grid.
pub fn preview_for_map(preview: &Preview) -> String {
    let change = |id| preview.changes.iter().find(|c| c.grid_id == id).map_or(ChangeKind::Same, |c| c.kind);
    let grids = preview
        .new
        .grids()
        .iter()
        .map(|g| feature(&g.shape, json!({ "code": g.code, "name": g.name, "change": change(g.grid_id).code() })));
    let closed = preview
        .old
        .grids()
        .iter()
        .filter(|g| !preview.new.contains(g.grid_id))
        .map(|g| feature(&g.shape, json!({ "code": g.code, "name": g.name, "change": ChangeKind::Closed.code() })));
    let overlaps = preview.geometry.overlaps.iter().map(|o| {
        feature(&o.shape, json!({ "fault": "overlap", "m2": o.m2.round(), "name": format!("{} / {}", o.a, o.b) }))
    });
    let gaps = preview.geometry.gaps.iter().map(|g| {
        feature(
            &g.shape,
            json!({ "fault": "gap", "m2": g.m2.round(), "name": format!("{:.6}, {:.6}", g.at.0, g.at.1) }),
        )
    });
    let outside = preview.handover.outside_at.iter().map(|(lon, lat)| {
        json!({
            "type": "Feature", "properties": { "fault": "outside" },
            "geometry": { "type": "Point", "coordinates": [lon, lat] },
        })
    });
    collection(closed.chain(grids).chain(overlaps).chain(gaps).chain(outside).collect())
}
