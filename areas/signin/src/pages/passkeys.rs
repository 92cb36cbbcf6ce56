//! The own passkeys: listed, added, taken away.

use askama::Template;
use axum::{
    Form, Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    error::AppError,
    reader::Reader,
    second_factor, sessions,
    web::{Browser, FormErrors, Page, flash, redirect, render, render_status},
};
use serde::Deserialize;

use crate::{
    ceremony::{self, Kind},
    ids::PasskeyId,
    passkeys::{self, Kept, Party},
    settings::Settings,
};

#[derive(Template)]
#[template(path = "signin/passkeys.html")]
struct PasskeysPage {
    page: Page,
    errors: FormErrors,
    rows: Vec<Kept>,
    /// The host and the address at which passkeys work; none if nobody said which.
    party: Option<(String, String)>,
    /// What the new one is called unless somebody says otherwise.
    name: String,
    most: usize,
    recovery_left: i64,
}

/// The party, or that there is none.
pub(super) fn party(settings: &Settings) -> Result<&Party> {
    settings.party.as_ref().ok_or_else(|| AppError::rule("passkey-address"))
}

/// Whoever changes the own ways to sign in has to have shown lately who it is, whatever is asked for records.
pub(super) async fn require_lately(app: &App, browser: &Browser) -> Result<()> {
    let token = browser.token.as_deref().unwrap_or("");
    match sessions::proved_lately(app, token).await? {
        true => Ok(()),
        false => Err(AppError::with("step-up", StatusCode::FORBIDDEN)),
    }
}

async fn show(app: &App, reader: &Reader, page: Page, name: String, errors: FormErrors) -> Result<Response> {
    let reads = app.store.reads();
    let settings = Settings::of(app);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let template = PasskeysPage {
        rows: passkeys::of_account(&reads, reader.account).await?,
        party: settings.party.as_ref().map(|p| (p.host().to_owned(), p.address().to_owned())),
        recovery_left: second_factor::recovery_left(&reads, reader.account).await?,
        page: page.clone().titled(page.t.s("passkeys-title")),
        most: passkeys::MOST,
        errors,
        name,
    };
    render_status(status, &template)
}

/// `GET /account/passkeys`
pub(super) async fn list(State(app): State<App>, reader: Reader, browser: Browser, page: Page) -> Result<Response> {
    show(&app, &reader, page, browser.device, FormErrors::new()).await
}

/// `POST /account/passkeys/challenge`: the question for a new passkey.
pub(super) async fn challenge(
    State(app): State<App>,
    reader: Reader,
    browser: Browser,
    page: Page,
) -> Result<Response> {
    require_lately(&app, &browser).await?;
    let settings = Settings::of(&app);
    let kept = passkeys::of_account(&app.store.reads(), reader.account).await?;
    let keys = kept.iter().map(Kept::key).collect::<Result<Vec<_>>>()?;
    let sign_in_name = page.user.as_ref().map_or("", |u| u.sign_in_name.as_str());
    let display_name = page.user.as_ref().map_or("", |u| u.name.as_str());
    let question = party(&settings)?.ask_for_new(reader.account, (sign_in_name, display_name), &keys)?;
    let new = ceremony::New {
        kind: Kind::PasskeyAdded,
        account: Some(reader.account),
        browser: browser.token.as_deref().unwrap_or(""),
        state: question.state,
    };
    let token = ceremony::begin(&app.store, new).await?;
    Ok(Json(serde_json::json!({ "ceremony": token, "options": question.options })).into_response())
}

#[derive(Deserialize)]
pub(super) struct New {
    #[serde(default)]
    name: String,
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    credential: String,
}

#[derive(Template)]
#[template(path = "signin/recovery.html")]
struct RecoveryPage {
    page: Page,
    codes: Vec<String>,
}

/// `POST /account/passkeys`: the answer. Where there were no recovery codes, they are on the page that follows and
/// nowhere else.
pub(super) async fn add(
    State(app): State<App>,
    reader: Reader,
    browser: Browser,
    page: Page,
    Form(form): Form<New>,
) -> Result<Response> {
    require_lately(&app, &browser).await?;
    match try_add(&app, &reader, &browser, &form).await {
        Ok(Some(codes)) => {
            let page = page.clone().titled(page.t.s("recovery-title"));
            render(&RecoveryPage { page, codes })
        }
        Ok(None) => Ok(flash(redirect("/account/passkeys"), "passkey-added-now")),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "name", &e);
            show(&app, &reader, page, form.name, errors).await
        }
        Err(e) => Err(e),
    }
}

async fn try_add(app: &App, reader: &Reader, browser: &Browser, form: &New) -> Result<Option<Vec<String>>> {
    let settings = Settings::of(app);
    let party = party(&settings)?;
    passkeys::check_name(&form.name)?;
    if form.credential.is_empty() {
        return Err(AppError::rule("passkey-scripts"));
    }
    let token = browser.token.as_deref().unwrap_or("");
    let open = ceremony::find(&app.store.reads(), &form.ceremony, &[Kind::PasskeyAdded], token).await?;
    let open = open.filter(|o| o.account_id == Some(reader.account)).ok_or_else(|| AppError::rule("passkey-late"))?;
    let key = match party.take_new(&form.credential, &open.state) {
        Ok(key) => key,
        Err(fault) => {
            tracing::info!(%fault, "a new passkey was refused");
            ceremony::spend_alone(&app.store, &form.ceremony).await?;
            return Err(AppError::rule("passkey-refused"));
        }
    };
    let tx = app.store.begin(reader).await?;
    if !ceremony::spend(&tx, &form.ceremony).await? {
        return Err(AppError::rule("passkey-late"));
    }
    let codes = passkeys::add(&tx, &key, &form.name).await?;
    tx.commit().await?;
    Ok(codes)
}

/// `POST /account/passkeys/{id}/removal`
pub(super) async fn remove(
    State(app): State<App>,
    reader: Reader,
    browser: Browser,
    Path(id): Path<PasskeyId>,
) -> Result<Response> {
    require_lately(&app, &browser).await?;
    if passkeys::is_asked_for(&app, reader.account).await? {
        return Err(AppError::rule("passkey-asked"));
    }
    let tx = app.store.begin(&reader).await?;
    passkeys::remove(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect("/account/passkeys"), "passkey-removed-now"))
}
