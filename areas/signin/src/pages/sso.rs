//! Going to the provider and coming back.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use http::{HeaderValue, StatusCode, header::LOCATION};
use linli_platform::{
    Result,
    accounts::{self, By},
    app::App,
    error::AppError,
    proof,
    reader::Reader,
    sessions, ways,
    web::{Browser, Page, encode_query, local_path, redirect, render, signed_in, with_cookie},
};
use serde::{Deserialize, Serialize};

use super::sso_own;
use crate::{
    ceremony::{self, Kind},
    settings::Settings,
    sso::{self, Asked, Provider, SsoFault, Told, identity, identity::Subject},
};

/// What has to be remembered until the browser comes back.
#[derive(Serialize, Deserialize)]
struct Waiting {
    asked: Asked,
    next: String,
    /// The session that asked to be linked.
    session: Option<Vec<u8>>,
}

/// The name of the cookie that the browser which asked has.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-linli-sso" } else { "linli-sso" }
}

fn cookie(secure: bool, value: &str) -> String {
    let (name, mark) = (cookie_name(secure), if secure { "; Secure" } else { "" });
    let age_s = if value.is_empty() { 0 } else { ceremony::LIFETIME_S };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{mark}")
}

/// The provider, or nothing of all this exists.
pub(super) fn provider(settings: &Settings) -> Result<&Provider> {
    settings.provider.as_ref().ok_or_else(AppError::not_found)
}

impl From<SsoFault> for AppError {
    fn from(fault: SsoFault) -> Self {
        tracing::warn!(%fault, "the single sign-on did not come through");
        match fault {
            SsoFault::Unreachable(_) => AppError::with("sso-unreachable", StatusCode::BAD_GATEWAY),
            _ => AppError::with("sso-refused", StatusCode::FORBIDDEN),
        }
    }
}

/// Where the browser is to go, and the cookie by which it is known again.
pub(super) async fn way_there(
    app: &App,
    provider: &Provider,
    kind: Kind,
    next: &str,
    of: Option<(&Reader, &Browser)>,
) -> Result<(String, String)> {
    let (nonce, verifier, browser) =
        (ceremony::secret(&app.store), ceremony::secret(&app.store), ceremony::secret(&app.store));
    let mut asked = Asked::new(nonce, verifier);
    if kind == Kind::SsoProof {
        asked = asked.anew(app.store.now());
    }
    let session = of.and_then(|(_, browser)| browser.token.as_deref().map(sessions::digest));
    let waiting = Waiting { asked: asked.clone(), next: local_path(next).to_owned(), session };
    let new = ceremony::New {
        kind,
        account: of.map(|(reader, _)| reader.account),
        browser: &browser,
        state: serde_json::to_string(&waiting)?,
    };
    let state = ceremony::begin(&app.store, new).await?;
    let href = provider.way_there(app.store.now(), &state, &asked).await?;
    Ok((href, cookie(app.secure_cookies, &browser)))
}

