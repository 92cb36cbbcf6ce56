//! Using a passkey: to sign in, as the second factor after the password, and to show again who it is. One page with one
//! button for all three; the device's answer comes back as a form.

use askama::Template;
use axum::{
    Form, Json,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use linli_platform::{
    Result,
    accounts::{self, By},
    app::App,
    error::AppError,
    ids::AccountId,
    proof,
    reader::Reader,
    sessions::Factor,
    web::{Browser, FormErrors, Page, local_path, redirect, render_status, signed_in},
};
use serde::Deserialize;
use webauthn_rs::prelude::Passkey;

use super::passkeys::party;
use crate::{
    ceremony::{self, Kind, Open},
    passkeys::{self, Fault, Kept},
    settings::Settings,
};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    next: String,
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    credential: String,
}

#[derive(Template)]
#[template(path = "signin/use_passkey.html")]
struct UsePage {
    page: Page,
    errors: FormErrors,
    /// Where the answer goes; the question comes from `challenge` below it.
    action: &'static str,
    /// The same without a passkey.
    instead: String,
    host: String,
    address: String,
    next: String,
}

/// Where a passkey is used: path, path without it, title.
struct Use {
    action: &'static str,
    instead: &'static str,
    title: &'static str,
}

const SIGN_IN: Use = Use { action: "/sign-in/passkey", instead: "/sign-in", title: "passkey-sign-in" };
const CODE: Use = Use { action: "/sign-in/code/passkey", instead: "/sign-in/code", title: "passkey-use" };
const PROOF: Use = Use { action: "/account/proof/passkey", instead: "/account/proof", title: "proof-title" };

