//! The grid's outline with the day's homes, numbered in walking order: an SVG, no tiles from elsewhere.

use askama::Template;
use axum::{extract::State, response::Response};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{Page, render},
};

use crate::today::{self, Stop};

/// Width and height of the drawing.
const SIDE: f64 = 360.0;
/// Room around it.
const MARGIN: f64 = 16.0;

/// A numbered place on the drawing.
struct Pin {
    x: String,
    y: String,
    stop: Stop,
}

#[derive(Template)]
#[template(path = "fieldwork/map.html")]
struct MapPage {
    page: Page,
    outlines: Vec<String>,
    pins: Vec<Pin>,
    nowhere: usize,
    tab: &'static str,
}

/// Fits longitude and latitude into the drawing, north up, without stretching.
struct Frame {
    west: f64,
    north: f64,
    /// Drawing units per degree of longitude and of latitude.
    scale: (f64, f64),
}

impl Frame {
    fn around(points: &[(f64, f64)]) -> Option<Frame> {
        let fold = |pick: fn(&(f64, f64)) -> f64, f: fn(f64, f64) -> f64| points.iter().map(pick).reduce(f);
        let (west, east) = (fold(|p| p.0, f64::min)?, fold(|p| p.0, f64::max)?);
        let (south, north) = (fold(|p| p.1, f64::min)?, fold(|p| p.1, f64::max)?);
        // A degree of longitude is shorter than one of latitude by the cosine of the latitude.
        let squeeze = ((south + north) / 2.0).to_radians().cos();
        let span = ((east - west) * squeeze).max(north - south).max(1e-5);
        let per_degree = (SIDE - 2.0 * MARGIN) / span;
        Some(Frame { west, north, scale: (per_degree * squeeze, per_degree) })
    }
    fn place(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        (MARGIN + (lon - self.west) * self.scale.0, MARGIN + (self.north - lat) * self.scale.1)
    }
}

/// `GET /field/map`.
pub(crate) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let reads = app.store.reads();
    let today = today::today(&app, &reader).await?;
    let shapes = linli_territory::grids_on(&reads, today.day).await?;
    let rings: Vec<Vec<(f64, f64)>> = shapes
        .iter()
        .filter(|g| reader.scope.contains(Some(g.grid_id)))
        .flat_map(|g| g.shape.0.iter().map(|p| p.exterior().coords().map(|c| (c.x, c.y)).collect()))
        .collect();
    let places: Vec<(f64, f64)> = today.stops.iter().filter_map(|s| s.home.lon.zip(s.home.lat)).collect();
    let all: Vec<(f64, f64)> = rings.iter().flatten().chain(&places).copied().collect();
    let nowhere = today.stops.len() - places.len();
    let (mut outlines, mut pins) = (Vec::new(), Vec::new());
    if let Some(frame) = Frame::around(&all) {
        let point = |p: &(f64, f64)| {
            let (x, y) = frame.place(*p);
            format!("{x:.1},{y:.1}")
        };
        outlines = rings.iter().map(|ring| ring.iter().map(point).collect::<Vec<_>>().join(" ")).collect();
        let pin = |stop: Stop| {
            let (x, y) = frame.place(stop.home.lon.zip(stop.home.lat)?);
            Some(Pin { x: format!("{x:.1}"), y: format!("{y:.1}"), stop })
        };
        pins = today.stops.into_iter().filter_map(pin).collect();
    }
    let page = page.clone().titled(page.t.s("field-map"));
    render(&MapPage { page, outlines, pins, nowhere, tab: "map" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_holds_every_point_with_north_up() {
        let frame = Frame::around(&[(121.10, 31.10), (121.12, 31.14)]).unwrap();
        let (x, y) = frame.place((121.10, 31.14));
        assert!((x - MARGIN).abs() < 1e-9 && (y - MARGIN).abs() < 1e-9);
        let (x, y) = frame.place((121.12, 31.10));
        assert!(x < SIDE && (y - (SIDE - MARGIN)).abs() < 1e-6, "{x} {y}");
        assert!(Frame::around(&[]).is_none());
        let (x, y) = Frame::around(&[(121.1, 31.1)]).unwrap().place((121.1, 31.1));
        assert!(x.is_finite() && y.is_finite());
    }
}
