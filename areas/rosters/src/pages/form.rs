//! Who joined and who left, typed into a form: it becomes a roster of the day's changes and goes the way of an uploaded
//! file, with its columns known.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Day,
    reader::Reader,
    sheet::{Out, WriteOptions, write},
    web::{FormErrors, Page, optional, redirect, render, render_status},
};
use linli_register::{EmployerId, rules};
use linli_work::due_at;
use policy_pack::DeadlineId;

use super::upload::stage;
use crate::{
    check::number,
    codes::Kind,
    columns::COLUMNS,
    ids::RosterId,
    send::{self, NewRoster},
    store,
};

/// How many people one form takes; more come as a file.
const ROWS_MAX: usize = 20;

/// Somebody who joined or left. No `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Row {
    pub change: String,
    pub name: String,
    pub doc: String,
    pub phone: String,
    pub address: String,
}

impl Row {
    fn is_empty(&self) -> bool {
        [&self.name, &self.doc, &self.phone, &self.address].iter().all(|v| v.trim().is_empty())
    }
    fn set(&mut self, field: &str, value: &str) {
        let place = match field {
            "change" => &mut self.change,
            "name" => &mut self.name,
            "doc" => &mut self.doc,
            "phone" => &mut self.phone,
            "address" => &mut self.address,
            _ => return,
        };
        *place = value.trim().to_owned();
    }
}

/// What was typed.
#[derive(Default)]
struct Typed {
    employer: String,
    day: String,
    rows: Vec<Row>,
    more: bool,
}

impl Typed {
    fn of(fields: &[(String, String)]) -> Typed {
        let mut all = Typed::default();
        for (name, value) in fields {
            match name.rsplit_once('_').and_then(|(field, n)| Some((field, n.parse::<usize>().ok()?))) {
                Some((field, n)) if (1..=ROWS_MAX).contains(&n) => {
                    if all.rows.len() < n {
                        all.rows.resize(n, Row::default());
                    }
                    all.rows[n - 1].set(field, value);
                }
                _ if name == "employer" => all.employer.clone_from(value),
                _ if name == "day" => all.day.clone_from(value),
                _ if name == "more" => all.more = true,
                _ => {}
            }
        }
        all
    }
}

#[derive(Template)]
#[template(path = "rosters/form.html")]
struct FormPage {
    page: Page,
    errors: FormErrors,
    employer: String,
    name: String,
    day: String,
    today: Day,
    /// By when a change of that day is declared, and whether that is over (R9, R13).
    due: Option<(String, bool)>,
    rows: Vec<(usize, Row)>,
    room: bool,
    changes: Vec<(&'static str, String)>,
}

async fn form_page(app: &App, reader: &Reader, page: Page, typed: Typed, errors: FormErrors) -> Result<FormPage> {
    let id: EmployerId = typed.employer.parse().map_err(|_| AppError::not_found())?;
    let row = send::employer(&app.store.reads(), reader, id).await?;
    let now = app.store.now();
    let due = match typed.day.trim().parse::<Day>() {
        Ok(day) => {
            let due = due_at(&app.pack, &app.calendar, DeadlineId::EmployerReport, day.start())?;
            Some((due.deadline_text(), due <= now))
        }
        Err(_) => None,
    };
    let title = page.t.s("roster-form-title");
    Ok(FormPage {
        changes: vec![("joined", page.t.s("roster-change-joined")), ("left", page.t.s("roster-change-left"))],
        page: page.titled(title),
        errors,
        employer: typed.employer,
        name: row.name,
        day: typed.day,
        today: now.day(),
        due,
        room: typed.rows.len() < ROWS_MAX,
        rows: (1..).zip(typed.rows).collect(),
    })
}

/// `GET /rosters/form?employer=`
pub(super) async fn form(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let typed = Typed {
        employer: query.get("employer").cloned().unwrap_or_default(),
        day: app.store.now().day().to_string(),
        rows: vec![Row::default()],
        more: false,
    };
    if typed.employer.is_empty() {
        if !reader.may(Action::RosterSend) && !reader.may(Action::RosterReview) {
            return Err(AppError::forbidden());
        }
        return Ok(redirect("/rosters"));
    }
    render(&form_page(&app, &reader, page, typed, FormErrors::new()).await?)
}

/// `POST /rosters/form`
pub(super) async fn send(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut typed = Typed::of(&fields);
    if typed.more {
        if typed.rows.len() < ROWS_MAX {
            typed.rows.push(Row::default());
        }
        return render(&form_page(&app, &reader, page, typed, FormErrors::new()).await?);
    }
    let mut errors = FormErrors::new();
    if let Some(day) = check(&page, &typed, &mut errors) {
        match file(&app, &reader, &page, &typed, day).await {
            Ok(id) => return Ok(redirect(&format!("/rosters/{id}"))),
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "day", &e),
            Err(e) => return Err(e),
        }
    }
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&app, &reader, page, typed, errors).await?)
}

fn check(page: &Page, typed: &Typed, errors: &mut FormErrors) -> Option<Day> {
    errors.require(!typed.day.trim().is_empty(), "day", "form-required");
    let day = optional::<Day>(errors, "day", &typed.day);
    errors.require(typed.rows.iter().any(|r| !r.is_empty()), "name_1", "form-required");
    for (n, row) in (1..).zip(&typed.rows).filter(|(_, r)| !r.is_empty()) {
        let mut add = |field: &str, p: &rules::Problem| {
            errors.add_text(&format!("{field}_{n}"), page.t.all(format!("cell-{}", p.code), &p.args));
        };
        if let Err(p) = rules::check_name(&row.name) {
            add("name", &p);
        }
        let number = number(&row.doc);
        if let Err(p) = &number {
            add("doc", p);
        }
        if let Err(p) = rules::check_phone(&row.phone) {
            add("phone", &p);
        }
        errors.require(!matches!(number, Ok(None)), &format!("doc_{n}"), "form-required");
        let known = ["joined", "left"].contains(&row.change.as_str());
        errors.require(known, &format!("change_{n}"), "form-choose");
    }
    day.filter(|_| errors.is_empty())
}

/// The rows as a sheet with the headings of the template, staged and with its columns confirmed.
async fn file(app: &App, reader: &Reader, page: &Page, typed: &Typed, day: Day) -> Result<RosterId> {
    let employer = typed.employer.parse().map_err(|_| AppError::not_found())?;
    let headings: Vec<&str> = COLUMNS.iter().filter_map(|c| c.headings.first().copied()).collect();
    let rows = typed.rows.iter().filter(|r| !r.is_empty()).map(|r| {
        // Words that every reader of a roster's column for changes knows.
        let change = if r.change == "left" { "离职" } else { "入职" };
        [&r.name, &r.doc, &r.phone, &r.address]
            .iter()
            .map(|v| Out::from(v.as_str()))
            .chain([Out::from(change)])
            .collect::<Vec<Out>>()
    });
    let options = WriteOptions { sheet_name: page.t.s("rosters-title"), watermark: None, at: app.store.now() };
    let bytes = write(&headings, &rows.collect::<Vec<_>>(), &options)?;
    let file_name = format!("{}.xlsx", page.t.s("roster-form-title"));
    let id = stage(app, reader, NewRoster { employer, kind: Kind::Daily, as_of_day: day, file_name }, bytes).await?;
    let mapping = store::find(&app.store.reads(), reader, id).await?.mapping()?;
    send::map_columns(&app.store, reader, id, mapping).await?;
    Ok(id)
}
