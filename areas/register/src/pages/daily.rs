//! The daily file for the official register: made, taken, answered, and how its columns are mapped.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    reader::Reader,
    sheet::{self, Out, WriteOptions},
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    export::{watermark, workbook},
    form::can_be_put_right,
};
use crate::{
    daily::{self, Column, Counts, DailyFile, Line, Refused},
    ids::DailyFileId,
};

/// The largest receipt.
pub(super) const RECEIPT_MAX_BYTES: usize = 5 * 1024 * 1024;

#[derive(Template)]
#[template(path = "register/daily-files.html")]
struct List {
    page: Page,
    errors: FormErrors,
    files: Vec<DailyFile>,
    day: String,
}

async fn list_view(app: &App, page: Page, errors: FormErrors, day: String) -> Result<List> {
    let title = page.t.s("daily-title");
    Ok(List { files: daily::list(&app.store.reads()).await?, page: page.titled(title), errors, day })
}

pub(super) async fn list(State(app): State<App>, page: Page, _: Reader) -> Result<Response> {
    let yesterday = app.store.now().day().plus_days(-1).to_string();
    web::render(&list_view(&app, page, FormErrors::new(), yesterday).await?)
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    day: String,
}

pub(super) async fn make(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let day = web::optional::<Day>(&mut errors, "day", &asked.day);
    errors.require(day.is_some() || !errors.is_empty(), "day", "form-required");
    if let (Some(day), true) = (day, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match daily::make(&tx, day).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/daily-files/{id}")), "daily-made"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, "day", &e),
            Err(e) => return Err(e),
        }
    }
    let view = list_view(&app, page, errors, asked.day).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

#[derive(Template)]
#[template(path = "register/daily-file.html")]
struct One {
    page: Page,
    errors: FormErrors,
    file: DailyFile,
    counts: Counts,
    refused: Vec<Refused>,
}

async fn view(app: &App, page: Page, id: DailyFileId, errors: FormErrors) -> Result<One> {
    let q = app.store.reads();
    let file = daily::find(&q, id).await?;
    let title = page.t.a("daily-of", "day", file.day);
    let (counts, refused) = (daily::counts(&q, id).await?, daily::refused(&q, id).await?);
    Ok(One { page: page.titled(title), errors, file, counts, refused })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    _: Reader,
    Path(id): Path<DailyFileId>,
) -> Result<Response> {
    web::render(&view(&app, page, id, FormErrors::new()).await?)
}

fn cell(page: &Page, line: &Line, column: &str) -> Out {
    let (p, masked) = (&line.person, &line.person.masked);
    match column {
        "reference" => Out::from(line.reference.as_str()),
        "kind" => Out::from(page.t.code("report-kind", &line.kind)),
        "name" => Out::from(p.name.text()),
        "doc-kind" => Out::from(page.t.code("doc-kind", &masked.doc_kind)),
        "doc-no" => Out::from(p.doc.text()),
        "phone" => Out::from(p.phone.as_ref().map_or("", |phone| phone.text())),
        "sex" => Out::from(page.t.code("sex", &masked.sex)),
        "birth" => Out::from(p.birth().unwrap_or_default()),
        "local" => Out::from(page.t.s(if masked.is_local { "local-local" } else { "local-elsewhere" })),
        "address" => Out::from(masked.address_text.clone().unwrap_or_default()),
        "employer" => Out::from(masked.employer_name.clone().unwrap_or_default()),
        "source" => Out::from(page.t.code("source", &masked.source)),
        _ => Out::from(masked.seen_at.map(|at| at.day().to_string()).unwrap_or_default()),
    }
}

/// The file goes out only after each reading in it is on record.
pub(super) async fn take(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<DailyFileId>,
) -> Result<Response> {
    let mut columns = daily::mapping(&app.store.reads()).await?;
    columns.retain(|c| c.place > 0);
    columns.sort_by_key(|c| c.place);
    let tx = app.store.begin(&reader).await?;
    let file = daily::find(&tx, id).await?;
    let lines = daily::take(&tx, id).await?;
    let now = tx.now();
    tx.commit().await?;
    let rows: Vec<Vec<Out>> =
        lines.iter().map(|line| columns.iter().map(|c| cell(&page, line, &c.name)).collect()).collect();
    let headings: Vec<&str> = columns.iter().map(|c| c.heading.as_str()).collect();
    let options = WriteOptions {
        sheet_name: page.t.s("daily-title"),
        watermark: Some(watermark(&page, &reader, now, id.0)),
        at: now,
    };
    Ok(workbook("daily", file.day, sheet::write(&headings, &rows, &options)?))
}

async fn receive(app: &App, reader: &Reader, id: DailyFileId, mut form: Multipart) -> Result<()> {
    let broken = |_| AppError::rule("receipt-none");
    let mut bytes = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(broken)?.to_vec();
        }
    }
    if bytes.is_empty() {
        return Err(AppError::rule("receipt-none"));
    }
    let q = app.store.reads();
    let (file, mapping) = (daily::find(&q, id).await?, daily::mapping(&q).await?);
    let sheet = tokio::task::spawn_blocking(move || sheet::read_bytes(&bytes, &["处理结果", "结果"]));
    let sheet = sheet.await.map_err(AppError::internal)??;
    let answers = daily::read(&sheet, &mapping, &file)?;
    let tx = app.store.begin(reader).await?;
    daily::receive(&tx, id, file.version, &answers).await?;
    tx.commit().await
}

pub(super) async fn receipt(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<DailyFileId>,
    form: Multipart,
) -> Result<Response> {
    match receive(&app, &reader, id, form).await {
        Ok(()) => Ok(web::flash(web::redirect(&format!("/daily-files/{id}")), "daily-answered")),
        Err(e) if can_be_put_right(&e) => {
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "file", &e);
            let view = view(&app, page, id, errors).await?;
            web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(e) => Err(e),
    }
}

#[derive(Template)]
#[template(path = "register/daily-columns.html")]
struct Mapping {
    page: Page,
    errors: FormErrors,
    columns: Vec<Column>,
}

fn mapping_view(page: Page, errors: FormErrors, columns: Vec<Column>) -> Mapping {
    let title = page.t.s("daily-columns");
    Mapping { page: page.titled(title), errors, columns }
}

pub(super) async fn columns(State(app): State<App>, page: Page, _: Reader) -> Result<Response> {
    let columns = daily::mapping(&app.store.reads()).await?;
    web::render(&mapping_view(page, FormErrors::new(), columns))
}

pub(super) async fn save_columns(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let value = |name: String| typed.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str());
    let mut errors = FormErrors::new();
    let mut columns = Vec::new();
    for (name, _) in daily::DEFAULT {
        let place = web::optional(&mut errors, &format!("place-{name}"), value(format!("place-{name}")));
        let heading = value(format!("heading-{name}")).to_owned();
        columns.push(Column { name: name.into(), heading, place: place.unwrap_or(0) });
    }
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        match daily::save_mapping(&tx, columns.clone()).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect("/daily-files"), "common-saved"));
            }
            Err(e) if can_be_put_right(&e) => {
                let at = e.args.iter().find(|(n, _)| *n == "name").map(|(_, v)| format!("heading-{v}"));
                errors.add_error(&page.t, &at.unwrap_or_default(), &e);
            }
            Err(e) => return Err(e),
        }
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &mapping_view(page, errors, columns))
}
