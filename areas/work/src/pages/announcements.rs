//! Announcements and meetings: written, read, withdrawn.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    reader::Reader,
    web::{FormErrors, Page, flash, given, redirect, render, render_status},
};

use crate::{
    announcements::{self, Announcement, BODY_CHARS, Meeting, NewAnnouncement, Receipt},
    ids::AnnouncementId,
    outward::guard::Guard,
};

#[derive(Template)]
#[template(path = "work/announcement_new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    grids: Vec<(String, String)>,
    grid: String,
    body: String,
    meeting: String,
    day: String,
    time: String,
    place: String,
    max: usize,
}

async fn new_page(
    app: &App,
    reader: &Reader,
    page: Page,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<NewPage> {
    let grids = linli_territory::grids(&app.store.reads(), reader).await?;
    let title = page.t.s("announcement-new-title");
    let typed = |name: &str| given(form, name).to_owned();
    Ok(NewPage {
        errors,
        grids: grids.into_iter().map(|g| (g.grid_id.to_string(), g.name)).collect(),
        grid: typed("grid"),
        body: typed("body"),
        meeting: typed("meeting"),
        day: typed("day"),
        time: typed("time"),
        place: typed("place"),
        max: BODY_CHARS,
        page: page.titled(title),
    })
}

/// `GET /channel/announcements/new`
pub(crate) async fn new(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    render(&new_page(&app, &reader, page, &HashMap::new(), FormErrors::new()).await?)
}

/// What was typed, as far as the form itself can say.
fn read(form: &HashMap<String, String>) -> Result<NewAnnouncement> {
    let grid = given(form, "grid").parse().map_err(|_| AppError::rule("announcement-grid"))?;
    let meeting = match given(form, "meeting") == "true" {
        true => Some(Meeting {
            day: given(form, "day").parse().map_err(|_| AppError::rule("announcement-day"))?,
            time: given(form, "time").to_owned(),
            place: given(form, "place").to_owned(),
        }),
        false => None,
    };
    Ok(NewAnnouncement { grid, body: given(form, "body").to_owned(), meeting })
}

/// The field that an error is about.
fn field(e: &AppError) -> &'static str {
    match e.code {
        "announcement-grid" => "grid",
        "announcement-day" => "day",
        "announcement-time" => "time",
        "announcement-place" => "place",
        _ => "body",
    }
}

/// `POST /channel/announcements`
pub(crate) async fn announce(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let refused = match read(&form) {
        Ok(new) => {
            let guard = Guard::of(&app).await?;
            let tx = app.store.begin(&reader).await?;
            match announcements::announce(&tx, &guard, &new).await {
                Ok(id) => {
                    tx.commit().await?;
                    let back = redirect(&format!("/channel/announcements/{id}"));
                    return Ok(flash(back, "announcement-flash"));
                }
                Err(e) => e,
            }
        }
        Err(e) => e,
    };
    if refused.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(refused);
    }
    let mut errors = FormErrors::new();
    errors.add_error(&page.t, field(&refused), &refused);
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&app, &reader, page, &form, errors).await?)
}

#[derive(Template)]
#[template(path = "work/announcement.html")]
struct ShowPage {
    page: Page,
    announcement: Announcement,
    receipts: Vec<Receipt>,
    read: usize,
    can_read: bool,
    can_withdraw: bool,
}

/// `GET /channel/announcements/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<AnnouncementId>,
) -> Result<Response> {
    let q = app.store.reads();
    let announcement = announcements::find(&q, &reader, id).await?;
    let receipts = announcements::receipts(&q, &announcement).await?;
    let title = page.t.code("announcement-kind", &announcement.kind);
    let open = announcement.withdrawn_at.is_none();
    render(&ShowPage {
        read: receipts.iter().filter(|r| r.read_at.is_some()).count(),
        can_read: open && announcement.read_at.is_none() && announcement.account_id != reader.account,
        can_withdraw: open && page.may(Action::Announce),
        receipts,
        announcement,
        page: page.titled(title),
    })
}

/// `POST /channel/announcements/{id}/receipt`
pub(crate) async fn receipt(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<AnnouncementId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    announcements::mark_read(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/channel/announcements/{id}")), "announcement-read-flash"))
}

/// `POST /channel/announcements/{id}/withdrawal`
pub(crate) async fn withdraw(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<AnnouncementId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    announcements::withdraw(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect("/channel"), "announcement-withdrawn-flash"))
}
