//! Whose the home of an entry is, and whose it was when the entry was made. An entry is judged by its own time: work that
//! was given to somebody else since, a home that a new set of boundaries put into another grid, a role that has ended.

use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::{At, Day},
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::Query,
    vals,
};
use linli_register::{HomeId, homes};
use sea_orm::FromQueryResult;

use super::keys;

/// Whose the home of an entry is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// The sender's.
    Own(GridId),
    /// It was the sender's when the entry was made and is another's now.
    Others(GridId),
    /// It never was.
    Nowhere,
}

/// The reader as somebody who works at doors: within the grids where such a role is held today, and within none after
/// the last such role has ended. What was made before can still be handed in.
pub(super) fn at_doors(reader: Reader) -> Reader {
    if reader.may(Action::FieldWork) {
        return reader.doing(Action::FieldWork);
    }
    Reader { scope: Scope::Grids(Vec::new()), ..reader }
}

/// When an entry was made: when its assignment was taken, and when somebody stood at the door.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    pub rests_on: At,
    pub seen_at: At,
}

/// Whose a home is, for a reader that [`at_doors`] made.
pub(super) async fn of(app: &App, reader: &Reader, home: HomeId, made: Made) -> Result<Where> {
    let reads = app.store.reads();
    match homes::find(&reads, reader, home).await {
        // A home that lies in no grid yet is nobody's.
        Ok(row) => return Ok(row.grid_id.map_or(Where::Nowhere, Where::Own)),
        Err(e) if e.is("not-found") => {}
        Err(e) => return Err(e),
    }
    let now = grid_of(&reads, home).await?;
    let mut lay_in = earlier_grids(&reads, home, At(made.rests_on.0.min(made.seen_at.0))).await?;
    lay_in.extend(now);
    let today = app.store.clock().today();
    for grid in lay_in {
        for day in days(made, today) {
            if was_theirs(app, reader.account, grid, day).await? {
                return Ok(Where::Others(now.unwrap_or(grid)));
            }
        }
    }
    Ok(Where::Nowhere)
}

/// The days of the assignment and of the visit, each with the one before it: a role that is ended ends with the
/// beginning of that day, and what was made in its morning was made while the role lasted.
fn days(made: Made, today: Day) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for at in [made.rests_on, made.seen_at] {
        let day = at.day().clamp(today.plus_days(-keys::KEPT_DAYS), today);
        days.extend([day, day.plus_days(-1)]);
    }
    days.sort_unstable();
    days.dedup();
    days
}

#[derive(FromQueryResult)]
struct Grid {
    grid_id: Option<GridId>,
}

async fn grid_of(q: &impl Query, home: HomeId) -> Result<Option<GridId>> {
    let sql = "SELECT grid_id FROM home WHERE division_code = $1 AND home_id = $2";
    Ok(q.row::<Grid>(sql, vals![q.division(), home]).await?.and_then(|row| row.grid_id))
}

#[derive(FromQueryResult)]
struct Regridded {
    body: String,
}

/// The grids that a home was taken out of since an instant: the past stays in the events of the boundaries' change.
async fn earlier_grids(q: &impl Query, home: HomeId, since: At) -> Result<Vec<GridId>> {
    let since = since.0.max(q.store().now().plus_hours(-24 * keys::KEPT_DAYS).0);
    let sql = "SELECT body FROM event WHERE division_code = $1 AND subject_id = $2 AND kind = 'home.regridded'
               AND entered_at > $3 ORDER BY entered_at, event_id";
    let rows: Vec<Regridded> = q.rows(sql, vals![q.division(), home, since]).await?;
    let from = |row: Regridded| {
        let body: serde_json::Value = serde_json::from_str(&row.body).ok()?;
        body["grid_from"].as_str()?.parse().ok()
    };
    Ok(rows.into_iter().filter_map(from).collect())
}

/// Whether a grid was an account's to work in on a day, by its dated roles and as a stand-in.
async fn was_theirs(app: &App, account: AccountId, grid: GridId, day: Day) -> Result<bool> {
    let scope = app.scopes.scope(&app.store, account, day).await?;
    let worked_in = scope.grants.iter().any(|g| g.role.allows(Action::FieldWork) && g.scope.contains(Some(grid)));
    // Where the source of scopes names no roles, their grids have to do.
    let named = scope.grants.is_empty() && (scope.division || scope.grids.contains(&grid));
    Ok(scope.agreed && (worked_in || named))
}
