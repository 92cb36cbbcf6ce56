//! Scenes (十六类场景, R22): clues about premises from the policy pack's list, passed to whoever can solve them, closed
//! within their time. The closing rate is an assessed figure.

use std::collections::HashMap;

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Month},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_register::AddressId;
use linli_work::{
    TaskId, TaskKind, task_due_at,
    tasks::{self, NewTask},
};
use policy_pack::{Pack, Solver};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use crate::{
    codes::{SceneResult, SceneState},
    ids::SceneId,
};

/// What the task of a scene comes from.
pub const ORIGIN: &str = "scene";

/// A clue about to be recorded.
#[derive(Debug, Clone)]
pub struct NewScene {
    /// Its id, made with the form: what is sent twice is one clue.
    pub id: SceneId,
    /// The scene's id in the policy pack.
    pub code: String,
    /// The grid that the premises lie in.
    pub grid: GridId,
    /// The premises.
    pub address: AddressId,
}

/// A scene as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Scene {
    /// Id.
    pub scene_id: SceneId,
    /// Its id in the policy pack.
    pub code: String,
    /// The grid whose work it is.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// The premises.
    pub address: Option<String>,
    /// [`SceneState`].
    pub state: String,
    /// Its task.
    pub task_id: TaskId,
    /// Who recorded it.
    pub made_by: AccountId,
    /// Their name, or that of the system that brought it.
    pub made_name: Option<String>,
    /// When.
    pub made_at: At,
    /// By when it is to be closed.
    pub due_at: At,
    /// When it was passed on.
    pub passed_at: Option<At>,
    /// When it was closed.
    pub closed_at: Option<At>,
    /// By whom.
    pub closed_name: Option<String>,
    /// [`SceneResult`].
    pub result: Option<String>,
    /// Version.
    pub version: i64,
}

impl Scene {
    /// Whether it is not closed.
    pub fn is_open(&self) -> bool {
        self.state != SceneState::Closed.code()
    }
    /// Whether it is still with the grid.
    pub fn is_with_grid(&self) -> bool {
        self.state == SceneState::Open.code()
    }
    /// Whether its time is over, now if it is open or when it was closed.
    pub fn is_late(&self, now: At) -> bool {
        self.due_at <= self.closed_at.unwrap_or(now)
    }
}

pub(crate) fn subject(id: SceneId, grid: GridId) -> SubjectRef {
    SubjectRef::new(ORIGIN, id, Some(grid))
}

/// Who can solve a scene; the grid itself for one that the pack no longer lists.
pub fn solver(pack: &Pack, code: &str) -> Solver {
    pack.scene(code).map_or(Solver::Grid, |s| s.solver)
}

/// Records a clue about premises of the reader's grids, with its task. Recorded again with the same id, nothing happens.
///
/// # Errors
/// `scene-code` for one that the pack does not list; `not-found` for premises outside the scope; `scene-already` if the
/// same is open there; `workday-year`.
pub async fn open(app: &App, tx: &Tx, new: &NewScene) -> Result<SceneId> {
    if app.pack.scene(&new.code).is_none() {
        return Err(AppError::rule("scene-code"));
    }
    let known = "SELECT COUNT(*) FROM scene WHERE division_code = $1 AND scene_id = $2";
    if tx.number(known, vals![tx.division(), new.id]).await? > 0 {
        tx.housekeeping("what is sent twice has one effect");
        return Ok(new.id);
    }
    let mut values = vals![tx.division(), new.address, new.grid];
    let scope = tx.reader().scope.sql("a.grid_id", &mut values);
    let there = format!(
        "SELECT COUNT(*) FROM address a WHERE a.division_code = $1 AND a.address_id = $2 AND a.grid_id = $3 AND {scope}"
    );
    if tx.number(&there, values).await? == 0 {
        return Err(AppError::not_found());
    }
    let same = "SELECT COUNT(*) FROM scene WHERE division_code = $1 AND address_id = $2 AND code = $3
         AND state <> 'closed'";
    if tx.number(same, vals![tx.division(), new.address, new.code.as_str()]).await? > 0 {
        return Err(AppError::rule("scene-already"));
    }
    let due = task_due_at(&app.pack, &app.calendar, TaskKind::Scene, tx.now())?;
    let task = NewTask {
        kind: TaskKind::Scene,
        subject: subject(new.id, new.grid),
        home_id: None,
        grid: new.grid,
        origin_kind: ORIGIN,
        origin_id: new.id.0,
        due_at: Some(due),
        masked_note: String::new(),
        sealed_note: None,
    };
    let opened = tasks::open_many(tx, vec![task]).await?;
    let task = opened.first().copied().ok_or_else(|| AppError::internal("a task was not opened"))?;
    write(tx, new, task, due).await?;
    let event = NewEvent::new("scene.opened", subject(new.id, new.grid)).seen(Some(tx.now()));
    tx.event(event.body(json!({ "scene": new.code }))).await?;
    Ok(new.id)
}

