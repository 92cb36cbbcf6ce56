//! A committee's figures over time.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    app::App,
    web::{Page, render},
};

use super::view::{self, RateView, ResultView};
use crate::{
    codes::{Level, RateKind},
    estimate::{Targets, homes_needed},
    listings::{self, Listing},
    results::{self, ResultRow},
};

/// Width of a drawing.
const WIDTH: f64 = 640.0;
/// Height of a drawing.
const HEIGHT: f64 = 150.0;
/// Room for the axis' words.
const LEFT: f64 = 46.0;
/// Room for the months.
const BOTTOM: f64 = 24.0;

/// One month of a trend, in drawing units.
struct Mark {
    x: String,
    y: String,
    top: String,
    bottom: String,
    month: String,
    label: String,
}

/// A rate over the months with its intervals and the target.
struct Trend {
    title_key: String,
    marks: Vec<Mark>,
    line: String,
    target_y: String,
    target: String,
    from: String,
    latest: Option<RateView>,
    /// Homes that would tell the rate from its target.
    needed: Option<i64>,
    label: String,
}

fn y(percent: f64, from: f64) -> f64 {
    let share = ((percent - from) / (100.0 - from)).clamp(0.0, 1.0);
    8.0 + (1.0 - share) * (HEIGHT - BOTTOM - 8.0)
}

fn trend(page: &Page, kind: RateKind, rows: &[ResultRow], targets: &Targets) -> Option<Trend> {
    let target = match kind {
        RateKind::Registration => targets.registration,
        RateKind::Accuracy => targets.accuracy,
    };
    let views: Vec<(&ResultRow, RateView)> =
        rows.iter().filter_map(|r| Some((r, RateView::of(&page.t, r.rate(kind), r.verdict(kind), target)?))).collect();
    let lowest = views.iter().map(|(_, v)| v.from).fold(80.0_f64, f64::min);
    let step = (WIDTH - LEFT) / views.len().max(1) as f64;
    let marks: Vec<Mark> = views
        .iter()
        .enumerate()
        .map(|(n, (row, v))| Mark {
            x: format!("{:.1}", LEFT + step * (n as f64 + 0.5)),
            y: format!("{:.1}", y(v.value, lowest)),
            top: format!("{:.1}", y(v.high, lowest)),
            bottom: format!("{:.1}", y(v.low, lowest)),
            month: row.month.to_string(),
            label: format!("{} {} ({})", row.month, v.text, v.range),
        })
        .collect();
    let (last, latest) = views.into_iter().last()?;
    let rate = last.rate(kind)?;
    let per_home = |n: i64| n as f64 / last.homes_answered.max(1) as f64;
    let per_home = match kind {
        RateKind::Registration => per_home(last.found),
        RateKind::Accuracy => per_home(last.items),
    };
    let title_key = format!("survey-rate-{kind}");
    Some(Trend {
        line: marks.iter().map(|m| format!("{},{}", m.x, m.y)).collect::<Vec<_>>().join(" "),
        label: format!(
            "{} · {}",
            page.t.s(&title_key),
            marks.iter().map(|m| m.label.as_str()).collect::<Vec<_>>().join(" · ")
        ),
        title_key,
        marks,
        target_y: format!("{:.1}", y(target * 100.0, lowest)),
        target: format!("{:.0}%", target * 100.0),
        from: format!("{lowest:.0}%"),
        latest: Some(latest),
        needed: homes_needed(&rate, target, targets.level, per_home),
    })
}

#[derive(Template)]
#[template(path = "surveys/committee.html")]
struct CommitteePage {
    page: Page,
    trends: Vec<Trend>,
    rows: Vec<ResultView>,
    listings: Vec<Listing>,
}

/// `GET /surveys/committees/{code}`
pub(super) async fn committee(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response> {
    let reads = app.store.reads();
    let name = view::names(&reads).await?.remove(&code).ok_or_else(AppError::not_found)?;
    let targets = Targets::of(&app.pack);
    let history = results::history(&reads, Level::Committee, &code).await?;
    let trends = RateKind::ALL.iter().filter_map(|kind| trend(&page, *kind, &history, &targets)).collect();
    let rows = history.into_iter().rev().map(|row| ResultView::of(&page.t, row, name.clone(), &targets)).collect();
    let listings = listings::all(&reads).await?.into_iter().filter(|l| l.committee_code == code).collect();
    render(&CommitteePage { page: page.titled(name), trends, rows, listings })
}
