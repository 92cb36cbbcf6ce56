//! The outbox: what is to go to a group waits here until it was sent, held back by the guard, or given up.

use linli_platform::{
    AppError, Result,
    access::Role,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::robot;
use crate::{
    ids::{OutwardId, RobotId},
    notices::{self, Arg, Args, To, args},
};

/// Requests that a robot takes in a minute, by WeCom's rules.
pub const A_MINUTE: i64 = 20;
/// The minute, in seconds.
pub const MINUTE_S: i64 = 60;
/// How often a message is tried before it is given up.
pub const ATTEMPTS: i64 = 8;

/// How long after so many attempts the next one comes: a minute, doubled each time. Never less than the minute that the
/// limit is counted over, so that a message is tried at most once in it.
pub fn pause_s(attempts: i64) -> i64 {
    MINUTE_S << attempts.clamp(1, ATTEMPTS).saturating_sub(1)
}

/// A message about to go out: a coded text with its arguments, guarded once more before it leaves.
#[derive(Debug, Clone)]
pub struct NewOutward {
    /// The grid that speaks.
    pub grid: GridId,
    /// What it comes from; once each.
    pub origin: Uuid,
    /// Key of the text.
    pub text_key: &'static str,
    /// Its arguments.
    pub args: Args,
}

/// Queues a message where its grid has a robot. The same origin queued again corrects what still waits. Whether it waits.
pub async fn queue(tx: &Tx, new: &NewOutward) -> Result<bool> {
    let Some(robot) = robot::of_grid(tx, new.grid).await? else { return Ok(false) };
    let id: OutwardId = tx.new_id();
    tx.execute(
        "INSERT INTO outward (division_code, outward_id, robot_id, grid_id, origin_id, text_key, args, state, attempts,
           made_at, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $9)
         ON CONFLICT (division_code, origin_id) DO UPDATE SET args = excluded.args WHERE outward.state = 'waiting'",
        vals![
            tx.division(),
            id,
            robot.robot_id,
            new.grid,
            new.origin,
            new.text_key,
            serde_json::to_string(&new.args)?,
            tx.now(),
            tx.now()
        ],
    )
    .await?;
    Ok(true)
}

/// A message that is due.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Due {
    pub outward_id: OutwardId,
    pub grid_id: GridId,
    pub text_key: String,
    pub args: String,
    pub attempts: i64,
}

/// Robots with something due.
pub(super) async fn robots_due(q: &impl Query) -> Result<Vec<RobotId>> {
    #[derive(FromQueryResult)]
    struct Row {
        robot_id: RobotId,
    }
    let sql = "SELECT DISTINCT o.robot_id FROM outward o
         JOIN channel_robot r ON r.division_code = o.division_code AND r.robot_id = o.robot_id
         WHERE o.division_code = $1 AND o.state = 'waiting' AND o.next_at <= $2 AND r.state = 'on'";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), q.store().now()]).await?;
    Ok(rows.into_iter().map(|r| r.robot_id).collect())
}

/// Takes what is due for a robot, the oldest first, at most as many as its limit leaves in this minute. One process at a
/// time has a robot; none where another has it.
pub(super) async fn take(tx: &Tx, robot: RobotId, lease_s: i64) -> Result<Option<Vec<Due>>> {
    tx.housekeeping("a robot is taken for sending");
    let leased = tx
        .execute(
            "UPDATE channel_robot SET leased_until = $3 WHERE division_code = $1 AND robot_id = $2 AND leased_until <= $4",
            vals![tx.division(), robot, tx.now().plus_s(lease_s), tx.now()],
        )
        .await?;
    if leased == 0 {
        return Ok(None);
    }
    let lately = "SELECT COUNT(*) FROM outward WHERE division_code = $1 AND robot_id = $2 AND tried_at > $3";
    let used = tx.number(lately, vals![tx.division(), robot, tx.now().plus_s(-MINUTE_S)]).await?;
    let left = (A_MINUTE - used).max(0);
    let sql = format!(
        "SELECT outward_id, grid_id, text_key, args, attempts FROM outward
         WHERE division_code = $1 AND robot_id = $2 AND state = 'waiting' AND next_at <= $3
         ORDER BY made_at, outward_id LIMIT {left}"
    );
    tx.rows(&sql, vals![tx.division(), robot, tx.now()]).await.map(Some)
}

/// Lets a robot go.
pub(super) async fn release(tx: &Tx, robot: RobotId) -> Result<()> {
    tx.housekeeping("a robot is free again");
    tx.execute(
        "UPDATE channel_robot SET leased_until = $3 WHERE division_code = $1 AND robot_id = $2",
        vals![tx.division(), robot, At(0)],
    )
    .await?;
    Ok(())
}

/// Notes an attempt before it is made: it counts against the limit even if this process ends now.
pub(super) async fn note_attempt(tx: &Tx, due: &Due) -> Result<()> {
    tx.housekeeping("an attempt is noted before it is made");
    tx.execute_one(
        "UPDATE outward SET attempts = attempts + 1, tried_at = $3, next_at = $4
         WHERE division_code = $1 AND outward_id = $2 AND state = 'waiting'",
        vals![tx.division(), due.outward_id, tx.now(), tx.now().plus_s(pause_s(due.attempts + 1))],
    )
    .await
}

