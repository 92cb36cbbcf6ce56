//! The dashboards' charts, each over the rows of its table.

use linli_platform::{
    clock::Month,
    web::{
        Page,
        chart::{Cell, Chart, ChartKind, Line, Mark},
    },
};
use linli_register::figures::Counts;
use linli_surveys::{
    codes::RateKind,
    estimate::{Rate, Targets},
    results::ResultRow,
};
use policy_pack::Points;

use crate::{figures::whole_percent, questions::percent};

/// Rounds that a trend shows at most: a year.
const ROUNDS: usize = 12;
/// Places that are named as furthest behind at most.
const BEHIND: usize = 10;

fn rate_cell(rate: Option<Rate>) -> Cell {
    let Some(r) = rate else { return Cell { text: "–".into(), ..Cell::default() } };
    Cell {
        text: format!("{}% ({}–{})", percent(r.value), percent(r.low), percent(r.high)),
        value: Some(r.value * 100.0),
        range: Some((r.low * 100.0, r.high * 100.0)),
    }
}

/// Both rates over the last rounds, with their intervals and the target (R26).
pub(crate) fn trend(page: &Page, targets: &Targets, history: &[ResultRow]) -> Chart {
    let recent = &history[history.len().saturating_sub(ROUNDS)..];
    let line = |row: &ResultRow| Line {
        name: row.month.to_string(),
        href: format!("/surveys/{}", row.survey_id),
        cells: RateKind::ALL.iter().map(|kind| rate_cell(row.rate(*kind))).collect(),
    };
    let lines: Vec<Line> = recent.iter().map(line).collect();
    let lows = lines.iter().flat_map(|l| &l.cells).filter_map(|c| c.range.map(|(low, _)| low));
    let target = targets.registration * 100.0;
    Chart {
        id: "trend",
        kind: ChartKind::Lines,
        title: page.t.s("chart-trend"),
        head: page.t.s("common-month"),
        series: vec![page.t.s("overview-registration"), page.t.s("chart-accuracy")],
        unit: "%",
        from: Chart::percent_from(lows),
        mark: Some(Mark { name: page.t.a("chart-target", "target", format!("{target:.0}")), at: target }),
        lines,
    }
}

/// A committee or a grid with its coverage.
pub(crate) struct Place {
    pub name: String,
    pub href: String,
    pub counts: Counts,
}

/// The places furthest behind with the month's full verification (R16), held against where the month stands.
pub(crate) fn behind(page: &Page, head: String, pace: f64, mut places: Vec<Place>) -> Chart {
    places.retain(|p| p.counts.homes > 0);
    let order = |p: &Place| p.counts.coverage_percent().unwrap_or(100.0);
    places.sort_by(|a, b| order(a).total_cmp(&order(b)).then_with(|| a.name.cmp(&b.name)));
    places.truncate(BEHIND);
    let line = |p: Place| {
        let text =
            whole_percent(p.counts.homes_verified, p.counts.homes).map_or_else(|| "–".into(), |n| format!("{n}%"));
        let cell = Cell { text, value: p.counts.coverage_percent(), range: None };
        Line { name: p.name, href: p.href, cells: vec![cell] }
    };
    Chart {
        id: "behind",
        kind: ChartKind::Bars,
        title: page.t.s("chart-behind"),
        head,
        series: vec![page.t.s("overview-verification")],
        unit: "%",
        from: 0.0,
        mark: Some(Mark { name: page.t.a("chart-pace", "pace", format!("{pace:.0}")), at: pace }),
        lines: places.into_iter().map(line).collect(),
    }
}

/// How much of the changes was in the register within 24 hours, month by month (R10).
pub(crate) fn timely(page: &Page, months: Vec<(Month, Counts)>) -> Chart {
    let line = |(month, counts): (Month, Counts)| {
        let cell = Cell::of(counts.timely_percent(), |p| {
            let [n, of] = [counts.entered_within_24h, counts.entered].map(|n| n.to_string());
            format!("{p:.1}% ({})", page.t.all("chart-of", &[("n", n), ("of", of)]))
        });
        Line { name: month.to_string(), href: String::new(), cells: vec![cell] }
    };
    let lines: Vec<Line> = months.into_iter().map(line).collect();
    let values = lines.iter().flat_map(|l| &l.cells).filter_map(|c| c.value);
    Chart {
        id: "timely",
        kind: ChartKind::Lines,
        title: page.t.s("chart-timely"),
        head: page.t.s("common-month"),
        series: vec![page.t.s("chart-timely-share")],
        unit: "%",
        from: Chart::percent_from(values),
        mark: None,
        lines,
    }
}

/// A committee's points, month by month of the assessment year (R35).
pub(crate) fn scores(page: &Page, committee: &str, months: Vec<(Month, Points)>) -> Chart {
    let line = |(month, points): (Month, Points)| {
        let value = points.hundredths() as f64 / 100.0;
        Line {
            name: month.to_string(),
            href: format!("/assessment/{month}/committees/{committee}"),
            cells: vec![Cell { text: points.to_string(), value: Some(value), range: None }],
        }
    };
    let lines: Vec<Line> = months.into_iter().map(line).collect();
    let least = lines.iter().flat_map(|l| &l.cells).filter_map(|c| c.value).fold(80.0, f64::min);
    Chart {
        id: "scores",
        kind: ChartKind::Lines,
        title: page.t.s("chart-scores"),
        head: page.t.s("common-month"),
        series: vec![page.t.s("chart-points")],
        unit: "",
        from: (least / 10.0).floor().max(0.0) * 10.0,
        mark: None,
        lines,
    }
}

/// Readings of unmasked data by purpose, the most first; each leads to the readings themselves.
pub(crate) fn readings(page: &Page, rows: &[linli_platform::audit::summary::ReadingsFor], since: String) -> Chart {
    let line = |r: &linli_platform::audit::summary::ReadingsFor| Line {
        name: page.t.code("purpose", &r.purpose),
        href: format!("/audit/access?kind={}&from={since}", r.purpose),
        cells: vec![Cell { text: r.readings.to_string(), value: Some(r.readings as f64), range: None }],
    };
    Chart {
        id: "readings",
        kind: ChartKind::Bars,
        title: page.t.s("chart-readings"),
        head: page.t.s("common-purpose"),
        series: vec![page.t.s("chart-readings-n")],
        unit: "",
        from: 0.0,
        mark: None,
        lines: rows.iter().map(line).collect(),
    }
}
