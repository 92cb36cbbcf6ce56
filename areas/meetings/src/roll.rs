//! Who is invited, who came, and who has a reason not to.
//!
//! On the day, the convener's page shows a QR code. It opens a link that is good for [`LINK_MINUTES`] and, on the phone
//! of a colleague who is signed in, notes that colleague as present: no list of phones, no place, nothing but a tick.

use std::collections::{BTreeMap, HashMap, HashSet};

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::NewEvent,
    ids::{AccountId, GridId},
    store::{Query, Store, Tx},
    vals,
};
use linli_team::{Appointment, Post, StaffId, store::appointments};
use policy_pack::Pack;
use sea_orm::{FromQueryResult, Value};

use crate::{
    convening::{own_and_open, subject},
    ids::MeetingId,
    meetings::{MeetingRow, find, grids_of},
};

/// How long the link of a QR code is good for.
pub const LINK_MINUTES: i64 = 10;
/// From so many minutes before the start on, somebody can be noted as present.
const EARLY_MINUTES: i64 = 60;

/// The team of a day, with the accounts.
pub struct Team {
    held: Vec<Appointment>,
    accounts: HashMap<StaffId, AccountId>,
    committee_of: HashMap<GridId, String>,
}

#[derive(FromQueryResult)]
struct AccountRow {
    staff_id: StaffId,
    account_id: Option<AccountId>,
}

/// Somebody to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invited {
    staff: StaffId,
    account: Option<AccountId>,
    post: Post,
}

pub(crate) const COLUMNS: &[&str] = &["division_code", "meeting_id", "staff_id", "account_id", "post", "state"];

impl Invited {
    pub(crate) fn values(&self, tx: &Tx, id: MeetingId) -> Vec<Value> {
        vals![tx.division(), id, self.staff, self.account, self.post.code(), "invited"]
    }
}

impl Team {
    /// The team as it is on a day.
    pub async fn on(q: &impl Query, day: Day) -> Result<Team> {
        let held = appointments::on(q, day).await?;
        let sql = "SELECT staff_id, account_id FROM staff WHERE division_code = $1 AND left_day IS NULL";
        let rows: Vec<AccountRow> = q.rows(sql, vals![q.division()]).await?;
        let accounts = rows.into_iter().filter_map(|r| Some((r.staff_id, r.account_id?))).collect();
        let grids = linli_territory::all_grids(q).await?;
        let committee_of = grids.into_iter().map(|g| (g.grid_id, g.committee_code)).collect();
        Ok(Team { held, accounts, committee_of })
    }
    /// The appointments of the day.
    pub(crate) fn appointments(&self) -> &[Appointment] {
        &self.held
    }
    /// The grids with their committees.
    pub(crate) fn committee_of(&self) -> &HashMap<GridId, String> {
        &self.committee_of
    }
    /// The account of somebody.
    pub(crate) fn account(&self, staff: StaffId) -> Option<AccountId> {
        self.accounts.get(&staff).copied()
    }
    /// Who is invited: to a grid's meeting its whole team; to an area's, the three and the full-time grid workers with
    /// the committees' secretaries and the police-team leader. Each person once, by the first post.
    pub(crate) fn of(&self, grids: &[GridId], of_area: bool) -> Vec<Invited> {
        let committees: HashSet<&str> =
            grids.iter().filter_map(|g| self.committee_of.get(g)).map(String::as_str).collect();
        let mut found: BTreeMap<StaffId, Post> = BTreeMap::new();
        for held in &self.held {
            let Some(post) = held.post() else { continue };
            let in_grid = held.grid_id.is_some_and(|g| grids.contains(&g));
            let invited = if of_area {
                (in_grid && (post.is_of_three() || post == Post::GridWorker))
                    || (matches!(post, Post::TeamLeader | Post::CommitteeSecretary)
                        && committees.contains(held.area.as_str()))
            } else {
                in_grid && (post.is_of_three() || post.is_n())
            };
            if invited {
                let first = found.entry(held.staff_id).or_insert(post);
                *first = post.min(*first);
            }
        }
        let one = |(staff, post)| Invited { staff, account: self.account(staff), post };
        let mut all: Vec<Invited> = found.into_iter().map(one).collect();
        all.sort_by_key(|i| (i.post, i.staff));
        all
    }
}

/// Somebody on the roll.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Attendee {
    /// Who.
    pub staff_id: StaffId,
    /// The account.
    pub account_id: Option<AccountId>,
    /// Name of the colleague (R3).
    pub name: String,
    /// Post code.
    pub post: String,
    /// `invited`, `present`, `absent`.
    pub state: String,
    /// Reason for absence, of the pack's.
    pub reason: Option<String>,
    /// `link`, `ticked` or `own`.
    pub how: Option<String>,
}

