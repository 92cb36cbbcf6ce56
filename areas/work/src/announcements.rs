//! Announcements and meetings in a grid's channel (通知、会议通知, R23), each with who has read it. Their text passes the
//! guard of what leaves the house, whether the grid has a robot or not.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    codes,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    ids::AnnouncementId,
    notices::{self, Arg, To, args},
    outward::{
        guard::Guard,
        outbox::{self, NewOutward},
    },
};

codes! {
    /// What is announced.
    AnnouncementKind, "announcement-kind" {
        /// An announcement (通知).
        Notice = "notice",
        /// A meeting, with day, time and place (会议通知).
        Meeting = "meeting",
    }
}

/// The longest text: with grid, day, time and place it stays below what the guard lets out.
pub const BODY_CHARS: usize = 360;
/// The longest place of a meeting.
const PLACE_CHARS: usize = 40;

/// When and where a meeting is.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// Day.
    pub day: Day,
    /// Time, `14:30`.
    pub time: String,
    /// Place, without a door.
    pub place: String,
}

/// What is announced.
#[derive(Debug, Clone)]
pub struct NewAnnouncement {
    /// The grid.
    pub grid: GridId,
    /// The text.
    pub body: String,
    /// The meeting, if it is one.
    pub meeting: Option<Meeting>,
}

impl NewAnnouncement {
    fn kind(&self) -> AnnouncementKind {
        if self.meeting.is_some() { AnnouncementKind::Meeting } else { AnnouncementKind::Notice }
    }
    fn check(&self, guard: &Guard, today: Day) -> Result<()> {
        let body = self.body.trim();
        if body.is_empty() {
            return Err(AppError::rule("announcement-empty"));
        }
        if body.chars().count() > BODY_CHARS {
            return Err(AppError::rule("announcement-long").arg("n", BODY_CHARS));
        }
        guard.check(body)?;
        let Some(meeting) = &self.meeting else { return Ok(()) };
        if meeting.day < today {
            return Err(AppError::rule("announcement-day"));
        }
        if !is_time(&meeting.time) {
            return Err(AppError::rule("announcement-time"));
        }
        let place = meeting.place.trim();
        if place.is_empty() || place.chars().count() > PLACE_CHARS {
            return Err(AppError::rule("announcement-place").arg("n", PLACE_CHARS));
        }
        Ok(guard.check(place)?)
    }
}

/// Whether a text is a time of day, `14:30`.
fn is_time(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else { return false };
    let within = |text: &str, end: u32| text.len() == 2 && text.parse::<u32>().is_ok_and(|n| n < end);
    within(hour, 24) && within(minute, 60)
}

/// An announcement as the grid's members see it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Announcement {
    /// Id.
    pub announcement_id: AnnouncementId,
    /// The grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// Who announced it.
    pub account_id: AccountId,
    /// Their name.
    pub account_name: Option<String>,
    /// [`AnnouncementKind`].
    pub kind: String,
    /// The text.
    pub body: String,
    /// Day of the meeting.
    pub day: Option<Day>,
    /// Its time.
    pub time: Option<String>,
    /// Its place.
    pub place: Option<String>,
    /// When it was announced.
    pub made_at: At,
    /// When it was withdrawn.
    pub withdrawn_at: Option<At>,
    /// When this reader read it.
    pub read_at: Option<At>,
    /// How many members have read it.
    pub readers: i64,
    /// How it fares on the way to the group: a state of the outbox, or none where the grid has no robot.
    pub outward: Option<String>,
}

/// A member of a grid, and whether they have read something.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Receipt {
    /// Who.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
    /// When they read it.
    pub read_at: Option<At>,
}

/// Members of a grid on a day: `$2` is the grid as text, `$3` and `$4` the day.
const MEMBERS: &str = "SELECT DISTINCT r.account_id FROM account_role r WHERE r.division_code = $1
 AND r.area_kind = 'grid' AND r.area = $2 AND r.from_day <= $3 AND (r.until_day IS NULL OR r.until_day > $4)";

