//! Giving the code after the password, and password or code again before records and exports open.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    response::Response,
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    accounts,
    app::App,
    error::Result,
    proof,
    reader::Reader,
    sessions,
    sessions::Factor,
    ways::{self, Offer, Place, Shown},
    web::{FormErrors, Page, redirect, render_status, url::local, visit::Visit, with_cookie},
};

/// A password is no longer than this many bytes; longer ones are not tried.
const GIVEN_MAX_BYTES: usize = 4 * accounts::password::MAX_CHARS;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    given: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "platform/code.html")]
struct CodePage {
    page: Page,
    errors: FormErrors,
    next: String,
    offers: Vec<Offer>,
}

async fn code_page(app: &App, reader: &Reader, page: Page, next: &str, errors: FormErrors) -> Result<Response> {
    let next = local(next);
    let offers = ways::offers(app, &page.t, Shown { place: Place::Code, account: Some(reader.account), next }).await?;
    let page = page.clone().titled(page.t.s("code-title"));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    render_status(status, &CodePage { page, errors, next: next.to_owned(), offers })
}

fn code_due(page: &Page) -> bool {
    page.user.as_ref().is_some_and(|u| u.factor == Factor::Due)
}

/// `GET /sign-in/code`
pub(super) async fn code_form(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if !code_due(&page) {
        return Ok(redirect(local(&asked.next)));
    }
    code_page(&app, &reader, page, &asked.next, FormErrors::new()).await
}

/// `POST /sign-in/code`
pub(super) async fn give_code(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
    page: Page,
    Form(form): Form<Given>,
) -> Result<Response> {
    let Some(token) = visit.token.as_deref().filter(|_| code_due(&page)) else { return Ok(redirect("/")) };
    let short = form.given.len() <= GIVEN_MAX_BYTES;
    let outcome = match short {
        true => accounts::give_code(&app, &reader, token, &form.given, &visit.device).await?,
        false => Err(accounts::Refused),
    };
    let Ok(token) = outcome else {
        let mut errors = FormErrors::new();
        errors.add("given", "code-refused");
        return code_page(&app, &reader, page, &form.next, errors).await;
    };
    Ok(with_cookie(redirect(local(&form.next)), &sessions::cookie(app.secure_cookies, Some(&token))))
}

#[derive(Template)]
#[template(path = "platform/proof.html")]
struct ProofPage {
    page: Page,
    errors: FormErrors,
    next: String,
    with_code: bool,
    minutes: u32,
    offers: Vec<Offer>,
}

async fn proof_page(app: &App, reader: &Reader, page: Page, next: &str, errors: FormErrors) -> Result<Response> {
    let next = local(next);
    let with_code = ways::has_factor(app, reader.account).await?;
    let offers = ways::offers(app, &page.t, Shown { place: Place::Proof, account: Some(reader.account), next }).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.clone().titled(page.t.s("proof-title"));
    let minutes = *app.pack.governance.access.step_up_minutes;
    render_status(status, &ProofPage { page, errors, next: next.to_owned(), with_code, minutes, offers })
}

/// `GET /account/proof`
pub(super) async fn proof_form(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    proof_page(&app, &reader, page, &asked.next, FormErrors::new()).await
}

/// `POST /account/proof`
pub(super) async fn prove(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
    page: Page,
    Form(form): Form<Given>,
) -> Result<Response> {
    let short = form.given.len() <= GIVEN_MAX_BYTES;
    if !short || !accounts::proves(&app, &reader, form.given).await? {
        let mut errors = FormErrors::new();
        errors.add("given", "proof-refused");
        return proof_page(&app, &reader, page, &form.next, errors).await;
    }
    let tx = app.store.begin(&reader).await?;
    proof::renew(&tx, visit.token.as_deref().unwrap_or("")).await?;
    tx.commit().await?;
    Ok(redirect(local(&form.next)))
}