/// Writes the row of a clue.
async fn write(tx: &Tx, new: &NewScene, task: TaskId, due: At) -> Result<()> {
    let columns = &[
        "division_code",
        "scene_id",
        "code",
        "grid_id",
        "address_id",
        "state",
        "task_id",
        "made_by",
        "made_at",
        "due_at",
        "version",
    ];
    let row = vals![
        tx.division(),
        new.id,
        new.code.as_str(),
        new.grid,
        new.address,
        SceneState::Open.code(),
        task,
        tx.reader().account,
        tx.now(),
        due,
        1i64
    ];
    tx.insert_many("scene", columns, vec![row]).await
}

/// Says that it is with whoever can solve it.
///
/// # Errors
/// `not-found`; `scene-own` for what the grid solves itself; `stale-version`.
pub async fn pass_on(app: &App, tx: &Tx, id: SceneId, version: i64) -> Result<()> {
    let scene = find(tx, tx.reader(), id).await?;
    let solver = solver(&app.pack, &scene.code);
    if solver == Solver::Grid {
        return Err(AppError::rule("scene-own"));
    }
    tx.execute_one(
        "UPDATE scene SET state = 'passed', passed_at = $4, version = version + 1
         WHERE division_code = $1 AND scene_id = $2 AND version = $3 AND state = 'open'",
        vals![tx.division(), id, version, tx.now()],
    )
    .await?;
    let body = json!({ "scene": scene.code, "to": solver.code() });
    tx.event(NewEvent::new("scene.passed", subject(id, scene.grid_id)).version(version + 1).body(body)).await?;
    Ok(())
}

/// Closes it, and its task with it.
///
/// # Errors
/// `not-found`; `scene-not-passed` if it would be taken over without having been passed on; `stale-version`.
pub async fn close(tx: &Tx, id: SceneId, version: i64, result: SceneResult) -> Result<()> {
    let scene = find(tx, tx.reader(), id).await?;
    if result == SceneResult::TakenOver && scene.passed_at.is_none() {
        return Err(AppError::rule("scene-not-passed"));
    }
    tx.execute_one(
        "UPDATE scene SET state = 'closed', result = $4, closed_by = $5, closed_at = $6, version = version + 1
         WHERE division_code = $1 AND scene_id = $2 AND version = $3 AND state <> 'closed'",
        vals![tx.division(), id, version, result.code(), tx.reader().account, tx.now()],
    )
    .await?;
    tasks::end_of_origin(tx, ORIGIN, id.0, result.outcome()).await?;
    let body = json!({ "scene": scene.code, "result": result.code(), "late": scene.is_late(tx.now()) });
    tx.event(NewEvent::new("scene.closed", subject(id, scene.grid_id)).version(version + 1).body(body)).await?;
    Ok(())
}

const SELECT: &str = "SELECT s.scene_id, s.code, COALESCE(t.grid_id, s.grid_id) AS grid_id, g.name AS grid_name,
 a.text AS address, s.state, s.task_id, s.made_by, COALESCE(o.display_name, k.name) AS made_name, s.made_at, s.due_at, s.passed_at,
 s.closed_at, c.display_name AS closed_name, s.result, s.version";