/// Announces something to the members of a grid: each gets a notice, and where the grid has a robot it goes to the group.
/// The guard is made before the transaction begins, since it may write a record of its own.
///
/// # Errors
/// `not-found` outside the scope; `announcement-empty`, `announcement-day`, `announcement-time`, `announcement-place`;
/// `announcement-long`; those of the guard.
pub async fn announce(tx: &Tx, guard: &Guard, new: &NewAnnouncement) -> Result<AnnouncementId> {
    if !tx.reader().scope.contains(Some(new.grid)) {
        return Err(AppError::not_found());
    }
    new.check(guard, tx.now().day())?;
    let id: AnnouncementId = tx.new_id();
    let (body, meeting) = (new.body.trim(), new.meeting.as_ref());
    let columns = &[
        "division_code",
        "announcement_id",
        "grid_id",
        "account_id",
        "kind",
        "body",
        "day",
        "time",
        "place",
        "made_at",
    ];
    let row = vals![
        tx.division(),
        id,
        new.grid,
        tx.reader().account,
        new.kind().code(),
        body,
        meeting.map(|m| m.day),
        meeting.map(|m| m.time.clone()),
        meeting.map(|m| m.place.trim().to_owned()),
        tx.now()
    ];
    tx.insert_many("announcement", columns, vec![row]).await?;
    let event = NewEvent::new("channel.announced", subject(id, new.grid)).body(json!({ "kind": new.kind().code() }));
    tx.event(event).await?;
    tell_members(tx, id, new).await?;
    let grid = linli_territory::store::grids::find(tx, new.grid).await?.name;
    let mut said = vec![("grid", Arg::Name(grid)), ("text", Arg::Name(body.to_owned()))];
    let text_key = match meeting {
        Some(m) => {
            said.push(("day", Arg::Day(m.day)));
            said.push(("time", Arg::Name(m.time.clone())));
            said.push(("place", Arg::Name(m.place.trim().to_owned())));
            "outward-meeting"
        }
        None => "outward-announcement",
    };
    outbox::queue(tx, &NewOutward { grid: new.grid, origin: id.0, text_key, args: args(&said) }).await?;
    Ok(id)
}

async fn tell_members(tx: &Tx, id: AnnouncementId, new: &NewAnnouncement) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
    }
    let day = tx.now().day();
    let rows: Vec<Row> = tx.rows(MEMBERS, vals![tx.division(), new.grid.to_string(), day, day]).await?;
    let said = args(&[("what", Arg::Text(format!("announcement-kind-{}", new.kind())))]);
    let href = format!("/channel/announcements/{id}");
    for member in rows.into_iter().filter(|m| m.account_id != tx.reader().account) {
        notices::send(tx, To::Account(member.account_id), "notice-announcement", &said, &href).await?;
    }
    Ok(())
}

/// Takes an announcement back. What went to the group already stays there; what waits does not go.
///
/// # Errors
/// `not-found` outside the scope; `stale-version` if it was withdrawn.
pub async fn withdraw(tx: &Tx, id: AnnouncementId) -> Result<()> {
    let found = find(tx, tx.reader(), id).await?;
    tx.execute_one(
        "UPDATE announcement SET withdrawn_at = $3
         WHERE division_code = $1 AND announcement_id = $2 AND withdrawn_at IS NULL",
        vals![tx.division(), id, tx.now()],
    )
    .await?;
    tx.execute(
        "DELETE FROM outward WHERE division_code = $1 AND origin_id = $2 AND state <> 'sent'",
        vals![tx.division(), id],
    )
    .await?;
    tx.event(NewEvent::new("channel.withdrawn", subject(id, found.grid_id)).version(2)).await?;
    Ok(())
}

/// Notes that the transaction's reader has read it.
///
/// # Errors
/// `not-found` outside the scope.
pub async fn mark_read(tx: &Tx, id: AnnouncementId) -> Result<()> {
    find(tx, tx.reader(), id).await?;
    tx.housekeeping("that a colleague read an announcement changes nothing in the world");
    tx.execute(
        "INSERT INTO announcement_receipt (division_code, announcement_id, account_id, read_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (division_code, announcement_id, account_id) DO NOTHING",
        vals![tx.division(), id, tx.reader().account, tx.now()],
    )
    .await?;
    Ok(())
}

fn subject(id: AnnouncementId, grid: GridId) -> SubjectRef {
    SubjectRef::new("announcement", id, Some(grid))
}

