//! Reading a boundary file: a GeoJSON `FeatureCollection` (RFC 7946) with one polygon or multipolygon a micro-grid and
//! the properties `grid_code`, `name` and `committee` (a code or a name; `committee_code` goes before it).

use std::collections::HashMap;

use geo::{Coord, LineString, MapCoords, MultiPolygon, Orient, Polygon, Validation, orient::Direction};
use geojson::{Feature, GeometryValue, JsonObject};

use crate::{
    committee::{Committees, Resolved},
    datum::Datum,
};

/// The largest file read, in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The most grids in a file.
pub const MAX_FEATURES: usize = 2_000;
/// The most vertices of one grid. A village's outline digitised every 5 m has some 2,000.
pub const MAX_GRID_VERTICES: usize = 5_000;
/// The most vertices of a file.
pub const MAX_VERTICES: usize = 100_000;
/// The most characters of a code or name.
pub const MAX_TEXT_CHARS: usize = 60;
/// Mainland China in degrees: west, south, east, north. Metres of a projected system fall outside, as do longitude
/// and latitude in the wrong order.
pub const RANGE_DEGREES: [f64; 4] = [73.0, 3.0, 136.0, 54.0];
/// The widest a sub-district may be, in degrees; areas in m² are right to about 0.1 % within it.
pub const MAX_EXTENT_DEGREES: f64 = 0.8;
/// After so many faults reading stops.
pub const MAX_FAULTS: usize = 50;

/// One fault of a boundary file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoundaryFault {
    /// The file is larger than [`MAX_BYTES`].
    #[error("the file has {bytes} bytes, more than {MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It is not JSON.
    #[error("not JSON: line {line}, column {column}")]
    NotJson {
        /// Line of the first fault, from 1.
        line: usize,
        /// Column of the first fault.
        column: usize,
    },
    /// It is JSON, but no `FeatureCollection`.
    #[error("not a GeoJSON FeatureCollection")]
    NotFeatureCollection,
    /// It has no feature.
    #[error("the FeatureCollection is empty")]
    Empty,
    /// It has more than [`MAX_FEATURES`] features.
    #[error("{count} features, more than {MAX_FEATURES}")]
    TooManyFeatures {
        /// How many.
        count: usize,
    },
    /// It has more than [`MAX_VERTICES`] vertices.
    #[error("more than {MAX_VERTICES} vertices")]
    TooManyVertices,
    /// Its grids lie further apart than [`MAX_EXTENT_DEGREES`].
    #[error("the grids lie more than {MAX_EXTENT_DEGREES} degrees apart")]
    TooWide,
    /// Something is wrong with one feature.
    #[error("feature {number}: {fault}")]
    Feature {
        /// Its number in the file, from 1.
        number: usize,
        /// What.
        fault: FeatureFault,
    },
}

