//! Clues that come in many or from elsewhere (R22): as a table, or from another system. They are clues like any other; the
//! coordinators of their grids are told, and a system hears how its own ones stand.

use std::collections::BTreeMap;

use linli_platform::{
    AppError, Result,
    access::Role,
    api::{ApiClient, ClientId},
    app::App,
    clock::At,
    event::NewEvent,
    ids::GridId,
    store::{Query, Tx},
    vals,
};
use linli_work::notices::{self, Arg, To};
use sea_orm::FromQueryResult;

use crate::{
    ids::SceneId,
    scenes::{self, NewScene},
};

/// Clues of one system that may be open at once.
pub const OPEN_MAX: i64 = 500;

/// Tells the coordinators of grids how many clues came.
pub(crate) async fn tell(tx: &Tx, grids: &[GridId]) -> Result<()> {
    let mut counts: BTreeMap<GridId, i64> = BTreeMap::new();
    for grid in grids {
        *counts.entry(*grid).or_default() += 1;
    }
    for (grid, n) in counts {
        let said = notices::args(&[("n", Arg::Number(n))]);
        notices::send(tx, To::Role(Role::Coordinator, grid), "notice-scenes-brought", &said, "/scenes").await?;
    }
    Ok(())
}

/// Takes a clue in that a system brings.
///
/// # Errors
/// Those of [`scenes::open`], `scene-already` as a conflict; `scene-brought-open` where [`OPEN_MAX`] of this system are open.
pub async fn receive(app: &App, tx: &Tx, client: &ApiClient, new: &NewScene) -> Result<SceneId> {
    let open = "SELECT COUNT(*) FROM scene_brought b
         JOIN scene s ON s.division_code = b.division_code AND s.scene_id = b.scene_id
         WHERE b.division_code = $1 AND b.client_id = $2 AND s.state <> 'closed'";
    if tx.number(open, vals![tx.division(), client.client_id]).await? >= OPEN_MAX {
        return Err(AppError::with("scene-brought-open", http::StatusCode::CONFLICT).arg("n", OPEN_MAX));
    }
    let id = scenes::open(app, tx, new).await.map_err(|e| match e.code {
        "scene-already" => AppError::with("scene-already", http::StatusCode::CONFLICT),
        _ => e,
    })?;
    let columns = &["division_code", "scene_id", "client_id", "brought_at"];
    tx.insert_many("scene_brought", columns, vec![vals![tx.division(), id, client.client_id, tx.now()]]).await?;
    let body = serde_json::json!({ "scene": new.code });
    tx.event(NewEvent::new("scene.brought", scenes::subject(id, new.grid)).body(body)).await?;
    tell(tx, &[new.grid]).await?;
    Ok(id)
}

/// How a clue stands, as the system that brought it is told.
#[derive(Debug, Clone, FromQueryResult)]
pub struct BroughtScene {
    /// Id.
    pub scene_id: SceneId,
    /// Its id in the policy pack.
    pub code: String,
    /// [`SceneState`](crate::codes::SceneState).
    pub state: String,
    /// When it came.
    pub brought_at: At,
    /// By when it is to be closed.
    pub due_at: At,
    /// When it was passed on.
    pub passed_at: Option<At>,
    /// When it was closed.
    pub closed_at: Option<At>,
    /// [`SceneResult`](crate::codes::SceneResult).
    pub result: Option<String>,
}

const SELECT: &str = "SELECT s.scene_id, s.code, s.state, b.brought_at, s.due_at, s.passed_at, s.closed_at, s.result
 FROM scene_brought b JOIN scene s ON s.division_code = b.division_code AND s.scene_id = b.scene_id
 WHERE b.division_code = $1 AND b.client_id = $2";

/// One that a client brought.
///
/// # Errors
/// `not-found` for one that is not there or that others brought.
pub async fn of_client(q: &impl Query, client: ClientId, id: SceneId) -> Result<BroughtScene> {
    let found: Option<BroughtScene> =
        q.row(&format!("{SELECT} AND b.scene_id = $3"), vals![q.division(), client, id]).await?;
    found.ok_or_else(AppError::not_found)
}

/// Those that a client brought, the first first, after one of them.
///
/// # Errors
/// Those of the store.
pub async fn list(q: &impl Query, client: ClientId, after: Option<SceneId>, limit: i64) -> Result<Vec<BroughtScene>> {
    let mut values = vals![q.division(), client];
    let beyond = match after {
        Some(id) => {
            values.push(id.into());
            "AND b.scene_id > $3"
        }
        None => "",
    };
    q.rows(&format!("{SELECT} {beyond} ORDER BY b.scene_id LIMIT {limit}"), values).await
}
