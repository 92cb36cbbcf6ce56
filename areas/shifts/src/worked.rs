//! What was worked against what was planned (R31): each says it of the own days. Nobody's place or path is recorded.

use linli_platform::{
    AppError, Result,
    clock::Day,
    event::NewEvent,
    store::{Query, Tx},
    vals,
};
use linli_team::StaffId;
use sea_orm::FromQueryResult;
use shift_plan::Shift;

use crate::{cell::Cell, plans::TurnRow, rules, swaps};

/// So many days back somebody can say what was worked.
pub const BACK_DAYS: i64 = 14;

/// The transaction's reader says what was worked on a day.
///
/// # Errors
/// `shift-worked-day` for a day ahead or too long ago; `shift-worked-cell`; `shift-not-member`.
pub async fn confirm(tx: &Tx, day: Day, worked: Cell) -> Result<()> {
    let today = tx.now().day();
    if day > today || day < today.plus_days(-BACK_DAYS) {
        return Err(AppError::rule("shift-worked-day").arg("days", BACK_DAYS));
    }
    if !Cell::WORKED.contains(&worked) {
        return Err(AppError::rule("shift-worked-cell"));
    }
    let (plan, _, me) = swaps::own_of(tx, tx.reader().account, rules::monday_of(day)).await?;
    tx.execute(
        "INSERT INTO shift_turn (division_code, plan_id, staff_id, day, cell, worked, confirmed_at)
         VALUES ($1, $2, $3, $4, 'off', $5, $6)
         ON CONFLICT (division_code, plan_id, staff_id, day)
         DO UPDATE SET worked = excluded.worked, confirmed_at = excluded.confirmed_at",
        vals![tx.division(), plan.plan_id, me, day, worked.code(), tx.now()],
    )
    .await?;
    let body = serde_json::json!({ "day": day });
    tx.event(NewEvent::new("shift.worked", plan.subject()).body(body)).await?;
    Ok(())
}

/// A person's week: planned and worked hours, off-hours rounds and days that nobody has confirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Minutes planned.
    pub planned_minutes: i64,
    /// Minutes worked, of the days that are confirmed.
    pub worked_minutes: i64,
    /// Off-hours rounds planned.
    pub planned_rounds: i64,
    /// Off-hours rounds made.
    pub worked_rounds: i64,
    /// Shifts whose day is over and of which nothing was said.
    pub unconfirmed: i64,
    /// Days on which something else was worked than planned.
    pub other: i64,
}

impl Sum {
    /// Of somebody's turns, as of a day.
    pub fn of<'a>(turns: impl Iterator<Item = &'a TurnRow>, shifts: &[Shift], today: Day) -> Sum {
        let mut sum = Sum::default();
        let round = |cell: Cell| i64::from(matches!(cell, Cell::Late | Cell::Long));
        for turn in turns {
            let planned = turn.cell();
            sum.planned_minutes += planned.minutes(shifts);
            sum.planned_rounds += round(planned);
            match turn.worked() {
                Some(worked) => {
                    sum.worked_minutes += worked.minutes(shifts);
                    sum.worked_rounds += round(worked);
                    let same = worked == planned || (worked == Cell::Off && planned == Cell::Away);
                    sum.other += i64::from(!same);
                }
                None => sum.unconfirmed += i64::from(planned.is_shift() && turn.day < today),
            }
        }
        sum
    }
    /// Hours planned, with one decimal.
    pub fn planned_hours(&self) -> String {
        hours(self.planned_minutes)
    }
    /// Hours worked, with one decimal.
    pub fn worked_hours(&self) -> String {
        hours(self.worked_minutes)
    }
}

fn hours(minutes: i64) -> String {
    format!("{}.{}", minutes / 60, minutes % 60 / 6)
}

/// A day of somebody's own.
#[derive(Debug, Clone, FromQueryResult)]
pub struct OwnDay {
    /// The day.
    pub day: Day,
    /// What is planned.
    pub cell: String,
    /// What was worked.
    pub worked: Option<String>,
}

impl OwnDay {
    /// What is chosen at first in the form: what was said, else what was planned.
    pub fn chosen(&self) -> &str {
        match self.worked.as_deref() {
            Some(worked) => worked,
            None if self.cell == Cell::Away.code() => Cell::Off.code(),
            None => &self.cell,
        }
    }
}

/// Somebody's days from one to another in plans that were filed.
pub async fn own_days(q: &impl Query, staff: StaffId, from: Day, until: Day) -> Result<Vec<OwnDay>> {
    q.rows(
        "SELECT t.day, t.cell, t.worked FROM shift_turn t
         JOIN shift_week p ON p.division_code = t.division_code AND p.plan_id = t.plan_id
         WHERE t.division_code = $1 AND t.staff_id = $2 AND t.day >= $3 AND t.day <= $4 AND p.state <> 'drafted'
           AND (t.cell <> 'off' OR t.worked IS NOT NULL) ORDER BY t.day",
        vals![q.division(), staff, from, until],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy_pack::Pack;
    use uuid::Uuid;

    #[test]
    fn what_was_worked_stands_beside_what_was_planned() {
        let shifts = rules::shifts(&Pack::embedded());
        let turn = |day: &str, cell: &str, worked: Option<&str>| TurnRow {
            staff_id: StaffId(Uuid::from_u128(1)),
            day: day.parse().expect("a day"),
            cell: cell.into(),
            worked: worked.map(str::to_owned),
        };
        let turns = [
            turn("2026-11-16", "day", Some("day")),
            turn("2026-11-17", "late", Some("day")),
            turn("2026-11-18", "late", None),
            turn("2026-11-19", "away", Some("off")),
            turn("2026-11-21", "off", Some("late")),
        ];
        let sum = Sum::of(turns.iter(), &shifts, "2026-11-19".parse().expect("a day"));
        assert_eq!(sum.planned_hours(), "24.0");
        assert_eq!(sum.worked_hours(), "24.0");
        assert_eq!((sum.planned_rounds, sum.worked_rounds), (2, 1));
        assert_eq!((sum.unconfirmed, sum.other), (1, 2));
    }
}