/// What is wrong with one feature.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FeatureFault {
    /// It is no GeoJSON feature, or its coordinates are malformed.
    #[error("malformed")]
    Malformed,
    /// It has no geometry.
    #[error("no geometry")]
    NoGeometry,
    /// It is neither a polygon nor a multipolygon.
    #[error("a {found}, not a polygon")]
    NotPolygon {
        /// The type it has.
        found: &'static str,
    },
    /// A property is missing or empty.
    #[error("property {name} is missing")]
    MissingProperty {
        /// Which.
        name: &'static str,
    },
    /// A property is longer than [`MAX_TEXT_CHARS`].
    #[error("property {name} is too long")]
    LongProperty {
        /// Which.
        name: &'static str,
    },
    /// A coordinate lies outside [`RANGE_DEGREES`].
    #[error("coordinate {lon}, {lat} is not in degrees within China")]
    OutOfRange {
        /// First number.
        lon: f64,
        /// Second number.
        lat: f64,
    },
    /// It has more than [`MAX_GRID_VERTICES`] vertices.
    #[error("{count} vertices, more than {MAX_GRID_VERTICES}")]
    TooManyVertices {
        /// How many.
        count: usize,
    },
    /// A ring has fewer than three corners.
    #[error("a ring with fewer than three corners")]
    TooFewCorners,
    /// A ring does not end where it began.
    #[error("a ring is not closed")]
    OpenRing,
    /// A ring crosses or touches itself.
    #[error("a ring crosses itself")]
    CrossingRing,
    /// A hole does not lie within its polygon, or parts of the grid overlap.
    #[error("holes or parts do not fit together")]
    PartsDoNotFit,
    /// No committee is written like that.
    #[error("unknown committee {written}")]
    UnknownCommittee {
        /// As written.
        written: String,
    },
    /// Several committees could be meant.
    #[error("committee {written} could be {suggestions}")]
    UnsureCommittee {
        /// As written.
        written: String,
        /// Names that could be meant.
        suggestions: String,
    },
    /// The code stands in an earlier feature already.
    #[error("grid code {code} is in feature {first} already")]
    DuplicateCode {
        /// The code.
        code: String,
        /// The number of the earlier feature.
        first: usize,
    },
    /// The grid of this code belongs to another committee; a grid that changes hands gets a new code.
    #[error("grid {code} belongs to {committee}")]
    OtherCommittee {
        /// The code.
        code: String,
        /// The name of the committee it belongs to.
        committee: String,
    },
}

impl FeatureFault {
    /// Fluent key after `boundary-fault-`, and the text's arguments.
    pub fn text(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            FeatureFault::Malformed => ("malformed", vec![]),
            FeatureFault::NoGeometry => ("no-geometry", vec![]),
            FeatureFault::NotPolygon { found } => ("not-polygon", vec![("found", (*found).into())]),
            FeatureFault::MissingProperty { name } => ("missing-property", vec![("name", (*name).into())]),
            FeatureFault::LongProperty { name } => ("long-property", vec![("name", (*name).into())]),
            FeatureFault::OutOfRange { lon, lat } => {
                ("out-of-range", vec![("lon", lon.to_string()), ("lat", lat.to_string())])
            }
            FeatureFault::TooManyVertices { count } => {
                ("too-many-grid-vertices", vec![("count", count.to_string()), ("max", MAX_GRID_VERTICES.to_string())])
            }
            FeatureFault::TooFewCorners => ("too-few-corners", vec![]),
            FeatureFault::OpenRing => ("open-ring", vec![]),
            FeatureFault::CrossingRing => ("crossing-ring", vec![]),
            FeatureFault::PartsDoNotFit => ("parts", vec![]),
            FeatureFault::UnknownCommittee { written } => ("unknown-committee", vec![("written", written.clone())]),
            FeatureFault::UnsureCommittee { written, suggestions } => {
                ("unsure-committee", vec![("written", written.clone()), ("suggestions", suggestions.clone())])
            }
            FeatureFault::DuplicateCode { code, first } => {
                ("duplicate-code", vec![("code", code.clone()), ("first", first.to_string())])
            }
            FeatureFault::OtherCommittee { code, committee } => {
                ("other-committee", vec![("code", code.clone()), ("committee", committee.clone())])
            }
        }
    }
}

impl BoundaryFault {
    /// Fluent key after `boundary-fault-`, and the text's arguments.
    pub fn text(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            BoundaryFault::TooLarge { .. } => ("too-large", vec![("max", (MAX_BYTES / 1024 / 1024).to_string())]),
            BoundaryFault::NotJson { line, column } => {
                ("not-json", vec![("line", line.to_string()), ("column", column.to_string())])
            }
            BoundaryFault::NotFeatureCollection => ("not-collection", vec![]),
            BoundaryFault::Empty => ("empty", vec![]),
            BoundaryFault::TooManyFeatures { count } => {
                ("too-many-features", vec![("count", count.to_string()), ("max", MAX_FEATURES.to_string())])
            }
            BoundaryFault::TooManyVertices => ("too-many-vertices", vec![("max", MAX_VERTICES.to_string())]),
            BoundaryFault::TooWide => ("too-wide", vec![]),
            BoundaryFault::Feature { fault, .. } => fault.text(),
        }
    }
    /// The feature's number, where it is about one.
    pub fn number(&self) -> Option<usize> {
        match self {
            BoundaryFault::Feature { number, .. } => Some(*number),
            _ => None,
        }
    }
}

