//! Linking somebody else's account with an identity, for the system administrator. As with passwords (R38), nobody links
//! the own account here or another administrator's, and the security officer hears of each.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    accounts::{self, Account},
    app::App,
    ids::AccountId,
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render_status, required},
};
use serde::Deserialize;

use super::sso::provider;
use crate::{
    settings::Settings,
    sso::{
        identity,
        identity::{Identity, SUBJECT_MAX_CHARS, Subject},
    },
};

#[derive(Template)]
#[template(path = "signin/sso_admin.html")]
struct AdminPage {
    page: Page,
    errors: FormErrors,
    account: Account,
    name: String,
    claim: String,
    identity: Option<Identity>,
    subject: String,
    most: usize,
}

async fn page_of(app: &App, page: Page, id: AccountId, subject: String, errors: FormErrors) -> Result<Response> {
    let settings = Settings::of(app);
    let provider = provider(&settings)?;
    let account = accounts::find(&app.store.reads(), id).await?;
    let identity = identity::of_account(&app.store.reads(), id, provider.issuer()).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let template = AdminPage {
        name: provider.shown_name(&page.t),
        claim: provider.claim().to_owned(),
        page: page.titled(account.display_name.clone()),
        most: SUBJECT_MAX_CHARS,
        errors,
        account,
        identity,
        subject,
    };
    render_status(status, &template)
}

/// `GET /admin/accounts/{id}/sso`
pub(super) async fn show(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    page_of(&app, page, id, String::new(), FormErrors::new()).await
}

#[derive(Deserialize)]
pub(super) struct New {
    #[serde(default)]
    subject: String,
}

/// `POST /admin/accounts/{id}/sso`
pub(super) async fn link(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<AccountId>,
    Form(form): Form<New>,
) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    let account = accounts::resettable(&app, &reader, id).await?.account_id;
    let mut errors = FormErrors::new();
    let value = required(&mut errors, "subject", &form.subject);
    if errors.is_empty() {
        let linked = async {
            let subject = Subject::of(&app.store, provider.issuer(), value)?;
            let tx = app.store.begin(&reader).await?;
            identity::link(&tx, account, provider.issuer(), &subject).await?;
            tx.commit().await
        };
        match linked.await {
            Ok(()) => return Ok(flash(redirect(&format!("/admin/accounts/{id}/sso")), "sso-linked-now")),
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "subject", &e),
            Err(e) => return Err(e),
        }
    }
    page_of(&app, page, id, form.subject, errors).await
}

/// `POST /admin/accounts/{id}/sso/removal`
pub(super) async fn remove(State(app): State<App>, reader: Reader, Path(id): Path<AccountId>) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    let account = accounts::resettable(&app, &reader, id).await?.account_id;
    let tx = app.store.begin(&reader).await?;
    identity::unlink(&tx, account, provider.issuer()).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/admin/accounts/{id}/sso")), "sso-unlinked-now"))
}