const FROM: &str = "FROM scene s
 LEFT JOIN task t ON t.division_code = s.division_code AND t.task_id = s.task_id
 LEFT JOIN micro_grid g ON g.division_code = s.division_code AND g.grid_id = COALESCE(t.grid_id, s.grid_id)
 LEFT JOIN address a ON a.division_code = s.division_code AND a.address_id = s.address_id
 LEFT JOIN account o ON o.division_code = s.division_code AND o.account_id = s.made_by
 LEFT JOIN scene_brought b ON b.division_code = s.division_code AND b.scene_id = s.scene_id
 LEFT JOIN api_client k ON k.division_code = b.division_code AND k.client_id = b.client_id
 LEFT JOIN account c ON c.division_code = s.division_code AND c.account_id = s.closed_by
 WHERE s.division_code = $1";
/// The grid that its task went to where boundaries changed.
pub(crate) const GRID: &str = "COALESCE(t.grid_id, s.grid_id)";

/// What the list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// With the grid.
    Open,
    /// With whoever can solve it.
    Passed,
    /// Not closed, and over its time.
    Late,
    /// Closed.
    Closed,
}

impl Which {
    fn sql(self, now: At, values: &mut Vec<Value>) -> String {
        match self {
            Which::Open => "s.state = 'open'".into(),
            Which::Passed => "s.state = 'passed'".into(),
            Which::Closed => "s.state = 'closed'".into(),
            Which::Late => {
                values.push(now.into());
                format!("s.state <> 'closed' AND s.due_at <= ${}", values.len())
            }
        }
    }
}

/// The scenes of the reader's grids: open ones by deadline, closed ones the last first; and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, which: Which, paging: &Paging) -> Result<(Vec<Scene>, i64)> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql(GRID, &mut values);
    let state = which.sql(q.store().now(), &mut values);
    let total = q.number(&format!("SELECT COUNT(*) {FROM} AND {scope} AND {state}"), values.clone()).await?;
    let order = if which == Which::Closed { "s.closed_at DESC" } else { "s.due_at" };
    let sql = format!(
        "{SELECT} {FROM} AND {scope} AND {state} ORDER BY {order}, s.scene_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// One scene of the reader's grids.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: SceneId) -> Result<Scene> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql(GRID, &mut values);
    q.row(&format!("{SELECT} {FROM} AND s.scene_id = $2 AND {scope}"), values).await?.ok_or_else(AppError::not_found)
}

/// Scenes of a month, and how many of them are closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rate {
    /// Recorded in the month.
    pub opened: i64,
    /// Of them closed.
    pub closed: i64,
}

impl Rate {
    /// Percent closed; none where there were none.
    pub fn percent(&self) -> Option<f64> {
        (self.opened > 0).then(|| self.closed as f64 * 100.0 / self.opened as f64)
    }
}

/// The closing rate of a month by committee (R34), of those that had scenes.
pub async fn rates(q: &impl Query, month: Month) -> Result<HashMap<String, Rate>> {
    #[derive(FromQueryResult)]
    struct Row {
        committee_code: String,
        opened: i64,
        closed: i64,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT g.committee_code, COUNT(*) AS opened,
             CAST(SUM(CASE WHEN s.state = 'closed' THEN 1 ELSE 0 END) AS BIGINT) AS closed
             FROM scene s JOIN micro_grid g ON g.division_code = s.division_code AND g.grid_id = s.grid_id
             WHERE s.division_code = $1 AND s.made_at >= $2 AND s.made_at < $3 GROUP BY g.committee_code",
            vals![q.division(), month.start(), month.end()],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.committee_code, Rate { opened: r.opened, closed: r.closed })).collect())
}

/// The closing rate of a month in the reader's grids.
pub async fn rate(q: &impl Query, reader: &Reader, month: Month) -> Result<Rate> {
    let mut values = vals![q.division(), month.start(), month.end()];
    let scope = reader.scope.sql("s.grid_id", &mut values);
    let sql = format!(
        "SELECT COUNT(*) FROM scene s WHERE s.division_code = $1 AND s.made_at >= $2 AND s.made_at < $3 AND {scope}"
    );
    let opened = q.number(&sql, values.clone()).await?;
    let closed = q.number(&format!("{sql} AND s.state = 'closed'"), values).await?;
    Ok(Rate { opened, closed })
}
