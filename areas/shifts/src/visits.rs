//! What a filed plan says of days without work reaches the month's visit plans (R16, R18): whoever is not there gets no
//! homes for that day.

use std::collections::BTreeSet;

use linli_fieldwork::plan::off_duty::{self, OffDuty, Reached};
use linli_platform::{Result, app::App, clock::Day, store::Tx};

use crate::{
    cell::Cell,
    people::Member,
    rules::{self, Planned},
};

/// Tells the visit plans which working days of the week from `monday` each of the plan's members has free. Of somebody
/// for whom the plan has nothing at all it says nothing.
///
/// # Errors
/// Those of the store.
pub(crate) async fn reach(app: &App, tx: &Tx, monday: Day, members: &[Member], cells: &[Planned]) -> Result<Reached> {
    let works = |day: Day| {
        let usual = day.0.weekday().to_monday_zero_offset() < 5;
        app.calendar.is_workday(day.0).unwrap_or(usual)
    };
    let of = |member: &Member| {
        let row = rules::row(cells, member.staff_id, monday);
        let said = row.iter().any(|cell| *cell != Cell::Off);
        let free =
            rules::days(monday).into_iter().zip(row).filter(|(day, cell)| said && !cell.is_shift() && works(*day));
        let days: BTreeSet<Day> = free.map(|(day, _)| day).collect();
        Some(OffDuty { account: member.account_id?, days })
    };
    let all: Vec<OffDuty> = members.iter().filter_map(of).collect();
    off_duty::take_over(app, tx, monday, &all).await
}