/// One grid as read.
#[derive(Debug, Clone)]
pub struct ReadGrid {
    /// The feature's number, from 1.
    pub number: usize,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its committee's code.
    pub committee_code: String,
    /// Its ground in WGS 84 degrees, outer rings counter-clockwise.
    pub shape: MultiPolygon<f64>,
    /// How many vertices it has.
    pub vertices: usize,
}

/// Reads a file. All faults are told, up to [`MAX_FAULTS`].
pub fn read(text: &str, datum: Datum, committees: &Committees) -> Result<Vec<ReadGrid>, Vec<BoundaryFault>> {
    let features = features(text).map_err(|fault| vec![fault])?;
    let (mut grids, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut vertices = 0;
    for (i, value) in features.into_iter().enumerate() {
        let number = i + 1;
        match one(value, number, datum, committees) {
            Ok(grid) => {
                if let Some(first) = seen.insert(grid.code.clone(), number) {
                    let fault = FeatureFault::DuplicateCode { code: grid.code.clone(), first };
                    faults.push(BoundaryFault::Feature { number, fault });
                }
                vertices += grid.vertices;
                grids.push(grid);
            }
            Err(fault) => faults.push(BoundaryFault::Feature { number, fault }),
        }
        if vertices > MAX_VERTICES {
            faults.push(BoundaryFault::TooManyVertices);
        }
        if faults.len() >= MAX_FAULTS || vertices > MAX_VERTICES {
            break;
        }
    }
    if faults.is_empty() && is_too_wide(&grids) {
        faults.push(BoundaryFault::TooWide);
    }
    if faults.is_empty() { Ok(grids) } else { Err(faults) }
}

fn features(text: &str) -> Result<Vec<serde_json::Value>, BoundaryFault> {
    if text.len() > MAX_BYTES {
        return Err(BoundaryFault::TooLarge { bytes: text.len() });
    }
    let mut whole: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| BoundaryFault::NotJson { line: e.line(), column: e.column() })?;
    if whole.get("type").and_then(|t| t.as_str()) != Some("FeatureCollection") {
        return Err(BoundaryFault::NotFeatureCollection);
    }
    let Some(serde_json::Value::Array(features)) = whole.get_mut("features").map(serde_json::Value::take) else {
        return Err(BoundaryFault::NotFeatureCollection);
    };
    match features.len() {
        0 => Err(BoundaryFault::Empty),
        count if count > MAX_FEATURES => Err(BoundaryFault::TooManyFeatures { count }),
        _ => Ok(features),
    }
}

fn one(
    value: serde_json::Value,
    number: usize,
    datum: Datum,
    committees: &Committees,
) -> Result<ReadGrid, FeatureFault> {
    let feature: Feature = serde_json::from_value(value).map_err(|_| FeatureFault::Malformed)?;
    let properties = feature.properties.unwrap_or_default();
    let code = property(&properties, "grid_code", "code")?;
    let name = property(&properties, "name", "grid_name")?;
    let written = property(&properties, "committee_code", "committee")
        .or_else(|_| property(&properties, "committee", "committee_name"))?;
    let committee_code = match committees.resolve(&written) {
        Resolved::Exact(code) | Resolved::Alias(code) => code,
        Resolved::Unsure(codes) => {
            return Err(FeatureFault::UnsureCommittee { suggestions: committees.names_of(&codes), written });
        }
        Resolved::Unknown => return Err(FeatureFault::UnknownCommittee { written }),
    };
    let value = feature.geometry.ok_or(FeatureFault::NoGeometry)?.value;
    let (shape, vertices) = shape(value, datum)?;
    Ok(ReadGrid { number, code, name, committee_code, shape, vertices })
}

