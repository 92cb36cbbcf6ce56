//! Forms for a move, or a home put right, and for a cancellation.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day},
    reader::Reader,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, of_codes},
    new::home_at,
    seen,
};
use crate::{
    codes::{CancelReason, CorrectionReason, Source},
    history::{self, Provenance},
    ids::{HomeId, ResidentId},
    residents::{self, MaskedResident},
    told::Told,
};

/// What was typed.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    /// The version that was seen last.
    version: i64,
    /// The version at which the form was first opened.
    base: i64,
    address: String,
    nature: String,
    reason: String,
    day: String,
    source: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "register/move.html")]
struct MoveForm {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    theirs: Vec<Provenance>,
    typed: Typed,
    natures: Choices,
    sources: Choices,
}

#[derive(Template)]
#[template(path = "register/cancel.html")]
struct CancelForm {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    theirs: Vec<Provenance>,
    typed: Typed,
    reasons: Choices,
    sources: Choices,
}

fn blank(r: &MaskedResident, now: At) -> Typed {
    let source = Source::DoorVisit.code().into();
    Typed { version: r.version, base: r.version, source, seen: seen::text(now), ..Typed::default() }
}

type Theirs = Vec<Provenance>;

fn move_view(page: Page, errors: FormErrors, r: MaskedResident, theirs: Theirs, typed: Typed) -> MoveForm {
    let title = page.t.s("resident-move-title");
    let (natures, sources) = (of_codes(&page.t, CorrectionReason::choices()), of_codes(&page.t, Source::choices()));
    MoveForm { natures, sources, page: page.titled(title), errors, r, theirs, typed }
}

fn cancel_view(page: Page, errors: FormErrors, r: MaskedResident, theirs: Theirs, typed: Typed) -> CancelForm {
    let title = page.t.s("resident-cancel-title");
    let (reasons, sources) = (of_codes(&page.t, CancelReason::choices()), of_codes(&page.t, Source::choices()));
    CancelForm { reasons, sources, page: page.titled(title), errors, r, theirs, typed }
}

/// The record as it is now, and what happened to it since the form was opened. What has not been shown yet is shown
/// before anything is written.
async fn look(
    app: &App,
    reader: &Reader,
    id: ResidentId,
    typed: &Typed,
    errors: &mut FormErrors,
) -> Result<(MaskedResident, Theirs)> {
    let q = app.store.reads();
    let r = residents::find(&q, reader, id).await?;
    let base = if typed.base > 0 { typed.base.min(typed.version) } else { typed.version };
    errors.require(r.version == typed.version || r.state != "current", "", "error-stale-version");
    Ok((r, history::changed_since(&q, reader, id, base).await?))
}

pub(super) async fn move_form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let typed = blank(&r, app.store.now());
    web::render(&move_view(page, FormErrors::new(), r, Vec::new(), typed))
}

pub(super) async fn cancel_form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let typed = blank(&r, app.store.now());
    web::render(&cancel_view(page, FormErrors::new(), r, Vec::new(), typed))
}

fn told(app: &App, typed: &Typed, errors: &mut FormErrors) -> Told {
    let seen_at = seen::read(app.store.now(), &typed.seen, errors);
    Told::seen(Source::from_code(&typed.source).unwrap_or(Source::DoorVisit), seen_at)
}

fn can_be_put_right(e: &AppError) -> bool {
    e.status == StatusCode::UNPROCESSABLE_ENTITY || e.is("stale-version")
}

async fn write_move(
    app: &App,
    reader: &Reader,
    id: ResidentId,
    (typed, told): (&Typed, Told),
    home: HomeId,
    day: Option<Day>,
) -> Result<()> {
    let tx = app.store.begin(reader).await?;
    let version = typed.version;
    match CorrectionReason::from_code(&typed.nature) {
        Some(reason) => residents::correct_residence(&tx, id, version, home, day, reason, told).await?,
        None => residents::move_to(&tx, id, version, home, day.unwrap_or(tx.now().day()), told).await?,
    };
    tx.commit().await
}

pub(super) async fn save_move(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let (r, theirs) = look(&app, &reader, id, &typed, &mut errors).await?;
    let day = web::optional::<Day>(&mut errors, "day", &typed.day);
    let told = told(&app, &typed, &mut errors);
    let home = home_at(&app, &reader, &page.t, &mut errors, &typed.address).await?;
    if let (Some(home), true) = (home, errors.is_empty()) {
        match write_move(&app, &reader, id, (&typed, told), home, day).await {
            Ok(()) => return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "resident-moved")),
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    let typed = Typed { version: r.version, ..typed };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &move_view(page, errors, r, theirs, typed))
}

pub(super) async fn save_cancel(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let (r, theirs) = look(&app, &reader, id, &typed, &mut errors).await?;
    let day = web::optional::<Day>(&mut errors, "day", &typed.day).unwrap_or(app.store.now().day());
    let told = told(&app, &typed, &mut errors);
    let reason = CancelReason::from_code(&typed.reason);
    errors.require(reason.is_some(), "reason", "form-choose");
    if let (Some(reason), true) = (reason, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match residents::cancel(&tx, id, typed.version, reason, day, told).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "resident-cancelled"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    let typed = Typed { version: r.version, ..typed };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &cancel_view(page, errors, r, theirs, typed))
}