/// A redirect off this site, to where the provider's own description says.
fn leave(href: &str) -> Result<Response> {
    let location = HeaderValue::from_str(href).map_err(|_| SsoFault::Unreachable("its address"))?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in/sso`: a link and no form, because the page policy lets forms lead nowhere but here.
pub(super) async fn begin(
    State(app): State<App>,
    reader: Option<Reader>,
    Query(query): Query<Next>,
) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    if reader.is_some() {
        return Ok(redirect(local_path(&query.next)));
    }
    let (href, cookie) = way_there(&app, provider, Kind::SsoSignIn, &query.next, None).await?;
    Ok(with_cookie(leave(&href)?, &cookie))
}

/// `GET /account/proof/sso`: somebody shows again who it is by signing in at the provider anew.
pub(super) async fn begin_proof(
    State(app): State<App>,
    reader: Reader,
    browser: Browser,
    Query(query): Query<Next>,
) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    identity::of_account(&app.store.reads(), reader.account, provider.issuer())
        .await?
        .ok_or_else(AppError::not_found)?;
    let of = Some((&reader, &browser));
    let (href, cookie) = way_there(&app, provider, Kind::SsoProof, &query.next, of).await?;
    Ok(with_cookie(leave(&href)?, &cookie))
}

/// Takes the provider's word that the one at the screen is still who is signed in here.
async fn prove(
    app: &App,
    provider: &Provider,
    (reader, browser): (&Reader, &Browser),
    told: Told,
    next: &str,
) -> Result<Response> {
    let subject = Subject::of(&app.store, provider.issuer(), &told.subject)?;
    let found = identity::find(&app.store.reads(), provider.issuer(), &subject).await?;
    let own = found.filter(|i| i.account_id == reader.account);
    let own = own.ok_or_else(|| AppError::with("sso-other", StatusCode::FORBIDDEN))?;
    // Whoever has a second factor here shows one, there or here.
    if !told.strong && ways::has_factor(app, reader.account).await? {
        return Err(AppError::with("sso-weak", StatusCode::FORBIDDEN));
    }
    let tx = app.store.begin(reader).await?;
    identity::used(&tx, own.identity_id, &subject).await?;
    proof::renew(&tx, browser.token.as_deref().unwrap_or("")).await?;
    tx.commit().await?;
    Ok(redirect(local_path(next)))
}

#[derive(Deserialize)]
pub(super) struct CameBack {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    iss: Option<String>,
}

/// `GET /sign-in/sso/callback`
pub(super) async fn callback(
    State(app): State<App>,
    jar: CookieJar,
    reader: Option<Reader>,
    browser: Browser,
    page: Page,
    Query(back): Query<CameBack>,
) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    let late = || AppError::with("sso-late", StatusCode::BAD_REQUEST);
    let asked_by = jar.get(cookie_name(app.secure_cookies)).map(|c| c.value().to_owned()).ok_or_else(late)?;
    let kinds = [Kind::SsoSignIn, Kind::SsoLink, Kind::SsoProof];
    let open = ceremony::find(&app.store.reads(), &back.state, &kinds, &asked_by).await?.ok_or_else(late)?;
    if !ceremony::spend_alone(&app.store, &back.state).await? {
        return Err(late());
    }
    // Another provider's answer must not be taken for this one's (RFC 9207).
    if back.iss.is_some_and(|iss| iss != provider.issuer()) {
        return Err(SsoFault::Untrusted("another issuer").into());
    }
    if back.code.is_empty() {
        return Err(SsoFault::NoToken.into());
    }
    let waiting: Waiting = serde_json::from_str(&open.state)?;
    let told = provider.told(app.store.now(), back.code, waiting.asked).await?;
    let response = if open.kind == Kind::SsoSignIn.code() {
        sign_in(&app, provider, &browser, told, &waiting.next).await?
    } else {
        let reader = reader.filter(|r| Some(r.account) == open.account_id).ok_or_else(late)?;
        let same = browser.token.as_deref().map(sessions::digest) == waiting.session;
        if !same {
            return Err(late());
        }
        match open.kind == Kind::SsoProof.code() {
            true => prove(&app, provider, (&reader, &browser), told, &waiting.next).await?,
            false => sso_own::ask_to_confirm(&app, provider, (&reader, &browser), page, told).await?,
        }
    };
    Ok(with_cookie(response, &cookie(app.secure_cookies, "")))
}

/// Signs in whoever the identity is here. Whether nobody is, or the account is disabled, reads the same.
async fn sign_in(app: &App, provider: &Provider, browser: &Browser, told: Told, next: &str) -> Result<Response> {
    let nobody = || AppError::with("sso-nobody", StatusCode::FORBIDDEN);
    let subject = Subject::of(&app.store, provider.issuer(), &told.subject)?;
    let found = identity::find(&app.store.reads(), provider.issuer(), &subject).await?.ok_or_else(nobody)?;
    let Ok(reader) = accounts::admitted(app, found.account_id).await? else { return Err(nobody()) };
    let factor_due = !told.strong && ways::has_factor(app, reader.account).await?;
    let tx = app.store.begin(&reader).await?;
    identity::used(&tx, found.identity_id, &subject).await?;
    let by = By { method: sso::METHOD, device: &browser.device, factor_due };
    let begun = accounts::begin_session(&tx, by).await?;
    sso::note(&tx, &begun.token, told.strong).await?;
    tx.commit().await?;
    let to = if factor_due { format!("/sign-in/code?next={}", encode_query(next)) } else { next.to_owned() };
    Ok(signed_in(app, redirect(&to), &begun.token))
}

#[derive(Template)]
#[template(path = "signin/sso_ended.html")]
struct EndedPage {
    page: Page,
    name: String,
    href: Option<String>,
}

/// `GET /sign-in/sso/ended`: signed out here, and perhaps not there.
pub(super) async fn ended(State(app): State<App>, page: Page) -> Result<Response> {
    let settings = Settings::of(&app);
    let provider = provider(&settings)?;
    // Where the provider does not answer, the page is as true without the link.
    let href = provider.way_out(app.store.now()).await.unwrap_or_default();
    let page = page.clone().titled(page.t.s("sso-ended-title"));
    let name = provider.shown_name(&page.t);
    render(&EndedPage { page, name, href })
}
