//! One import: its columns to be confirmed, its progress, its preview, its result, as its state has it.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use http::StatusCode;

use super::{column_name, download, kind_name};
use crate::{
    app::App,
    error::{AppError, Result},
    ids::ImportId,
    import::{self, Case, Mapping, Problem, ProblemGroup, State as ImportState, kind_of, workbook::message},
    jobs::{self, Job},
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, redirect, render, render_status},
};

#[derive(Template)]
#[template(path = "import/mapping.html")]
struct MappingPage {
    page: Page,
    case: Case,
    /// Field name, heading, and chosen column of each column of the file.
    columns: Vec<(String, String, String)>,
    /// Name and text of each known column; required ones with a star.
    choices: Vec<(String, String)>,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "import/progress.html")]
struct ProgressPage {
    page: Page,
    case: Case,
    job: Option<Job>,
    /// Why the job gave up, if it did.
    stopped: Option<String>,
}

#[derive(Template)]
#[template(path = "import/preview.html")]
struct PreviewPage {
    page: Page,
    case: Case,
    problems: Vec<Problem>,
    paging: Paging,
    kept: i64,
    errors: FormErrors,
}

impl PreviewPage {
    fn column(&self, name: &str) -> String {
        column_name(&self.page.t, name)
    }
    fn message(&self, problem: &Problem) -> String {
        message(&self.page.t, &problem.code, &problem.args)
    }
    fn group_message(&self, group: &ProblemGroup) -> String {
        message(&self.page.t, &group.code, &group.args)
    }
    fn weight(&self, fatal: &bool) -> String {
        self.page.t.s(if *fatal { "import-weight-fatal" } else { "import-weight-hint" })
    }
}

#[derive(Template)]
#[template(path = "import/result.html")]
struct ResultPage {
    page: Page,
    case: Case,
    error: Option<String>,
}

/// `GET /imports/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ImportId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let case = import::find(&app.store.reads(), &reader, id).await?;
    let title =
        page.t.all("import-title", &[("kind", kind_name(&page.t, &case.kind)), ("file", case.file_name.clone())]);
    let page = page.titled(title);
    match case.state {
        ImportState::Uploaded => render(&mapping_page(&app, page, case, FormErrors::new())?),
        ImportState::Mapped | ImportState::Checking | ImportState::Applying => {
            let job = match case.job {
                Some(job) => Some(jobs::find(&app.store.reads(), &reader, job).await?),
                None => None,
            };
            let failed = job.as_ref().filter(|j| j.has_failed()).map(|j| j.error_code.as_deref().unwrap_or("internal"));
            let stopped = failed.map(|code| page.t.message(format!("error-{code}")));
            render(&ProgressPage { page, case, job, stopped })
        }
        ImportState::Checked => render(&preview_page(&app, page, case, &query, FormErrors::new()).await?),
        ImportState::Applied | ImportState::Cancelled | ImportState::Failed => {
            let error = case.summary.error.as_ref().map(|code| {
                let args: Vec<_> = case.summary.error_args.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
                page.t.all(format!("error-{code}"), &args)
            });
            render(&ResultPage { page, case, error })
        }
    }
}

fn mapping_page(app: &App, page: Page, case: Case, errors: FormErrors) -> Result<MappingPage> {
    let kind = kind_of(app, &case.kind)?;
    let columns = (0..)
        .zip(case.headers.iter().zip(&case.mapping.0))
        .map(|(i, (heading, mapped)): (usize, _)| {
            (format!("c{i}"), heading.clone(), mapped.clone().unwrap_or_default())
        })
        .collect();
    let choice = |c: &import::ColumnSpec| {
        (c.name.to_owned(), format!("{}{}", column_name(&page.t, c.name), if c.required { " *" } else { "" }))
    };
    let choices = kind.columns().iter().map(choice).collect();
    Ok(MappingPage { columns, choices, page, case, errors })
}

