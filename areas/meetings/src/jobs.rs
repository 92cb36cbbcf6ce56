//! Daily work: regular meetings are convened ahead, rolls follow the team, and records go when their time is over.

use std::collections::{BTreeMap, HashMap};

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    ids::{AccountId, GridId, SYSTEM_ACCOUNT},
    jobs::{Job, JobKind},
    reader::Reader,
    retention::{self, Due, Part},
    store::Query,
    vals,
};
use linli_team::{Post, StaffId};
use linli_work::{
    channel::{self, NewPost},
    notices::{Arg, args},
};
use policy_pack::{Meeting, MeetingDay, MeetingId as Kind, RetentionId};

use crate::{
    convening::{Convened, convene_many, missing, refresh_rolls},
    dates::{self, Period, USUAL_TIME},
    meetings,
    roll::Team,
};

/// A monthly meeting is convened from so many days before it on.
const MONTHLY_AHEAD_DAYS: i64 = 14;
/// A yearly meeting is convened from so many days before December on.
const YEARLY_AHEAD_DAYS: i64 = 30;
/// Rolls follow the team until the meeting, from so many days before it on.
const ROLL_AHEAD_DAYS: i64 = 8;

/// Convenes the regular meetings of the days ahead. Fluent text: `job-meetings-convene`.
pub struct ConveneAhead;

impl JobKind for ConveneAhead {
    fn kind(&self) -> &'static str {
        "meetings.convene"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            convene_ahead(app).await?;
            Ok("/meetings".into())
        })
    }
}

/// The area of a police-team leader: the committees that one person leads.
pub(crate) struct PoliceArea {
    /// Its first committee's code.
    pub code: String,
    /// The leader's account.
    pub account: Option<AccountId>,
    /// Its grids.
    pub grids: Vec<GridId>,
}

/// The areas of the police-team leaders on a day.
pub(crate) async fn police_areas(q: &impl Query, day: Day) -> Result<Vec<PoliceArea>> {
    Ok(areas_of(&Team::on(q, day).await?))
}

fn areas_of(team: &Team) -> Vec<PoliceArea> {
    let mut committees: HashMap<StaffId, Vec<&str>> = HashMap::new();
    for held in team.appointments().iter().filter(|a| a.post() == Some(Post::TeamLeader)) {
        committees.entry(held.staff_id).or_default().push(&held.area);
    }
    // Somebody who stands in leads the same committees: one area, the first by id.
    let mut areas: BTreeMap<String, PoliceArea> = BTreeMap::new();
    let mut leaders: Vec<(StaffId, Vec<&str>)> = committees.into_iter().collect();
    leaders.sort();
    for (staff, own) in leaders {
        let Some(code) = own.iter().min().map(|c| (*c).to_owned()) else { continue };
        let mut grids: Vec<GridId> = team
            .committee_of()
            .iter()
            .filter(|(_, committee)| own.contains(&committee.as_str()))
            .map(|(grid, _)| *grid)
            .collect();
        grids.sort_unstable();
        let area = PoliceArea { code: code.clone(), account: team.account(staff), grids };
        areas.entry(code).or_insert(area);
    }
    areas.into_values().filter(|a| !a.grids.is_empty()).collect()
}

/// The periods of a meeting whose day is near enough to convene it now.
fn periods(rule: &Meeting, today: Day) -> Vec<Period> {
    let this = Period::of(rule.day, today);
    match rule.day {
        MeetingDay::FirstWorkdayOfWeek => vec![this, this.next()],
        MeetingDay::LastWorkdayOfMonth => {
            let near = this.last.plus_days(-MONTHLY_AHEAD_DAYS) <= today;
            if near { vec![this] } else { Vec::new() }
        }
        MeetingDay::WithinLastMonthOfYear => {
            let near = this.window().0.plus_days(-YEARLY_AHEAD_DAYS) <= today;
            if near { vec![this] } else { Vec::new() }
        }
    }
}

