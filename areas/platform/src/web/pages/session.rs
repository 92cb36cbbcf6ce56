//! Signing in and out, the language, and a sign of life.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;

use crate::{
    accounts,
    app::App,
    error::Result,
    reader::Reader,
    sessions,
    store::Query as _,
    texts::Lang,
    ways::{self, Offer, Place, Shown},
    web::{
        FormErrors, Page, redirect, render_status,
        url::local,
        visit::{LANGUAGE_COOKIE, Visit},
        with_cookie,
    },
};

#[derive(Template)]
#[template(path = "platform/sign_in.html")]
struct SignInPage {
    page: Page,
    errors: FormErrors,
    name: String,
    next: String,
    offers: Vec<Offer>,
}

async fn sign_in_page(app: &App, page: Page, name: String, next: String, errors: FormErrors) -> Result<Response> {
    let offers = ways::offers(app, &page.t, Shown { place: Place::SignIn, account: None, next: &next }).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.clone().titled(page.t.s("sign-in-title"));
    render_status(status, &SignInPage { page, errors, name, next, offers })
}

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    reader: Option<Reader>,
    Query(query): Query<Next>,
) -> Result<Response> {
    let next = local(&query.next).to_owned();
    if reader.is_some() {
        return Ok(redirect(&next));
    }
    sign_in_page(&app, page, String::new(), next, FormErrors::new()).await
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`
pub(super) async fn sign_in(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    page: Page,
    Form(form): Form<SignIn>,
) -> Result<Response> {
    let next = local(&form.next).to_owned();
    let short = form.name.chars().count() <= accounts::NAME_MAX_CHARS;
    let outcome = match short && form.password.len() <= 4 * accounts::password::MAX_CHARS {
        true => accounts::sign_in(&app, &form.name, form.password, &visit.device).await?,
        false => Err(accounts::Refused),
    };
    let Ok(signed_in) = outcome else {
        let mut errors = FormErrors::new();
        errors.add("name", "sign-in-refused");
        return sign_in_page(&app, page, form.name, next, errors).await;
    };
    let next = match (signed_in.code_due, next.as_str()) {
        (false, _) => next,
        (true, "/") => "/sign-in/code".into(),
        (true, next) => format!("/sign-in/code?next={}", crate::web::encode_query(next)),
    };
    Ok(with_cookie(redirect(&next), &sessions::cookie(app.secure_cookies, Some(&signed_in.token))))
}

/// `POST /sign-out`
pub(super) async fn sign_out(
    State(app): State<App>,
    Extension(visit): Extension<Arc<Visit>>,
    reader: Reader,
) -> Result<Response> {
    let mut then = "/sign-in";
    if let Some(token) = &visit.token {
        then = ways::after_sign_out(&app, &sessions::digest(token)).await?.unwrap_or(then);
        accounts::sign_out(&app, &reader, token, visit.push).await?;
    }
    let gone = sessions::cookie(app.secure_cookies, None);
    let mut response = with_cookie(redirect(then), &gone);
    // Whoever uses this browser next finds neither pages nor drafts of this one.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

#[derive(Deserialize)]
pub(super) struct Language {
    lang: String,
    #[serde(default)]
    next: String,
}

/// `POST /language`
pub(super) async fn language(
    State(app): State<App>,
    reader: Option<Reader>,
    Form(form): Form<Language>,
) -> Result<Response> {
    let lang = Lang::from_code(&form.lang);
    if let Some(reader) = reader {
        let tx = app.store.begin(&reader).await?;
        accounts::set_language(&tx, reader.account, lang).await?;
        tx.commit().await?;
    }
    let cookie = format!("{LANGUAGE_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000", lang.code());
    Ok(with_cookie(redirect(local(&form.next)), &cookie))
}

/// `GET /healthz`: `ok` if the store answers.
pub(super) async fn health(State(app): State<App>) -> Result<Response> {
    app.store
        .reads()
        .number("SELECT COUNT(*) FROM setting WHERE division_code = $1", crate::vals![app.store.division()])
        .await?;
    Ok("ok\n".into_response())
}