const SELECT: &str = "SELECT n.announcement_id, n.grid_id, g.name AS grid_name, n.account_id,
 o.display_name AS account_name, n.kind, n.body, n.day, n.time, n.place, n.made_at, n.withdrawn_at, r.read_at,
 (SELECT COUNT(*) FROM announcement_receipt x WHERE x.division_code = n.division_code
   AND x.announcement_id = n.announcement_id) AS readers,
 (SELECT MAX(w.state) FROM outward w WHERE w.division_code = n.division_code
   AND w.origin_id = n.announcement_id) AS outward
 FROM announcement n
 LEFT JOIN micro_grid g ON g.division_code = n.division_code AND g.grid_id = n.grid_id
 LEFT JOIN account o ON o.division_code = n.division_code AND o.account_id = n.account_id
 LEFT JOIN announcement_receipt r ON r.division_code = n.division_code AND r.announcement_id = n.announcement_id
   AND r.account_id = $2
 WHERE n.division_code = $1";

/// One announcement of the reader's grids.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: AnnouncementId) -> Result<Announcement> {
    let mut values = vals![q.division(), reader.account, id];
    let scope = reader.scope.sql("n.grid_id", &mut values);
    q.row(&format!("{SELECT} AND n.announcement_id = $3 AND {scope}"), values).await?.ok_or_else(AppError::not_found)
}

/// The announcements of the reader's grids that were not withdrawn, the last first, and how many there are.
pub async fn list(q: &impl Query, reader: &Reader, paging: &Paging) -> Result<(Vec<Announcement>, i64)> {
    let mut counted = vals![q.division()];
    let scope = reader.scope.sql("n.grid_id", &mut counted);
    let count = format!(
        "SELECT COUNT(*) FROM announcement n WHERE n.division_code = $1 AND n.withdrawn_at IS NULL AND {scope}"
    );
    let total = q.number(&count, counted).await?;
    let mut values = vals![q.division(), reader.account];
    let scope = reader.scope.sql("n.grid_id", &mut values);
    let sql = format!(
        "{SELECT} AND n.withdrawn_at IS NULL AND {scope} ORDER BY n.made_at DESC, n.announcement_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// The members of its grid today, those who have not read it first.
pub async fn receipts(q: &impl Query, of: &Announcement) -> Result<Vec<Receipt>> {
    let day = q.store().now().day();
    let sql = format!(
        "SELECT o.account_id, o.display_name AS name, x.read_at FROM account o
         LEFT JOIN announcement_receipt x ON x.division_code = o.division_code AND x.account_id = o.account_id
           AND x.announcement_id = $5
         WHERE o.division_code = $1 AND o.account_id IN ({MEMBERS})
         ORDER BY CASE WHEN x.read_at IS NULL THEN 0 ELSE 1 END, o.display_name, o.account_id"
    );
    q.rows(&sql, vals![q.division(), of.grid_id.to_string(), day, day, of.announcement_id]).await
}

/// How many announcements the reader's grids had since an instant, and how many of them the reader has read.
pub async fn counts(q: &impl Query, reader: &Reader, since: At) -> Result<(i64, i64)> {
    let mut values = vals![q.division(), reader.account, since];
    let scope = reader.scope.sql("n.grid_id", &mut values);
    let of = format!(
        "FROM announcement n WHERE n.division_code = $1 AND n.account_id <> $2 AND n.made_at >= $3
         AND n.withdrawn_at IS NULL AND {scope}"
    );
    let all = q.number(&format!("SELECT COUNT(*) {of}"), values.clone()).await?;
    let read = format!(
        "SELECT COUNT(*) {of} AND EXISTS (SELECT 1 FROM announcement_receipt x WHERE x.division_code = n.division_code
         AND x.announcement_id = n.announcement_id AND x.account_id = $2)"
    );
    Ok((all, q.number(&read, values).await?))
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn a_time_has_an_hour_and_a_minute() {
        for (text, fits) in
            [("14:30", true), ("00:00", true), ("24:00", false), ("9:30", false), ("14.30", false), ("ab:cd", false)]
        {
            assert_eq!(is_time(text), fits, "{text}");
        }
    }
}
