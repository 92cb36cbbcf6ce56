//! The four levels on the ground (R20): which police teams, committees and micro-grids there are, who sees a part, who
//! acts on it, and whom to tell.

use std::collections::BTreeSet;

use linli_platform::{
    AppError, Result,
    access::Role,
    ids::{AccountId, GridId},
    reader::{Reader, Scope},
    store::{Query, Tx},
    vals,
};
use linli_work::notices::{self, Args, To};
use sea_orm::{FromQueryResult, Value};

use crate::codes::Level;

/// A place that a part can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Police team, committee code or the grid's id as text; the police team without a name is empty.
    pub area: String,
    /// Its name.
    pub name: String,
    /// The grid, at the level of grids.
    pub grid_id: Option<GridId>,
}

/// Grids of today with their committees: what every level is made of.
pub(crate) const GROUND: &str = "micro_grid g JOIN committee c ON c.division_code = g.division_code
 AND c.committee_code = g.committee_code";
/// A committee's police team; those without one form a team without a name.
pub(crate) const POLICE: &str = "COALESCE(c.police_area, '')";

/// What of the ground a part's area names, at the levels above the grid.
pub(crate) fn on_ground(level: Level) -> &'static str {
    match level {
        Level::PoliceTeam => POLICE,
        _ => "g.committee_code",
    }
}

/// The grids of today that an area of a level has.
pub async fn grids_of(q: &impl Query, level: Level, area: &str) -> Result<Vec<GridId>> {
    #[derive(FromQueryResult)]
    struct Row {
        grid_id: GridId,
    }
    if level == Level::Grid {
        return Ok(area.parse().into_iter().collect());
    }
    let (condition, values) = match level {
        Level::PoliceTeam | Level::Team => (format!("{} = $2", on_ground(level)), vals![q.division(), area]),
        _ => ("1 = 1".to_owned(), vals![q.division()]),
    };
    let sql = format!(
        "SELECT g.grid_id FROM {GROUND} WHERE g.division_code = $1 AND g.until_day IS NULL AND {condition} ORDER BY g.code"
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|r| r.grid_id).collect())
}

/// The places of a level: all of them, or those within an area of the level above.
pub async fn targets(q: &impl Query, level: Level, within: Option<&str>) -> Result<Vec<Target>> {
    let mut values = vals![q.division()];
    let inside = match (level, within) {
        (Level::Team, Some(area)) => Some((POLICE, area)),
        (Level::Grid, Some(area)) => Some(("g.committee_code", area)),
        _ => None,
    };
    let condition = match inside {
        Some((column, area)) => {
            values.push(area.into());
            format!("{column} = $2")
        }
        None => "1 = 1".to_owned(),
    };
    if level == Level::Grid {
        #[derive(FromQueryResult)]
        struct Row {
            grid_id: GridId,
            name: String,
        }
        let sql = format!(
            "SELECT g.grid_id, g.name FROM {GROUND}
             WHERE g.division_code = $1 AND g.until_day IS NULL AND {condition} ORDER BY g.code"
        );
        let rows: Vec<Row> = q.rows(&sql, values).await?;
        let target = |r: Row| Target { area: r.grid_id.to_string(), name: r.name, grid_id: Some(r.grid_id) };
        return Ok(rows.into_iter().map(target).collect());
    }
    #[derive(FromQueryResult)]
    struct Row {
        area: String,
        name: String,
    }
    let columns = match level {
        Level::Team => "g.committee_code AS area, c.name AS name".to_owned(),
        _ => format!("{POLICE} AS area, {POLICE} AS name"),
    };
    let sql = format!(
        "SELECT DISTINCT {columns} FROM {GROUND}
         WHERE g.division_code = $1 AND g.until_day IS NULL AND {condition} ORDER BY area"
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|r| Target { area: r.area, name: r.name, grid_id: None }).collect())
}

/// One place of a level.
///
/// # Errors
/// `order-target` if there is none today.
pub async fn target(q: &impl Query, level: Level, within: Option<&str>, area: &str) -> Result<Target> {
    let all = targets(q, level, within).await?;
    all.into_iter().find(|t| t.area == area).ok_or_else(|| AppError::rule("order-target"))
}

/// The levels whose parts a reader sees as lists, by role.
pub fn levels_of(reader: &Reader) -> Vec<Level> {
    if reader.is_system() || reader.scope == Scope::Division {
        return vec![Level::PoliceTeam, Level::Team, Level::Grid];
    }
    let any = |roles: &[Role]| roles.iter().any(|r| reader.is(*r));
    let mut levels = Vec::new();
    if any(Level::PoliceTeam.roles()) {
        levels.push(Level::PoliceTeam);
    }
    if any(Level::PoliceTeam.roles()) || any(Level::Team.roles()) {
        levels.push(Level::Team);
    }
    if any(Level::PoliceTeam.roles()) || any(Level::Grid.roles()) {
        levels.push(Level::Grid);
    }
    levels
}

