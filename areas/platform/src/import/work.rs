//! The background jobs of imports. Their payload is the import's id.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde::Deserialize;

use super::{apply, check};
use crate::{
    access::Action,
    accounts,
    app::App,
    error::{AppError, Result},
    ids::ImportId,
    jobs::{Job, JobKind, Jobs},
    reader::Reader,
    retention::Due,
    sessions,
};

#[derive(Deserialize)]
struct Payload {
    import_id: ImportId,
}

struct Check;
struct Apply;
struct Expire;

/// The jobs of imports.
pub fn jobs() -> Jobs {
    vec![Arc::new(Check), Arc::new(Apply), Arc::new(Expire)]
}

/// The person who asked, with the rights of now; a failure is written on the import, where the person looks.
async fn begun(app: &App, job: &Job) -> Result<(Reader, ImportId)> {
    let id = job.payload::<Payload>()?.import_id;
    match reader_of(app, job).await {
        Ok(reader) => Ok((reader, id)),
        Err(e) => Err(failed(app, &Reader::system(), id, e).await),
    }
}

async fn reader_of(app: &App, job: &Job) -> Result<Reader> {
    let account = accounts::find(&app.store.reads(), job.account_id).await?;
    if account.disabled {
        return Err(AppError::forbidden());
    }
    let day = app.store.now().day();
    Ok(sessions::reader(app, account.account_id, account.display_name, day).await?.doing(Action::Import))
}

/// Writes down what a rule refused. A fault of ours leaves the import as it is: the job tries again, and where it gave
/// up, the import's page says so.
async fn failed(app: &App, reader: &Reader, id: ImportId, error: AppError) -> AppError {
    if error.is("internal") {
        return error;
    }
    match apply::fail(&app.store, reader, id, &error).await {
        Ok(()) => error,
        Err(second) => second,
    }
}

impl JobKind for Check {
    fn kind(&self) -> &'static str {
        "import.check"
    }
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let (reader, id) = begun(app, job).await?;
            match check::check(app, &reader, id, Some(job)).await {
                Ok(_) => Ok(format!("/imports/{id}")),
                Err(e) => Err(failed(app, &reader, id, e).await),
            }
        })
    }
}

impl JobKind for Apply {
    fn kind(&self) -> &'static str {
        "import.apply"
    }
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let (reader, id) = begun(app, job).await?;
            job.progress(&app.store, "import-stage-apply", 0, 0).await?;
            match apply::apply(app, &reader, id).await {
                Ok(_) => Ok(format!("/imports/{id}")),
                Err(e) => Err(failed(app, &reader, id, e).await),
            }
        })
    }
}

impl JobKind for Expire {
    fn kind(&self) -> &'static str {
        "import.expire"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let given_up = apply::expire(&app.store).await?;
            if given_up > 0 {
                tracing::info!(given_up, "imports that nobody finished were given up");
            }
            Ok(String::new())
        })
    }
    fn due<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            let (before, rows) = apply::unfinished(&app.store).await?;
            Ok(vec![Due { key: "unfinished-import", before, rows }])
        })
    }
}
