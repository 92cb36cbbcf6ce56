//! The past of a demonstration: meetings that were held, or missed, before the program was there.

use linli_platform::{
    Result,
    app::App,
    clock::{At, Day},
    event::NewEvent,
    ids::{AccountId, GridId},
    store::{Query, Tx},
    vals,
};
use linli_team::StaffId;
use linli_work::{Outcome, TaskId, TaskKind};
use policy_pack::MeetingId as Kind;
use sea_orm::Value;

use crate::{
    agenda::Point,
    convening::{Convened, convene_many, subject},
    dates::{self, Period, USUAL_TIME},
    ids::{DecisionId, MeetingId},
    minutes::keep,
    roll::{self, Team},
};

/// A decision of a past meeting.
#[derive(Debug, Clone)]
pub struct PastDecision {
    /// What was to be done.
    pub words: String,
    /// By when.
    pub due_day: Day,
    /// When it was done, if it was.
    pub done_at: Option<At>,
}

/// A past meeting of a grid.
#[derive(Debug, Clone)]
pub struct PastMeeting {
    /// Weekly or monthly.
    pub kind: Kind,
    /// The grid.
    pub grid: GridId,
    /// A day of its period.
    pub within: Day,
    /// Minutes; none for a meeting that was missed.
    pub summary: Option<String>,
    /// Every how many of those invited one was on duty elsewhere; 0 for nobody.
    pub absent_every: usize,
    /// Who wrote the minutes.
    pub held_by: AccountId,
    /// Decisions, in the hands of the first on the roll who does field work.
    pub decisions: Vec<PastDecision>,
}

/// Writes past meetings; how many. Those whose period had no working day are left out.
pub async fn insert(app: &App, tx: &Tx, past: Vec<PastMeeting>) -> Result<usize> {
    let team = Team::on(tx, tx.now().day()).await?;
    let (mut convened, mut kept) = (Vec::new(), Vec::new());
    for meeting in past {
        let Some(rule) = dates::rule(&app.pack, meeting.kind) else { continue };
        let period = Period::of(rule.day, meeting.within);
        let Ok(Some(day)) = period.regular_day(&app.calendar) else { continue };
        let starts_at = dates::at(day, USUAL_TIME);
        let (kind, grid) = (meeting.kind, meeting.grid);
        convened.push(Convened {
            kind,
            area: grid.to_string(),
            grid: Some(grid),
            grids: vec![grid],
            period,
            starts_at,
        });
        kept.push((meeting, starts_at));
    }
    let ids = convene_many(tx, &app.pack, &team, convened).await?;
    let mut events = Vec::new();
    for (id, (meeting, starts_at)) in ids.iter().zip(&kept) {
        if let Some(summary) = &meeting.summary {
            // What the data said then is not known: the points alone.
            let codes = dates::rule(&app.pack, meeting.kind).map_or(&[][..], |r| r.agenda.as_slice());
            let point = |code: &String| Point { code: code.clone(), lines: Vec::new(), href: String::new() };
            let points: Vec<Point> = codes.iter().map(point).collect();
            hold(tx, *id, meeting, summary, *starts_at, &points).await?;
            events.push((NewEvent::new("meeting.held", subject(*id, Some(meeting.grid))).version(2), *starts_at));
        }
    }
    tx.events_entered(events).await?;
    Ok(ids.len())
}

async fn hold(
    tx: &Tx,
    id: MeetingId,
    meeting: &PastMeeting,
    summary: &str,
    starts_at: At,
    points: &[Point],
) -> Result<()> {
    let held_at = starts_at.plus_s(3_600);
    tx.execute(
        "UPDATE meeting SET state = 'held', summary = $3, held_at = $4, held_by = $5, made_at = $6, version = 2
         WHERE division_code = $1 AND meeting_id = $2",
        vals![tx.division(), id, summary, held_at, meeting.held_by, starts_at.plus_hours(-7 * 24)],
    )
    .await?;
    tx.execute(
        "UPDATE meeting_attendee SET state = 'present', how = 'ticked', marked_at = $3
         WHERE division_code = $1 AND meeting_id = $2",
        vals![tx.division(), id, starts_at],
    )
    .await?;
    if meeting.absent_every > 0 {
        for absent in roll::of(tx, id).await?.iter().skip(1).step_by(meeting.absent_every) {
            tx.execute(
                "UPDATE meeting_attendee SET state = 'absent', reason = 'on-duty'
                 WHERE division_code = $1 AND meeting_id = $2 AND staff_id = $3",
                vals![tx.division(), id, absent.staff_id],
            )
            .await?;
        }
    }
    keep(tx, id, points).await?;
    for decision in &meeting.decisions {
        decide(tx, id, meeting, decision, held_at).await?;
    }
    Ok(())
}

async fn decide(tx: &Tx, id: MeetingId, meeting: &PastMeeting, past: &PastDecision, at: At) -> Result<()> {
    let doers = ["coordinator", "grid-worker", "officer", "grid-leader"];
    let all = roll::of(tx, id).await?;
    let doer = doers.iter().find_map(|post| all.iter().find(|a| a.post == *post));
    let Some(doer) = doer else { return Ok(()) };
    let (decision, task): (DecisionId, TaskId) = (tx.new_id(), tx.new_id());
    let staff: StaffId = doer.staff_id;
    let columns = ["decision_id", "meeting_id", "words", "grid_id", "staff_id", "due_day", "task_id", "made_at"];
    let row = vals![tx.division(), decision, id, past.words.as_str(), meeting.grid, staff, past.due_day, task, at];
    insert_task(tx, task, decision, id, meeting.grid, doer.account_id, past, at).await?;
    write_row(tx, "meeting_decision", &columns, row).await
}

async fn insert_task(
    tx: &Tx,
    task: TaskId,
    decision: DecisionId,
    id: MeetingId,
    grid: GridId,
    account: Option<AccountId>,
    past: &PastDecision,
    at: At,
) -> Result<()> {
    let state = if past.done_at.is_some() { "done" } else { "open" };
    let outcome = past.done_at.map(|_| Outcome::CarriedOut.code());
    let kind = TaskKind::MeetingDecision;
    let due_at = past.due_day.end();
    let subject = ["task_id", "kind", "subject_kind", "subject_id", "grid_id", "role", "account_id", "state"];
    let rest = ["origin_kind", "origin_id", "due_at", "made_at", "done_at", "outcome", "note_masked", "version"];
    let mut row = vals![tx.division(), task, kind.code(), "meeting-decision", decision, grid, kind.role().code()];
    row.extend(vals![account, state, "meeting", id, due_at, at, past.done_at, outcome, "", 1_i64]);
    write_row(tx, "task", &[subject, rest].concat(), row).await
}

/// Inserts one row, whose first value is the division.
async fn write_row(tx: &Tx, table: &'static str, columns: &[&'static str], row: Vec<Value>) -> Result<()> {
    let mut all = vec!["division_code"];
    all.extend(columns);
    tx.insert_many(table, &all, vec![row]).await
}
