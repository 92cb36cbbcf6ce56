//! Meetings as they are shown, within what a reader sees: the meetings of the grids in scope, and those to which the
//! account itself is invited.

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::{At, Day},
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::Query,
    vals,
    web::Paging,
};
use policy_pack::{MeetingId as Kind, Pack};
use sea_orm::{FromQueryResult, Value};

use crate::{
    dates::{self, Period},
    ids::MeetingId,
};

/// A meeting.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MeetingRow {
    /// Id.
    pub meeting_id: MeetingId,
    /// `weekly`, `monthly`, `yearly`.
    pub kind: String,
    /// The grid as text; of a yearly meeting the first committee of the leader's area.
    pub area: String,
    /// The grid, of a grid's meeting.
    pub grid_id: Option<GridId>,
    /// Name of the grid or the police area.
    pub area_name: Option<String>,
    /// Code of its [`Period`].
    pub period: String,
    /// When it starts.
    pub starts_at: At,
    /// Where.
    pub place: String,
    /// `convened` or `held`.
    pub state: String,
    /// The role that convenes it.
    pub convener_role: String,
    /// How often it was moved.
    pub moves: i64,
    /// From when it was moved last.
    pub moved_from: Option<At>,
    /// Why, a code.
    pub move_reason: Option<String>,
    /// The minutes' text.
    pub summary: String,
    /// When the minutes stood.
    pub held_at: Option<At>,
    /// Who wrote them.
    pub held_by: Option<AccountId>,
    /// So many are invited.
    pub invited: i64,
    /// So many came.
    pub came: i64,
    /// Version.
    pub version: i64,
}

impl MeetingRow {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        Kind::from_code(&self.kind).unwrap_or(Kind::Weekly)
    }
    /// Whether it has no minutes yet.
    pub fn is_open(&self) -> bool {
        self.state == "convened"
    }
    /// Whether its day is over and there are no minutes.
    pub fn is_missed(&self, today: Day) -> bool {
        self.is_open() && self.starts_at.day() < today
    }
    /// Whether its day has come.
    pub fn has_come(&self, today: Day) -> bool {
        self.starts_at.day() <= today
    }
    /// Its time of day.
    pub fn time(&self) -> String {
        dates::time_text(self.starts_at)
    }
    /// The period it belongs to.
    pub fn period(&self, pack: &Pack) -> Option<Period> {
        let rule = dates::rule(pack, self.kind())?.day;
        let day = match self.period.len() {
            4 => format!("{}-01-01", self.period),
            7 => format!("{}-01", self.period),
            _ => self.period.clone(),
        };
        Some(Period::of(rule, day.parse().ok()?))
    }
}

/// The tabs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Convened, today or later.
    Coming,
    /// The day is over and there are no minutes.
    Missed,
    /// Held.
    Held,
}

impl Tab {
    /// Every one, in order.
    pub const ALL: [Tab; 3] = [Tab::Coming, Tab::Missed, Tab::Held];
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Tab::Coming => "coming",
            Tab::Missed => "missed",
            Tab::Held => "held",
        }
    }
    /// By code; the coming ones for anything else.
    pub fn from_code(code: &str) -> Tab {
        Tab::ALL.into_iter().find(|t| t.code() == code).unwrap_or(Tab::Coming)
    }
}

const COLUMNS: &str = "m.meeting_id, m.kind, m.area, m.grid_id, COALESCE(g.name, c.police_area, c.name) AS area_name,
 m.period, m.starts_at, m.place, m.state, m.convener_role, m.moves, m.moved_from, m.move_reason, m.summary, m.held_at,
 m.held_by, m.version,
 (SELECT COUNT(*) FROM meeting_attendee a WHERE a.division_code = m.division_code AND a.meeting_id = m.meeting_id) AS invited,
 (SELECT COUNT(*) FROM meeting_attendee a WHERE a.division_code = m.division_code AND a.meeting_id = m.meeting_id
   AND a.state = 'present') AS came";
const JOINS: &str = "LEFT JOIN micro_grid g ON g.division_code = m.division_code AND g.grid_id = m.grid_id
 LEFT JOIN committee c ON c.division_code = m.division_code AND c.committee_code = m.area";

