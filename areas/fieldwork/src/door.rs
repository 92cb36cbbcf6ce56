//! A home at its door: who is registered there, masked, and what is open.

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    basis,
    clock::Day,
    event::SubjectRef,
    ids::AccountId,
    reader::{Purpose, Reader},
    store::{Query, Tx},
    vals,
};
use linli_register::{
    HomeId, ResidentId,
    hazards::{self, HazardRow},
    homes::{self, Household},
    residents::{self, MaskedResident, OpenResident},
};
use linli_work::tasks::{self, TaskRow};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    due, today,
    visit::{self, VisitRow},
};

/// A home at its door.
#[derive(Debug, Clone)]
pub struct Door {
    /// The household, masked.
    pub household: Household,
    /// Open tasks of the home.
    pub tasks: Vec<TaskRow>,
    /// The last visit.
    pub last: Option<VisitRow>,
    /// Days past the longest gap that the label allows; none where it is kept or there is no label.
    pub overdue_days: Option<i64>,
    /// The longest gap that the label allows, in days.
    pub max_gap_days: Option<u32>,
    /// Since when somebody here agrees to care visits, while it is in force (boundary 4).
    pub care_since: Option<Day>,
    /// Hazards of the premises that hold.
    pub hazards: Vec<HazardRow>,
}

/// Opens a home for somebody who stands at its door.
///
/// # Errors
/// `not-found` outside the scope.
pub async fn at_door(app: &App, reader: &Reader, home: HomeId) -> Result<Door> {
    let reads = app.store.reads();
    let household = homes::household(&reads, reader, home).await?;
    let tasks = tasks::for_home(&reads, reader, home).await?;
    let last = visit::last(&reads, home).await?;
    let gap = household.home.label.as_deref().and_then(|l| due::max_gap_days(&app.pack, l));
    let visited = household.home.last_visited_day.or(household.home.last_verified_day);
    let overdue = |(gap, day): (u32, Day)| app.store.clock().today().days_since(day) - i64::from(gap);
    let overdue_days = gap.zip(visited).map(overdue).filter(|days| *days > 0);
    let care_since = linli_register::care::since(&reads, home).await?;
    let hazards = hazards::of_home(&reads, home).await?;
    Ok(Door { household, tasks, last, overdue_days, max_gap_days: gap, care_since, hazards })
}

/// A resident in a few words, enough to recognise somebody at the door and no more: sex, age, the number's last two.
pub fn in_short(resident: &MaskedResident, today: Day) -> (String, Option<i64>, String) {
    let age = resident.birth_year.map(|year| (i64::from(today.0.year()) - year).max(0));
    let tail: Vec<char> = resident.doc_masked.chars().collect();
    let tail = tail[tail.len().saturating_sub(2)..].iter().collect();
    (resident.sex.clone(), age, tail)
}

/// Opens one record at the door, on record. The day's assignment is its basis: it lies on homes of today's plan whose
/// visit is still to be finished and on homes with an open task, is limited to the reader, and ends when the visit is
/// recorded, whatever its outcome, or else with the day.
///
/// # Errors
/// `forbidden` without field work; `not-found` outside the scope or where the person does not live in the home;
/// `home-not-assigned` where no visit is open today and no task is.
pub async fn show(app: &App, tx: &Tx, home: HomeId, resident: ResidentId) -> Result<OpenResident> {
    let reader = tx.reader();
    if !reader.may(Action::FieldWork) {
        return Err(AppError::forbidden());
    }
    let household = homes::household(tx, reader, home).await?;
    if !household.members.iter().any(|m| m.resident_id == resident) {
        return Err(AppError::not_found());
    }
    if tasks::for_home(tx, reader, home).await?.is_empty() && !today::today(app, reader).await?.is_open(home) {
        return Err(AppError::rule("home-not-assigned"));
    }
    assign_for_today(tx, &household).await?;
    residents::open(tx, resident, Purpose::FieldVerification).await
}

/// Ends the day's assignment of a home: its visit is finished. What else has to be looked up there needs a task.
pub(crate) async fn end_assignment(tx: &Tx, home: HomeId) -> Result<()> {
    basis::close(tx, home.0).await
}

#[derive(FromQueryResult)]
struct Assigned {
    subject_id: Uuid,
}

/// Opens the day's basis for those of a household who have none yet.
async fn assign_for_today(tx: &Tx, household: &Household) -> Result<()> {
    let (account, now): (AccountId, _) = (tx.reader().account, tx.now());
    let rows: Vec<Assigned> = tx
        .rows(
            "SELECT b.subject_id FROM basis b JOIN resident r ON r.division_code = b.division_code
               AND r.resident_id = b.subject_id AND r.home_id = $2
             WHERE b.division_code = $1 AND b.account_id = $3 AND b.purpose = $4 AND b.closed_at IS NULL AND b.until_at > $5",
            vals![tx.division(), household.home.home_id, account, Purpose::FieldVerification.code(), now],
        )
        .await?;
    let new: Vec<_> = household
        .members
        .iter()
        .filter(|m| !rows.iter().any(|r| r.subject_id == m.resident_id.0))
        .map(|m| {
            let subject = SubjectRef::new("resident-record", m.resident_id, m.grid_id);
            let task = household.home.home_id.0;
            (tx.new_id(), subject, Purpose::FieldVerification, task, Some(account), Some(now.day().end()))
        })
        .collect();
    basis::open_many(tx, new).await
}
