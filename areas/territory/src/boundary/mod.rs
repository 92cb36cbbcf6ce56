//! Boundaries of micro-grids (R2): reading a file, what is wrong with it, and what a new set changes.

pub mod changes;
pub mod locator;
pub mod plane;
pub mod read;
pub mod report;

use geo::MultiPolygon;
use linli_platform::{AppError, Result, ids::GridId};

/// One grid of a boundary set.
#[derive(Debug, Clone)]
pub struct GridShape {
    /// The grid; a new grid has its id before it takes effect.
    pub grid_id: GridId,
    /// Its code.
    pub code: String,
    /// Its name in this set.
    pub name: String,
    /// Its committee.
    pub committee_code: String,
    /// Its ground, WGS 84 degrees, outer rings counter-clockwise.
    pub shape: MultiPolygon<f64>,
}

/// A shape as the text of a GeoJSON geometry.
pub(crate) fn to_text(shape: &MultiPolygon<f64>) -> String {
    geojson::Geometry::new(geojson::GeometryValue::from(shape)).to_string()
}

/// A shape from the text of a GeoJSON geometry that [`to_text`] wrote.
pub(crate) fn from_text(text: &str) -> Result<MultiPolygon<f64>> {
    let geometry: geojson::Geometry = text.parse().map_err(AppError::internal)?;
    MultiPolygon::try_from(geometry.value).map_err(AppError::internal)
}
