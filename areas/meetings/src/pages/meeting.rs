//! One meeting: its agenda, what was decided before, who comes, decisions, minutes; and its printed record.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use jiff::civil::Time;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Day,
    reader::Reader,
    web::{FormErrors, Page, flash, flash_n, optional, redirect, render, render_status},
};
use linli_team::StaffId;

use super::{Shown, given, reasons, shown, version};
use crate::{
    agenda,
    convening::{self, MOVE_REASONS},
    dates,
    decisions::{self, NewDecision},
    ids::{DecisionId, MeetingId},
    meetings::{self, convenes},
    minutes::{self, MeetingRecord},
    paper,
    roll::Attendee,
};

#[derive(Template)]
#[template(path = "meetings/meeting.html")]
struct MeetingPage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    record: MeetingRecord,
    agenda: Vec<Shown>,
    reasons: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    moves: Vec<(String, String)>,
    today: Day,
    /// Whether the reader convenes it and it is open.
    leads: bool,
    /// The reader's own line, while something can be said.
    own: Option<Attendee>,
    known: bool,
}

impl MeetingPage {
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
    fn reason(&self, code: &Option<String>) -> &str {
        let code = code.as_deref().unwrap_or_default();
        self.reasons.iter().find(|(c, _)| c == code).map_or("", |(_, name)| name)
    }
}

#[derive(Template)]
#[template(path = "meetings/record.html")]
struct RecordPage {
    page: Page,
    record: MeetingRecord,
    agenda: Vec<Shown>,
    reasons: Vec<(String, String)>,
    today: Day,
    /// What was issued of the record, once the minutes stand.
    issued: Option<linli_papers::State>,
}

impl RecordPage {
    fn reason(&self, code: &Option<String>) -> &str {
        let code = code.as_deref().unwrap_or_default();
        self.reasons.iter().find(|(c, _)| c == code).map_or("", |(_, name)| name)
    }
}

