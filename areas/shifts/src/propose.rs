//! Proposing a week with the engine `shift-plan`.

use std::collections::HashMap;

use linli_platform::{AppError, Result, app::App, clock::Day, store::Query, vals};
use linli_team::StaffId;
use sea_orm::FromQueryResult;
use shift_plan::ProposeError;

use crate::{
    cell::Cell,
    people::Member,
    rules::{self, Planned, Told},
};

/// Weeks before whose weekend days count, so that whoever had fewer is asked first.
const WEEKS_BEFORE: i64 = 4;

/// What came of it.
#[derive(Debug, Clone)]
pub enum Proposal {
    /// A week that breaks no rule of its own; whether it is filed in time is another matter.
    Week(Vec<Planned>),
    /// Rules that cannot be kept together.
    Collision(Vec<Told>),
}

/// Proposes a week for these people; days on which somebody is away stay so.
///
/// # Errors
/// `workday-year`; `internal` if the solver fails.
pub async fn propose(app: &App, monday: Day, members: &[Member], cells: &[Planned]) -> Result<Proposal> {
    let before = weekend_days(&app.store.reads(), monday).await?;
    let week = rules::week(&app.pack, &app.calendar, monday, members, cells, &before)?;
    let today = app.store.clock().today();
    let (solved, shifts) = (week.clone(), week.shifts.clone());
    let answer = tokio::task::spawn_blocking(move || shift_plan::propose(&solved, today.0)).await;
    match answer.map_err(AppError::internal)? {
        Ok(plan) => {
            let away = cells.iter().filter(|(.., cell)| *cell == Cell::Away).copied();
            let turn = |t: &shift_plan::Turn<StaffId>| {
                let cell = shifts.get(t.shift).and_then(|s| Cell::from_code(&s.name))?;
                Some((t.who, Day(t.date), cell))
            };
            Ok(Proposal::Week(away.chain(plan.turns.iter().filter_map(turn)).collect()))
        }
        Err(ProposeError::Collides(collision)) => {
            let one =
                |d: &shift_plan::Demand<StaffId>| rules::told(members, d.rule, d.who, d.date, None, d.limit, &d.clause);
            Ok(Proposal::Collision(collision.rules.iter().map(one).collect()))
        }
        Err(ProposeError::Solver(e)) => Err(AppError::internal(e.to_string())),
    }
}

async fn weekend_days(q: &impl Query, monday: Day) -> Result<HashMap<StaffId, u32>> {
    #[derive(FromQueryResult)]
    struct Row {
        staff_id: StaffId,
        day: Day,
    }
    let rows: Vec<Row> = q
        .rows(
            "SELECT staff_id, day FROM shift_turn WHERE division_code = $1 AND day >= $2 AND day < $3
             AND cell IN ('day', 'late', 'long')",
            vals![q.division(), monday.plus_days(-7 * WEEKS_BEFORE), monday],
        )
        .await?;
    let mut counts: HashMap<StaffId, u32> = HashMap::new();
    for row in rows.into_iter().filter(|r| r.day.0.weekday().to_monday_zero_offset() >= 5) {
        *counts.entry(row.staff_id).or_default() += 1;
    }
    Ok(counts)
}
