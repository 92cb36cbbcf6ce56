//! The own account: what it is, which roles it holds, its password.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, Form, extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    access::Role,
    accounts::{self, HeldRole},
    app::App,
    error::{AppError, Result},
    reader::Reader,
    second_factor, sessions,
    ways::{self, Offer, Place, Shown},
    web::{FormErrors, Page, flash, redirect, render, render_status, visit::Visit, with_cookie},
};

#[derive(Template)]
#[template(path = "platform/account.html")]
struct AccountPage {
    page: Page,
    account: accounts::Account,
    roles: Vec<HeldRole>,
    second_factor: bool,
    offers: Vec<Offer>,
}

/// `GET /account`
pub(super) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let reads = app.store.reads();
    let account = accounts::find(&reads, reader.account).await?;
    let today = app.store.clock().today();
    let mut roles = accounts::roles_of(&reads, reader.account).await?;
    roles.retain(|r| r.current_or_coming(today) && Role::from_code(&r.role).is_some());
    let page = page.clone().titled(page.t.s("account-title"));
    let second_factor = second_factor::is_active(&reads, reader.account).await?;
    let shown = Shown { place: Place::Account, account: Some(reader.account), next: "/account" };
    let offers = ways::offers(&app, &page.t, shown).await?;
    render(&AccountPage { page, account, roles, second_factor, offers })
}

#[derive(Template)]
#[template(path = "platform/password.html")]
struct PasswordPage {
    page: Page,
    errors: FormErrors,
    must_change: bool,
}

/// `GET /account/password`
pub(super) async fn password_form(page: Page) -> Result<Response> {
    password_page(page, FormErrors::new(), StatusCode::OK)
}

fn password_page(page: Page, errors: FormErrors, status: StatusCode) -> Result<Response> {
    let must_change = page.user.as_ref().is_some_and(|u| u.must_change);
    let page = page.clone().titled(page.t.s("password-title"));
    render_status(status, &PasswordPage { page, errors, must_change })
}

#[derive(Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// `POST /account/password`: every other session ends, this browser gets a new one.
pub(super) async fn change_password(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
    page: Page,
    Form(form): Form<Change>,
) -> Result<Response> {
    let name = page.user.as_ref().map(|u| u.sign_in_name.clone()).unwrap_or_default();
    let mut errors = FormErrors::new();
    if let Err(fault) = accounts::check_password(&name, &form.new) {
        errors.add("new", fault.key());
    }
    errors.require(form.new == form.again, "again", "password-differs");
    errors.require(form.new != form.old || form.new.is_empty(), "new", "password-same");
    if errors.is_empty() && !old_fits(&app, &reader, form.old).await? {
        errors.add("old", "password-wrong");
    }
    if !errors.is_empty() {
        return password_page(page, errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let hash = accounts::hash_password(app.store.rng(), form.new).await?;
    let tx = app.store.begin(&reader).await?;
    accounts::set_password(&tx, reader.account, &hash, false).await?;
    let opening = sessions::Opening { device: visit.device.clone(), factor_due: false };
    let token = sessions::begin_on(&tx, reader.account, opening).await?;
    tx.commit().await?;
    let response = flash(redirect("/account"), "password-changed");
    Ok(with_cookie(response, &sessions::cookie(app.secure_cookies, Some(&token))))
}

/// Whether the old password is right. Whoever sits at an open screen has as few tries as whoever signs in.
async fn old_fits(app: &App, reader: &Reader, old: String) -> Result<bool> {
    let hash = accounts::password_hash(&app.store.reads(), reader.account).await?;
    let fits = accounts::verify_password(app.store.rng(), Some(hash), old).await?;
    if !fits {
        let tx = app.store.begin(reader).await?;
        let locked = accounts::count_failure(&tx).await?;
        if locked {
            sessions::end_all(&tx, reader.account).await?;
        }
        tx.commit().await?;
        if locked {
            return Err(AppError::with("not-signed-in", StatusCode::UNAUTHORIZED));
        }
    }
    Ok(fits)
}
