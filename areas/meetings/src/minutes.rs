//! Minutes: with them a meeting is held, its agenda is kept as it was, and its decisions become tasks.

use linli_platform::{
    AppError, Result,
    app::App,
    event::NewEvent,
    free_text,
    reader::Reader,
    store::{Query, Tx},
    vals,
};

use crate::{
    agenda::{self, Point},
    convening::{own_and_open, subject},
    decisions::{self, Decision, FollowUp},
    ids::MeetingId,
    meetings::{MeetingRow, find},
    roll::{self, Attendee},
};

/// The longest text of minutes.
pub const SUMMARY_MAX_CHARS: usize = 2_000;

/// Closes a meeting with its minutes; how many tasks its decisions became. `agenda` is what was drawn for it just now.
///
/// # Errors
/// `not-found`; `meeting-not-convener`; `meeting-held`; `meeting-not-yet` before its time; `meeting-roll-open` with how
/// many have neither come nor a reason; `meeting-nobody`; `meeting-summary`, `free-text-number`, `free-text-word` for
/// the text; `stale-version`.
pub async fn close(tx: &Tx, id: MeetingId, version: i64, summary: &str, agenda: &[Point]) -> Result<usize> {
    let meeting = find(tx, tx.reader(), id).await?;
    own_and_open(tx, &meeting)?;
    if tx.now() < meeting.starts_at {
        return Err(AppError::rule("meeting-not-yet"));
    }
    let all = roll::of(tx, id).await?;
    let open = all.iter().filter(|a| a.is_open()).count();
    if open > 0 {
        return Err(AppError::rule("meeting-roll-open").arg("n", open));
    }
    if all.iter().all(|a| a.state != "present") {
        return Err(AppError::rule("meeting-nobody"));
    }
    let summary = summary.trim();
    if summary.is_empty() || summary.chars().count() > SUMMARY_MAX_CHARS {
        return Err(AppError::rule("meeting-summary").arg("max", SUMMARY_MAX_CHARS));
    }
    free_text::check(summary)?;
    tx.execute_one(
        "UPDATE meeting SET state = 'held', summary = $4, held_at = $5, held_by = $6, version = version + 1
         WHERE division_code = $1 AND meeting_id = $2 AND version = $3 AND state = 'convened'",
        vals![tx.division(), id, version, summary, tx.now(), tx.reader().account],
    )
    .await?;
    keep(tx, id, agenda).await?;
    let tasks = decisions::open_tasks(tx, id).await?;
    let came = all.iter().filter(|a| a.state == "present").count();
    let body = serde_json::json!({ "came": came, "invited": all.len(), "tasks": tasks });
    tx.event(NewEvent::new("meeting.held", subject(id, meeting.grid_id)).version(version + 1).body(body)).await?;
    Ok(tasks)
}

pub(crate) async fn keep(tx: &Tx, id: MeetingId, agenda: &[Point]) -> Result<()> {
    let mut rows = Vec::new();
    for (position, point) in (1_i64..).zip(agenda) {
        let lines = serde_json::to_string(&point.lines)?;
        rows.push(vals![tx.division(), id, position, point.code.as_str(), lines, point.href.as_str()]);
    }
    let columns = ["division_code", "meeting_id", "position", "code", "lines", "href"];
    tx.insert_many("meeting_agenda", &columns, rows).await
}

/// All of a meeting, for its page and its printed record: codes, numbers, colleagues' names and guarded texts.
#[derive(Debug, Clone)]
pub struct MeetingRecord {
    /// The meeting.
    pub meeting: MeetingRow,
    /// The agenda: as it was kept, or as the data is now.
    pub agenda: Vec<Point>,
    /// What earlier meetings decided.
    pub follow_ups: Vec<FollowUp>,
    /// Who was invited, and who came.
    pub roll: Vec<Attendee>,
    /// What was decided.
    pub decisions: Vec<Decision>,
    /// Who wrote the minutes.
    pub held_by: Option<String>,
}

impl MeetingRecord {
    /// How many came.
    pub fn came(&self) -> usize {
        self.roll.iter().filter(|a| a.state == "present").count()
    }
}

/// The record of a meeting that the reader sees.
///
/// # Errors
/// `not-found`.
pub async fn record(app: &App, reader: &Reader, id: MeetingId) -> Result<MeetingRecord> {
    let q = app.store.reads();
    let meeting = find(&q, reader, id).await?;
    let agenda = if meeting.is_open() { agenda::draw(app, &meeting).await? } else { agenda::kept(&q, id).await? };
    let held_by = match meeting.held_by {
        Some(account) => name_of(&q, account).await?,
        None => None,
    };
    Ok(MeetingRecord {
        agenda,
        follow_ups: decisions::follow_ups(&q, &meeting).await?,
        roll: roll::of(&q, id).await?,
        decisions: decisions::of_meeting(&q, id).await?,
        held_by,
        meeting,
    })
}

async fn name_of(q: &impl Query, account: linli_platform::ids::AccountId) -> Result<Option<String>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        display_name: String,
    }
    let sql = "SELECT display_name FROM account WHERE division_code = $1 AND account_id = $2";
    let row: Option<Row> = q.row(sql, vals![q.division(), account]).await?;
    Ok(row.map(|r| r.display_name))
}