/// Convenes what is near and not convened yet, and brings the rolls of near meetings in line with the team; how many
/// meetings are new. A year that the calendar does not know convenes nothing: its meetings are convened by hand, or once
/// its table is there.
pub async fn convene_ahead(app: &App) -> Result<usize> {
    let today = app.store.clock().today();
    let reads = app.store.reads();
    let team = Team::on(&reads, today).await?;
    let mut wanted = Vec::new();
    for rule in &app.pack.meetings.meetings {
        for period in periods(rule, today) {
            let Ok(Some(day)) = period.regular_day(&app.calendar) else { continue };
            if day >= today {
                wanted.extend(of_period(rule.id, rule.day, period, day, &team));
            }
        }
    }
    let new = missing(&reads, wanted).await?;
    let tx = app.store.begin(&Reader::system()).await?;
    tx.housekeeping("a day on which nothing is to be convened");
    let made = new.len();
    let posts: Vec<NewPost> = new.iter().filter_map(|m| post(m, today)).collect();
    convene_many(&tx, &app.pack, &team, new).await?;
    channel::post_many(&tx, posts).await?;
    let near = meetings::starting(&tx, today.start(), today.plus_days(ROLL_AHEAD_DAYS).start()).await?;
    refresh_rolls(&tx, &near, &team).await?;
    tx.commit().await?;
    Ok(made)
}

fn of_period(kind: Kind, rule: MeetingDay, period: Period, day: Day, team: &Team) -> Vec<Convened> {
    let starts_at = dates::at(day, USUAL_TIME);
    if rule == MeetingDay::WithinLastMonthOfYear {
        let of = |a: PoliceArea| Convened { kind, area: a.code, grid: None, grids: a.grids, period, starts_at };
        return areas_of(team).into_iter().map(of).collect();
    }
    let leads = |a: &&linli_team::Appointment| a.post() == Some(Post::GridLeader);
    let mut grids: Vec<GridId> = team.appointments().iter().filter(leads).filter_map(|a| a.grid_id).collect();
    grids.sort_unstable();
    grids.dedup();
    let of = |g: GridId| Convened { kind, area: g.to_string(), grid: Some(g), grids: vec![g], period, starts_at };
    grids.into_iter().map(of).collect()
}

/// What the grid's channel says of a meeting that was convened ahead.
fn post(meeting: &Convened, today: Day) -> Option<NewPost> {
    let told = args(&[
        ("kind", Arg::Text(format!("meeting-kind-{}", meeting.kind.code()))),
        ("day", Arg::Day(meeting.starts_at.day())),
        ("time", Arg::Name(dates::time_text(meeting.starts_at))),
    ]);
    Some(NewPost {
        grid: meeting.grid?,
        author: SYSTEM_ACCOUNT,
        kind: channel::MEETING_POST,
        topic: format!("{}-{}", meeting.kind.code(), meeting.period.code()),
        day: today,
        args: told,
    })
}

/// Deletes meeting records whose time is over. Fluent text: `job-meetings-expire`.
pub struct Expire;

const OLD: &str = "SELECT m.meeting_id FROM meeting m WHERE m.division_code = $1 AND m.starts_at < $2";

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "meetings.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let before = retention::before(app, RetentionId::MeetingRecord);
            for delete in [
                // An issued record goes as the meeting does: number, check code and digest stay, the words do not.
                "UPDATE paper_version SET file = NULL, content = '' WHERE division_code = $1 AND file IS NOT NULL
                   AND paper_id IN (SELECT p.paper_id FROM paper p WHERE p.division_code = $1
                   AND p.kind = 'meeting-record' AND p.made_at < $2)",
                "DELETE FROM meeting_decision WHERE division_code = $1 AND meeting_id IN (
                   SELECT m.meeting_id FROM meeting m WHERE m.division_code = $1 AND m.starts_at < $2)",
                "DELETE FROM meeting_agenda WHERE division_code = $1 AND meeting_id IN (
                   SELECT m.meeting_id FROM meeting m WHERE m.division_code = $1 AND m.starts_at < $2)",
                "DELETE FROM meeting_attendee WHERE division_code = $1 AND meeting_id IN (
                   SELECT m.meeting_id FROM meeting m WHERE m.division_code = $1 AND m.starts_at < $2)",
                "DELETE FROM meeting_grid WHERE division_code = $1 AND meeting_id IN (
                   SELECT m.meeting_id FROM meeting m WHERE m.division_code = $1 AND m.starts_at < $2)",
                "DELETE FROM meeting WHERE division_code = $1 AND starts_at < $2",
            ] {
                retention::in_parts(app, "meeting-record", Part::Rows(delete, before.into())).await?;
            }
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let (q, before) = (app.store.reads(), retention::before(app, RetentionId::MeetingRecord));
            let count = format!("SELECT COUNT(*) FROM ({OLD}) old");
            let rows = q.number(&count, vals![q.division(), before]).await?;
            Ok(vec![Due { key: "meeting-record", before, rows }])
        })
    }
}