/// The condition under which a reader sees a part `p`: its area has a grid in scope, and the level is the reader's.
pub(crate) fn visible(reader: &Reader, values: &mut Vec<Value>) -> String {
    if reader.is_system() || reader.scope == Scope::Division {
        return "1 = 1".into();
    }
    let scope = reader.scope.sql("g.grid_id", values);
    let on = |level: &Level| match level {
        Level::Grid => "(p.level = 'grid' AND p.grid_id = g.grid_id)".to_owned(),
        level => format!("(p.level = '{level}' AND p.area = {})", on_ground(*level)),
    };
    let ways: Vec<String> = levels_of(reader).iter().map(on).collect();
    if ways.is_empty() {
        return "1 = 0".into();
    }
    format!(
        "EXISTS (SELECT 1 FROM {GROUND} WHERE g.division_code = p.division_code AND g.until_day IS NULL AND {scope}
         AND ({}))",
        ways.join(" OR ")
    )
}

/// Whether a reader acts at a level in an area: with a role of the level, held for one of its grids.
pub async fn acts_at(q: &impl Query, reader: &Reader, level: Level, area: &str) -> Result<bool> {
    acts_as(q, reader, level.roles(), level, area).await
}

/// The same with certain roles of the level.
pub(crate) async fn acts_as(q: &impl Query, reader: &Reader, roles: &[Role], level: Level, area: &str) -> Result<bool> {
    if reader.is_system() {
        return Ok(true);
    }
    if !roles.iter().any(|r| reader.is(*r)) {
        return Ok(false);
    }
    if matches!(level, Level::SubDistrict | Level::TaskForce) {
        return Ok(true);
    }
    let grids = grids_of(q, level, area).await?;
    let within = |scope: &Scope| grids.iter().any(|g| scope.contains(Some(*g)));
    if reader.grants.is_empty() {
        return Ok(within(&reader.scope));
    }
    Ok(reader.grants.iter().any(|g| roles.contains(&g.role) && within(&g.scope)))
}

/// Everybody who acts at a level in an area today, each once.
pub async fn people(q: &impl Query, level: Level, area: &str) -> Result<Vec<AccountId>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        area_kind: String,
        area: String,
    }
    let grids: BTreeSet<String> = grids_of(q, level, area).await?.iter().map(ToString::to_string).collect();
    let committees: BTreeSet<String> = match level {
        Level::PoliceTeam => targets(q, Level::Team, Some(area)).await?.into_iter().map(|t| t.area).collect(),
        _ => BTreeSet::new(),
    };
    let mut values = vals![q.division(), q.store().clock().today()];
    let first = values.len() + 1;
    values.extend(level.roles().iter().map(|r| Value::from(r.code())));
    let marks: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT account_id, area_kind, area FROM account_role
         WHERE division_code = $1 AND from_day <= $2 AND (until_day IS NULL OR until_day > $2) AND role IN ({})",
        marks.join(", ")
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    let here = |r: &Row| match r.area_kind.as_str() {
        "grid" => grids.contains(&r.area),
        "committee" => committees.contains(&r.area),
        "division" => true,
        _ => false,
    };
    let people: BTreeSet<AccountId> = rows.iter().filter(|r| here(r)).map(|r| r.account_id).collect();
    Ok(people.into_iter().collect())
}

/// Tells everybody who acts at a level in an area.
pub(crate) async fn tell(
    tx: &Tx,
    level: Level,
    area: &str,
    key: &'static str,
    args: &Args,
    href: &str,
) -> Result<usize> {
    let people = people(tx, level, area).await?;
    for account in &people {
        notices::send(tx, To::Account(*account), key, args, href).await?;
    }
    Ok(people.len())
}

/// The area of a level above that a part's place belongs to.
pub(crate) async fn area_above(q: &impl Query, level: Level, part: &crate::parts::Part) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        area: String,
    }
    let Some(grid) = grids_of(q, part.level(), &part.area).await?.first().copied() else { return Ok(None) };
    let sql =
        format!("SELECT {} AS area FROM {GROUND} WHERE g.division_code = $1 AND g.grid_id = $2", on_ground(level));
    let row: Option<Row> = q.row(&sql, vals![q.division(), grid]).await?;
    Ok(row.map(|r| r.area))
}
