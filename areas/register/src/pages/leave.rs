//! Forms for a move and for a cancellation.

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
    clock::Day,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, of_codes},
    new::home_at,
};
use crate::{
    codes::{CancelReason, Source},
    ids::ResidentId,
    residents::{self, MaskedResident},
    told::Told,
};

/// What was typed.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    address: String,
    reason: String,
    day: String,
    source: String,
}

#[derive(Template)]
#[template(path = "register/move.html")]
struct MoveForm {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    typed: Typed,
    sources: Choices,
}

#[derive(Template)]
#[template(path = "register/cancel.html")]
struct CancelForm {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    typed: Typed,
    reasons: Choices,
    sources: Choices,
}

fn blank(app: &App, r: &MaskedResident) -> Typed {
    Typed {
        version: r.version,
        day: app.store.now().day().to_string(),
        source: Source::DoorVisit.code().into(),
        ..Typed::default()
    }
}

fn move_view(page: Page, errors: FormErrors, r: MaskedResident, typed: Typed) -> MoveForm {
    let title = page.t.s("resident-move-title");
    MoveForm { sources: of_codes(&page.t, Source::choices()), page: page.titled(title), errors, r, typed }
}

fn cancel_view(page: Page, errors: FormErrors, r: MaskedResident, typed: Typed) -> CancelForm {
    let title = page.t.s("resident-cancel-title");
    let (reasons, sources) = (of_codes(&page.t, CancelReason::choices()), of_codes(&page.t, Source::choices()));
    CancelForm { reasons, sources, page: page.titled(title), errors, r, typed }
}

pub(super) async fn move_form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let typed = blank(&app, &r);
    web::render(&move_view(page, FormErrors::new(), r, typed))
}

pub(super) async fn cancel_form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let typed = blank(&app, &r);
    web::render(&cancel_view(page, FormErrors::new(), r, typed))
}

fn told(app: &App, typed: &Typed) -> Told {
    Told::seen(Source::from_code(&typed.source).unwrap_or(Source::DoorVisit), app.store.now())
}

fn can_be_put_right(e: &AppError) -> bool {
    e.status == StatusCode::UNPROCESSABLE_ENTITY || e.is("stale-version")
}

pub(super) async fn save_move(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let day = web::optional::<Day>(&mut errors, "day", &typed.day).unwrap_or(app.store.now().day());
    let home = home_at(&app, &reader, &page.t, &mut errors, &typed.address).await?;
    if let (Some(home), true) = (home, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match residents::move_to(&tx, id, typed.version, home, day, told(&app, &typed)).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "resident-moved"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    let typed = Typed { version: r.version, ..typed };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &move_view(page, errors, r, typed))
}

pub(super) async fn save_cancel(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let day = web::optional::<Day>(&mut errors, "day", &typed.day).unwrap_or(app.store.now().day());
    let reason = CancelReason::from_code(&typed.reason);
    errors.require(reason.is_some(), "reason", "form-choose");
    if let (Some(reason), true) = (reason, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match residents::cancel(&tx, id, typed.version, reason, day, told(&app, &typed)).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "resident-cancelled"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    let typed = Typed { version: r.version, ..typed };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &cancel_view(page, errors, r, typed))
}
