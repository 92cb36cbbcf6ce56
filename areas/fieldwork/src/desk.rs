//! The month's field work by grid and committee, and premises past their label's gap.

use std::collections::HashMap;

use linli_platform::{Result, access::Role, app::App, clock::Month, reader::Reader, store::Query, vals};
use linli_register::figures::{self, Counts};

/// A line of the table: a grid or a committee.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// The committee's name, for a grid.
    pub committee: String,
    /// Its counts.
    pub counts: Counts,
}

impl Line {
    /// Coverage in percent with one decimal, or a dash (R16).
    pub fn coverage(&self) -> String {
        percent_text(self.counts.coverage_percent())
    }
    /// The 24-hour share (R10).
    pub fn timely(&self) -> String {
        percent_text(self.counts.timely_percent())
    }
    /// The grid workers' share (R17).
    pub fn share(&self) -> String {
        percent_text(self.counts.grid_worker_percent())
    }
}

/// `97.4%`, or a dash of nothing.
pub fn percent_text(percent: Option<f64>) -> String {
    percent.map_or_else(|| "—".to_owned(), |p| format!("{:.1}%", (p * 10.0).floor() / 10.0))
}

/// The month's lines.
#[derive(Debug, Clone)]
pub struct MonthLines {
    /// By committee.
    pub committees: Vec<Line>,
    /// By grid.
    pub grids: Vec<Line>,
    /// All of the reader's scope.
    pub total: Line,
}

/// The month within the reader's scope, those furthest behind first.
pub async fn lines(q: &impl Query, reader: &Reader, month: Month) -> Result<MonthLines> {
    let rows = figures::month(q, reader, month).await?;
    let committees = linli_territory::committees(q).await?;
    let known = linli_territory::all_grids(q).await?;
    let name_of = |code: &str| committees.name(code).unwrap_or(code).to_owned();
    let mut by_committee: HashMap<String, Counts> = HashMap::new();
    let mut grids = Vec::new();
    for row in &rows {
        let Some(grid) = known.iter().find(|g| Some(g.grid_id) == row.grid_id) else { continue };
        by_committee.entry(grid.committee_code.clone()).or_default().add(&row.counts);
        grids.push(Line { name: grid.name.clone(), committee: name_of(&grid.committee_code), counts: row.counts });
    }
    let line = |(code, counts): (String, Counts)| Line { name: name_of(&code), committee: String::new(), counts };
    let mut committees: Vec<Line> = by_committee.into_iter().map(line).collect();
    for list in [&mut committees, &mut grids] {
        list.sort_by(|a, b| order(a).total_cmp(&order(b)).then_with(|| a.name.cmp(&b.name)));
    }
    let total = Line { name: String::new(), committee: String::new(), counts: figures::total(&rows) };
    Ok(MonthLines { committees, grids, total })
}

fn order(line: &Line) -> f64 {
    line.counts.coverage_percent().unwrap_or(101.0)
}

/// Premises of one label and how many are past its gap (R18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelLine {
    /// Label.
    pub label: String,
    /// The longest gap, in days.
    pub max_gap_days: u32,
    /// Premises with it.
    pub homes: i64,
    /// Of them, not visited within the gap.
    pub overdue: i64,
}

/// Premises by label within the reader's scope.
pub async fn labels(app: &App, q: &impl Query, reader: &Reader) -> Result<Vec<LabelLine>> {
    let today = app.store.clock().today();
    let mut lines = Vec::new();
    for category in &app.pack.visits.categories {
        let last_permitted = today.plus_days(-i64::from(category.max_gap_days));
        let mut values = vals![q.division(), category.id.clone()];
        let scope = reader.scope.sql("h.grid_id", &mut values);
        let count = format!(
            "SELECT COUNT(*) FROM home h JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
             WHERE h.division_code = $1 AND h.label = $2 AND a.state = 'current' AND {scope}"
        );
        let homes = q.number(&count, values.clone()).await?;
        values.push(last_permitted.into());
        let late = format!("{count} AND COALESCE(h.last_visited_day, h.last_verified_day, '') < ${}", values.len());
        let overdue = q.number(&late, values).await?;
        let (label, max_gap_days) = (category.id.clone(), category.max_gap_days);
        lines.push(LabelLine { label, max_gap_days, homes, overdue });
    }
    Ok(lines)
}

/// Whether somebody sees the grid workers' share by grid: with one worker in a grid it is that worker's own count, which the
/// team's leaders see, and the worker on the own page (boundary 6).
pub fn sees_share(reader: &Reader) -> bool {
    use Role::*;
    [GridLeader, Officer, TeamLeader, PopulationOffice, Station].into_iter().any(|role| reader.is(role))
}
