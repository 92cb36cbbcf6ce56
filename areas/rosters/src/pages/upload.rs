//! Uploading a roster, the template, and "no change today".

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Multipart, Query, State, multipart::Field},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    import::table::{SAMPLE_MARKS, known_headings},
    reader::Reader,
    sheet::{self, Out, WriteOptions},
    texts::Lang,
    web::{FormErrors, Page, flash, optional, redirect, render, render_status},
};
use linli_register::EmployerId;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::{FILE_MAX_BYTES, download};
use crate::{
    codes::Kind,
    columns::COLUMNS,
    ids::RosterId,
    send::{self, NewRoster},
    standing, store,
};

/// How many files are read at once; a large one takes much memory while it is.
static READING: Semaphore = Semaphore::const_new(2);

#[derive(Template)]
#[template(path = "rosters/new.html")]
struct NewPage {
    page: Page,
    employers: Vec<(String, String)>,
    employer: String,
    kinds: Vec<(&'static str, String)>,
    kind: String,
    day: String,
    errors: FormErrors,
    limit_mb: usize,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    employer: String,
    kind: String,
    day: String,
    file_name: String,
    file: Vec<u8>,
}

async fn new_page(app: &App, reader: &Reader, page: Page, typed: Typed, errors: FormErrors) -> Result<NewPage> {
    let duties = standing::list(app, reader).await?;
    let mut employers: Vec<(String, String)> = duties
        .iter()
        .filter(|d| store::may_send(reader, d.employer_id, d.grid_id))
        .map(|d| (d.employer_id.to_string(), d.name.clone()))
        .collect();
    // Whoever has no duty may send of its own accord.
    if let Ok(id) = typed.employer.parse::<EmployerId>()
        && !employers.iter().any(|(known, _)| *known == typed.employer)
    {
        let row = send::employer(&app.store.reads(), reader, id).await?;
        employers.push((id.to_string(), row.name));
    }
    if employers.is_empty() && !reader.may(Action::RosterSend) && !reader.may(Action::RosterReview) {
        return Err(AppError::forbidden());
    }
    let kinds = [Kind::Full, Kind::Daily].iter().map(|k| (k.code(), page.t.code("roster-kind", k.code()))).collect();
    Ok(NewPage {
        page: page.clone().titled(page.t.s("roster-new-title")),
        employer: match employers.as_slice() {
            [(only, _)] => only.clone(),
            _ => typed.employer,
        },
        employers,
        kinds,
        kind: typed.kind,
        day: typed.day,
        errors,
        limit_mb: FILE_MAX_BYTES / 1024 / 1024,
    })
}

/// `GET /rosters/new?employer=&kind=`
pub(super) async fn form(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let given = |name: &str| query.get(name).cloned().unwrap_or_default();
    let typed = Typed {
        employer: given("employer"),
        kind: given("kind"),
        day: app.store.now().day().to_string(),
        ..Typed::default()
    };
    render(&new_page(&app, &reader, page, typed, FormErrors::new()).await?)
}

/// `POST /rosters`
pub(super) async fn create(State(app): State<App>, reader: Reader, page: Page, form: Multipart) -> Result<Response> {
    let mut typed = Typed::default();
    let mut errors = FormErrors::new();
    match receive(form, &mut typed).await {
        Ok(()) => {}
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "file", &e),
        Err(e) => return Err(e),
    }
    if errors.is_empty()
        && let Some(new) = read_form(&typed, &mut errors)
    {
        match stage(&app, &reader, new, std::mem::take(&mut typed.file)).await {
            Ok(id) => return Ok(redirect(&format!("/rosters/{id}"))),
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
                let field = if e.is("roster-day-future") || e.is("roster-day-past") { "day" } else { "file" };
                errors.add_error(&page.t, field, &e);
            }
            Err(e) => return Err(e),
        }
    }
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&app, &reader, page, typed, errors).await?)
}

fn read_form(typed: &Typed, errors: &mut FormErrors) -> Option<NewRoster> {
    let employer = typed.employer.parse::<EmployerId>().ok();
    errors.require(employer.is_some(), "employer", "form-required");
    let kind = Kind::from_code(&typed.kind).filter(|k| *k != Kind::NoChange);
    errors.require(kind.is_some(), "kind", "form-required");
    errors.require(!typed.day.trim().is_empty(), "day", "form-required");
    let as_of_day = optional(errors, "day", &typed.day);
    errors.require(!typed.file.is_empty(), "file", "roster-no-file");
    if !errors.is_empty() {
        return None;
    }
    Some(NewRoster { employer: employer?, kind: kind?, as_of_day: as_of_day?, file_name: typed.file_name.clone() })
}

pub(super) async fn stage(app: &App, reader: &Reader, new: NewRoster, file: Vec<u8>) -> Result<RosterId> {
    let _place = READING.acquire().await.map_err(AppError::internal)?;
    let read = tokio::task::spawn_blocking(move || sheet::read_bytes(&file, &known_headings(COLUMNS)));
    let sheet = read.await.map_err(AppError::internal)??;
    send::upload(&app.store, reader, new, sheet).await
}

async fn receive(mut form: Multipart, typed: &mut Typed) -> Result<()> {
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "employer" => typed.employer = short_text(field).await?,
            "kind" => typed.kind = short_text(field).await?,
            "day" => typed.day = short_text(field).await?,
            "file" => {
                typed.file_name = field.file_name().unwrap_or_default().to_owned();
                typed.file = bytes(field, FILE_MAX_BYTES).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn short_text(field: Field<'_>) -> Result<String> {
    let bytes = bytes(field, 200).await?;
    String::from_utf8(bytes).map_err(|_| AppError::rule("roster-upload-broken"))
}

async fn bytes(mut field: Field<'_>, max: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(part) = field.chunk().await? {
        if bytes.len() + part.len() > max {
            return Err(AppError::rule("roster-too-large").arg("limit", FILE_MAX_BYTES / 1024 / 1024));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// `GET /rosters/template.xlsx`
pub(super) async fn template(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    if !reader.may(Action::RosterSend) && !reader.may(Action::RosterReview) {
        return Err(AppError::forbidden());
    }
    let t = &page.t;
    let headings: Vec<String> = COLUMNS
        .iter()
        .map(|c| format!("{}{}", t.s(format!("column-{}", c.name)), if c.required { "*" } else { "" }))
        .collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mark = SAMPLE_MARKS[usize::from(t.lang == Lang::En)];
    let sample: Vec<Out> = COLUMNS
        .iter()
        .enumerate()
        .map(|(i, c)| {
            Out::from(
                format!("{}{}", if i == 0 { mark } else { "" }, t.s(format!("roster-sample-{}", c.name))).as_str(),
            )
        })
        .collect();
    let options = WriteOptions { sheet_name: t.s("rosters-title"), watermark: None, at: app.store.now() };
    Ok(download("roster-template", sheet::write(&headings, &[sample], &options)?))
}

/// The employer whose day it is.
#[derive(Deserialize)]
pub(super) struct Unchanged {
    employer: EmployerId,
}

/// `POST /rosters/days`: nothing changed today.
pub(super) async fn no_change(State(app): State<App>, reader: Reader, Form(form): Form<Unchanged>) -> Result<Response> {
    let today = app.store.now().day();
    send::no_change(&app, &reader, form.employer, today).await?;
    Ok(flash(redirect("/rosters"), "roster-no-change-noted"))
}
