//! What a swap makes of a plan's cells.

use linli_platform::{AppError, clock::Day};
use linli_team::StaffId;

use crate::{cell::Cell, rules::Planned, swaps::Swap};

/// Why a swap cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SwapFault {
    /// What was offered is not there any more.
    #[error("the plan has changed since")]
    Changed,
    /// Somebody would have two shifts on one day, or works on a day of leave.
    #[error("somebody has something else on that day")]
    Taken,
}

impl From<SwapFault> for AppError {
    fn from(fault: SwapFault) -> Self {
        AppError::rule(match fault {
            SwapFault::Changed => "shift-swap-changed",
            SwapFault::Taken => "shift-swap-taken",
        })
    }
}

pub(crate) fn cell_of(cells: &[Planned], who: StaffId, day: Day) -> Cell {
    cells.iter().find(|(staff, on, _)| *staff == who && *on == day).map_or(Cell::Off, |(.., cell)| *cell)
}

fn set(cells: &mut Vec<Planned>, who: StaffId, day: Day, cell: Cell) {
    cells.retain(|(staff, on, _)| !(*staff == who && *on == day));
    if cell != Cell::Off {
        cells.push((who, day, cell));
    }
}

/// The plan after a swap: each has the other's shift, and nobody two on one day.
///
/// # Errors
/// [`SwapFault`].
pub fn exchange(cells: &[Planned], swap: &Swap) -> Result<Vec<Planned>, SwapFault> {
    let (from, to) = (swap.from_staff, swap.to_staff);
    let given = cell_of(cells, from, swap.from_day);
    if !given.is_shift() || given.code() != swap.from_cell {
        return Err(SwapFault::Changed);
    }
    let mut after = cells.to_vec();
    set(&mut after, from, swap.from_day, Cell::Off);
    if let Some(day) = swap.to_day {
        let returned = cell_of(cells, to, day);
        if !returned.is_shift() || Some(returned.code()) != swap.to_cell.as_deref() {
            return Err(SwapFault::Changed);
        }
        set(&mut after, to, day, Cell::Off);
        if cell_of(&after, from, day) != Cell::Off {
            return Err(SwapFault::Taken);
        }
        set(&mut after, from, day, returned);
    }
    if cell_of(&after, to, swap.from_day) != Cell::Off {
        return Err(SwapFault::Taken);
    }
    set(&mut after, to, swap.from_day, given);
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::{PlanId, SwapId},
        rules,
    };
    use uuid::Uuid;

    fn who(n: u128) -> StaffId {
        StaffId(Uuid::from_u128(n))
    }
    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }
    fn swap(to_day: Option<&str>, to_cell: Option<Cell>) -> Swap {
        Swap {
            swap_id: SwapId(Uuid::from_u128(9)),
            plan_id: PlanId(Uuid::from_u128(8)),
            committee_code: String::new(),
            monday: day("2026-11-30"),
            from_staff: who(1),
            from_name: String::new(),
            from_day: day("2026-12-01"),
            from_cell: "late".into(),
            to_staff: who(2),
            to_name: String::new(),
            to_day: to_day.map(day),
            to_cell: to_cell.map(|c| c.code().into()),
            state: "offered".into(),
            version: 1,
        }
    }

    #[test]
    fn after_a_swap_each_has_the_others_shift_and_nobody_two_on_a_day() {
        let one = (who(1), day("2026-12-01"), Cell::Late);
        let other = (who(2), day("2026-12-03"), Cell::Day);
        let after = exchange(&[one, other], &swap(Some("2026-12-03"), Some(Cell::Day))).unwrap_or_default();
        assert_eq!(rules::row(&after, who(1), day("2026-11-30"))[1..4], [Cell::Off, Cell::Off, Cell::Day]);
        assert_eq!(rules::row(&after, who(2), day("2026-11-30"))[1..4], [Cell::Late, Cell::Off, Cell::Off]);
        let given = exchange(&[one, other], &swap(None, None)).unwrap_or_default();
        assert_eq!(rules::row(&given, who(2), day("2026-11-30"))[1..4], [Cell::Late, Cell::Off, Cell::Day]);
        let same = (who(2), day("2026-12-01"), Cell::Day);
        let after = exchange(&[one, same], &swap(Some("2026-12-01"), Some(Cell::Day))).unwrap_or_default();
        assert_eq!(rules::row(&after, who(1), day("2026-11-30"))[1], Cell::Day, "shifts of one day change hands");
    }

    #[test]
    fn a_swap_that_gives_somebody_two_shifts_or_rests_on_an_older_plan_is_refused() {
        let one = (who(1), day("2026-12-01"), Cell::Late);
        let busy = (who(2), day("2026-12-01"), Cell::Day);
        let leave = (who(2), day("2026-12-01"), Cell::Away);
        for (cells, wanted) in [
            (vec![one, busy], SwapFault::Taken),
            (vec![one, leave], SwapFault::Taken),
            (vec![busy], SwapFault::Changed),
            (vec![(who(1), day("2026-12-01"), Cell::Long)], SwapFault::Changed),
        ] {
            assert_eq!(exchange(&cells, &swap(None, None)), Err(wanted), "{cells:?}");
        }
        let gone = exchange(&[one], &swap(Some("2026-12-03"), Some(Cell::Day)));
        assert_eq!(gone, Err(SwapFault::Changed));
    }
}