impl Attendee {
    /// Whether nothing is known yet.
    pub fn is_open(&self) -> bool {
        self.state == "invited"
    }
    /// What the form has: empty, `present` or the reason.
    pub fn chosen(&self) -> &str {
        match self.state.as_str() {
            "present" => "present",
            "absent" => self.reason.as_deref().unwrap_or_default(),
            _ => "",
        }
    }
}

/// The roll of a meeting, by post. The caller has found the meeting.
pub async fn of(q: &impl Query, id: MeetingId) -> Result<Vec<Attendee>> {
    let mut rows: Vec<Attendee> = q
        .rows(
            "SELECT a.staff_id, a.account_id, s.name, a.post, a.state, a.reason, a.how FROM meeting_attendee a
             JOIN staff s ON s.division_code = a.division_code AND s.staff_id = a.staff_id
             WHERE a.division_code = $1 AND a.meeting_id = $2 ORDER BY a.staff_id",
            vals![q.division(), id],
        )
        .await?;
    rows.sort_by_key(|a| Post::from_code(&a.post));
    Ok(rows)
}

/// Invites who has joined the team since, and takes off who has left it and is not marked. How many.
pub async fn refresh(tx: &Tx, meeting: &MeetingRow, grids: &[GridId], team: &Team) -> Result<usize> {
    let there = of(tx, meeting.meeting_id).await?;
    let wanted = team.of(grids, meeting.grid_id.is_none());
    let new: Vec<Vec<Value>> = wanted
        .iter()
        .filter(|w| there.iter().all(|a| a.staff_id != w.staff))
        .map(|w| w.values(tx, meeting.meeting_id))
        .collect();
    let gone: Vec<StaffId> = there
        .iter()
        .filter(|a| a.is_open() && wanted.iter().all(|w| w.staff != a.staff_id))
        .map(|a| a.staff_id)
        .collect();
    let changed = new.len() + gone.len();
    if changed == 0 {
        return Ok(0);
    }
    tx.insert_many("meeting_attendee", COLUMNS, new).await?;
    for staff in gone {
        tx.execute(
            "DELETE FROM meeting_attendee WHERE division_code = $1 AND meeting_id = $2 AND staff_id = $3",
            vals![tx.division(), meeting.meeting_id, staff],
        )
        .await?;
    }
    let body = serde_json::json!({ "changed": changed });
    tx.event(NewEvent::new("meeting.roll-changed", subject(meeting.meeting_id, meeting.grid_id)).body(body)).await?;
    Ok(changed)
}

/// What is noted of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Came.
    Present,
    /// Did not, for one of the pack's reasons.
    Absent(String),
}

impl Mark {
    /// From a form: `present` or a reason of the pack.
    pub fn read(pack: &Pack, text: &str) -> Option<Mark> {
        if text == "present" {
            return Some(Mark::Present);
        }
        pack.meetings.absence_reasons.iter().any(|r| r.id == text).then(|| Mark::Absent(text.to_owned()))
    }
    fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Mark::Present => ("present", None),
            Mark::Absent(reason) => ("absent", Some(reason)),
        }
    }
}

/// Whether somebody can be noted as present: from an hour before the start to the end of the day.
fn can_come(meeting: &MeetingRow, now: At) -> Result<()> {
    let from = meeting.starts_at.plus_s(-EARLY_MINUTES * 60);
    if meeting.is_open() && now >= from && now.day() <= meeting.starts_at.day() {
        return Ok(());
    }
    Err(AppError::rule("meeting-not-now"))
}

/// The convener notes who came and why others did not; how many were noted. Reasons can be noted before the day.
///
/// # Errors
/// `not-found`; `meeting-not-convener`; `meeting-held`; `meeting-not-yet` for somebody who is to have come to a meeting
/// that has not begun.
pub async fn mark(tx: &Tx, id: MeetingId, marks: &[(StaffId, Mark)]) -> Result<usize> {
    let meeting = find(tx, tx.reader(), id).await?;
    own_and_open(tx, &meeting)?;
    let begun = tx.now() >= meeting.starts_at.plus_s(-EARLY_MINUTES * 60);
    if !begun && marks.iter().any(|(_, m)| *m == Mark::Present) {
        return Err(AppError::rule("meeting-not-yet"));
    }
    let there = of(tx, id).await?;
    let mut noted = 0;
    for (staff, mark) in marks {
        let (state, reason) = mark.parts();
        let same = |a: &&Attendee| a.staff_id == *staff && !(a.state == state && a.reason.as_deref() == reason);
        if there.iter().any(|a| same(&a)) {
            write(tx, id, *staff, mark, "ticked").await?;
            noted += 1;
        }
    }
    if noted > 0 {
        let body = serde_json::json!({ "noted": noted });
        tx.event(NewEvent::new("meeting.roll-noted", subject(id, meeting.grid_id)).body(body)).await?;
    }
    Ok(noted)
}

