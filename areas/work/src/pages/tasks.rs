//! Tasks: the list, one task, its closure.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, Paging, closes_by_itself, flash, redirect, render, render_status},
};
use serde::Deserialize;

use crate::{
    ids::TaskId,
    kinds::{Outcome, TaskKind},
    tasks::{self, Filter, NoteLine, Step, TaskRow},
};

#[derive(Template)]
#[template(path = "work/tasks.html")]
struct ListPage {
    page: Page,
    tasks: Vec<TaskRow>,
    paging: Paging,
    kinds: Vec<(&'static str, String)>,
    kind: String,
    state: &'static str,
    mine: bool,
    now: At,
}

impl ListPage {
    fn is_tab(&self, tab: &str) -> bool {
        tab == self.state
    }
    fn is_kind(&self, code: &str) -> bool {
        code == self.kind
    }
}

/// The tabs of the list, as `state` of the query.
const STATES: [&str; 3] = ["open", "late", "closed"];

/// `GET /tasks`: late ones first.
pub(crate) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let given = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let state = STATES.into_iter().find(|s| *s == given("state")).unwrap_or("open");
    let kind = TaskKind::from_code(given("kind"));
    let mine = given("mine") == "true";
    let filter = Filter {
        state: match state {
            "closed" => Some("done"),
            _ => Some("open"),
        },
        kind,
        grid: given("grid").parse().ok(),
        overdue: state == "late",
        home: given("home").parse().ok(),
        mine,
    };
    let paging = Paging::from_query(&query);
    let (tasks, total) = tasks::list(&app.store.reads(), &reader, &filter, &paging).await?;
    let kinds = TaskKind::ALL.iter().map(|k| (k.code(), page.t.code("task", k.code()))).collect();
    let kind = kind.map_or_else(String::new, |k| k.code().to_owned());
    let page = page.clone().titled(page.t.s("tasks-title"));
    let now = app.store.now();
    render(&ListPage { page, tasks, paging: paging.of(total), kinds, kind, state, mine, now })
}

#[derive(Template)]
#[template(path = "work/task.html")]
struct TaskPage {
    page: Page,
    task: TaskRow,
    history: Vec<Step>,
    outcomes: Vec<(&'static str, String)>,
    outcome: String,
    errors: FormErrors,
    note: Option<Vec<NoteLine>>,
    can_close: bool,
    can_take: bool,
    can_read: bool,
    now: At,
}

impl TaskPage {
    /// The case that the task ends with, for whoever may decide there.
    fn case(&self) -> Option<String> {
        let (.., action) = self.task.task_kind()?.case()?;
        self.task.case_page().filter(|_| self.page.may(action))
    }
}

async fn task_page(app: &App, reader: &Reader, page: Page, task: TaskRow) -> Result<TaskPage> {
    let reads = app.store.reads();
    let history = tasks::history(&reads, &task).await?;
    let works = task.is_open() && reader.may(Action::FieldWork);
    let can_take =
        works && task.account_id != Some(reader.account) && tasks::is_assignable(&reads, &task, reader.account).await?;
    let outcomes = task.outcomes().iter().map(|o| (o.code(), page.t.code("task-outcome", o.code()))).collect();
    let title = page.t.code("task", &task.kind);
    Ok(TaskPage {
        page: page.titled(title),
        history,
        outcomes,
        outcome: String::new(),
        errors: FormErrors::new(),
        note: None,
        can_close: works && task.case_page().is_none(),
        can_take,
        can_read: task.is_open() && task.notes > 0 && reader.may(Action::RegisterUnmask),
        now: app.store.now(),
        task,
    })
}

/// `GET /tasks/{id}`.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<TaskId>,
) -> Result<Response> {
    let task = tasks::find(&app.store.reads(), &reader, id).await?;
    render(&task_page(&app, &reader, page, task).await?)
}

/// How a task ended, as chosen.
#[derive(Debug, Deserialize)]
pub(crate) struct Closure {
    #[serde(default)]
    outcome: String,
    version: i64,
}

/// `POST /tasks/{id}/closure`.
pub(crate) async fn close(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<TaskId>,
    Form(form): Form<Closure>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let with_case = tasks::find(&tx, &reader, id).await?.case_page().is_some();
    let refused = match Outcome::from_code(&form.outcome) {
        Some(_) if with_case => AppError::rule("task-ends-with-case"),
        Some(outcome) => match tasks::close(&tx, id, form.version, outcome).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(flash(redirect("/tasks"), "task-closed-now"));
            }
            Err(e) if e.is("task-outcome") || e.is("task-closed") => e,
            Err(e) => return Err(e),
        },
        None => AppError::rule("task-outcome"),
    };
    drop(tx);
    let task = tasks::find(&app.store.reads(), &reader, id).await?;
    let mut shown = task_page(&app, &reader, page, task).await?;
    shown.errors.add_error(&shown.page.t, "outcome", &refused);
    shown.outcome = form.outcome;
    render_status(http::StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `POST /tasks/{id}/assignment`: the reader takes the task.
pub(crate) async fn take(State(app): State<App>, reader: Reader, Path(id): Path<TaskId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    tasks::assign(&tx, id, reader.account).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/tasks/{id}")), "task-taken"))
}

/// `POST /tasks/{id}/reading`: the facts to be checked, unmasked once, on record.
pub(crate) async fn read_note(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<TaskId>,
) -> Result<Response> {
    let task = tasks::find(&app.store.reads(), &reader, id).await?;
    let mut shown = task_page(&app, &reader, page, task).await?;
    let tx = app.store.begin(&reader).await?;
    let note = tasks::open_note(&tx, id).await?;
    tx.commit().await?;
    shown.note = Some(note);
    Ok(closes_by_itself(&app, render(&shown)?, &format!("/tasks/{id}")))
}