async fn preview_page(
    app: &App,
    page: Page,
    case: Case,
    query: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<PreviewPage> {
    let all = import::problems(&app.store.reads(), case.id).await?;
    let kept = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let paging = Paging::from_query(query).of(kept);
    let skip = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(paging.limit()).unwrap_or(0);
    let problems = all.into_iter().skip(skip).take(take).collect();
    Ok(PreviewPage { page, case, problems, paging, kept, errors })
}

/// `POST /imports/{id}/mapping`
pub(super) async fn map(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ImportId>,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut case = import::find(&app.store.reads(), &reader, id).await?;
    let kind = kind_of(&app, &case.kind)?;
    let chosen = |i: usize| fields.get(&format!("c{i}")).filter(|name| !name.is_empty()).cloned();
    let mapping = Mapping((0..case.headers.len()).map(chosen).collect());
    match import::map_columns(&app.store, &reader, kind, id, mapping.clone()).await {
        Ok(()) => Ok(redirect(&format!("/imports/{id}"))),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY && case.state == ImportState::Uploaded => {
            let field = e.args.first().and_then(|(_, name)| mapping.source(name)).map(|i| format!("c{i}"));
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, field.as_deref().unwrap_or(""), &named(&page, e));
            case.mapping = mapping;
            let page = page.clone().titled(page.t.s("import-mapping-title"));
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &mapping_page(&app, page, case, errors)?)
        }
        Err(e) => Err(e),
    }
}

/// The same error with the column's name in the page's language.
fn named(page: &Page, mut e: AppError) -> AppError {
    for (name, value) in e.args.iter_mut().filter(|(name, _)| *name == "column") {
        let key = format!("{name}-{value}");
        *value = page.t.message(key);
    }
    e
}

/// `POST /imports/{id}/checks`
pub(super) async fn check_again(State(app): State<App>, reader: Reader, Path(id): Path<ImportId>) -> Result<Response> {
    import::check_again(&app.store, &reader, id).await?;
    Ok(redirect(&format!("/imports/{id}")))
}

/// `POST /imports/{id}/resumption`
pub(super) async fn resume(State(app): State<App>, reader: Reader, Path(id): Path<ImportId>) -> Result<Response> {
    import::resume(&app.store, &reader, id).await?;
    Ok(redirect(&format!("/imports/{id}")))
}

/// What stands beside the button.
#[derive(serde::Deserialize)]
pub(super) struct Confirmation {
    rows: i64,
    #[serde(default)]
    leave_out_bad: bool,
}

/// `POST /imports/{id}/confirmation`
pub(super) async fn confirm(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ImportId>,
    Form(form): Form<Confirmation>,
) -> Result<Response> {
    match import::confirm(&app.store, &reader, id, form.leave_out_bad, form.rows).await {
        Ok(()) => Ok(redirect(&format!("/imports/{id}"))),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let case = import::find(&app.store.reads(), &reader, id).await?;
            let mut errors = FormErrors::new();
            let field = if e.is("import-bad-rows") { "leave_out_bad" } else { "" };
            errors.add_error(&page.t, field, &e);
            let page = page.clone().titled(page.t.s("import-preview-title"));
            let preview = preview_page(&app, page, case, &HashMap::new(), errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &preview)
        }
        Err(e) => Err(e),
    }
}

/// `POST /imports/{id}/cancellation`
pub(super) async fn cancel(State(app): State<App>, reader: Reader, Path(id): Path<ImportId>) -> Result<Response> {
    import::cancel(&app.store, &reader, id).await?;
    Ok(flash(redirect("/imports"), "import-cancelled-flash"))
}

/// `GET /imports/{id}/errors.xlsx`
pub(super) async fn errors(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ImportId>,
) -> Result<Response> {
    let bytes = import::problem_workbook(&app, &reader, &page.t, id).await?;
    Ok(download("import-errors", bytes))
}
