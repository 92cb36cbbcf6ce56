//! `/fieldwork/stale`: a map of the grids by how stale their register is, with the same as a table.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    ids::GridId,
    reader::Reader,
    web::{Page, given, render},
};
use linli_territory::boundary::GridShape;

use super::drawing::{self, Frame};
use crate::{
    desk::percent_text,
    stale::{self, Measure, Staleness},
};

/// Width and height of the drawing.
const SIDE: f64 = 720.0;

struct Row {
    grid: GridId,
    name: String,
    committee: String,
    code: String,
    staleness: Staleness,
    level: Option<usize>,
}

impl Row {
    fn past(&self) -> String {
        percent_text(self.staleness.past_percent())
    }
    fn expected(&self) -> String {
        percent_text(self.staleness.expected_percent())
    }
    fn expected_homes(&self) -> String {
        format!("{:.1}", self.staleness.expected)
    }
    fn class(&self) -> String {
        self.level.map_or_else(|| "heat-none".into(), |level| format!("heat-{level}"))
    }
}

/// A grid as it is drawn, with the place of its level.
struct Outline {
    rings: Vec<String>,
    at: Option<(String, String)>,
    row: usize,
}

#[derive(Template)]
#[template(path = "fieldwork/stale.html")]
struct StalePage {
    page: Page,
    measure: Measure,
    committees: Vec<(String, String)>,
    committee: String,
    rows: Vec<Row>,
    outlines: Vec<Outline>,
    total: Staleness,
    checks: i64,
}

impl StalePage {
    fn measures(&self) -> &'static [Measure] {
        Measure::ALL
    }
    /// The levels with what each means.
    fn levels(&self) -> Vec<(usize, String)> {
        let ends = self.measure.ends();
        let text = |level: usize| match (level.checked_sub(1).map(|n| ends[n]), ends.get(level)) {
            (None, Some(end)) if *end <= 0.0 => "0%".to_owned(),
            (None, Some(end)) => format!("≤ {end:.0}%"),
            (Some(from), Some(end)) => format!("> {from:.0}% – {end:.0}%"),
            (Some(from), None) => format!("> {from:.0}%"),
            (None, None) => String::new(),
        };
        (0..=ends.len()).map(|level| (level, text(level))).collect()
    }
    fn past(&self) -> String {
        percent_text(self.total.past_percent())
    }
    fn expected(&self) -> String {
        percent_text(self.total.expected_percent())
    }
    /// The value that the map shows, for somebody who hears it.
    fn value(&self, row: &Row) -> String {
        percent_text(self.measure.percent(&row.staleness))
    }
}

/// `GET /fieldwork/stale?measure=&committee=`
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let q = app.store.reads();
    let measure = Measure::from_code(given(&query, "measure")).unwrap_or(Measure::Past);
    let (by_grid, checks) = stale::by_grid(&app, &q, &reader).await?;
    let known = linli_territory::committees(&q).await?;
    let grids = linli_territory::grids(&q, &reader).await?;
    let mut committees: Vec<(String, String)> = Vec::new();
    for grid in &grids {
        if !committees.iter().any(|(code, _)| *code == grid.committee_code) {
            let name = known.name(&grid.committee_code).unwrap_or(&grid.committee_code).to_owned();
            committees.push((grid.committee_code.clone(), name));
        }
    }
    let wanted = given(&query, "committee");
    let committee = if committees.iter().any(|(code, _)| code == wanted) { wanted.to_owned() } else { String::new() };
    let mut total = Staleness::default();
    let mut rows: Vec<Row> = Vec::new();
    for grid in grids.into_iter().filter(|g| committee.is_empty() || g.committee_code == committee) {
        let staleness = by_grid.get(&grid.grid_id).copied().unwrap_or_default();
        total.add(&staleness);
        let name = known.name(&grid.committee_code).unwrap_or_default().to_owned();
        let level = measure.percent(&staleness).map(|p| measure.level(p));
        rows.push(Row { grid: grid.grid_id, name: grid.name, committee: name, code: grid.code, staleness, level });
    }
    let order = |r: &Row| measure.percent(&r.staleness).unwrap_or(-1.0);
    rows.sort_by(|a, b| order(b).total_cmp(&order(a)).then_with(|| a.code.cmp(&b.code)));
    let shapes = linli_territory::grids_on(&q, app.store.clock().today()).await?;
    let outlines = outlines(&shapes, &rows);
    let page = page.clone().titled(page.t.s("stale-title"));
    render(&StalePage { page, measure, committees, committee, rows, outlines, total, checks })
}

fn outlines(shapes: &[GridShape], rows: &[Row]) -> Vec<Outline> {
    let place = |shape: &GridShape| rows.iter().position(|r| r.grid == shape.grid_id);
    let drawn: Vec<(usize, Vec<Vec<(f64, f64)>>)> =
        shapes.iter().filter_map(|s| Some((place(s)?, drawing::rings(s)))).collect();
    let all: Vec<(f64, f64)> = drawn.iter().flat_map(|(_, rings)| rings.iter().flatten()).copied().collect();
    let Some(frame) = Frame::around(&all, SIDE) else { return Vec::new() };
    let outline = |(row, rings): &(usize, Vec<Vec<(f64, f64)>>)| {
        let at = rings.iter().max_by_key(|ring| ring.len()).and_then(|ring| drawing::middle(ring));
        let at = at.map(|place| frame.place(place)).map(|(x, y)| (format!("{x:.1}"), format!("{y:.1}")));
        Outline { rings: rings.iter().map(|ring| frame.points(ring)).collect(), at, row: *row }
    };
    drawn.iter().map(outline).collect()
}
