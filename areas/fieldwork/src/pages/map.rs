//! The grid's outline with the day's homes, numbered in walking order: an SVG, no tiles from elsewhere.

use askama::Template;
use axum::{extract::State, response::Response};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{Page, render},
};

use super::drawing::Frame;
use crate::today::{self, Stop};

/// Width and height of the drawing.
const SIDE: f64 = 360.0;

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
    if let Some(frame) = Frame::around(&all, SIDE) {
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
