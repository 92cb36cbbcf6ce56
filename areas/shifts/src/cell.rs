//! What stands in a cell of the week.

use shift_plan::Shift;

linli_platform::codes! {
    /// What somebody has on a day. Fluent text: `shift-<code>`.
    Cell {
        /// Nothing.
        Off = "off",
        /// A normal day (日班).
        Day = "day",
        /// A late day, whose last hours are an off-hours round (错时班).
        Late = "late",
        /// A normal day that an off-hours round follows (日班加错时).
        Long = "long",
        /// Leave or training: no reason is kept (不排班).
        Away = "away",
    }
}

impl Cell {
    /// What can have been worked.
    pub const WORKED: [Cell; 4] = [Cell::Off, Cell::Day, Cell::Late, Cell::Long];

    /// Its position among the engine's kinds of shifts, whose names are our codes.
    pub fn position(self, shifts: &[Shift]) -> Option<usize> {
        shifts.iter().position(|s| s.name == self.code())
    }
    /// Whether it is a shift.
    pub fn is_shift(self) -> bool {
        matches!(self, Cell::Day | Cell::Late | Cell::Long)
    }
    /// Minutes of it that are worked.
    pub fn minutes(self, shifts: &[Shift]) -> i64 {
        self.position(shifts).map_or(0, |n| i64::from(shifts[n].minutes()))
    }
}
