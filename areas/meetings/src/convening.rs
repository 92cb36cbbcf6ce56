//! Convening meetings and moving them.

use std::collections::HashSet;

use jiff::civil::Time;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    free_text,
    ids::GridId,
    store::{Query, Tx},
    vals,
};
use linli_work::{
    channel::{self, NewPost},
    notices::{self, Arg, To, args},
};
use policy_pack::{MeetingId as Kind, Pack};
use sea_orm::FromQueryResult;

use crate::{
    dates::{self, Period},
    ids::MeetingId,
    meetings::{MeetingRow, convener, convenes, find, grids_of},
    roll::{self, Team},
};

/// A meeting about to be convened.
#[derive(Debug, Clone)]
pub struct Convened {
    /// Its kind.
    pub kind: Kind,
    /// The grid as text, or the first committee of a police-team leader's area.
    pub area: String,
    /// The grid, of a grid's meeting.
    pub grid: Option<GridId>,
    /// The grids whose team meets.
    pub grids: Vec<GridId>,
    /// The period.
    pub period: Period,
    /// When.
    pub starts_at: At,
}

/// The meeting as the subject of events.
pub(crate) fn subject(id: MeetingId, grid: Option<GridId>) -> SubjectRef {
    SubjectRef::new("meeting", id, grid)
}

#[derive(FromQueryResult)]
struct Key {
    kind: String,
    area: String,
    period: String,
}

/// Which of these regular meetings are not convened yet.
pub(crate) async fn missing(q: &impl Query, new: Vec<Convened>) -> Result<Vec<Convened>> {
    let mut periods: Vec<String> = new.iter().map(|n| n.period.code()).collect();
    periods.sort();
    periods.dedup();
    if periods.is_empty() {
        return Ok(new);
    }
    let mut values = vals![q.division()];
    values.extend(periods.iter().map(|p| p.as_str().into()));
    let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
    let sql =
        format!("SELECT kind, area, period FROM meeting WHERE division_code = $1 AND period IN ({})", marks.join(", "));
    let rows: Vec<Key> = q.rows(&sql, values).await?;
    let there: HashSet<(String, String, String)> = rows.into_iter().map(|k| (k.kind, k.area, k.period)).collect();
    let is_new = |n: &Convened| !there.contains(&(n.kind.code().to_owned(), n.area.clone(), n.period.code()));
    Ok(new.into_iter().filter(is_new).collect())
}

const COLUMNS: &[&str] = &[
    "division_code",
    "meeting_id",
    "kind",
    "area",
    "grid_id",
    "period",
    "starts_at",
    "place",
    "state",
    "convener_role",
    "moves",
    "summary",
    "made_at",
    "version",
];

/// Convenes meetings and invites the team of their grids, with an event each. Their ids, in the given order.
pub async fn convene_many(tx: &Tx, pack: &Pack, team: &Team, new: Vec<Convened>) -> Result<Vec<MeetingId>> {
    let (mut ids, mut rows, mut grids, mut invited, mut events) = (vec![], vec![], vec![], vec![], vec![]);
    for meeting in new {
        let id: MeetingId = tx.new_id();
        let role = convener(pack, meeting.kind).ok_or_else(|| AppError::rule("meeting-kind"))?;
        let of_area = meeting.grid.is_none();
        invited.extend(team.of(&meeting.grids, of_area).into_iter().map(|m| m.values(tx, id)));
        grids.extend(meeting.grids.iter().map(|g| vals![tx.division(), id, *g]));
        let body = serde_json::json!({ "kind": meeting.kind.code(), "day": meeting.starts_at.day() });
        events.push(NewEvent::new("meeting.convened", subject(id, meeting.grid)).body(body));
        rows.push(vals![
            tx.division(),
            id,
            meeting.kind.code(),
            meeting.area,
            meeting.grid,
            meeting.period.code(),
            meeting.starts_at,
            "",
            "convened",
            role.code(),
            0_i64,
            "",
            tx.now(),
            1_i64
        ]);
        ids.push(id);
    }
    tx.insert_many("meeting", COLUMNS, rows).await?;
    tx.insert_many("meeting_grid", &["division_code", "meeting_id", "grid_id"], grids).await?;
    tx.insert_many("meeting_attendee", roll::COLUMNS, invited).await?;
    tx.events(events).await?;
    Ok(ids)
}

