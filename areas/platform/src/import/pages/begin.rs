//! The list of imports, and the beginning of a new one.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Multipart, Path, Query, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};

use super::{download, kind_name};
use crate::{
    app::App,
    error::{AppError, Result},
    import::{self, Case, kind_of, upload},
    reader::Reader,
    sheet::{MAX_FILE_BYTES, MAX_ROWS},
    web::{FormErrors, Page, Paging, redirect, render, render_status},
};

#[derive(Template)]
#[template(path = "import/list.html")]
struct ListPage {
    page: Page,
    cases: Vec<Case>,
    paging: Paging,
}

/// `GET /imports`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    let (cases, total) = import::list(&app.store.reads(), &reader, paging.limit(), paging.offset()).await?;
    let page = page.clone().titled(page.t.s("import-list-title"));
    render(&ListPage { page, cases, paging: paging.of(total) })
}

#[derive(Template)]
#[template(path = "import/new.html")]
struct NewPage {
    page: Page,
    /// Name and text of each kind.
    kinds: Vec<(String, String)>,
    kind: String,
    errors: FormErrors,
    limit_mb: u64,
    limit_rows: usize,
}

fn new_page(app: &App, page: Page, kind: &str, errors: FormErrors) -> NewPage {
    let kinds = app.imports.iter().map(|k| (k.name().to_owned(), kind_name(&page.t, k.name()))).collect();
    let page = page.clone().titled(page.t.s("import-new-title"));
    let limit_mb = MAX_FILE_BYTES / 1024 / 1024;
    NewPage { page, kinds, kind: kind.to_owned(), errors, limit_mb, limit_rows: MAX_ROWS }
}

/// `GET /imports/new?kind=`
pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let kind = query.get("kind").map_or("", String::as_str);
    render(&new_page(&app, page, kind, FormErrors::new()))
}

/// `POST /imports`
pub(super) async fn create(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response> {
    let mut kind = String::new();
    match receive(&app, &reader, &headers, form, &mut kind).await {
        Ok(id) => Ok(redirect(&format!("/imports/{id}"))),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FormErrors::new();
            let field = if e.is("import-kind-unknown") { "kind" } else { "file" };
            errors.add_error(&page.t, field, &e);
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&app, page, &kind, errors))
        }
        Err(e) => Err(e),
    }
}

async fn receive(
    app: &App,
    reader: &Reader,
    headers: &HeaderMap,
    form: Multipart,
    kind_name: &mut String,
) -> Result<crate::ids::ImportId> {
    let upload = upload::receive(headers, form).await?;
    kind_name.clone_from(&upload.kind);
    let kind = kind_of(app, &upload.kind)?;
    if upload.bytes == 0 {
        return Err(AppError::rule("import-no-file"));
    }
    let sheet = upload::read(kind, upload.file).await?;
    import::stage(&app.store, reader, kind, &upload.file_name, sheet).await
}

/// `GET /imports/templates/{kind}.xlsx`
pub(super) async fn template(State(app): State<App>, page: Page, Path(file): Path<String>) -> Result<Response> {
    let name = file.strip_suffix(".xlsx").ok_or_else(AppError::not_found)?;
    let kind = kind_of(&app, name).map_err(|_| AppError::not_found())?;
    Ok(download(kind.name(), import::template(&page.t, kind, app.store.now())?))
}
