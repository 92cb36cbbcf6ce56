//! What a meeting decides to have done: in whose hands, by when. With the minutes each becomes a task of the grid, and
//! until that is done it returns in the agenda of the meetings that follow.

use linli_platform::{
    AppError, Result,
    clock::{At, Day},
    event::{NewEvent, SubjectRef},
    free_text,
    ids::{AccountId, GridId},
    store::{Query, Tx},
    vals,
};
use linli_team::StaffId;
use linli_work::{
    TaskId, TaskKind,
    tasks::{self, NewTask},
};
use sea_orm::FromQueryResult;

use crate::{
    convening::{own_and_open, subject},
    ids::{DecisionId, MeetingId},
    meetings::{MeetingRow, find, grids_of},
    roll,
};

/// The longest text of a decision.
pub const WORDS_MAX_CHARS: usize = 200;

/// A decision with what became of it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Decision {
    /// Id.
    pub decision_id: DecisionId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// What is to be done.
    pub words: String,
    /// Where.
    pub grid_id: GridId,
    /// The grid's name.
    pub grid_name: Option<String>,
    /// In whose hands.
    pub staff_name: String,
    /// The account of that colleague.
    pub account_id: Option<AccountId>,
    /// By when.
    pub due_day: Day,
    /// The task, once the minutes stand.
    pub task_id: Option<TaskId>,
    /// The task's state: `open`, `done`, `dropped`.
    pub task_state: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// When.
    pub done_at: Option<At>,
}

impl Decision {
    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        self.task_state.as_deref().is_none_or(|s| s == "open")
    }
    /// Whether its day is over and it is not done.
    pub fn is_late(&self, today: Day) -> bool {
        self.is_open() && self.task_id.is_some() && self.due_day < today
    }
}

/// A decision that returns, with the meeting it comes from.
#[derive(Debug, Clone, FromQueryResult)]
pub struct FollowUp {
    /// The meeting's kind.
    pub kind: String,
    /// Its day.
    pub starts_at: At,
    /// What was to be done.
    pub words: String,
    /// In whose hands.
    pub staff_name: String,
    /// By when.
    pub due_day: Day,
    /// The task.
    pub task_id: TaskId,
    /// `open`, `done`, `dropped`.
    pub task_state: String,
    /// How it ended.
    pub outcome: Option<String>,
}

impl FollowUp {
    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        self.task_state == "open"
    }
    /// Whether its day is over and it is not done.
    pub fn is_late(&self, today: Day) -> bool {
        self.is_open() && self.due_day < today
    }
}

/// The decisions of a meeting, in the order in which they were taken. The caller has found the meeting.
pub async fn of_meeting(q: &impl Query, id: MeetingId) -> Result<Vec<Decision>> {
    q.rows(
        "SELECT d.decision_id, d.meeting_id, d.words, d.grid_id, g.name AS grid_name, s.name AS staff_name, s.account_id,
                d.due_day, d.task_id, t.state AS task_state, t.outcome, t.done_at
         FROM meeting_decision d
         JOIN staff s ON s.division_code = d.division_code AND s.staff_id = d.staff_id
         LEFT JOIN micro_grid g ON g.division_code = d.division_code AND g.grid_id = d.grid_id
         LEFT JOIN task t ON t.division_code = d.division_code AND t.task_id = d.task_id
         WHERE d.division_code = $1 AND d.meeting_id = $2 ORDER BY d.made_at, d.decision_id",
        vals![q.division(), id],
    )
    .await
}

/// What earlier meetings of the same grids decided and is still to be done, or was done since the meeting before. The
/// caller has found the meeting.
pub async fn follow_ups(q: &impl Query, meeting: &MeetingRow) -> Result<Vec<FollowUp>> {
    let before = q
        .number(
            "SELECT MAX(m.held_at) FROM meeting m WHERE m.division_code = $1 AND m.kind = $2 AND m.area = $3
             AND m.starts_at < $4",
            vals![q.division(), meeting.kind.as_str(), meeting.area.as_str(), meeting.starts_at],
        )
        .await?;
    // A held meeting shows what was open then: not what has been done since.
    let until = meeting.held_at.unwrap_or(At(i64::MAX));
    q.rows(
        "SELECT m.kind, m.starts_at, d.words, s.name AS staff_name, d.due_day, t.task_id,
                CASE WHEN t.done_at > $4 THEN 'open' ELSE t.state END AS task_state,
                CASE WHEN t.done_at > $4 THEN NULL ELSE t.outcome END AS outcome
         FROM meeting_decision d
         JOIN meeting m ON m.division_code = d.division_code AND m.meeting_id = d.meeting_id
         JOIN staff s ON s.division_code = d.division_code AND s.staff_id = d.staff_id
         JOIN task t ON t.division_code = d.division_code AND t.task_id = d.task_id
         WHERE d.division_code = $1 AND d.meeting_id <> $2 AND m.starts_at < $3 AND t.made_at <= $4
           AND (t.state = 'open' OR t.done_at >= $5)
           AND d.grid_id IN (SELECT mg.grid_id FROM meeting_grid mg WHERE mg.division_code = $1 AND mg.meeting_id = $2)
         ORDER BY d.due_day, d.decision_id",
        vals![q.division(), meeting.meeting_id, meeting.starts_at, until, At(before)],
    )
    .await
}

