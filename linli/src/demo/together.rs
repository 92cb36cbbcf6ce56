//! Meetings that were held and shifts that were worked.

use linli_meetings::{PastDecision, PastMeeting};
use linli_platform::{
    access::Role,
    clock::Day,
    ids::{AccountId, GridId},
    reader::Reader,
};
use linli_shifts::{
    Cell, PastPlan,
    people::{Member, Staffing},
    rules::{self, Planned},
};
use linli_team::Post;
use policy_pack::MeetingId as Kind;

use super::{
    accounts::{Workers, shown_grid},
    build::World,
};
use crate::failure::Outcome;

/// Every so many grids one missed last week's meeting.
const MISSED_EVERY: usize = 9;
/// Hour of the day at which plans are filed.
const FILED_AT_HOUR: i64 = 16;
/// Every so many teams one filed its last plan late.
const LATE_EVERY: usize = 8;
/// Every so many shifts one was worked otherwise than planned.
const OTHER_EVERY: usize = 13;
/// What was worked on the last days has not been said yet.
const UNSAID_DAYS: i64 = 2;

/// Writes the meetings of the months that are over and convenes those that are near.
pub(super) async fn meet(world: &World, workers: &Workers) -> Outcome {
    let shown = shown_grid(world);
    let mut past = Vec::new();
    for (n, grid) in (0u32..).zip(&world.grids) {
        let Some(leader) = workers.leader_of(world, n) else { continue };
        past.extend(of_grid(world, *grid, leader, n as usize, n == shown));
    }
    let tx = world.store().begin(&Reader::system()).await?;
    linli_meetings::insert_past(&world.app, &tx, past).await?;
    tx.commit().await?;
    linli_meetings::convene_ahead(&world.app).await?;
    Ok(())
}

fn of_grid(world: &World, grid: GridId, leader: AccountId, n: usize, shown: bool) -> Vec<PastMeeting> {
    let last_week = rules::monday_of(world.today).plus_days(-7);
    let meeting = |kind: Kind, within: Day, summary: Option<&str>| PastMeeting {
        kind,
        grid,
        within,
        summary: summary.map(str::to_owned),
        absent_every: if n.is_multiple_of(3) { 4 } else { 0 },
        held_by: leader,
        decisions: Vec::new(),
    };
    let mut all = Vec::new();
    let mut monday = rules::monday_of(world.from).plus_days(7);
    while monday <= last_week {
        let missed = monday == last_week && n % MISSED_EVERY == 1 && !shown;
        let summary = (!missed).then_some("通报上周走访和登记情况，安排本周核查与错时走访。");
        all.push(meeting(Kind::Weekly, monday, summary));
        monday = monday.plus_days(7);
    }
    let mut month = world.from.month();
    while month < world.today.month() {
        let summary = "通报本月核查覆盖、录入时效和测查结果，研究下月重点。";
        all.push(meeting(Kind::Monthly, month.first_day(), Some(summary)));
        month = month.next();
    }
    if shown {
        // The last month's has no minutes yet: somebody can write them, from the agenda to tasks.
        if let Some(last) = all.iter_mut().rev().find(|m| m.kind == Kind::Monthly) {
            last.summary = None;
        }
        decide(world, &mut all);
    }
    all
}

/// What the shown grid decided: one thing done, one late, one under way.
fn decide(world: &World, all: &mut [PastMeeting]) {
    let decision = |words: &str, due: i64, done: Option<i64>| PastDecision {
        words: words.into(),
        due_day: world.today.plus_days(due),
        done_at: done.map(|days| world.today.plus_days(-days).start().plus_hours(15)),
    };
    let held = |kind: Kind| move |m: &&mut PastMeeting| m.kind == kind && m.summary.is_some();
    if let Some(monthly) = all.iter_mut().rev().find(held(Kind::Monthly)) {
        monthly.decisions.push(decision("补齐三处门牌缺失房屋的采集", -6, Some(1)));
        monthly.decisions.push(decision("更换公示牌上的二维码", -3, None));
    }
    if let Some(weekly) = all.iter_mut().rev().find(held(Kind::Weekly)) {
        weekly.decisions.push(decision("本周走访完群租房，逐户核对", 4, None));
    }
}

