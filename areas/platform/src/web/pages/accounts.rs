//! Accounts, for the system administrator: made, disabled, given a new password. Roles are not to be had here (R38).

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    accounts::{self, Account, NewAccount, password::one_time_password},
    app::App,
    error::{AppError, Result},
    ids::AccountId,
    reader::Reader,
    ways::{self, Offer, Place, Shown},
    web::{Asked, FormErrors, Page, Paging, flash, redirect, render, render_status, required},
};

#[derive(Template)]
#[template(path = "platform/accounts.html")]
struct ListPage {
    page: Page,
    paging: Paging,
    part: String,
    rows: Vec<Account>,
    now: crate::clock::At,
}

/// `GET /admin/accounts`
pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    list_page(&app, page, String::new(), Paging::from_query(&query)).await
}

/// `POST /admin/accounts/search`: a name, and therefore a form.
pub(super) async fn search(State(app): State<App>, page: Page, Form(asked): Form<Asked>) -> Result<Response> {
    let paging = asked.paging();
    list_page(&app, page, asked.q, paging).await
}

async fn list_page(app: &App, page: Page, part: String, paging: Paging) -> Result<Response> {
    let (rows, total) = accounts::list(&app.store.reads(), &part, paging.limit(), paging.offset()).await?;
    let page = page.clone().titled(page.t.s("nav-accounts"));
    render(&ListPage { page, paging: paging.of(total), part, rows, now: app.store.now() })
}

#[derive(Deserialize, Default)]
pub(super) struct New {
    #[serde(default)]
    sign_in_name: String,
    #[serde(default)]
    display_name: String,
}

#[derive(Template)]
#[template(path = "platform/account_new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    form: New,
}

/// `GET /admin/accounts/new`
pub(super) async fn form(page: Page) -> Result<Response> {
    let page = page.clone().titled(page.t.s("accounts-new"));
    render(&NewPage { page, errors: FormErrors::new(), form: New::default() })
}

/// `POST /admin/accounts`: the one-time password is on the answer and nowhere else.
pub(super) async fn create(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<New>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    if !required(&mut errors, "sign_in_name", &form.sign_in_name).is_empty() {
        errors.require(accounts::is_sign_in_name(&form.sign_in_name), "sign_in_name", "error-account-name");
    }
    let display = required(&mut errors, "display_name", &form.display_name).to_owned();
    errors.require(display.chars().count() <= accounts::DISPLAY_MAX_CHARS, "display_name", "form-too-long");
    if errors.is_empty() {
        let password = one_time_password(app.store.rng());
        let new = NewAccount {
            sign_in_name: form.sign_in_name.clone(),
            display_name: display,
            password_hash: accounts::hash_password(app.store.rng(), password.clone()).await?,
            roles: Vec::new(),
            must_change: true,
        };
        let tx = app.store.begin(&reader).await?;
        match accounts::create(&tx, new).await {
            Ok(id) => {
                tx.commit().await?;
                let account = accounts::find(&app.store.reads(), id).await?;
                return one_time_page(page, account, password);
            }
            Err(e) if e.is("account-name-taken") => errors.add_error(&page.t, "sign_in_name", &e),
            Err(e) => return Err(e),
        }
    }
    let page = page.clone().titled(page.t.s("accounts-new"));
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &NewPage { page, errors, form })
}

#[derive(Template)]
#[template(path = "platform/account_password.html")]
struct OneTimePage {
    page: Page,
    account: Account,
    password: String,
}

fn one_time_page(page: Page, account: Account, password: String) -> Result<Response> {
    let page = page.clone().titled(page.t.s("accounts-one-time"));
    render(&OneTimePage { page, account, password })
}

#[derive(Template)]
#[template(path = "platform/account_admin.html")]
struct ShowPage {
    page: Page,
    account: Account,
    locked: bool,
    own: bool,
    second_factor: bool,
    offers: Vec<Offer>,
}

/// `GET /admin/accounts/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<AccountId>,
) -> Result<Response> {
    let account = accounts::find(&app.store.reads(), id).await?;
    let locked = account.is_locked(app.store.now());
    let page = page.titled(account.display_name.clone());
    let second_factor = ways::has_factor(&app, id).await?;
    let shown = Shown { place: Place::Administration, account: Some(id), next: "/admin/accounts" };
    let offers = ways::offers(&app, &page.t, shown).await?;
    render(&ShowPage { page, own: account.account_id == reader.account, account, locked, second_factor, offers })
}

/// `POST /admin/accounts/{id}/second-factor-removal`: for somebody who lost phone and recovery codes; the security
/// officer is told.
pub(super) async fn remove_factor(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<AccountId>,
) -> Result<Response> {
    let account = accounts::resettable(&app, &reader, id).await?;
    let tx = app.store.begin(&reader).await?;
    ways::remove_factors(&app, &tx, account.account_id).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/admin/accounts/{id}")), "second-factor-removed"))
}

/// `POST /admin/accounts/{id}/disabling`
pub(super) async fn disable(State(app): State<App>, reader: Reader, Path(id): Path<AccountId>) -> Result<Response> {
    set_disabled(&app, &reader, id, true).await
}

/// `POST /admin/accounts/{id}/enabling`
pub(super) async fn enable(State(app): State<App>, reader: Reader, Path(id): Path<AccountId>) -> Result<Response> {
    set_disabled(&app, &reader, id, false).await
}

async fn set_disabled(app: &App, reader: &Reader, id: AccountId, disabled: bool) -> Result<Response> {
    if id == reader.account {
        return Err(AppError::rule("account-own"));
    }
    accounts::find(&app.store.reads(), id).await?;
    let tx = app.store.begin(reader).await?;
    accounts::set_disabled(&tx, id, disabled).await?;
    tx.commit().await?;
    let key = if disabled { "accounts-disabled" } else { "accounts-enabled" };
    Ok(flash(redirect(&format!("/admin/accounts/{id}")), key))
}

/// `POST /admin/accounts/{id}/password`
pub(super) async fn reset_password(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<AccountId>,
) -> Result<Response> {
    let account = accounts::resettable(&app, &reader, id).await?;
    let password = one_time_password(app.store.rng());
    let hash = accounts::hash_password(app.store.rng(), password.clone()).await?;
    let tx = app.store.begin(&reader).await?;
    accounts::set_password(&tx, id, &hash, true).await?;
    tx.commit().await?;
    one_time_page(page, account, password)
}
