//! Lists in the store: who sees which, and how far they are.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::SubjectRef,
    reader::{Reader, Scope},
    store::Query,
    vals,
    web::Paging,
};
use sea_orm::{FromQueryResult, Value};

use super::codes::CheckState;
use crate::{
    codes::Level,
    ids::{CheckId, OrderId},
    levels::{GROUND, on_ground},
    parts::Part,
};

/// A list as it is shown.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Check {
    /// Id.
    pub check_id: CheckId,
    /// The day it came.
    pub day: Day,
    /// Which of the day it is, from 1.
    pub number: i64,
    /// [`CheckState`].
    pub state: String,
    /// The steward's name.
    pub steward_name: Option<String>,
    /// The order it goes down with.
    pub order_id: Option<OrderId>,
    /// Rows of the list.
    pub row_count: i64,
    /// When it came.
    pub received_at: At,
    /// When the results were taken, every row being settled.
    pub returned_at: Option<At>,
    /// When it was closed.
    pub closed_at: Option<At>,
    /// By when it is to be closed.
    pub due_at: Option<At>,
    /// Version.
    pub version: i64,
}

impl Check {
    /// Its state.
    pub fn state(&self) -> Option<CheckState> {
        CheckState::from_code(&self.state)
    }
    /// Whether its rows are there.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), Some(CheckState::Received | CheckState::Sent))
    }
    /// `2026-11-20-1`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.day, self.number)
    }
    /// Whether its time is over.
    pub fn is_late(&self, now: At) -> bool {
        self.due_at.is_some_and(|due| due <= self.closed_at.unwrap_or(now))
    }
}

/// A list as a subject of events.
pub(crate) fn subject(id: CheckId) -> SubjectRef {
    SubjectRef::new("data-check", id, None)
}

const SELECT: &str = "SELECT k.check_id, k.day, k.number, k.state, a.display_name AS steward_name, k.order_id,
 k.row_count, k.received_at, k.returned_at, k.closed_at, o.due_at, k.version
 FROM data_check k LEFT JOIN account a ON a.division_code = k.division_code AND a.account_id = k.account_id
 LEFT JOIN work_order o ON o.division_code = k.division_code AND o.order_id = k.order_id";

/// The offices see every list; others those that have a row in their grids and have gone down.
fn visible(reader: &Reader, values: &mut Vec<Value>) -> String {
    if reader.is_system() || reader.scope == Scope::Division {
        return "1 = 1".into();
    }
    let scope = reader.scope.sql("r.grid_id", values);
    format!(
        "k.state = 'sent' AND EXISTS (SELECT 1 FROM check_row r WHERE r.division_code = k.division_code
         AND r.check_id = k.check_id AND {scope})"
    )
}

/// One list that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: CheckId) -> Result<Check> {
    let mut values = vals![q.division(), id];
    let visible = visible(reader, &mut values);
    let sql = format!("{SELECT} WHERE k.division_code = $1 AND k.check_id = $2 AND {visible}");
    q.row(&sql, values).await?.ok_or_else(AppError::not_found)
}

/// The lists that the reader sees, open ones first, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, paging: &Paging) -> Result<(Vec<Check>, i64)> {
    let mut values = vals![q.division()];
    let visible = visible(reader, &mut values);
    let sql = format!("SELECT COUNT(*) FROM data_check k WHERE k.division_code = $1 AND {visible}");
    let total = q.number(&sql, values.clone()).await?;
    let sql = format!(
        "{SELECT} WHERE k.division_code = $1 AND {visible}
         ORDER BY CASE WHEN k.closed_at IS NULL THEN 0 ELSE 1 END, k.received_at DESC, k.check_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// How many rows of a list stand where, as far as the reader sees them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
pub struct Progress {
    /// Without a grid.
    pub waiting: i64,
    /// In a grid, on their way down.
    pub placed: i64,
    /// Of them those that nobody has sent yet.
    pub unsent: i64,
    /// Being visited for the first time.
    pub first: i64,
    /// At the officer's desk.
    pub desk: i64,
    /// Being visited for the second time.
    pub second: i64,
    /// Settled or handed out of the sub-district.
    pub ended: i64,
}

impl Progress {
    /// All of them.
    pub fn all(&self) -> i64 {
        self.open() + self.ended
    }
    /// Those that have not ended.
    pub fn open(&self) -> i64 {
        self.waiting + self.placed + self.first + self.desk + self.second
    }
}

/// How far a list is, within the reader's scope.
pub async fn progress(q: &impl Query, reader: &Reader, id: CheckId) -> Result<Progress> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("r.grid_id", &mut values);
    let sum = |condition: &str, name: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT) AS {name}")
    };
    let of = |states: &str, name: &str| sum(&format!("r.state IN ({states})"), name);
    let sql = format!(
        "SELECT {}, {}, {}, {}, {}, {}, {} FROM check_row r WHERE r.division_code = $1 AND r.check_id = $2 AND {scope}",
        of("'waiting'", "waiting"),
        of("'placed'", "placed"),
        sum("r.state = 'placed' AND r.due_at IS NULL", "unsent"),
        of("'first-visit'", "first"),
        of("'desk'", "desk"),
        of("'second-visit'", "second"),
        of("'settled', 'elsewhere'", "ended"),
    );
    Ok(q.row(&sql, values).await?.unwrap_or_default())
}

/// What is left of a closed list: kind, result, how often.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Count {
    /// [`Discrepancy`](super::Discrepancy).
    pub kind: String,
    /// [`Found`](super::Found).
    pub result: String,
    /// How often.
    pub row_count: i64,
}

/// The counts of a closed list.
pub async fn counts(q: &impl Query, id: CheckId) -> Result<Vec<Count>> {
    let sql = "SELECT kind, result, row_count FROM check_count WHERE division_code = $1 AND check_id = $2
               ORDER BY kind, row_count DESC, result";
    q.rows(sql, vals![q.division(), id]).await
}

/// Rows of a part's data check that its places have not ended; none for other orders.
pub(crate) async fn open_rows_of(q: &impl Query, part: &Part) -> Result<i64> {
    let Some(check) = part.check_id else { return Ok(0) };
    let mut values = vals![q.division(), check];
    let place = match (part.level(), part.grid_id) {
        (_, Some(grid)) => {
            values.push(grid.into());
            "g.grid_id = $3".to_owned()
        }
        (level @ (Level::PoliceTeam | Level::Team), None) => {
            values.push(part.area.as_str().into());
            format!("{} = $3", on_ground(level))
        }
        _ => return Ok(0),
    };
    let sql = format!(
        "SELECT COUNT(*) FROM check_row r, {GROUND}
         WHERE r.division_code = $1 AND r.check_id = $2 AND g.division_code = r.division_code
           AND g.grid_id = r.grid_id AND {place}
           AND r.state IN ('placed', 'first-visit', 'desk', 'second-visit')"
    );
    q.number(&sql, values).await
}
