//! The own second factor: enrolled by QR code, confirmed by a code, with recovery codes that are shown once.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    app::App,
    error::{AppError, Result},
    reader::Reader,
    second_factor,
    sessions::Factor,
    ways::{self, Offer, Place, Shown},
    web::{FormErrors, Page, flash, qr, redirect, render, render_status},
};

#[derive(Template)]
#[template(path = "platform/second_factor.html")]
struct FactorPage {
    page: Page,
    errors: FormErrors,
    active: bool,
    /// Whether nothing else opens before.
    must: bool,
    /// Whether a role asks for it, so that it cannot be taken away.
    asked: bool,
    recovery_left: i64,
    /// The secret as QR code and by hand, while it waits to be confirmed.
    secret: Option<(String, String)>,
    offers: Vec<Offer>,
}

async fn factor_page(app: &App, reader: &Reader, page: Page, errors: FormErrors) -> Result<Response> {
    let reads = app.store.reads();
    let user = page.user.clone().ok_or_else(AppError::not_found)?;
    let held = crate::sessions::roles_on(&reads, reader.account, app.store.clock().today()).await?;
    let page = page.clone().titled(page.t.s("second-factor-title"));
    let secret = match second_factor::pending(&reads, reader.account).await? {
        Some(waiting) => {
            let address = waiting.address(&page.t.s("app-name"), &user.sign_in_name);
            Some((qr::svg(&address, &page.t.s("second-factor-qr"))?, waiting.by_hand()))
        }
        None => None,
    };
    let shown = Shown { place: Place::SecondFactor, account: Some(reader.account), next: "/account/second-factor" };
    let offers = ways::offers(app, &page.t, shown).await?;
    let other = ways::is_factor(app, reader.account).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let template = FactorPage {
        active: second_factor::is_active(&reads, reader.account).await?,
        recovery_left: second_factor::recovery_left(&reads, reader.account).await?,
        must: user.factor == Factor::ToEnrol,
        asked: app.access.asks_second_factor(&held) && !other,
        page,
        errors,
        secret,
        offers,
    };
    render_status(status, &template)
}

/// `GET /account/second-factor`
pub(super) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    factor_page(&app, &reader, page, FormErrors::new()).await
}

/// `POST /account/second-factor/secret`: a new secret, which counts once it was confirmed.
pub(super) async fn begin(State(app): State<App>, reader: Reader) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    second_factor::begin(&tx).await?;
    tx.commit().await?;
    Ok(redirect("/account/second-factor"))
}

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "platform/recovery_codes.html")]
struct RecoveryPage {
    page: Page,
    codes: Vec<String>,
}

fn recovery_page(page: Page, codes: Vec<String>) -> Result<Response> {
    let page = page.clone().titled(page.t.s("recovery-title"));
    render(&RecoveryPage { page, codes })
}

/// `POST /account/second-factor/confirmation`: from now on the code is asked for; the recovery codes are on the answer
/// and nowhere else.
pub(super) async fn confirm(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<Code>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match second_factor::confirm(&tx, &form.code).await {
        Ok(codes) => {
            tx.commit().await?;
            recovery_page(page, codes)
        }
        Err(e) if e.is("second-factor-code") => {
            drop(tx);
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "code", &e);
            factor_page(&app, &reader, page, errors).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /account/second-factor/recovery`: new recovery codes, for somebody who lately gave password or code.
pub(super) async fn renew(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    if !ways::has_factor(&app, reader.account).await? {
        return Err(AppError::rule("second-factor-none"));
    }
    let tx = app.store.begin(&reader).await?;
    reader.require_proof(tx.now())?;
    let codes = second_factor::renew_recovery(&tx).await?;
    tx.commit().await?;
    recovery_page(page, codes)
}

/// `POST /account/second-factor/removal`
pub(super) async fn remove(State(app): State<App>, reader: Reader) -> Result<Response> {
    let other = ways::is_factor(&app, reader.account).await?;
    if app.access.asks_second_factor(&reader.roles) && !other {
        return Err(AppError::rule("second-factor-asked"));
    }
    let tx = app.store.begin(&reader).await?;
    reader.require_proof(tx.now())?;
    second_factor::remove(&tx, other).await?;
    tx.commit().await?;
    Ok(flash(redirect("/account/second-factor"), "second-factor-removed"))
}
