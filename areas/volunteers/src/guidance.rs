//! The month's instruction of N members (指导, R5): the officer instructs every one once a month; who was there is on
//! record, and who was not is seen.

use std::collections::{BTreeMap, HashSet};

use linli_platform::{
    AppError, Result,
    app::App,
    clock::{Day, Month},
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_team::{Post, StaffId};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{codes::Topic, ids::GuidanceId};

/// How many days back one may be recorded.
pub const MAX_DAYS_BACK: i64 = 31;

/// An instruction as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Guidance {
    /// Id.
    pub guidance_id: GuidanceId,
    /// Grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// Day.
    pub day: Day,
    /// [`Topic`].
    pub topic: String,
    /// The officer's name.
    pub account_name: Option<String>,
    /// Who was there.
    pub present: i64,
    /// Who should have been there.
    pub invited: i64,
}

/// An N member in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberMonth {
    /// Who.
    pub staff: StaffId,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Post,
    /// Whether they were instructed in the month.
    pub instructed: bool,
}

/// A grid's N members in a month.
#[derive(Debug, Clone)]
pub struct GridMonth {
    /// The grid.
    pub grid: GridId,
    /// Its name.
    pub name: String,
    /// Its N members.
    pub members: Vec<MemberMonth>,
}

impl GridMonth {
    /// How many were instructed.
    pub fn instructed(&self) -> usize {
        self.members.iter().filter(|m| m.instructed).count()
    }
}

/// N members of the reader's grids as they stand today, and whether each was instructed in a month.
pub async fn month(q: &impl Query, app: &App, reader: &Reader, month: Month) -> Result<Vec<GridMonth>> {
    let fewest = usize::try_from(app.pack.team.n_members_per_committee.value).unwrap_or(0);
    let teams = linli_team::teams(q, reader, app.store.clock().today(), fewest).await?;
    let instructed = instructed(q, month).await?;
    let of = |team: linli_team::GridTeam| {
        let mut members: BTreeMap<StaffId, MemberMonth> = BTreeMap::new();
        for m in team.members.into_iter().filter(|m| m.post.is_n()) {
            let instructed = instructed.contains(&m.staff_id);
            members.insert(m.staff_id, MemberMonth { staff: m.staff_id, name: m.name, post: m.post, instructed });
        }
        let mut members: Vec<MemberMonth> = members.into_values().collect();
        members.sort_by(|a, b| (a.instructed, a.post, &a.name).cmp(&(b.instructed, b.post, &b.name)));
        GridMonth { grid: team.grid.grid_id, name: team.grid.name, members }
    };
    Ok(teams.into_iter().flat_map(|c| c.grids).map(of).collect())
}

async fn instructed(q: &impl Query, month: Month) -> Result<HashSet<StaffId>> {
    #[derive(FromQueryResult)]
    struct Row {
        staff_id: StaffId,
    }
    let sql = "SELECT DISTINCT a.staff_id FROM guidance_attendance a
         JOIN guidance g ON g.division_code = a.division_code AND g.guidance_id = a.guidance_id
         WHERE a.division_code = $1 AND a.attended = TRUE AND g.day >= $2 AND g.day < $3";
    let rows: Vec<Row> = q.rows(sql, vals![q.division(), month.first_day(), month.next().first_day()]).await?;
    Ok(rows.into_iter().map(|r| r.staff_id).collect())
}

/// Records an instruction with attendance of every N member of the grid.
///
/// # Errors
/// `not-found` for a grid outside the scope; `guidance-day` for a day to come or long past; `guidance-nobody` if none
/// of the grid's N members was there.
pub async fn record(
    app: &App,
    tx: &Tx,
    grid: GridId,
    day: Day,
    topic: Topic,
    present: &[StaffId],
) -> Result<GuidanceId> {
    let today = tx.now().day();
    if day > today || today.days_since(day) > MAX_DAYS_BACK {
        return Err(AppError::rule("guidance-day").arg("n", MAX_DAYS_BACK));
    }
    let grids = month(tx, app, tx.reader(), day.month()).await?;
    let team = grids.into_iter().find(|g| g.grid == grid).ok_or_else(AppError::not_found)?;
    let attended = team.members.iter().filter(|m| present.contains(&m.staff)).count();
    if attended == 0 {
        return Err(AppError::rule("guidance-nobody"));
    }
    let id: GuidanceId = tx.new_id();
    tx.insert_many(
        "guidance",
        &["division_code", "guidance_id", "grid_id", "day", "topic", "account_id", "made_at"],
        vec![vals![tx.division(), id, grid, day, topic.code(), tx.reader().account, tx.now()]],
    )
    .await?;
    let rows = team.members.iter().map(|m| vals![tx.division(), id, m.staff, present.contains(&m.staff)]);
    tx.insert_many("guidance_attendance", &["division_code", "guidance_id", "staff_id", "attended"], rows.collect())
        .await?;
    let body = json!({ "topic": topic.code(), "present": attended, "invited": team.members.len() });
    tx.event(NewEvent::new("guidance.given", SubjectRef::new("guidance", id, Some(grid))).body(body)).await?;
    Ok(id)
}

/// The instructions of a month in the reader's grids, the last first.
pub async fn of_month(q: &impl Query, reader: &Reader, month: Month) -> Result<Vec<Guidance>> {
    let mut values = vals![q.division(), month.first_day(), month.next().first_day()];
    let scope = reader.scope.sql("g.grid_id", &mut values);
    let count = "SELECT COUNT(*) FROM guidance_attendance a WHERE a.division_code = g.division_code
         AND a.guidance_id = g.guidance_id";
    let sql = format!(
        "SELECT g.guidance_id, g.grid_id, m.name AS grid_name, g.day, g.topic, o.display_name AS account_name,
         ({count} AND a.attended = TRUE) AS present, ({count}) AS invited
         FROM guidance g
         LEFT JOIN micro_grid m ON m.division_code = g.division_code AND m.grid_id = g.grid_id
         LEFT JOIN account o ON o.division_code = g.division_code AND o.account_id = g.account_id
         WHERE g.division_code = $1 AND g.day >= $2 AND g.day < $3 AND {scope} ORDER BY g.day DESC, g.guidance_id DESC"
    );
    q.rows(&sql, values).await
}

/// How many N members a reader's grids have, and how many of them were instructed in a month (R5).
pub async fn counts(q: &impl Query, app: &App, reader: &Reader, of: Month) -> Result<(i64, i64)> {
    let grids = month(q, app, reader, of).await?;
    let mut members: BTreeMap<StaffId, bool> = BTreeMap::new();
    for m in grids.into_iter().flat_map(|g| g.members) {
        members.insert(m.staff, m.instructed);
    }
    let instructed = members.values().filter(|i| **i).count();
    let as_i64 = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok((as_i64(members.len()), as_i64(instructed)))
}
