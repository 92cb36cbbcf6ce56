//! The agenda of a meeting, drawn from the data: coded texts with numbers, days and names of places, nobody's data.
//!
//! The points are the policy pack's. What an earlier meeting decided stands before them, see
//! [`follow_ups`](crate::follow_ups).

use linli_platform::{
    Result,
    app::App,
    clock::{Day, Month},
    ids::GridId,
    reader::{Reader, Scope},
    store::Query,
    vals,
};
use linli_register::figures;
use linli_shifts as shifts;
use linli_surveys::{listings, results};
use linli_work::notices::{Arg, Args, args};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    dates,
    ids::MeetingId,
    meetings::{MeetingRow, grids_of},
};

/// One line under a point: a coded text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Key of the text.
    pub key: String,
    /// Its arguments.
    pub args: Args,
}

impl Line {
    fn new(key: &str, given: &[(&str, Arg)]) -> Line {
        Line { key: key.to_owned(), args: args(given) }
    }
    fn plain(key: &str) -> Line {
        Line::new(key, &[])
    }
}

/// A point of the agenda. Fluent text: `agenda-<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Code of the policy pack.
    pub code: String,
    /// What the data says.
    pub lines: Vec<Line>,
    /// Where the work behind it is; empty where there is none.
    pub href: String,
}

struct Drawing<'a> {
    app: &'a App,
    reader: Reader,
    grids: Vec<GridId>,
    committees: Vec<(String, String)>,
    day: Day,
}

/// Draws the agenda of a meeting from the data as it is now, within the meeting's grids. The caller has found the
/// meeting.
pub async fn draw(app: &App, meeting: &MeetingRow) -> Result<Vec<Point>> {
    let q = app.store.reads();
    let grids = grids_of(&q, meeting.meeting_id).await?;
    let committees = committees_of(&q, &grids).await?;
    let reader = Reader { scope: Scope::Grids(grids.clone()), ..Reader::system() };
    let drawing = Drawing { app, reader, grids, committees, day: app.store.clock().today() };
    let Some(rule) = dates::rule(&app.pack, meeting.kind()) else { return Ok(Vec::new()) };
    let mut points = Vec::new();
    for code in &rule.agenda {
        let (lines, href) = drawing.point(code).await?;
        points.push(Point { code: code.clone(), lines, href: href.to_owned() });
    }
    Ok(points)
}

async fn committees_of(q: &impl Query, grids: &[GridId]) -> Result<Vec<(String, String)>> {
    let own: Vec<String> = linli_territory::all_grids(q)
        .await?
        .into_iter()
        .filter(|g| grids.contains(&g.grid_id))
        .map(|g| g.committee_code)
        .collect();
    let all = linli_territory::store::committees::all(q).await?;
    Ok(all.into_iter().filter(|c| own.contains(&c.committee_code)).map(|c| (c.committee_code, c.name)).collect())
}

/// A rate in words of the page: `97.4%`.
fn percent(rate: f64) -> Arg {
    Arg::Name(format!("{:.1}%", rate * 100.0))
}

