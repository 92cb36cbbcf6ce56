//! Robots of WeCom groups (群机器人): one or more grids speak through one. The address is a secret: whoever has it can
//! write to the group. It is sealed when it is entered, opened by the machine that sends, and never shown.

use linli_platform::{
    AppError, Result,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::{Reader, Scope},
    sealed::{Bind, KeyRow, MachineText, Sealed},
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::ids::RobotId;

/// What the address of a robot begins with; its key follows.
pub const ADDRESS: &str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=";

/// The robot of a grid, without its address.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Robot {
    /// Id.
    pub robot_id: RobotId,
    /// The last characters of its key, by which the leader knows it again.
    pub key_masked: String,
    /// `on`, or `gone` when WeCom said that there is no such robot.
    pub state: String,
    /// Who entered it.
    pub account_name: Option<String>,
    /// When.
    pub made_at: At,
}

impl Robot {
    /// Whether WeCom knows it no more.
    pub fn is_gone(&self) -> bool {
        self.state == "gone"
    }
}

/// The key in an address as WeCom shows it.
fn key_of(address: &str) -> Option<&str> {
    let key = address.trim().strip_prefix(ADDRESS)?;
    let fits = (20..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then_some(key)
}

fn bind(robot: RobotId) -> Bind {
    Bind { table: "channel_robot", column: "key_sealed", row: robot.0 }
}

fn own_grid(reader: &Reader, grid: GridId) -> Result<()> {
    if reader.scope.contains(Some(grid)) { Ok(()) } else { Err(AppError::not_found()) }
}

/// Enters the robot of a grid, or exchanges it. The same address entered for two grids is one robot, whose limit they
/// share.
///
/// # Errors
/// `not-found` outside the scope; `robot-address` for what is no address of a robot.
pub async fn enter(tx: &Tx, grid: GridId, address: &str) -> Result<RobotId> {
    own_grid(tx.reader(), grid)?;
    let key = key_of(address).ok_or_else(|| AppError::rule("robot-address"))?;
    let robot = match same_key(tx, key).await? {
        Some(known) => known,
        None => create(tx, key).await?,
    };
    tx.execute(
        "INSERT INTO channel_robot_grid (division_code, grid_id, robot_id) VALUES ($1, $2, $3)
         ON CONFLICT (division_code, grid_id) DO UPDATE SET robot_id = excluded.robot_id",
        vals![tx.division(), grid, robot],
    )
    .await?;
    tx.execute(
        "UPDATE channel_robot SET state = 'on' WHERE division_code = $1 AND robot_id = $2",
        vals![tx.division(), robot],
    )
    .await?;
    tx.execute(
        "UPDATE outward SET robot_id = $3 WHERE division_code = $1 AND grid_id = $2 AND state = 'waiting'",
        vals![tx.division(), grid, robot],
    )
    .await?;
    drop_unused(tx).await?;
    tx.event(NewEvent::new("channel.robot-entered", SubjectRef::new("grid", grid, Some(grid)))).await?;
    Ok(robot)
}

async fn create(tx: &Tx, key: &str) -> Result<RobotId> {
    let id: RobotId = tx.new_id();
    let keys = tx.create_keys(&[id.0]).await?;
    let subject_key = keys.first().ok_or_else(|| AppError::internal("a key was not made"))?;
    let masked = format!("…{}", &key[key.len() - 4..]);
    tx.insert_many(
        "channel_robot",
        &["division_code", "robot_id", "key_sealed", "key_masked", "state", "account_id", "made_at", "leased_until"],
        vec![vals![
            tx.division(),
            id,
            subject_key.seal(bind(id), key),
            masked,
            "on",
            tx.reader().account,
            tx.now(),
            At(0)
        ]],
    )
    .await?;
    Ok(id)
}

#[derive(FromQueryResult)]
struct SealedRow {
    robot_id: RobotId,
    key_sealed: Sealed,
    subject_id: uuid::Uuid,
    epoch: String,
    wrapped: linli_platform::keys::WrappedKey,
}

async fn sealed_rows(tx: &Tx, only: Option<RobotId>) -> Result<Vec<SealedRow>> {
    let mut values = vals![tx.division()];
    let one = match only {
        Some(robot) => {
            values.push(robot.into());
            "AND r.robot_id = $2"
        }
        None => "",
    };
    let sql = format!(
        "SELECT r.robot_id, r.key_sealed, k.subject_id, k.epoch, k.wrapped FROM channel_robot r
         JOIN subject_key k ON k.division_code = r.division_code AND k.subject_id = r.robot_id
         WHERE r.division_code = $1 {one}"
    );
    tx.rows(&sql, values).await
}

/// Opens keys by a recorded run of the machine.
async fn open(tx: &Tx, only: Option<RobotId>) -> Result<Vec<(RobotId, MachineText)>> {
    let rows = sealed_rows(tx, only).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let run = tx.machine_run("channel-robot").await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let key = KeyRow { subject_id: row.subject_id, epoch: row.epoch, wrapped: row.wrapped };
        let opened = run.open(&key, &[(bind(row.robot_id), &row.key_sealed)])?;
        all.extend(opened.into_iter().map(|text| (row.robot_id, text)));
    }
    Ok(all)
}