/// A decision about to be taken.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// What is to be done.
    pub words: String,
    /// Who sees to it: somebody on the roll who works in a grid of the meeting.
    pub staff: StaffId,
    /// By when.
    pub due_day: Day,
}

/// Takes a decision, until the minutes stand.
///
/// # Errors
/// `not-found`; `meeting-not-convener`; `meeting-held`; `free-text-number`, `free-text-word`, `form-required` for the
/// words; `meeting-decision-owner`; `meeting-decision-due` for a day before the meeting's.
pub async fn decide(tx: &Tx, id: MeetingId, new: NewDecision) -> Result<DecisionId> {
    let meeting = find(tx, tx.reader(), id).await?;
    own_and_open(tx, &meeting)?;
    let words = new.words.trim();
    if words.is_empty() || words.chars().count() > WORDS_MAX_CHARS {
        return Err(AppError::rule("meeting-decision-words").arg("max", WORDS_MAX_CHARS));
    }
    free_text::check(words)?;
    if new.due_day < meeting.starts_at.day() {
        return Err(AppError::rule("meeting-decision-due"));
    }
    let grid = grid_of_owner(tx, &meeting, new.staff).await?;
    let decision: DecisionId = tx.new_id();
    tx.insert_many(
        "meeting_decision",
        &["division_code", "decision_id", "meeting_id", "words", "grid_id", "staff_id", "due_day", "made_at"],
        vec![vals![tx.division(), decision, id, words, grid, new.staff, new.due_day, tx.now()]],
    )
    .await?;
    let body = serde_json::json!({ "due": new.due_day });
    tx.event(NewEvent::new("meeting.decided", subject(id, meeting.grid_id)).body(body)).await?;
    Ok(decision)
}

/// The grid of the meeting in which somebody on the roll does field work today.
async fn grid_of_owner(tx: &Tx, meeting: &MeetingRow, staff: StaffId) -> Result<GridId> {
    #[derive(FromQueryResult)]
    struct Row {
        grid_id: Option<GridId>,
    }
    let refused = || AppError::rule("meeting-decision-owner");
    if roll::of(tx, meeting.meeting_id).await?.iter().all(|a| a.staff_id != staff) {
        return Err(refused());
    }
    let grids = grids_of(tx, meeting.meeting_id).await?;
    let rows: Vec<Row> = tx
        .rows(
            "SELECT grid_id FROM appointment WHERE division_code = $1 AND staff_id = $2 AND from_day <= $3
             AND (until_day IS NULL OR until_day > $3)
             AND post IN ('grid-leader', 'officer', 'coordinator', 'grid-worker') ORDER BY from_day, appointment_id",
            vals![tx.division(), staff, tx.now().day()],
        )
        .await?;
    rows.into_iter().filter_map(|r| r.grid_id).find(|g| grids.contains(g)).ok_or_else(refused)
}

/// Takes a decision back, until the minutes stand.
///
/// # Errors
/// `not-found`; `meeting-not-convener`; `meeting-held`.
pub async fn withdraw(tx: &Tx, id: MeetingId, decision: DecisionId) -> Result<()> {
    let meeting = find(tx, tx.reader(), id).await?;
    own_and_open(tx, &meeting)?;
    let gone = tx
        .execute(
            "DELETE FROM meeting_decision WHERE division_code = $1 AND meeting_id = $2 AND decision_id = $3
             AND task_id IS NULL",
            vals![tx.division(), id, decision],
        )
        .await?;
    if gone == 0 {
        return Err(AppError::not_found());
    }
    tx.event(NewEvent::new("meeting.decision-withdrawn", subject(id, meeting.grid_id))).await?;
    Ok(())
}

/// Opens the task of a decision, in the hands of whoever was named.
fn task_of(decision: &Decision) -> NewTask {
    NewTask {
        kind: TaskKind::MeetingDecision,
        subject: SubjectRef::new("meeting-decision", decision.decision_id, Some(decision.grid_id)),
        home_id: None,
        grid: decision.grid_id,
        origin_kind: "meeting",
        origin_id: decision.meeting_id.0,
        due_at: Some(decision.due_day.end()),
        masked_note: String::new(),
        sealed_note: None,
    }
}

/// Makes tasks of a meeting's decisions; how many.
pub(crate) async fn open_tasks(tx: &Tx, id: MeetingId) -> Result<usize> {
    let decisions: Vec<Decision> = of_meeting(tx, id).await?.into_iter().filter(|d| d.task_id.is_none()).collect();
    let ids = tasks::open_many(tx, decisions.iter().map(task_of).collect()).await?;
    for (decision, task) in decisions.iter().zip(&ids) {
        tx.execute_one(
            "UPDATE meeting_decision SET task_id = $3 WHERE division_code = $1 AND decision_id = $2",
            vals![tx.division(), decision.decision_id, *task],
        )
        .await?;
        let row = tasks::find(tx, tx.reader(), *task).await?;
        if let Some(account) = decision.account_id
            && tasks::is_assignable(tx, &row, account).await?
        {
            tasks::assign(tx, *task, account).await?;
        }
    }
    Ok(ids.len())
}