fn show(app: &App, page: Page, to: &Use, next: &str, errors: FormErrors) -> Result<Response> {
    let settings = Settings::of(app);
    let (host, address) = match &settings.party {
        Some(party) => (party.host().to_owned(), party.address().to_owned()),
        None => Default::default(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let next = local_path(next).to_owned();
    let template = UsePage {
        page: page.clone().titled(page.t.s(to.title)),
        errors,
        action: to.action,
        instead: format!("{}?next={}", to.instead, linli_platform::web::encode_query(&next)),
        host,
        address,
        next,
    };
    render_status(status, &template)
}

fn refuse(app: &App, page: Page, to: &Use, next: &str, error: &AppError) -> Result<Response> {
    let mut errors = FormErrors::new();
    errors.add_error(&page.t, "", error);
    show(app, page, to, next, errors)
}

async fn question(app: &App, kind: Kind, account: Option<AccountId>, browser: &str) -> Result<Response> {
    let settings = Settings::of(app);
    let party = party(&settings)?;
    let question = match account {
        None => party.ask_for_any()?,
        Some(account) => {
            let kept = passkeys::of_account(&app.store.reads(), account).await?;
            if kept.is_empty() {
                return Err(AppError::not_found());
            }
            party.ask_for(&kept.iter().map(Kept::key).collect::<Result<Vec<_>>>()?)?
        }
    };
    let token = ceremony::begin(&app.store, ceremony::New { kind, account, browser, state: question.state }).await?;
    Ok(Json(serde_json::json!({ "ceremony": token, "options": question.options })).into_response())
}

/// The open ceremony of an answer.
async fn opened(app: &App, answer: &Answer, kind: Kind, browser: &str) -> Result<Open> {
    if answer.credential.is_empty() {
        return Err(AppError::rule("passkey-scripts"));
    }
    let open = ceremony::find(&app.store.reads(), &answer.ceremony, &[kind], browser).await?;
    open.ok_or_else(|| AppError::rule("passkey-late"))
}

/// Notes a refused answer where it is known whose key it was, and takes the ceremony away.
async fn refused(app: &App, answer: &Answer, account: Option<AccountId>, fault: Fault) -> Result<AppError> {
    tracing::info!(%fault, "a passkey was refused");
    ceremony::spend_alone(&app.store, &answer.ceremony).await?;
    if let Some(account) = account
        && let Ok(reader) = accounts::admitted(app, account).await?
    {
        let tx = app.store.begin(&reader).await?;
        passkeys::refused(&tx, fault).await?;
        tx.commit().await?;
    }
    Ok(AppError::rule("passkey-refused"))
}

/// `GET /sign-in/passkey`
pub(super) async fn sign_in_form(
    State(app): State<App>,
    page: Page,
    reader: Option<Reader>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if reader.is_some() {
        return Ok(redirect(local_path(&asked.next)));
    }
    show(&app, page, &SIGN_IN, &asked.next, FormErrors::new())
}

/// `POST /sign-in/passkey/challenge`
pub(super) async fn sign_in_challenge(State(app): State<App>) -> Result<Response> {
    question(&app, Kind::PasskeySignIn, None, "").await
}

/// `POST /sign-in/passkey`: whether the key is unknown, its account disabled or the answer wrong reads the same.
pub(super) async fn sign_in(
    State(app): State<App>,
    browser: Browser,
    page: Page,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    match try_sign_in(&app, &browser, &answer).await {
        Ok(token) => Ok(signed_in(&app, redirect(local_path(&answer.next)), &token)),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => refuse(&app, page, &SIGN_IN, &answer.next, &e),
        Err(e) => Err(e),
    }
}

async fn try_sign_in(app: &App, browser: &Browser, answer: &Answer) -> Result<String> {
    let open = opened(app, answer, Kind::PasskeySignIn, "").await?;
    let settings = Settings::of(app);
    let party = party(&settings)?;
    let (credential, account) = match party.claimed(&answer.credential) {
        Ok(claimed) => claimed,
        Err(fault) => return Err(refused(app, answer, None, fault).await?),
    };
    let kept = passkeys::find(&app.store.reads(), &credential).await?;
    let Some(kept) = kept.filter(|k| Some(k.account_id) == account) else {
        return Err(refused(app, answer, None, Fault::Refused).await?);
    };
    let mut key = kept.key()?;
    if let Err(fault) = party.take_any(&answer.credential, &open.state, &mut key) {
        return Err(refused(app, answer, Some(kept.account_id), fault).await?);
    }
    let Ok(reader) = accounts::admitted(app, kept.account_id).await? else {
        return Err(refused(app, answer, None, Fault::Refused).await?);
    };
    let tx = app.store.begin(&reader).await?;
    if !ceremony::spend(&tx, &answer.ceremony).await? {
        return Err(AppError::rule("passkey-late"));
    }
    passkeys::used(&tx, &kept, &key).await?;
    let by = By { method: passkeys::METHOD, device: &browser.device, factor_due: false };
    let begun = accounts::begin_session(&tx, by).await?;
    tx.commit().await?;
    Ok(begun.token)
}

/// Checks the answer of somebody who is known already; the key with what the answer changed of it.
async fn known_key(app: &App, reader: &Reader, token: &str, answer: &Answer, kind: Kind) -> Result<(Kept, Passkey)> {
    let open = opened(app, answer, kind, token).await?;
    if open.account_id != Some(reader.account) {
        return Err(AppError::rule("passkey-late"));
    }
    let settings = Settings::of(app);
    let party = party(&settings)?;
    let claimed = party.claimed(&answer.credential);
    let kept = match &claimed {
        Ok((credential, _)) => passkeys::find(&app.store.reads(), credential).await?,
        Err(_) => None,
    };
    let Some(kept) = kept.filter(|k| k.account_id == reader.account) else {
        return Err(refused(app, answer, Some(reader.account), Fault::Refused).await?);
    };
    let mut key = kept.key()?;
    match party.take(&answer.credential, &open.state, &mut key) {
        Ok(()) => Ok((kept, key)),
        Err(fault) => Err(refused(app, answer, Some(reader.account), fault).await?),
    }
}

fn code_due(page: &Page) -> bool {
    page.user.as_ref().is_some_and(|u| u.factor == Factor::Due)
}

/// `GET /sign-in/code/passkey`
pub(super) async fn code_form(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    if !code_due(&page) {
        return Ok(redirect(local_path(&asked.next)));
    }
    show(&app, page, &CODE, &asked.next, FormErrors::new())
}

/// `POST /sign-in/code/passkey/challenge`
pub(super) async fn code_challenge(State(app): State<App>, reader: Reader, browser: Browser) -> Result<Response> {
    question(&app, Kind::PasskeyCode, Some(reader.account), browser.token.as_deref().unwrap_or("")).await
}

/// `POST /sign-in/code/passkey`
pub(super) async fn give_code(
    State(app): State<App>,
    reader: Reader,
    browser: Browser,
    page: Page,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    let Some(token) = browser.token.as_deref().filter(|_| code_due(&page)) else { return Ok(redirect("/")) };
    let settle = async {
        let (kept, key) = known_key(&app, &reader, token, &answer, Kind::PasskeyCode).await?;
        let tx = app.store.begin(&reader).await?;
        if !ceremony::spend(&tx, &answer.ceremony).await? {
            return Err(AppError::rule("passkey-late"));
        }
        passkeys::used(&tx, &kept, &key).await?;
        let token = accounts::settle_factor(&tx, token, &browser.device, Some(passkeys::METHOD)).await?;
        tx.commit().await?;
        Ok(token)
    };
    match settle.await {
        Ok(token) => Ok(signed_in(&app, redirect(local_path(&answer.next)), &token)),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => refuse(&app, page, &CODE, &answer.next, &e),
        Err(e) => Err(e),
    }
}

/// `GET /account/proof/passkey`
pub(super) async fn proof_form(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    show(&app, page, &PROOF, &asked.next, FormErrors::new())
}

/// `POST /account/proof/passkey/challenge`
pub(super) async fn proof_challenge(State(app): State<App>, reader: Reader, browser: Browser) -> Result<Response> {
    question(&app, Kind::PasskeyProof, Some(reader.account), browser.token.as_deref().unwrap_or("")).await
}

/// `POST /account/proof/passkey`
pub(super) async fn prove(
    State(app): State<App>,
    reader: Reader,
    browser: Browser,
    page: Page,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    let token = browser.token.as_deref().unwrap_or("");
    let settle = async {
        let (kept, key) = known_key(&app, &reader, token, &answer, Kind::PasskeyProof).await?;
        let tx = app.store.begin(&reader).await?;
        if !ceremony::spend(&tx, &answer.ceremony).await? {
            return Err(AppError::rule("passkey-late"));
        }
        passkeys::used(&tx, &kept, &key).await?;
        proof::renew(&tx, token).await?;
        tx.commit().await
    };
    match settle.await {
        Ok(()) => Ok(redirect(local_path(&answer.next))),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => refuse(&app, page, &PROOF, &answer.next, &e),
        Err(e) => Err(e),
    }
}