async fn write(tx: &Tx, id: MeetingId, staff: StaffId, mark: &Mark, how: &str) -> Result<()> {
    let (state, reason) = mark.parts();
    tx.execute_one(
        "UPDATE meeting_attendee SET state = $4, reason = $5, how = $6, marked_at = $7
         WHERE division_code = $1 AND meeting_id = $2 AND staff_id = $3",
        vals![tx.division(), id, staff, state, reason, how, tx.now()],
    )
    .await
}

/// The roll's line of the transaction's reader; somebody who has joined the team since is invited now.
async fn own_line(tx: &Tx, meeting: &MeetingRow) -> Result<Attendee> {
    let own = |all: Vec<Attendee>| all.into_iter().find(|a| a.account_id == Some(tx.reader().account));
    if let Some(line) = own(of(tx, meeting.meeting_id).await?) {
        return Ok(line);
    }
    let (grids, team) = (grids_of(tx, meeting.meeting_id).await?, Team::on(tx, tx.now().day()).await?);
    refresh(tx, meeting, &grids, &team).await?;
    own(of(tx, meeting.meeting_id).await?).ok_or_else(|| AppError::rule("meeting-not-invited"))
}

/// Notes the transaction's reader as present on the strength of a link that is still good.
///
/// # Errors
/// `not-found`; `meeting-link` for a link that is over or another meeting's; `meeting-not-now`; `meeting-not-invited`.
pub async fn present(tx: &Tx, id: MeetingId, link: &str) -> Result<()> {
    let meeting = find(tx, tx.reader(), id).await?;
    if !is_valid_link(tx.store(), id, link, tx.now()) {
        return Err(AppError::rule("meeting-link"));
    }
    can_come(&meeting, tx.now())?;
    let line = own_line(tx, &meeting).await?;
    write(tx, id, line.staff_id, &Mark::Present, "link").await?;
    tx.event(NewEvent::new("meeting.attended", subject(id, meeting.grid_id))).await?;
    Ok(())
}

/// The transaction's reader says beforehand why they cannot come.
///
/// # Errors
/// `not-found`; `meeting-reason`; `meeting-held`; `meeting-not-invited`; `meeting-attended` for somebody who came.
pub async fn excuse(tx: &Tx, pack: &Pack, id: MeetingId, reason: &str) -> Result<()> {
    let meeting = find(tx, tx.reader(), id).await?;
    if !meeting.is_open() {
        return Err(AppError::rule("meeting-held"));
    }
    let mark = Mark::read(pack, reason).filter(|m| *m != Mark::Present);
    let mark = mark.ok_or_else(|| AppError::rule("meeting-reason"))?;
    let line = own_line(tx, &meeting).await?;
    if line.state == "present" {
        return Err(AppError::rule("meeting-attended"));
    }
    write(tx, id, line.staff_id, &mark, "own").await?;
    let body = serde_json::json!({ "reason": reason });
    tx.event(NewEvent::new("meeting.excused", subject(id, meeting.grid_id)).body(body)).await?;
    Ok(())
}

fn signature(store: &Store, id: MeetingId, until_s: i64) -> String {
    let mac = store.keys().blind_index("meeting-attendance", &format!("{id}|{until_s}"));
    mac.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The part of an address that lets colleagues note themselves as present for [`LINK_MINUTES`] from now on.
pub fn link(store: &Store, id: MeetingId, now: At) -> String {
    let until_s = now.0 / 1_000_000 + LINK_MINUTES * 60;
    format!("{until_s}-{}", signature(store, id, until_s))
}

/// Whether such a part is this meeting's and still good.
pub fn is_valid_link(store: &Store, id: MeetingId, link: &str, now: At) -> bool {
    let Some((until, mac)) = link.split_once('-') else { return false };
    let Ok(until_s) = until.parse::<i64>() else { return false };
    until_s > now.0 / 1_000_000 && until.len() <= 12 && signature(store, id, until_s) == mac
}
