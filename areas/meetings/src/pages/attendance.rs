//! Attendance: the convener's page with the code and the ticks, and the colleague's phone.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use http::{HeaderMap, StatusCode, header::HOST};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    reader::Reader,
    web::{FormErrors, Page, flash, flash_n, qr_svg, redirect, render_status},
};

use super::{given, meeting, reasons};
use crate::{
    ids::MeetingId,
    meetings::{self, MeetingRow, convenes},
    roll::{self, Attendee, LINK_MINUTES, Mark},
};

#[derive(Template)]
#[template(path = "meetings/attendance.html")]
struct RollPage {
    page: Page,
    errors: FormErrors,
    meeting: MeetingRow,
    roll: Vec<Attendee>,
    form: HashMap<String, String>,
    reasons: Vec<(String, String)>,
    /// The code, on the meeting's day.
    qr: Option<String>,
    minutes: i64,
    came: usize,
}

impl RollPage {
    /// What stands in somebody's list: as typed, or as it is stored.
    fn chosen<'a>(&'a self, a: &'a Attendee) -> &'a str {
        self.form.get(&format!("who-{}", a.staff_id)).map_or_else(|| a.chosen(), String::as_str)
    }
}

/// How the site is reached by whoever asks.
fn site(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if app.secure_cookies { "https" } else { "http" })
}

/// `GET /meetings/{id}/attendance`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
) -> Result<Response> {
    answer(&app, &reader, page, &headers, id, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    headers: &HeaderMap,
    id: MeetingId,
    errors: FormErrors,
    form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let meeting = meetings::find(&q, reader, id).await?;
    if !convenes(reader, &meeting) || !meeting.is_open() {
        return Err(AppError::not_found());
    }
    let today: Day = app.store.clock().today();
    let qr = if meeting.starts_at.day() == today {
        let link = roll::link(&app.store, id, app.store.now());
        let address = format!("{}/meetings/{id}/presence?t={link}", site(app, headers));
        Some(qr_svg(&address, &page.t.s("meeting-qr-label"))?)
    } else {
        None
    };
    let all = roll::of(&q, id).await?;
    let came = all.iter().filter(|a| a.state == "present").count();
    let reasons = reasons(app, &page);
    let title = page.t.s("meeting-attendance-title");
    let page = page.titled(title);
    render_status(
        status,
        &RollPage { page, errors, meeting, roll: all, form, reasons, qr, minutes: LINK_MINUTES, came },
    )
}

/// `POST /meetings/{id}/attendance`
pub(super) async fn mark(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut marks = Vec::new();
    let mut errors = FormErrors::new();
    for (name, value) in &form {
        let Some(staff) = name.strip_prefix("who-") else { continue };
        if value.is_empty() {
            continue;
        }
        match (staff.parse(), Mark::read(&app.pack, value)) {
            (Ok(staff), Some(mark)) => marks.push((staff, mark)),
            _ => errors.add(name, "form-unreadable"),
        }
    }
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        tx.housekeeping("a roll on which nothing changed");
        match roll::mark(&tx, id, &marks).await {
            Ok(noted) => {
                tx.commit().await?;
                let to = redirect(&format!("/meetings/{id}/attendance"));
                return Ok(flash_n(to, "meeting-noted-now", i64::try_from(noted).unwrap_or(i64::MAX)));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    answer(&app, &reader, page, &headers, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

#[derive(Template)]
#[template(path = "meetings/presence.html")]
struct PresencePage {
    page: Page,
    errors: FormErrors,
    meeting: MeetingRow,
    link: String,
    present: bool,
}

/// `GET /meetings/{id}/presence`: what the code opens on a colleague's phone. Opening it changes nothing yet.
pub(super) async fn ask(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let link = given(&query, "t").to_owned();
    if !roll::is_valid_link(&app.store, id, &link, app.store.now()) {
        errors.add_error(&page.t, "", &AppError::rule("meeting-link"));
    }
    phone(&app, &reader, page, id, errors, link, StatusCode::OK).await
}

async fn phone(
    app: &App,
    reader: &Reader,
    page: Page,
    id: MeetingId,
    errors: FormErrors,
    link: String,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let meeting = meetings::find(&q, reader, id).await?;
    let all = roll::of(&q, id).await?;
    let present = all.iter().any(|a| a.account_id == Some(reader.account) && a.state == "present");
    let title = page.t.code("meeting-kind", &meeting.kind);
    render_status(status, &PresencePage { page: page.titled(title), errors, meeting, link, present })
}

/// `POST /meetings/{id}/presence`
pub(super) async fn come(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let link = given(&form, "t").to_owned();
    let tx = app.store.begin(&reader).await?;
    match roll::present(&tx, id, &link).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/meetings/{id}")), "meeting-present-now"))
        }
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            drop(tx);
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "", &e);
            phone(&app, &reader, page, id, errors, link, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /meetings/{id}/excuse`
pub(super) async fn excuse(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<MeetingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match roll::excuse(&tx, &app.pack, id, given(&form, "reason")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/meetings/{id}")), "meeting-excused-now"))
        }
        Err(e) => {
            drop(tx);
            meeting::refused(&app, &reader, page, id, form, "reason", e).await
        }
    }
}
