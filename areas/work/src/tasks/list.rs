//! Lists of tasks, within the reader's scope, the latest ones first.

use linli_platform::{
    AppError, Result,
    access::Action,
    clock::At,
    ids::{AccountId, GridId},
    reader::Reader,
    store::Query,
    vals,
    web::Paging,
};
use linli_register::HomeId;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::{
    ids::TaskId,
    kinds::{Outcome, TaskKind},
};

/// A task as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct TaskRow {
    /// Id.
    pub task_id: TaskId,
    /// [`TaskKind`].
    pub kind: String,
    /// Kind of the record it lies on.
    pub subject_kind: String,
    /// The record it lies on.
    pub subject_id: Uuid,
    /// The home to be visited.
    pub home_id: Option<HomeId>,
    /// The grid whose work it is.
    pub grid_id: GridId,
    /// Name of the grid.
    pub grid_name: Option<String>,
    /// Where: text of the address.
    pub address_text: Option<String>,
    /// Label of the home.
    pub label: Option<String>,
    /// The role it goes to.
    pub role: String,
    /// Whom it was handed to.
    pub account_id: Option<AccountId>,
    /// The name of that colleague.
    pub account_name: Option<String>,
    /// `open`, `done`, `dropped`.
    pub state: String,
    /// What it comes from.
    pub origin_kind: String,
    /// The id of what it comes from.
    pub origin_id: Uuid,
    /// By when.
    pub due_at: Option<At>,
    /// Since when.
    pub made_at: At,
    /// When it was closed.
    pub done_at: Option<At>,
    /// [`Outcome`].
    pub outcome: Option<String>,
    /// What is to be checked, masked.
    pub note_masked: String,
    /// 1 if there is a sealed note to be opened.
    pub notes: i64,
    /// Version.
    pub version: i64,
}

impl TaskRow {
    /// Its kind.
    pub fn task_kind(&self) -> Option<TaskKind> {
        TaskKind::from_code(&self.kind)
    }
    /// The outcomes it can be closed with.
    pub fn outcomes(&self) -> &'static [Outcome] {
        self.task_kind().map_or(&[], TaskKind::outcomes)
    }
    /// The page on which the case that it comes from is decided, where it ends with that alone.
    pub fn case_page(&self) -> Option<String> {
        let (origin, path, _) = self.task_kind().and_then(TaskKind::case)?;
        (self.origin_kind == origin).then(|| format!("{path}/{}", self.origin_id))
    }
    /// The page on which stands what is to be done, for a task that a meeting decided.
    pub fn meeting_page(&self) -> Option<String> {
        (self.origin_kind == "meeting").then(|| format!("/meetings/{}", self.origin_id))
    }
    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
    /// Whether its time is over, now if it is open or when it was closed.
    pub fn is_late(&self, now: At) -> bool {
        self.due_at.is_some_and(|due| due <= self.done_at.unwrap_or(now))
    }
    /// Whether it is open and due within a day.
    pub fn is_soon(&self, now: At) -> bool {
        self.is_open() && !self.is_late(now) && self.due_at.is_some_and(|due| due <= now.plus_hours(24))
    }
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// `open`, `done` or `dropped`; all where there is none.
    pub state: Option<&'static str>,
    /// A kind.
    pub kind: Option<TaskKind>,
    /// A grid.
    pub grid: Option<GridId>,
    /// Only open tasks whose time is over.
    pub overdue: bool,
    /// A home.
    pub home: Option<HomeId>,
    /// Only the reader's own: handed to the account, or to nobody yet and for one of the roles.
    pub mine: bool,
}

const COLUMNS: &str = "t.task_id, t.kind, t.subject_kind, t.subject_id, t.grid_id, g.name AS grid_name, t.role,
 t.account_id, o.display_name AS account_name, t.state, t.origin_kind, t.origin_id, t.due_at, t.made_at, t.done_at,
 t.outcome, t.version";
/// Whom and which door a task is about: for those who read the register.
const DETAIL: &str = "t.home_id, COALESCE(ha.text, sa.text) AS address_text, h.label, t.note_masked,
 CAST(CASE WHEN t.note_sealed IS NULL THEN 0 ELSE 1 END AS BIGINT) AS notes";
/// The others follow the work itself: its kind, grid, deadline and end.
const NO_DETAIL: &str = "t.home_id, CAST(NULL AS TEXT) AS address_text, CAST(NULL AS TEXT) AS label,
 CAST('' AS TEXT) AS note_masked, CAST(0 AS BIGINT) AS notes";

fn columns(reader: &Reader) -> String {
    let detail = reader.is_system() || reader.may(Action::RegisterRead);
    format!("{COLUMNS}, {}", if detail { DETAIL } else { NO_DETAIL })
}

