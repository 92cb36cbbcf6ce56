//! Who has to send rosters, and whether they do (R14): missing, late and stale rosters show.

use std::collections::HashMap;

use cn_workday::Calendar;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::{At, Day},
    ids::GridId,
    reader::Reader,
    store::Query,
    vals,
};
use linli_register::EmployerId;
use linli_work::due_at;
use policy_pack::{DeadlineId, Pack};
use sea_orm::{FromQueryResult, Value};

/// Whether what is due is there. Fluent text: `roster-standing-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In time.
    InTime,
    /// The time is over since the last one.
    Late,
    /// Twice the time is over since the last one: what is there is out of date.
    Stale,
    /// There has never been one, and the time for the first is over.
    Missing,
}

impl Standing {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Standing::InTime => "in-time",
            Standing::Late => "late",
            Standing::Stale => "stale",
            Standing::Missing => "missing",
        }
    }
}

/// The standing of something that is due again and again: `last` is the last day it told of, `since` when the duty
/// began. Deadlines come from the policy pack.
///
/// # Errors
/// `workday-year` where the pack counts working days of a year that is not known yet.
pub fn standing(
    pack: &Pack,
    calendar: &Calendar,
    id: DeadlineId,
    last: Option<Day>,
    since: Day,
    now: At,
) -> Result<Standing> {
    let Some(last) = last else {
        let due = due_at(pack, calendar, id, since.start())?;
        return Ok(if due <= now { Standing::Missing } else { Standing::InTime });
    };
    // The first day not told of yet has to be told of within the time.
    let due = due_at(pack, calendar, id, last.plus_days(1).start())?;
    if due > now {
        return Ok(Standing::InTime);
    }
    let again = due_at(pack, calendar, id, due)?;
    Ok(if again <= now { Standing::Stale } else { Standing::Late })
}

/// An employer that has to send rosters.
#[derive(Debug, Clone)]
pub struct Duty {
    /// Employer.
    pub employer_id: EmployerId,
    /// Its name.
    pub name: String,
    /// Line of business.
    pub business: String,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// Name of the grid.
    pub grid_name: Option<String>,
    /// Declared workforce.
    pub staff_declared: i64,
    /// The day of the last full list.
    pub last_full_day: Option<Day>,
    /// The last day told of.
    pub last_report_day: Option<Day>,
    /// Whether full lists come in time.
    pub full: Standing,
    /// Whether days are told of in time.
    pub daily: Standing,
    /// Comparisons that wait for the officer.
    pub waiting: i64,
    /// Named liaisons: accounts with the role, or else the one in the register.
    pub liaisons: i64,
    /// Whether there are fewer liaisons than the pack asks for.
    pub needs_liaison: bool,
}

impl Duty {
    /// Whether something of it is overdue.
    pub fn is_late(&self) -> bool {
        self.full > Standing::InTime || self.daily > Standing::InTime
    }
}

#[derive(FromQueryResult)]
struct Row {
    employer_id: EmployerId,
    name: String,
    business: String,
    grid_id: Option<GridId>,
    grid_name: Option<String>,
    staff_declared: i64,
    entered_at: At,
    liaison_masked: Option<String>,
    last_full_day: Option<Day>,
    last_report_day: Option<Day>,
    waiting: i64,
}

/// From how many people the pack asks for rosters.
fn large_from(pack: &Pack) -> i64 {
    pack.register.roster_senders.iter().filter_map(|s| s.min_employees).map(i64::from).min().unwrap_or(i64::MAX)
}

/// The employers with the duty within the reader's scope (a liaison's own, whatever their size), by name. Building
/// sites, couriers and logistics carry the duty's flag in the register; large employers have it by their number.
pub async fn list(app: &App, reader: &Reader) -> Result<Vec<Duty>> {
    let q = app.store.reads();
    let mut values = vals![q.division()];
    let condition = if reader.may(Action::RosterReview) || reader.is_system() {
        values.push(large_from(&app.pack).into());
        format!("(e.roster_duty = TRUE OR e.staff_declared >= $2) AND {}", reader.scope.sql("e.grid_id", &mut values))
    } else {
        own(reader, &mut values)
    };
    let given = "FROM roster r WHERE r.division_code = e.division_code AND r.employer_id = e.employer_id";
    let rows: Vec<Row> = q
        .rows(
            &format!(
                "SELECT e.employer_id, e.name, e.business, e.grid_id, g.name AS grid_name, e.staff_declared,
                 e.entered_at, e.liaison_masked,
                 (SELECT MAX(r.as_of_day) {given} AND r.kind = 'full' AND r.state IN ('sent', 'compared', 'confirmed'))
                  AS last_full_day,
                 (SELECT MAX(r.as_of_day) {given} AND r.state IN ('sent', 'compared', 'confirmed')) AS last_report_day,
                 (SELECT COUNT(*) {given} AND r.state = 'compared') AS waiting
                 FROM employer e
                 LEFT JOIN micro_grid g ON g.division_code = e.division_code AND g.grid_id = e.grid_id
                 WHERE e.division_code = $1 AND e.state = 'current' AND {condition} ORDER BY e.name, e.employer_id"
            ),
            values,
        )
        .await?;
    let liaisons = liaisons(&q, q.store().now().day()).await?;
    let least = i64::from(*app.pack.register.roster_liaisons_at_least);
    rows.into_iter().map(|row| duty(app, row, &liaisons, least)).collect()
}

fn own(reader: &Reader, values: &mut Vec<Value>) -> String {
    if reader.employers.is_empty() {
        return "1 = 0".into();
    }
    let first = values.len() + 1;
    values.extend(reader.employers.iter().map(|e| Value::from(*e)));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    format!("e.employer_id IN ({})", marks.join(", "))
}

fn duty(app: &App, row: Row, liaisons: &HashMap<String, i64>, least: i64) -> Result<Duty> {
    let now = app.store.now();
    let since = row.entered_at.day();
    let of = |id, last| standing(&app.pack, &app.calendar, id, last, since, now);
    let accounts = liaisons.get(&row.employer_id.to_string()).copied().unwrap_or(0);
    let named = accounts.max(i64::from(row.liaison_masked.is_some()));
    Ok(Duty {
        full: of(DeadlineId::RosterFull, row.last_full_day)?,
        daily: of(DeadlineId::RosterChange, row.last_report_day)?,
        employer_id: row.employer_id,
        name: row.name,
        business: row.business,
        grid_id: row.grid_id,
        grid_name: row.grid_name,
        staff_declared: row.staff_declared,
        last_full_day: row.last_full_day,
        last_report_day: row.last_report_day,
        waiting: row.waiting,
        liaisons: named,
        needs_liaison: named < least,
    })
}

/// Accounts that are liaisons today, by employer.
async fn liaisons(q: &impl Query, today: Day) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        area: String,
        n: i64,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT area, COUNT(DISTINCT account_id) AS n FROM account_role
             WHERE division_code = $1 AND role = 'hr-liaison' AND from_day <= $2
               AND (until_day IS NULL OR until_day > $3) GROUP BY area",
            vals![q.division(), today, today],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.area, r.n)).collect())
}