/// The condition for meetings that a reader sees.
pub(crate) fn seen(reader: &Reader, values: &mut Vec<Value>) -> String {
    let scope = reader.scope.sql("s.grid_id", values);
    values.push(reader.account.into());
    format!(
        "(EXISTS (SELECT 1 FROM meeting_grid s WHERE s.division_code = m.division_code AND s.meeting_id = m.meeting_id
           AND {scope}) OR EXISTS (SELECT 1 FROM meeting_attendee s WHERE s.division_code = m.division_code
           AND s.meeting_id = m.meeting_id AND s.account_id = ${}))",
        values.len()
    )
}

/// A page of a tab and how many meetings it has.
pub async fn list(q: &impl Query, reader: &Reader, tab: Tab, paging: &Paging) -> Result<(Vec<MeetingRow>, i64)> {
    let mut values = vals![q.division()];
    let seen = seen(reader, &mut values);
    if tab != Tab::Held {
        values.push(q.store().clock().today().start().into());
    }
    let today = values.len();
    let (condition, order) = match tab {
        Tab::Coming => (format!("m.state = 'convened' AND m.starts_at >= ${today}"), "m.starts_at, m.meeting_id"),
        Tab::Missed => (format!("m.state = 'convened' AND m.starts_at < ${today}"), "m.starts_at, m.meeting_id"),
        Tab::Held => ("m.state = 'held'".to_owned(), "m.starts_at DESC, m.meeting_id"),
    };
    let count = format!("SELECT COUNT(*) FROM meeting m WHERE m.division_code = $1 AND {seen} AND {condition}");
    let total = q.number(&count, values.clone()).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM meeting m {JOINS} WHERE m.division_code = $1 AND {seen} AND {condition}
         ORDER BY {order} LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// One meeting that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: MeetingId) -> Result<MeetingRow> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql =
        format!("SELECT {COLUMNS} FROM meeting m {JOINS} WHERE m.division_code = $1 AND m.meeting_id = $2 AND {seen}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The meetings of an account from an instant on: for its calendar.
pub(crate) async fn of_account(q: &impl Query, account: AccountId, from: At) -> Result<Vec<MeetingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM meeting m {JOINS} WHERE m.division_code = $1 AND m.starts_at >= $2 AND EXISTS (
           SELECT 1 FROM meeting_attendee s WHERE s.division_code = m.division_code AND s.meeting_id = m.meeting_id
           AND s.account_id = $3) ORDER BY m.starts_at, m.meeting_id"
    );
    q.rows(&sql, vals![q.division(), from, account]).await
}

/// Convened meetings that start within a span, for the job.
pub(crate) async fn starting(q: &impl Query, from: At, until: At) -> Result<Vec<MeetingRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM meeting m {JOINS} WHERE m.division_code = $1 AND m.state = 'convened'
         AND m.starts_at >= $2 AND m.starts_at < $3 ORDER BY m.starts_at, m.meeting_id"
    );
    q.rows(&sql, vals![q.division(), from, until]).await
}

#[derive(FromQueryResult)]
struct GridRow {
    grid_id: GridId,
}

/// The grids whose team meets. The caller has found the meeting.
pub async fn grids_of(q: &impl Query, id: MeetingId) -> Result<Vec<GridId>> {
    let sql = "SELECT grid_id FROM meeting_grid WHERE division_code = $1 AND meeting_id = $2 ORDER BY grid_id";
    let rows: Vec<GridRow> = q.rows(sql, vals![q.division(), id]).await?;
    Ok(rows.into_iter().map(|r| r.grid_id).collect())
}

/// Whether the reader holds a role in a grid.
pub(crate) fn holds(reader: &Reader, role: Role, grid: GridId) -> bool {
    if reader.grants.is_empty() {
        return reader.is(role) && reader.scope.contains(Some(grid));
    }
    reader.grants.iter().any(|g| g.role == role && g.scope != Scope::Division && g.scope.contains(Some(grid)))
}

/// Whether the reader convenes a meeting: the grid leader of its grid, the police-team leader of its area (R30).
pub fn convenes(reader: &Reader, meeting: &MeetingRow) -> bool {
    match (Role::from_code(&meeting.convener_role), meeting.grid_id) {
        (Some(role), Some(grid)) => holds(reader, role, grid),
        (Some(role), None) => reader.is(role) && reader.committees.contains(&meeting.area),
        _ => false,
    }
}

/// The role that convenes a meeting by the pack's post.
pub(crate) fn convener(pack: &Pack, kind: Kind) -> Option<Role> {
    match dates::rule(pack, kind)?.convener.as_str() {
        "police-team-leader" => Some(Role::TeamLeader),
        post => Role::from_code(post),
    }
}