const JOINS: &str = "LEFT JOIN micro_grid g ON g.division_code = t.division_code AND g.grid_id = t.grid_id
 LEFT JOIN home h ON h.division_code = t.division_code AND h.home_id = t.home_id
 LEFT JOIN address ha ON ha.division_code = h.division_code AND ha.address_id = h.address_id
 LEFT JOIN address sa ON sa.division_code = t.division_code AND sa.address_id = t.subject_id
 LEFT JOIN account o ON o.division_code = t.division_code AND o.account_id = t.account_id";

/// Open ones first, by deadline; then closed ones, the last closed first.
const ORDER: &str = "ORDER BY CASE WHEN t.state = 'open' THEN 0 ELSE 1 END,
 CASE WHEN t.state = 'open' THEN COALESCE(t.due_at, 9223372036854775807) ELSE -COALESCE(t.done_at, 0) END,
 t.made_at, t.task_id";

/// Pushes a value and gives its mark.
fn mark(values: &mut Vec<Value>, value: impl Into<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

/// What a reader sees: the grids in scope. A task that was handed to somebody stays with its grid when they leave it.
fn seen(reader: &Reader, values: &mut Vec<Value>) -> String {
    reader.scope.sql("t.grid_id", values)
}

impl Filter {
    fn sql(&self, reader: &Reader, now: At, values: &mut Vec<Value>) -> String {
        let mut sql = seen(reader, values);
        let mut and = |condition: String| {
            sql.push_str(" AND ");
            sql.push_str(&condition);
        };
        if let Some(state) = self.state {
            and(format!("t.state = {}", mark(values, state)));
        }
        if let Some(kind) = self.kind {
            and(format!("t.kind = {}", mark(values, kind.code())));
        }
        if let Some(grid) = self.grid {
            and(format!("t.grid_id = {}", mark(values, grid)));
        }
        if let Some(home) = self.home {
            and(format!("t.home_id = {}", mark(values, home)));
        }
        if self.overdue {
            and(format!("t.state = 'open' AND t.due_at <= {}", mark(values, now)));
        }
        if self.mine {
            let own = mark(values, reader.account);
            let roles: Vec<String> = reader.roles.iter().map(|r| mark(values, r.code())).collect();
            let by_role =
                if roles.is_empty() { "1 = 0".to_owned() } else { format!("t.role IN ({})", roles.join(", ")) };
            and(format!("(t.account_id = {own} OR (t.account_id IS NULL AND {by_role}))"));
        }
        sql
    }
}

/// A page of tasks and how many there are: open ones first by deadline, so that late ones lead.
pub async fn list(q: &impl Query, reader: &Reader, filter: &Filter, paging: &Paging) -> Result<(Vec<TaskRow>, i64)> {
    let mut values = vals![q.division()];
    let condition = filter.sql(reader, q.store().now(), &mut values);
    let count = format!("SELECT COUNT(*) FROM task t WHERE t.division_code = $1 AND {condition}");
    let total = q.number(&count, values.clone()).await?;
    let sql = format!(
        "SELECT {} FROM task t {JOINS} WHERE t.division_code = $1 AND {condition} {ORDER} LIMIT {} OFFSET {}",
        columns(reader),
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// How many tasks wait for the reader: handed to the account, or to nobody yet and for one of the roles.
pub async fn count_open(q: &impl Query, reader: &Reader) -> Result<i64> {
    let mut values = vals![q.division()];
    let filter = Filter { state: Some("open"), mine: true, ..Filter::default() };
    let condition = filter.sql(reader, q.store().now(), &mut values);
    q.number(&format!("SELECT COUNT(*) FROM task t WHERE t.division_code = $1 AND {condition}"), values).await
}

/// The open tasks of a home, within what the reader sees, by deadline.
pub async fn for_home(q: &impl Query, reader: &Reader, home: HomeId) -> Result<Vec<TaskRow>> {
    let filter = Filter { state: Some("open"), home: Some(home), ..Filter::default() };
    Ok(list(q, reader, &filter, &Paging { page: 1, per_page: 200, total: 0 }).await?.0)
}

/// One task that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: TaskId) -> Result<TaskRow> {
    let mut values = vals![q.division(), id];
    let seen = seen(reader, &mut values);
    let sql = format!(
        "SELECT {} FROM task t {JOINS} WHERE t.division_code = $1 AND t.task_id = $2 AND {seen}",
        columns(reader)
    );
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// One step in a task's history.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Step {
    /// Kind of event.
    pub kind: String,
    /// When.
    pub entered_at: At,
    /// In which role.
    pub role: String,
    /// The colleague's name.
    pub account_name: Option<String>,
}

/// What happened to a task, from the beginning. The caller has found the task.
pub async fn history(q: &impl Query, task: &TaskRow) -> Result<Vec<Step>> {
    q.rows(
        "SELECT e.kind, e.entered_at, e.role, o.display_name AS account_name FROM event e
         LEFT JOIN account o ON o.division_code = e.division_code AND o.account_id = e.account_id
         WHERE e.division_code = $1 AND e.subject_id = $2 ORDER BY e.entered_at, e.version, e.event_id",
        vals![q.division(), task.task_id],
    )
    .await
}