/// What a convener asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its kind.
    pub kind: Kind,
    /// The grid, or the committee of the own area.
    pub area: String,
    /// The day.
    pub day: Day,
    /// The time of day.
    pub time: Time,
}

/// Convenes one meeting in the name of whoever convenes such (R30), and tells everybody who is invited.
///
/// # Errors
/// `meeting-not-convener`; `meeting-no-workday`, `meeting-out-of-period`, `workday-year` for the day;
/// `meeting-past` for an instant that is over; `meeting-there` if its period has one already.
pub async fn convene(app: &App, tx: &Tx, wanted: Wanted) -> Result<MeetingId> {
    let rule = dates::rule(&app.pack, wanted.kind).ok_or_else(|| AppError::rule("meeting-kind"))?;
    let (grid, area, grids) = place(app, tx, &wanted).await?;
    let period = Period::of(rule.day, wanted.day);
    dates::may_be_on(period, wanted.day, &app.calendar)?;
    let starts_at = dates::at(wanted.day, wanted.time);
    if starts_at < tx.now() {
        return Err(AppError::rule("meeting-past"));
    }
    let new = vec![Convened { kind: wanted.kind, area, grid, grids, period, starts_at }];
    let new = missing(tx, new).await?;
    if new.is_empty() {
        return Err(AppError::rule("meeting-there").arg("period", period.code()));
    }
    let team = Team::on(tx, wanted.day).await?;
    let id = convene_many(tx, &app.pack, &team, new).await?[0];
    let meeting = find(tx, tx.reader(), id).await?;
    tell(tx, &meeting, "notice-meeting-convened", meeting.starts_at).await?;
    post(tx, &meeting, channel::MEETING_POST, meeting.starts_at).await?;
    Ok(id)
}

/// Where a meeting is and whose, if the reader convenes such there.
async fn place(app: &App, tx: &Tx, wanted: &Wanted) -> Result<(Option<GridId>, String, Vec<GridId>)> {
    let role = convener(&app.pack, wanted.kind).ok_or_else(|| AppError::rule("meeting-kind"))?;
    let refused = || AppError::rule("meeting-not-convener");
    if role == linli_platform::access::Role::TeamLeader {
        let areas = crate::jobs::police_areas(tx, wanted.day).await?;
        let own = |a: &&crate::jobs::PoliceArea| a.account == Some(tx.reader().account);
        let area = areas.iter().find(own).ok_or_else(refused)?;
        return Ok((None, area.code.clone(), area.grids.clone()));
    }
    let grid: GridId = wanted.area.parse().map_err(|_| refused())?;
    if !crate::meetings::holds(tx.reader(), role, grid) {
        return Err(refused());
    }
    Ok((Some(grid), grid.to_string(), vec![grid]))
}

/// Tells everybody who is invited and signs in.
async fn tell(tx: &Tx, meeting: &MeetingRow, key: &'static str, at: At) -> Result<()> {
    let told = args(&[
        ("kind", Arg::Text(format!("meeting-kind-{}", meeting.kind))),
        ("area", Arg::Name(meeting.area_name.clone().unwrap_or_default())),
        ("day", Arg::Day(at.day())),
        ("time", Arg::Name(dates::time_text(at))),
    ]);
    let href = format!("/meetings/{}", meeting.meeting_id);
    for one in roll::of(tx, meeting.meeting_id).await? {
        if let Some(account) = one.account_id {
            notices::send(tx, To::Account(account), key, &told, &href).await?;
        }
    }
    Ok(())
}

/// Why a meeting is moved: a closed list, so that no reason names anybody. Fluent text: `meeting-move-<code>`.
pub const MOVE_REASONS: [&str; 4] = ["orders", "emergency", "place", "convener-away"];