impl Drawing<'_> {
    async fn point(&self, code: &str) -> Result<(Vec<Line>, &'static str)> {
        Ok(match code {
            "last-week" => (self.work_since(self.day.plus_days(-7)).await?, "/channel"),
            "coverage" => (self.coverage().await?, "/coverage"),
            "timeliness" => (self.timeliness().await?, "/coverage"),
            "due-premises" => (self.due_premises().await?, "/coverage"),
            "open-orders" => (self.open_tasks().await?, "/tasks"),
            "next-week-shifts" => (self.shifts().await?, "/shifts"),
            "survey-result" | "evaluation" => (self.survey().await?, "/surveys"),
            "listings" => (self.listings().await?, "/surveys/listings"),
            "yearly-figures" => (self.year().await?, "/coverage"),
            "next-month" => (self.next_month(), ""),
            "next-year" => (self.next_year(), ""),
            _ => (Vec::new(), ""),
        })
    }
    async fn work_since(&self, from: Day) -> Result<Vec<Line>> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            n: i64,
        }
        let q = self.app.store.reads();
        let mut values = vals![q.division(), from.start()];
        let scope = self.reader.scope.sql("e.grid_id", &mut values);
        let sql = format!(
            "SELECT e.kind, COUNT(*) AS n FROM event e WHERE e.division_code = $1 AND e.entered_at >= $2 AND {scope}
             AND e.kind IN ('home.visited', 'resident.registered', 'resident.changed', 'resident.moved',
             'resident.cancelled', 'task.closed') GROUP BY e.kind"
        );
        let rows: Vec<Row> = q.rows(&sql, values).await?;
        let count =
            |kinds: &[&str]| Arg::Number(rows.iter().filter(|r| kinds.contains(&r.kind.as_str())).map(|r| r.n).sum());
        Ok(vec![Line::new(
            "agenda-work",
            &[
                ("since", Arg::Day(from)),
                ("visited", count(&["home.visited"])),
                ("registered", count(&["resident.registered"])),
                ("changed", count(&["resident.changed", "resident.moved"])),
                ("cancelled", count(&["resident.cancelled"])),
                ("tasks", count(&["task.closed"])),
            ],
        )])
    }
    async fn counts(&self) -> Result<figures::Counts> {
        let q = self.app.store.reads();
        Ok(figures::total(&figures::month(&q, &self.reader, self.day.month()).await?))
    }
    async fn coverage(&self) -> Result<Vec<Line>> {
        let counts = self.counts().await?;
        let Some(share) = counts.coverage_percent() else { return Ok(vec![Line::plain("agenda-no-homes")]) };
        Ok(vec![Line::new(
            "agenda-covered",
            &[
                ("percent", percent(share / 100.0)),
                ("done", Arg::Number(counts.homes_verified)),
                ("homes", Arg::Number(counts.homes)),
                ("left", Arg::Number(counts.homes - counts.homes_verified)),
            ],
        )])
    }
    async fn timeliness(&self) -> Result<Vec<Line>> {
        let counts = self.counts().await?;
        let Some(share) = counts.timely_percent() else { return Ok(vec![Line::plain("agenda-no-changes")]) };
        let late = counts.entered - counts.entered_within_24h;
        Ok(vec![Line::new(
            "agenda-timely",
            &[("percent", percent(share / 100.0)), ("late", Arg::Number(late)), ("all", Arg::Number(counts.entered))],
        )])
    }
    async fn due_premises(&self) -> Result<Vec<Line>> {
        let q = self.app.store.reads();
        let overdue = linli_fieldwork::overdue::by_grid(&q, &self.reader, &self.app.pack, self.day).await?;
        let n: i64 = overdue.values().sum();
        let key = if n == 0 { "agenda-no-premises-due" } else { "agenda-premises-due" };
        Ok(vec![Line::new(key, &[("n", Arg::Number(n))])])
    }
    async fn open_tasks(&self) -> Result<Vec<Line>> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            n: i64,
            late: Option<i64>,
        }
        let q = self.app.store.reads();
        let mut values = vals![q.division(), q.store().now()];
        let scope = self.reader.scope.sql("t.grid_id", &mut values);
        let sql = format!(
            "SELECT t.kind, COUNT(*) AS n, CAST(SUM(CASE WHEN t.due_at <= $2 THEN 1 ELSE 0 END) AS BIGINT) AS late
             FROM task t WHERE t.division_code = $1 AND t.state = 'open' AND {scope} GROUP BY t.kind ORDER BY t.kind"
        );
        let rows: Vec<Row> = q.rows(&sql, values).await?;
        if rows.is_empty() {
            return Ok(vec![Line::plain("agenda-no-tasks")]);
        }
        let line = |row: &Row| {
            Line::new(
                "agenda-tasks",
                &[
                    ("kind", Arg::Text(format!("task-{}", row.kind))),
                    ("n", Arg::Number(row.n)),
                    ("late", Arg::Number(row.late.unwrap_or(0))),
                ],
            )
        };
        Ok(rows.iter().map(line).collect())
    }
    /// What stands of next week's shift plans.
    async fn shifts(&self) -> Result<Vec<Line>> {
        let monday = shifts::rules::monday_of(self.day).plus_days(7);
        let plans = shifts::plans::of_week(&self.app.store.reads(), &self.reader, monday).await?;
        if plans.is_empty() {
            return Ok(vec![Line::new("agenda-no-shifts", &[("monday", Arg::Day(monday))])]);
        }
        let line = |plan: &shifts::plans::PlanRow| {
            Line::new(
                "agenda-shifts",
                &[
                    ("monday", Arg::Day(monday)),
                    ("state", Arg::Text(format!("shift-state-{}", plan.state))),
                    ("broken", Arg::Number(plan.broken)),
                ],
            )
        };
        Ok(plans.iter().map(line).collect())
    }
    /// The newest locked round, of this month or the three before it.
    async fn survey(&self) -> Result<Vec<Line>> {
        let q = self.app.store.reads();
        let mut month: Month = self.day.month();
        for _ in 0..4 {
            let all = results::for_month(&q, month).await?;
            let of = |(code, name): &(String, String)| {
                let result = all.iter().find(|r| r.committee_code == *code)?;
                let (registered, accurate) = (result.registration_rate()?, result.accuracy_rate()?);
                Some(Line::new(
                    "agenda-surveyed",
                    &[
                        ("committee", Arg::Name(name.clone())),
                        ("month", Arg::Name(month.to_string())),
                        ("registered", percent(registered)),
                        ("accurate", percent(accurate)),
                    ],
                ))
            };
            let lines: Vec<Line> = self.committees.iter().filter_map(of).collect();
            if !lines.is_empty() {
                return Ok(lines);
            }
            month = month.previous();
        }
        Ok(vec![Line::plain("agenda-no-survey")])
    }
    async fn listings(&self) -> Result<Vec<Line>> {
        let open = listings::open(&self.app.store.reads(), self.day.month()).await?;
        let of = |(code, name): &(String, String)| {
            let listed = open.iter().filter(|l| l.is_open() && l.committee_code == *code);
            let line = |l: &listings::Listing| {
                let since = Arg::Name(l.month.to_string());
                Line::new("agenda-listed", &[("committee", Arg::Name(name.clone())), ("month", since)])
            };
            listed.map(line).collect::<Vec<Line>>()
        };
        let lines: Vec<Line> = self.committees.iter().flat_map(of).collect();
        Ok(if lines.is_empty() { vec![Line::plain("agenda-none-listed")] } else { lines })
    }
    async fn year(&self) -> Result<Vec<Line>> {
        let counts = self.counts().await?;
        let mut lines = vec![Line::new(
            "agenda-stock",
            &[
                ("grids", Arg::Number(self.grids.len() as i64)),
                ("homes", Arg::Number(counts.homes)),
                ("residents", Arg::Number(counts.residents)),
            ],
        )];
        lines.extend(self.work_since(Day(self.day.0.first_of_year())).await?);
        Ok(lines)
    }
    fn next_month(&self) -> Vec<Line> {
        let next = self.day.month().next();
        let month = ("month", Arg::Name(next.to_string()));
        if !dates::is_known(&self.app.calendar, next.first_day()) {
            return vec![Line::new("agenda-year-unknown", &[("year", Arg::Number(i64::from(next.year)))])];
        }
        let days = dates::workdays_of_next_month(&self.app.calendar, self.day).unwrap_or(0);
        vec![Line::new("agenda-workdays", &[month, ("n", Arg::Number(i64::from(days)))])]
    }
    fn next_year(&self) -> Vec<Line> {
        let year = i64::from(self.day.0.year()) + 1;
        let day = self.day.plus_days(366);
        match dates::workdays_of_next_year(&self.app.calendar, self.day) {
            Some(n) if dates::is_known(&self.app.calendar, day) => vec![Line::new(
                "agenda-workdays-year",
                &[("year", Arg::Name(year.to_string())), ("n", Arg::Number(i64::from(n)))],
            )],
            _ => vec![Line::new("agenda-year-unknown", &[("year", Arg::Number(year))])],
        }
    }
}

#[derive(FromQueryResult)]
struct Kept {
    code: String,
    lines: String,
    href: String,
}

/// The agenda as it was kept when the meeting was held; none before.
pub(crate) async fn kept(q: &impl Query, id: MeetingId) -> Result<Vec<Point>> {
    let sql = "SELECT code, lines, href FROM meeting_agenda WHERE division_code = $1 AND meeting_id = $2
               ORDER BY position";
    let rows: Vec<Kept> = q.rows(sql, vals![q.division(), id]).await?;
    let point = |k: Kept| Ok(Point { code: k.code, lines: serde_json::from_str(&k.lines)?, href: k.href });
    rows.into_iter().map(point).collect()
}
