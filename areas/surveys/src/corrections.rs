//! Errors that a survey finds are put right at once and do not change what was measured (R25, 附件2 四): the coordinator
//! of the grid gets a task on the home, with what is wrong and how often; whom it concerns is seen at the door.

use linli_platform::{
    AppError, Result,
    app::App,
    event::SubjectRef,
    store::{Query, Tx},
    texts::{Lang, T},
    vals,
};
use linli_work::{
    TaskKind, task_due_at,
    tasks::{self, NewTask},
};

use crate::{answers::HomeObservation, assign::AssignedHome};

/// Where such tasks come from; their origin is the assignment.
const ORIGIN: &str = "survey";

/// Opens the task for an answer that names errors, in place of what an earlier answer asked for. A home in no grid has
/// nobody to ask.
///
/// # Errors
/// `survey-put-right` if the register was put right after the earlier answer: another one would measure the correction.
pub(crate) async fn ask(app: &App, tx: &Tx, assigned: &AssignedHome, seen: &HomeObservation) -> Result<()> {
    let origin = assigned.assignment_id.into();
    let sql = "SELECT COUNT(*) FROM task
               WHERE division_code = $1 AND origin_kind = $2 AND origin_id = $3 AND state = 'done'";
    if tx.number(sql, vals![tx.division(), ORIGIN, assigned.assignment_id]).await? > 0 {
        return Err(AppError::rule("survey-put-right"));
    }
    tasks::overtake(tx, ORIGIN, origin).await?;
    let problems = seen.problems();
    let Some(grid) = assigned.grid_id.filter(|_| !problems.is_empty()) else { return Ok(()) };
    // Kept with the task as it is, whoever reads it later: in the language of the office.
    let t = T::new(app.texts.clone(), Lang::Zh);
    let named = problems.iter().map(|(kind, n)| format!("{} {n}", t.s(format!("survey-problem-{kind}"))));
    let task = NewTask {
        kind: TaskKind::SurveyError,
        subject: SubjectRef::new("home", assigned.home_id, Some(grid)),
        home_id: Some(assigned.home_id),
        grid,
        origin_kind: ORIGIN,
        origin_id: origin,
        due_at: Some(task_due_at(&app.pack, &app.calendar, TaskKind::SurveyError, tx.now())?),
        masked_note: named.collect::<Vec<_>>().join("；"),
        sealed_note: None,
    };
    tasks::open_many(tx, vec![task]).await?;
    Ok(())
}