fn property(properties: &JsonObject, name: &'static str, other: &str) -> Result<String, FeatureFault> {
    let text = |key: &str| match properties.get(key) {
        Some(serde_json::Value::String(s)) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Some(serde_json::Value::Number(n)) => Some(n.to_string()),
        _ => None,
    };
    let found = text(name).or_else(|| text(other)).ok_or(FeatureFault::MissingProperty { name })?;
    if found.chars().count() > MAX_TEXT_CHARS {
        return Err(FeatureFault::LongProperty { name });
    }
    Ok(found)
}

fn shape(value: GeometryValue, datum: Datum) -> Result<(MultiPolygon<f64>, usize), FeatureFault> {
    let polygons = match value {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates,
        other => return Err(FeatureFault::NotPolygon { found: other.type_name() }),
    };
    let vertices: usize = polygons.iter().flatten().map(Vec::len).sum();
    if vertices > MAX_GRID_VERTICES {
        return Err(FeatureFault::TooManyVertices { count: vertices });
    }
    let polygons = polygons.into_iter().map(polygon).collect::<Result<Vec<_>, _>>()?;
    if polygons.is_empty() {
        return Err(FeatureFault::NoGeometry);
    }
    let shape = MultiPolygon::new(polygons);
    if !shape.is_valid() {
        return Err(FeatureFault::PartsDoNotFit);
    }
    let moved = shape.map_coords(|c| {
        let (x, y) = datum.to_wgs84(c.x, c.y);
        Coord { x: (x * 1e8).round() / 1e8, y: (y * 1e8).round() / 1e8 }
    });
    Ok((moved.orient(Direction::Default), vertices))
}

fn polygon(rings: Vec<Vec<geojson::Position>>) -> Result<Polygon<f64>, FeatureFault> {
    let mut rings = rings.into_iter().map(ring).collect::<Result<Vec<_>, _>>()?.into_iter();
    let outer = rings.next().ok_or(FeatureFault::NoGeometry)?;
    Ok(Polygon::new(outer, rings.collect()))
}

fn ring(positions: Vec<geojson::Position>) -> Result<LineString<f64>, FeatureFault> {
    let mut coords: Vec<Coord<f64>> = Vec::with_capacity(positions.len());
    for position in &positions {
        let [lon, lat, ..] = *position.as_slice() else { return Err(FeatureFault::Malformed) };
        let [west, south, east, north] = RANGE_DEGREES;
        if !((west..=east).contains(&lon) && (south..=north).contains(&lat)) {
            return Err(FeatureFault::OutOfRange { lon, lat });
        }
        coords.push(Coord { x: lon, y: lat });
    }
    if coords.first() != coords.last() {
        return Err(FeatureFault::OpenRing);
    }
    coords.dedup();
    if coords.len() < 4 {
        return Err(FeatureFault::TooFewCorners);
    }
    // A ring that comes back to a corner touches itself; the check of the library sees only edges that cross.
    let mut corners: Vec<(u64, u64)> = coords[1..].iter().map(|c| (c.x.to_bits(), c.y.to_bits())).collect();
    corners.sort_unstable();
    if corners.windows(2).any(|w| w[0] == w[1]) {
        return Err(FeatureFault::CrossingRing);
    }
    let line = LineString::new(coords);
    if !Polygon::new(line.clone(), Vec::new()).is_valid() {
        return Err(FeatureFault::CrossingRing);
    }
    Ok(line)
}

fn is_too_wide(grids: &[ReadGrid]) -> bool {
    use geo::CoordsIter;
    let (mut low, mut high) = (Coord { x: f64::MAX, y: f64::MAX }, Coord { x: f64::MIN, y: f64::MIN });
    for c in grids.iter().flat_map(|g| g.shape.coords_iter()) {
        low = Coord { x: low.x.min(c.x), y: low.y.min(c.y) };
        high = Coord { x: high.x.max(c.x), y: high.y.max(c.y) };
    }
    high.x - low.x > MAX_EXTENT_DEGREES || high.y - low.y > MAX_EXTENT_DEGREES
}
