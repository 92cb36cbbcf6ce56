//! Linking the own account with an identity: asked by a form of ours, told by the provider, confirmed by a second form.
//! So nobody is linked with an identity that somebody else signed in to in this browser, without reading whose it is.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    error::AppError,
    reader::Reader,
    web::{Browser, Page, flash, redirect, render, with_cookie},
};
use serde::{Deserialize, Serialize};

use super::{
    passkeys::require_lately,
    sso::{provider, way_there},
};
use crate::{
    ceremony::{self, Kind},
    settings::Settings,
    sso::{
        Provider, Told, identity,
        identity::{Identity, Subject},
    },
};

#[derive(Template)]
#[template(path = "signin/sso.html")]
struct OwnPage {
    page: Page,
    name: String,
    identity: Option<Identity>,
}

/// `GET /account/sso`
pub(super) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    let identity = identity::of_account(&app.store.reads(), reader.account, provider.issuer()).await?;
    let page = page.clone().titled(page.t.s("sso-title"));
    render(&OwnPage { name: provider.shown_name(&page.t), page, identity })
}

#[derive(Template)]
#[template(path = "signin/sso_going.html")]
struct GoingPage {
    page: Page,
    name: String,
    href: String,
}

/// `POST /account/sso/link`: a page with the link to the provider, because a form may lead nowhere but here.
pub(super) async fn begin(State(app): State<App>, reader: Reader, browser: Browser, page: Page) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    require_lately(&app, &browser).await?;
    let (href, cookie) = way_there(&app, provider, Kind::SsoLink, "/account/sso", Some((&reader, &browser))).await?;
    let page = page.clone().titled(page.t.s("sso-title"));
    Ok(with_cookie(render(&GoingPage { name: provider.shown_name(&page.t), page, href })?, &cookie))
}

/// What waits to be confirmed: nothing that tells who it is.
#[derive(Serialize, Deserialize)]
struct Found {
    blinds: Vec<Vec<u8>>,
    masked: String,
}

#[derive(Template)]
#[template(path = "signin/sso_confirm.html")]
struct ConfirmPage {
    page: Page,
    name: String,
    /// What the provider calls the person: on this page and kept nowhere.
    shown: String,
    ceremony: String,
}

/// Shows whose identity came back, and asks.
pub(super) async fn ask_to_confirm(
    app: &App,
    provider: &Provider,
    (reader, browser): (&Reader, &Browser),
    page: Page,
    told: Told,
) -> Result<Response> {
    let subject = Subject::of(&app.store, provider.issuer(), &told.subject)?;
    if identity::find(&app.store.reads(), provider.issuer(), &subject).await?.is_some() {
        return Err(AppError::rule("identity-taken"));
    }
    let state = serde_json::to_string(&Found { blinds: subject.blinds, masked: subject.masked })?;
    let token = browser.token.as_deref().unwrap_or("");
    let new = ceremony::New { kind: Kind::SsoConfirm, account: Some(reader.account), browser: token, state };
    let ceremony = ceremony::begin(&app.store, new).await?;
    // The address of this page counts once: whoever changes the language comes back to where it began.
    let page = Page { path: "/account/sso".into(), query: String::new(), ..page };
    let page = page.clone().titled(page.t.s("sso-confirm-title"));
    render(&ConfirmPage { name: provider.shown_name(&page.t), page, shown: told.shown, ceremony })
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    #[serde(default)]
    ceremony: String,
}

/// `POST /account/sso/confirmation`
pub(super) async fn confirm(
    State(app): State<App>,
    reader: Reader,
    browser: Browser,
    Form(form): Form<Confirmed>,
) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    let late = || AppError::with("sso-late", StatusCode::BAD_REQUEST);
    let token = browser.token.as_deref().unwrap_or("");
    let open = ceremony::find(&app.store.reads(), &form.ceremony, &[Kind::SsoConfirm], token).await?;
    let open = open.filter(|o| o.account_id == Some(reader.account)).ok_or_else(late)?;
    let found: Found = serde_json::from_str(&open.state)?;
    let tx = app.store.begin(&reader).await?;
    if !ceremony::spend(&tx, &form.ceremony).await? {
        return Err(late());
    }
    let subject = Subject { blinds: found.blinds, masked: found.masked };
    identity::link(&tx, reader.account, provider.issuer(), &subject).await?;
    tx.commit().await?;
    Ok(flash(redirect("/account/sso"), "sso-linked-now"))
}

/// `POST /account/sso/removal`
pub(super) async fn remove(State(app): State<App>, reader: Reader, browser: Browser) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    require_lately(&app, &browser).await?;
    let tx = app.store.begin(&reader).await?;
    identity::unlink(&tx, reader.account, provider.issuer()).await?;
    tx.commit().await?;
    Ok(flash(redirect("/account/sso"), "sso-unlinked-now"))
}
