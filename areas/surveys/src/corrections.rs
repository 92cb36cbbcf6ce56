//! Errors that a survey finds are put right at once and do not change what was measured (R25, 附件2 四): the coordinator
//! of the grid gets a task on the home, with what is wrong and how often; whom it concerns is seen at the door.

use std::collections::BTreeMap;

use linli_platform::{
    AppError, Result,
    app::App,
    event::SubjectRef,
    ids::GridId,
    store::{Query, Tx},
    texts::{Lang, T},
    vals,
};
use linli_register::HomeId;
use linli_work::{
    TaskKind, task_due_at,
    tasks::{self, NewTask},
};

use crate::ids::AssignmentId;

/// Where such tasks come from; their origin is the assignment.
const ORIGIN: &str = "survey";

/// Errors that were found at a home.
pub(crate) struct Errors {
    /// The first assignment to the home.
    pub assignment: AssignmentId,
    /// The home.
    pub home: HomeId,
    /// Its grid.
    pub grid: Option<GridId>,
    /// Kinds of problem and how many.
    pub problems: BTreeMap<String, i64>,
}

/// Whether errors of a home were asked to be put right already.
pub(crate) async fn is_asked(q: &impl Query, assignment: AssignmentId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM task
               WHERE division_code = $1 AND origin_kind = $2 AND origin_id = $3 AND state IN ('open', 'done')";
    Ok(q.number(sql, vals![q.division(), ORIGIN, assignment]).await? > 0)
}

/// Opens the task for an answer that names errors, in place of what an earlier answer asked for. A home in no grid has
/// nobody to ask.
///
/// # Errors
/// `survey-put-right` if the register was put right after the earlier answer: another one would measure the correction.
pub(crate) async fn ask(app: &App, tx: &Tx, errors: &Errors) -> Result<()> {
    let origin = errors.assignment.into();
    let sql = "SELECT COUNT(*) FROM task
               WHERE division_code = $1 AND origin_kind = $2 AND origin_id = $3 AND state = 'done'";
    if tx.number(sql, vals![tx.division(), ORIGIN, errors.assignment]).await? > 0 {
        return Err(AppError::rule("survey-put-right"));
    }
    tasks::overtake(tx, ORIGIN, origin).await?;
    let problems = &errors.problems;
    let Some(grid) = errors.grid.filter(|_| !problems.is_empty()) else { return Ok(()) };
    // Kept with the task as it is, whoever reads it later: in the language of the office.
    let t = T::new(app.texts.clone(), Lang::Zh);
    let named = problems.iter().map(|(kind, n)| format!("{} {n}", t.s(format!("survey-problem-{kind}"))));
    let task = NewTask {
        kind: TaskKind::SurveyError,
        subject: SubjectRef::new("home", errors.home, Some(grid)),
        home_id: Some(errors.home),
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
