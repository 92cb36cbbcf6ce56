//! What the duty board (R4) says of shifts: plans to file, plans to take note of, days to confirm.

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::{Duty, DutySource},
    reader::Reader,
};

use crate::{
    people::Staffing,
    plans::{self, PlanRow},
    rules,
    worked::{self, BACK_DAYS},
};

/// The area's part of the duty board.
pub struct ShiftDuties;

impl DutySource for ShiftDuties {
    fn duties<'a>(&'a self, app: &'a App, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Duty>>> {
        Box::pin(async move {
            let mut duties = Vec::new();
            if reader.may(Action::ShiftPlan) {
                duties.push(filing(app, &reader.clone().doing(Action::ShiftPlan)).await?);
            }
            if reader.may(Action::ShiftAcknowledge) {
                duties.push(noting(app, &reader.clone().doing(Action::ShiftAcknowledge)).await?);
            }
            if reader.may(Action::ShiftWork) {
                duties.extend(confirming(app, reader).await?);
            }
            Ok(duties)
        })
    }
}

/// The Monday of the week whose plan is to be filed next.
pub(crate) fn next_monday(app: &App) -> linli_platform::clock::Day {
    let today = app.store.clock().today();
    let mut monday = rules::monday_of(today).plus_days(7);
    while rules::file_by(&app.pack, monday) < today {
        monday = monday.plus_days(7);
    }
    monday
}

/// The plans of the weeks ahead, of the reader's committees: those whose day of filing is over, and the next.
async fn filing(app: &App, reader: &Reader) -> Result<Duty> {
    let q = app.store.reads();
    let committees = committees(app, reader).await?;
    let next = next_monday(app);
    let (mut due, mut done, mut late) = (0, 0, 0);
    let mut monday = rules::monday_of(app.store.clock().today()).plus_days(7);
    while monday <= next {
        let plans = plans::of_week(&q, reader, monday).await?;
        for committee in &committees {
            let filed = plans.iter().any(|p| p.committee_code == *committee && !p.is_draft());
            due += 1;
            done += i64::from(filed);
            late += i64::from(!filed && monday < next);
        }
        monday = monday.plus_days(7);
    }
    Ok(Duty { key: "shift-plans", due, done, late, href: format!("/shifts?week={next}") })
}

/// The committees in scope whose teams have shifts.
async fn committees(app: &App, reader: &Reader) -> Result<Vec<String>> {
    let q = app.store.reads();
    let staffing = Staffing::on(&q, app.store.clock().today()).await?;
    let grids = linli_territory::grids(&q, reader).await?;
    let own = |code: &&str| grids.iter().any(|g| g.committee_code == *code);
    Ok(staffing.committees().filter(own).map(str::to_owned).collect())
}

async fn noting(app: &App, reader: &Reader) -> Result<Duty> {
    let q = app.store.reads();
    let mut filed: Vec<PlanRow> = Vec::new();
    let mut monday = rules::monday_of(app.store.clock().today());
    while monday <= next_monday(app) {
        filed.extend(plans::of_week(&q, reader, monday).await?.into_iter().filter(|p| !p.is_draft()));
        monday = monday.plus_days(7);
    }
    let done = filed.iter().filter(|p| p.state == "acknowledged").count() as i64;
    let today = app.store.clock().today();
    let late = filed.iter().filter(|p| p.state == "filed" && p.has_begun(today)).count() as i64;
    Ok(Duty { key: "shift-notes", due: filed.len() as i64, done, late, href: "/shifts".into() })
}

async fn confirming(app: &App, reader: &Reader) -> Result<Option<Duty>> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let staffing = Staffing::on(&q, today).await?;
    let Some((_, me)) = staffing.member_of(reader.account) else { return Ok(None) };
    let days = worked::own_days(&q, me.staff_id, today.plus_days(-BACK_DAYS), today.plus_days(-1)).await?;
    let done = days.iter().filter(|d| d.worked.is_some()).count() as i64;
    let week_ago = today.plus_days(-7);
    let late = days.iter().filter(|d| d.worked.is_none() && d.day < week_ago).count() as i64;
    let due = days.len() as i64;
    Ok((due > 0).then(|| Duty { key: "shift-worked", due, done, late, href: "/shifts/mine".into() }))
}