/// `GET /meetings/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
) -> Result<Response> {
    answer(&app, &reader, page, id, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: MeetingId,
    errors: FormErrors,
    mut form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let record = minutes::record(app, reader, id).await?;
    let meeting = &record.meeting;
    let today = app.store.clock().today();
    let doers = ["grid-leader", "officer", "coordinator", "grid-worker"];
    let owner = |a: &&Attendee| doers.contains(&a.post.as_str());
    let owners = record.roll.iter().filter(owner).map(|a| (a.staff_id.to_string(), owner_text(&page, a))).collect();
    let moves = MOVE_REASONS.iter().map(|r| ((*r).to_owned(), page.t.code("meeting-move", r))).collect();
    form.entry("day".into()).or_insert_with(|| meeting.starts_at.day().to_string());
    form.entry("time".into()).or_insert_with(|| meeting.time());
    form.entry("place".into()).or_insert_with(|| meeting.place.clone());
    form.entry("due".into()).or_insert_with(|| today.max(meeting.starts_at.day()).plus_days(7).to_string());
    let leads = reader.may(Action::MeetingConvene) && meeting.is_open() && convenes(reader, meeting);
    let own = record.roll.iter().find(|a| a.account_id == Some(reader.account)).cloned();
    let title =
        format!("{} · {}", page.t.code("meeting-kind", &meeting.kind), meeting.area_name.as_deref().unwrap_or(""));
    let known = dates::is_known(&app.calendar, meeting.starts_at.day());
    let shown = MeetingPage {
        agenda: shown(&page, &record.agenda),
        reasons: reasons(app, &page),
        page: page.titled(title),
        errors,
        form,
        record,
        owners,
        moves,
        today,
        leads,
        own,
        known,
    };
    render_status(status, &shown)
}

fn owner_text(page: &Page, a: &Attendee) -> String {
    format!("{} · {}", a.name, page.t.code("post", &a.post))
}

/// `GET /meetings/{id}/record`: the record as it is printed.
pub(super) async fn print(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
) -> Result<Response> {
    let record = minutes::record(&app, &reader, id).await?;
    let (agenda, reasons) = (shown(&page, &record.agenda), reasons(&app, &page));
    let title = page.t.s("meeting-record-title");
    let today = app.store.clock().today();
    let issued = match paper::draft(&app, &record) {
        Ok(new) => Some(linli_papers::state(&app.store.reads(), new.kind, &new.subject, &new.body).await?),
        Err(_) => None,
    };
    render(&RecordPage { page: page.titled(title), record, agenda, reasons, today, issued })
}

/// Answers a change that was refused with the form as it was typed, and passes other errors on.
pub(super) async fn refused(
    app: &App,
    reader: &Reader,
    page: Page,
    id: MeetingId,
    form: HashMap<String, String>,
    field: &str,
    error: AppError,
) -> Result<Response> {
    if error.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(error);
    }
    let mut errors = FormErrors::new();
    errors.add_error(&page.t, field, &error);
    answer(app, reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

fn back(id: MeetingId, key: &str) -> Response {
    flash(redirect(&format!("/meetings/{id}")), key)
}

/// `POST /meetings/{id}/postponement`
pub(super) async fn postpone(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let day: Option<Day> = optional(&mut errors, "day", given(&form, "day"));
    let time: Option<Time> = optional(&mut errors, "time", given(&form, "time"));
    errors.require(day.is_some(), "day", "form-required");
    errors.require(time.is_some(), "time", "form-required");
    let (Some(day), Some(time)) = (day, time) else {
        return answer(&app, &reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let tx = app.store.begin(&reader).await?;
    let version = version(&form);
    match convening::move_to(&app, &tx, id, version, dates::at(day, time), given(&form, "move")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(back(id, "meeting-moved-now"))
        }
        Err(e) => {
            drop(tx);
            let field = if e.is("meeting-move-reason") { "move" } else { "day" };
            refused(&app, &reader, page, id, form, field, e).await
        }
    }
}

/// `POST /meetings/{id}/place`
pub(super) async fn place(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let version = version(&form);
    match convening::set_place(&tx, id, version, given(&form, "place")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(back(id, "meeting-place-now"))
        }
        Err(e) => {
            drop(tx);
            refused(&app, &reader, page, id, form, "place", e).await
        }
    }
}

/// `POST /meetings/{id}/decisions`
pub(super) async fn decide(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let due_day: Option<Day> = optional(&mut errors, "due", given(&form, "due"));
    let staff: Option<StaffId> = optional(&mut errors, "owner", given(&form, "owner"));
    errors.require(due_day.is_some(), "due", "form-required");
    errors.require(staff.is_some(), "owner", "form-required");
    let (Some(due_day), Some(staff)) = (due_day, staff) else {
        return answer(&app, &reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let tx = app.store.begin(&reader).await?;
    let new = NewDecision { words: given(&form, "words").to_owned(), staff, due_day };
    match decisions::decide(&tx, id, new).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(back(id, "meeting-decided-now"))
        }
        Err(e) => {
            drop(tx);
            let field = match e.code {
                "meeting-decision-owner" => "owner",
                "meeting-decision-due" => "due",
                _ => "words",
            };
            refused(&app, &reader, page, id, form, field, e).await
        }
    }
}

/// `POST /meetings/{id}/decisions/{decision}/withdrawal`
pub(super) async fn withdraw(
    State(app): State<App>,
    reader: Reader,
    Path((id, decision)): Path<(MeetingId, DecisionId)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    decisions::withdraw(&tx, id, decision).await?;
    tx.commit().await?;
    Ok(back(id, "meeting-withdrawn-now"))
}

/// `POST /meetings/{id}/closure`
pub(super) async fn close(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let meeting = meetings::find(&app.store.reads(), &reader, id).await?;
    let points = agenda::draw(&app, &meeting).await?;
    let tx = app.store.begin(&reader).await?;
    let version = version(&form);
    match minutes::close(&tx, id, version, given(&form, "summary"), &points).await {
        Ok(tasks) => {
            tx.commit().await?;
            let to = redirect(&format!("/meetings/{id}"));
            Ok(flash_n(to, "meeting-held-now", i64::try_from(tasks).unwrap_or(i64::MAX)))
        }
        Err(e) => {
            drop(tx);
            let field = match e.code {
                "meeting-roll-open" | "meeting-nobody" => "roll",
                "meeting-not-yet" => "",
                _ => "summary",
            };
            refused(&app, &reader, page, id, form, field, e).await
        }
    }
}