async fn same_key(tx: &Tx, key: &str) -> Result<Option<RobotId>> {
    let known = open(tx, None).await?;
    Ok(known.into_iter().find(|(_, text)| text.for_engine() == key).map(|(id, _)| id))
}

/// The key of a robot, for the request that carries it.
pub(super) async fn key(tx: &Tx, robot: RobotId) -> Result<Option<MachineText>> {
    Ok(open(tx, Some(robot)).await?.into_iter().next().map(|(_, text)| text))
}

/// Takes the robot of a grid away; what waited for it goes nowhere.
///
/// # Errors
/// `not-found` outside the scope, or where there is none.
pub async fn remove(tx: &Tx, grid: GridId) -> Result<()> {
    own_grid(tx.reader(), grid)?;
    let sql = "DELETE FROM channel_robot_grid WHERE division_code = $1 AND grid_id = $2";
    if tx.execute(sql, vals![tx.division(), grid]).await? == 0 {
        return Err(AppError::not_found());
    }
    tx.execute(
        "UPDATE outward SET state = 'given-up', error = 'robot-removed', ended_at = $3
         WHERE division_code = $1 AND grid_id = $2 AND state = 'waiting'",
        vals![tx.division(), grid, tx.now()],
    )
    .await?;
    drop_unused(tx).await?;
    tx.event(NewEvent::new("channel.robot-removed", SubjectRef::new("grid", grid, Some(grid)))).await?;
    Ok(())
}

/// A robot that no grid speaks through goes, and its key with it.
async fn drop_unused(tx: &Tx) -> Result<()> {
    let unused = "SELECT r.robot_id FROM channel_robot r WHERE r.division_code = $1 AND NOT EXISTS (
         SELECT 1 FROM channel_robot_grid g WHERE g.division_code = r.division_code AND g.robot_id = r.robot_id)";
    let sql = format!("DELETE FROM subject_key WHERE division_code = $1 AND subject_id IN ({unused})");
    tx.execute(&sql, vals![tx.division()]).await?;
    let sql = format!("DELETE FROM channel_robot WHERE division_code = $1 AND robot_id IN ({unused})");
    tx.execute(&sql, vals![tx.division()]).await?;
    Ok(())
}

/// A grid with its robot, if it has one, and how its messages fare.
#[derive(Debug, Clone, FromQueryResult)]
pub struct GridRobot {
    /// The grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: String,
    /// The robot.
    pub robot_id: Option<RobotId>,
    /// The last characters of its key.
    pub key_masked: Option<String>,
    /// `on` or `gone`.
    pub state: Option<String>,
    /// When it was entered.
    pub made_at: Option<At>,
    /// Messages that wait.
    pub waiting: i64,
    /// When the last one was sent.
    pub sent_at: Option<At>,
}

impl GridRobot {
    /// Whether WeCom knows it no more.
    pub fn is_gone(&self) -> bool {
        self.state.as_deref() == Some("gone")
    }
}

/// The reader's grids with their robots.
pub async fn of_grids(q: &impl Query, reader: &Reader) -> Result<Vec<GridRobot>> {
    let mut values = vals![q.division()];
    let scope = match &reader.scope {
        Scope::Division => "1 = 1".to_owned(),
        scope @ Scope::Grids(_) => scope.sql("m.grid_id", &mut values),
    };
    let sql = format!(
        "SELECT m.grid_id, m.name AS grid_name, r.robot_id, r.key_masked, r.state, r.made_at,
         (SELECT COUNT(*) FROM outward o WHERE o.division_code = m.division_code AND o.grid_id = m.grid_id
            AND o.state = 'waiting') AS waiting,
         (SELECT MAX(o.ended_at) FROM outward o WHERE o.division_code = m.division_code AND o.grid_id = m.grid_id
            AND o.state = 'sent') AS sent_at
         FROM micro_grid m
         LEFT JOIN channel_robot_grid g ON g.division_code = m.division_code AND g.grid_id = m.grid_id
         LEFT JOIN channel_robot r ON r.division_code = g.division_code AND r.robot_id = g.robot_id
         WHERE m.division_code = $1 AND m.until_day IS NULL AND {scope} ORDER BY m.name, m.grid_id"
    );
    q.rows(&sql, values).await
}

/// The robot of a grid.
pub async fn of_grid(q: &impl Query, grid: GridId) -> Result<Option<Robot>> {
    let sql = "SELECT r.robot_id, r.key_masked, r.state, o.display_name AS account_name, r.made_at
         FROM channel_robot_grid g
         JOIN channel_robot r ON r.division_code = g.division_code AND r.robot_id = g.robot_id
         LEFT JOIN account o ON o.division_code = r.division_code AND o.account_id = r.account_id
         WHERE g.division_code = $1 AND g.grid_id = $2";
    q.row(sql, vals![q.division(), grid]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_wecom_with_a_key() {
        let key = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa";
        for (address, found) in [
            (format!("{ADDRESS}{key}"), Some(key)),
            (format!("  {ADDRESS}{key}\n"), Some(key)),
            (format!("https://example.cn/?key={key}"), None),
            (format!("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={key}"), None),
            (format!("{ADDRESS}{key}&debug=1"), None),
            (format!("{ADDRESS}short"), None),
            (key.to_owned(), None),
        ] {
            assert_eq!(key_of(&address), found, "{address}");
        }
    }
}