/// Moves a meeting with the notice that the pack asks for, and tells everybody who is invited.
///
/// # Errors
/// `not-found`; `meeting-not-convener`; `meeting-held`; `meeting-move-reason`; those of
/// [`may_move`](crate::dates::may_move); `stale-version`.
pub async fn move_to(app: &App, tx: &Tx, id: MeetingId, version: i64, to: At, reason: &str) -> Result<()> {
    let meeting = find(tx, tx.reader(), id).await?;
    own_and_open(tx, &meeting)?;
    let reason =
        MOVE_REASONS.into_iter().find(|r| *r == reason).ok_or_else(|| AppError::rule("meeting-move-reason"))?;
    let period = meeting.period(&app.pack).ok_or_else(|| AppError::rule("meeting-kind"))?;
    dates::may_move(&app.pack, &app.calendar, period, tx.now(), meeting.starts_at, to)?;
    tx.execute_one(
        "UPDATE meeting SET starts_at = $4, moved_from = $5, move_reason = $6, moves = moves + 1, version = version + 1
         WHERE division_code = $1 AND meeting_id = $2 AND version = $3 AND state = 'convened'",
        vals![tx.division(), id, version, to, meeting.starts_at, reason],
    )
    .await?;
    let body = serde_json::json!({ "from": meeting.starts_at.day(), "to": to.day(), "reason": reason });
    tx.event(NewEvent::new("meeting.moved", subject(id, meeting.grid_id)).version(version + 1).body(body)).await?;
    tell(tx, &meeting, "notice-meeting-moved", to).await?;
    post(tx, &meeting, channel::MEETING_MOVED_POST, to).await
}

/// Says it in the channel of the grid whose meeting it is.
async fn post(tx: &Tx, meeting: &MeetingRow, kind: &'static str, at: At) -> Result<()> {
    let Some(grid) = meeting.grid_id else { return Ok(()) };
    let told = args(&[
        ("kind", Arg::Text(format!("meeting-kind-{}", meeting.kind))),
        ("day", Arg::Day(at.day())),
        ("time", Arg::Name(dates::time_text(at))),
    ]);
    let (author, topic) = (tx.reader().account, format!("{}-{}", meeting.kind, meeting.period));
    channel::post_many(tx, vec![NewPost { grid, author, kind, topic, day: tx.now().day(), args: told }]).await
}

/// The longest name of a place.
pub const PLACE_MAX_CHARS: usize = 60;

/// Says where a meeting is held.
///
/// # Errors
/// `not-found`; `meeting-not-convener`; `meeting-held`; `meeting-place` for a name that is too long; `free-text-number`,
/// `free-text-word`; `stale-version`.
pub async fn set_place(tx: &Tx, id: MeetingId, version: i64, place: &str) -> Result<()> {
    let meeting = find(tx, tx.reader(), id).await?;
    own_and_open(tx, &meeting)?;
    let place = place.trim();
    if place.chars().count() > PLACE_MAX_CHARS {
        return Err(AppError::rule("meeting-place").arg("max", PLACE_MAX_CHARS));
    }
    free_text::check(place)?;
    tx.execute_one(
        "UPDATE meeting SET place = $4, version = version + 1
         WHERE division_code = $1 AND meeting_id = $2 AND version = $3 AND state = 'convened'",
        vals![tx.division(), id, version, place],
    )
    .await?;
    tx.event(NewEvent::new("meeting.place-set", subject(id, meeting.grid_id)).version(version + 1)).await?;
    Ok(())
}

/// That the transaction's reader convenes the meeting and that it has no minutes yet.
pub(crate) fn own_and_open(tx: &Tx, meeting: &MeetingRow) -> Result<()> {
    if !convenes(tx.reader(), meeting) {
        return Err(AppError::rule("meeting-not-convener"));
    }
    if meeting.is_open() { Ok(()) } else { Err(AppError::rule("meeting-held")) }
}

/// Brings who is invited to convened meetings in line with today's team; how many rows changed.
pub(crate) async fn refresh_rolls(tx: &Tx, meetings: &[MeetingRow], team: &Team) -> Result<usize> {
    let mut changed = 0;
    for meeting in meetings {
        let grids = grids_of(tx, meeting.meeting_id).await?;
        changed += roll::refresh(tx, meeting, &grids, team).await?;
    }
    Ok(changed)
}