/// The usual week of somebody: the `n`th of the post in the team.
fn usual(post: Post, n: usize) -> [Cell; 7] {
    use Cell::{Day as D, Late as L, Off as O};
    match (post, n % 2) {
        (Post::Officer, _) => [D, D, L, D, D, O, O],
        (Post::Coordinator, 0) => [O, D, L, D, L, D, O],
        (Post::Coordinator, _) => [D, D, L, L, O, O, D],
        _ => [D, D, D, D, D, O, O],
    }
}

fn week(members: &[Member], monday: Day) -> Vec<Planned> {
    let mut seen: Vec<Post> = Vec::new();
    let mut cells = Vec::new();
    for member in members {
        let n = seen.iter().filter(|p| **p == member.post).count();
        seen.push(member.post);
        let own = rules::days(monday).into_iter().zip(usual(member.post, n));
        cells.extend(own.map(|(day, cell)| (member.staff_id, day, cell)));
    }
    cells
}

/// What was said of days that are over.
fn worked(cells: &[Planned], today: Day) -> Vec<Planned> {
    let said = cells.iter().filter(|(_, day, cell)| cell.is_shift() && *day < today.plus_days(-UNSAID_DAYS));
    let other = |(n, (who, day, cell)): (usize, &Planned)| {
        (*who, *day, if n % OTHER_EVERY == OTHER_EVERY - 1 { Cell::Day } else { *cell })
    };
    said.enumerate().map(other).collect()
}

/// Writes the plans of every team's weeks, up to the one that is to be filed next, which the shown team has not drafted.
pub(super) async fn work(world: &World, workers: &Workers) -> Outcome {
    let staffing = Staffing::on(&world.store().reads(), world.today).await?;
    let shown = world.town.grids()[shown_grid(world) as usize].committee_code.to_owned();
    let this = rules::monday_of(world.today);
    // Filed a week before its Monday: the plan to be filed next is that of the week after next, but on a Monday.
    let next = if this == world.today { this.plus_days(7) } else { this.plus_days(14) };
    let mut past = Vec::new();
    for (n, committee) in staffing.committees().enumerate() {
        let members = staffing.of(committee);
        let mut monday = rules::monday_of(world.from).plus_days(7);
        while monday <= next {
            if !(monday == next && committee == shown) {
                let late = monday == next.plus_days(-7) && n % LATE_EVERY == 1;
                past.push(plan(world, committee, members, monday, late)?);
            }
            monday = monday.plus_days(7);
        }
    }
    let office = &workers.office;
    let reader = world.reader(office.account, Role::PopulationOffice, &office.name);
    let tx = world.store().begin(&reader).await?;
    linli_shifts::insert_past(&tx, past).await?;
    tx.commit().await?;
    Ok(())
}

fn plan(
    world: &World,
    committee: &str,
    members: &[Member],
    monday: Day,
    late: bool,
) -> linli_platform::Result<PastPlan> {
    let app = &world.app;
    let cells = week(members, monday);
    let due = rules::file_by(&app.pack, monday);
    let filed = if late { due.plus_days(1).min(world.today) } else { due.plus_days(-1) };
    let broken = rules::check(&app.pack, &app.calendar, monday, members, &cells, filed)?;
    Ok(PastPlan {
        committee: committee.to_owned(),
        monday,
        filed_at: Some(filed.start().plus_hours(FILED_AT_HOUR).min(app.store.now())),
        broken: i64::try_from(broken.len()).unwrap_or(i64::MAX),
        acknowledged: monday <= world.today,
        worked: worked(&cells, world.today),
        cells,
    })
}