fn subject(due: &Due) -> SubjectRef {
    SubjectRef::new("outward", due.outward_id, Some(due.grid_id))
}

/// It was sent.
pub(super) async fn sent(tx: &Tx, due: &Due) -> Result<()> {
    tx.execute_one(
        "UPDATE outward SET state = 'sent', error = NULL, ended_at = $3
         WHERE division_code = $1 AND outward_id = $2 AND state = 'waiting'",
        vals![tx.division(), due.outward_id, tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "attempts": due.attempts + 1 });
    tx.event(NewEvent::new("channel.outward-sent", subject(due)).body(body)).await?;
    Ok(())
}

/// It will be tried again later, or it was the last attempt.
pub(super) async fn failed(tx: &Tx, due: &Due, error: &str) -> Result<()> {
    if due.attempts + 1 >= ATTEMPTS {
        return give_up(tx, due, "given-up", error).await;
    }
    tx.housekeeping("it is tried again later");
    tx.execute(
        "UPDATE outward SET error = $3 WHERE division_code = $1 AND outward_id = $2 AND state = 'waiting'",
        vals![tx.division(), due.outward_id, error],
    )
    .await?;
    Ok(())
}

/// It does not go out: held back by the guard (`refused`) or given up (`given-up`). The grid's leader is told.
pub(super) async fn give_up(tx: &Tx, due: &Due, state: &'static str, error: &str) -> Result<()> {
    tx.execute_one(
        "UPDATE outward SET state = $3, error = $4, ended_at = $5
         WHERE division_code = $1 AND outward_id = $2 AND state = 'waiting'",
        vals![tx.division(), due.outward_id, state, error, tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "state": state, "error": error });
    tx.event(NewEvent::new("channel.outward-ended", subject(due)).body(body)).await?;
    let said = args(&[("why", Arg::Text(format!("outward-error-{error}")))]);
    let to = To::Role(Role::GridLeader, due.grid_id);
    notices::send(tx, to, "notice-outward-ended", &said, "/channel/robots").await?;
    Ok(())
}

/// WeCom has no such robot: nothing more is tried until a leader enters another address.
pub(super) async fn robot_gone(tx: &Tx, robot: RobotId) -> Result<()> {
    tx.housekeeping("what is given up for it has its own event");
    tx.execute(
        "UPDATE channel_robot SET state = 'gone' WHERE division_code = $1 AND robot_id = $2",
        vals![tx.division(), robot],
    )
    .await?;
    Ok(())
}

/// A message that did not go out, as the leader sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Stuck {
    /// Id.
    pub outward_id: OutwardId,
    /// The grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// Key of the text.
    pub text_key: String,
    /// Arguments, for [`show`](crate::notices::show).
    pub args: String,
    /// `refused` or `given-up`.
    pub state: String,
    /// Why.
    pub error: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub ended_at: Option<At>,
}

/// How many are shown.
const SHOWN: usize = 50;

/// What did not go out in the reader's grids, the last first.
pub async fn stuck(q: &impl Query, reader: &Reader) -> Result<Vec<Stuck>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("o.grid_id", &mut values);
    let sql = format!(
        "SELECT o.outward_id, o.grid_id, g.name AS grid_name, o.text_key, o.args, o.state, o.error, o.attempts, o.ended_at
         FROM outward o LEFT JOIN micro_grid g ON g.division_code = o.division_code AND g.grid_id = o.grid_id
         WHERE o.division_code = $1 AND o.state IN ('refused', 'given-up') AND {scope}
         ORDER BY o.ended_at DESC, o.outward_id LIMIT {SHOWN}"
    );
    q.rows(&sql, values).await
}

/// Tries a message once more from the beginning.
///
/// # Errors
/// `not-found` outside the scope, where it went out meanwhile, or where the grid has no robot.
pub async fn again(tx: &Tx, id: OutwardId) -> Result<()> {
    let mut values = vals![tx.division(), id, tx.now()];
    let scope = tx.reader().scope.sql("grid_id", &mut values);
    let sql = format!(
        "UPDATE outward SET state = 'waiting', attempts = 0, error = NULL, ended_at = NULL, next_at = $3,
           robot_id = (SELECT g.robot_id FROM channel_robot_grid g WHERE g.division_code = outward.division_code
             AND g.grid_id = outward.grid_id)
         WHERE division_code = $1 AND outward_id = $2 AND state IN ('refused', 'given-up') AND {scope}
           AND EXISTS (SELECT 1 FROM channel_robot_grid g WHERE g.division_code = outward.division_code
             AND g.grid_id = outward.grid_id)"
    );
    if tx.execute(&sql, values).await? == 0 {
        return Err(AppError::not_found());
    }
    tx.event(NewEvent::new("channel.outward-again", SubjectRef::new("outward", id, None))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gaps_between_attempts_double_and_are_never_shorter_than_the_minute_of_the_limit() {
        let gaps: Vec<i64> = (1..=ATTEMPTS).map(pause_s).collect();
        assert_eq!(gaps, [60, 120, 240, 480, 960, 1_920, 3_840, 7_680]);
        assert!([i64::MIN, 0, 99].iter().all(|n| pause_s(*n) >= MINUTE_S));
    }
}
