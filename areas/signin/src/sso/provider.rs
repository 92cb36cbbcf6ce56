//! The provider of identities as a client sees it: discovery, the way there, and what the ID token says.
//!
//! Its description and keys are fetched when they are first needed and again after [`FRESH_S`], or at once when a token is
//! signed with a key that is not known: a provider that changes its keys signs nobody out. What it sends is bounded in
//! time and size, no redirect is followed, and its own words never reach the log or the screen.

use std::{fs, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::future::BoxFuture;
use linli_platform::{clock::At, config::Oidc, texts::T};
use openidconnect::{
    AsyncHttpClient, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, LogoutRequest, Nonce, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse,
    core::{CoreAuthPrompt, CoreClient, CoreIdToken, CoreResponseType},
};
use serde::{Deserialize, Serialize};
use tokio::sync::RwLock;

use super::claims::{Told, signed_in_anew, told};

/// How long the provider's description and keys are used without asking again.
const FRESH_S: i64 = 10 * 60;
/// An answer is no longer than this.
const ANSWER_MAX_BYTES: usize = 1024 * 1024;
/// The path that browsers come back to.
pub const CALLBACK: &str = "/sign-in/sso/callback";

/// A provider that cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The secret's file.
    #[error("the secret cannot be read from {0}")]
    Secret(String),
    /// An address.
    #[error("{0} is no address")]
    Address(String),
    /// No certificates to check a server by.
    #[error("there is no TLS to reach it by")]
    Tls,
}

/// Why nobody signed in. Holds nothing that the provider said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SsoFault {
    /// It does not answer, or not as a provider does.
    #[error("the provider does not answer: {0}")]
    Unreachable(&'static str),
    /// It did not give a token for the code.
    #[error("the provider gave no token")]
    NoToken,
    /// Its token does not hold: signature, issuer, audience, time or nonce.
    #[error("the ID token does not hold: {0}")]
    Untrusted(&'static str),
    /// The token lacks the claim that names the account.
    #[error("the ID token lacks the configured claim")]
    NoClaim,
}

/// What has to be remembered until the browser comes back.
#[derive(Clone, Serialize, Deserialize)]
pub struct Asked {
    nonce: String,
    verifier: String,
    /// When somebody was asked to sign in there anew, whatever the provider remembers of them.
    #[serde(default)]
    anew_since: Option<At>,
}

impl Asked {
    /// Of two random texts.
    pub fn new(nonce: String, verifier: String) -> Asked {
        Asked { nonce, verifier, anew_since: None }
    }
    /// The same, and the person is to sign in there anew (Core 3.1.2.1: `prompt=login`, `max_age=0`).
    #[must_use]
    pub fn anew(self, now: At) -> Asked {
        Asked { anew_since: Some(now), ..self }
    }
}

/// Asks over HTTP, within bounds.
struct Http(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = SsoFault;
    type Future = BoxFuture<'c, Result<HttpResponse, SsoFault>>;
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let asked = self.0.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
            let mut answer = asked.send().await.map_err(|e| {
                SsoFault::Unreachable(if e.is_timeout() { "it took too long" } else { "no connection" })
            })?;
            let mut response = http::Response::builder().status(answer.status());
            for (name, value) in answer.headers() {
                response = response.header(name, value);
            }
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(|_| SsoFault::Unreachable("it broke off"))? {
                if body.len() + chunk.len() > ANSWER_MAX_BYTES {
                    return Err(SsoFault::Unreachable("its answer is endless"));
                }
                body.extend_from_slice(&chunk);
            }
            response.body(body).map_err(|_| SsoFault::Unreachable("its answer cannot be read"))
        })
    }
}

/// The provider.
pub struct Provider {
    oidc: Oidc,
    issuer: IssuerUrl,
    secret: Option<ClientSecret>,
    callback: RedirectUrl,
    after: PostLogoutRedirectUrl,
    http: Http,
    known: RwLock<Option<(At, ProviderMetadataWithLogout)>>,
}

impl Provider {
    /// The provider of these settings, for an installation at a public address.
    ///
    /// # Errors
    /// A secret's file that cannot be read; an address that is none.
    pub fn new(oidc: &Oidc, public_address: &str) -> Result<Provider, ProviderError> {
        let secret = match (&oidc.client_secret, &oidc.client_secret_file) {
            (Some(secret), _) => Some(secret.clone()),
            (None, Some(file)) => {
                let text = fs::read_to_string(file).map_err(|_| ProviderError::Secret(file.display().to_string()))?;
                Some(text.trim().to_owned())
            }
            (None, None) => None,
        };
        let address = |url: &str| ProviderError::Address(url.to_owned());
        let callback = format!("{public_address}{CALLBACK}");
        let after = format!("{public_address}/sign-in");
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(oidc.timeout_s))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| ProviderError::Tls)?;
        Ok(Provider {
            issuer: IssuerUrl::new(oidc.issuer.clone()).map_err(|_| address(&oidc.issuer))?,
            secret: secret.map(ClientSecret::new),
            callback: RedirectUrl::new(callback.clone()).map_err(|_| address(&callback))?,
            after: PostLogoutRedirectUrl::new(after.clone()).map_err(|_| address(&after))?,
            oidc: oidc.clone(),
            http: Http(client),
            known: RwLock::new(None),
        })
    }
    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.oidc.issuer
    }
    /// The claim that names the account.
    pub fn claim(&self) -> &str {
        &self.oidc.claim
    }
    /// Whether the settings take its word for a second factor.
    pub fn knows_second_factors(&self) -> bool {
        !self.oidc.second_factor_amr.is_empty() || !self.oidc.second_factor_acr.is_empty()
    }
    /// What pages call it.
    pub fn shown_name(&self, t: &T) -> String {
        self.oidc.name.clone().unwrap_or_else(|| t.s("sso-provider"))
    }

    /// The provider's description with its keys; asked anew if it is not fresh, or if `anew` says so.
    fn description(&self, now: At, anew: bool) -> BoxFuture<'_, Result<ProviderMetadataWithLogout, SsoFault>> {
        Box::pin(async move {
            if let Some((at, known)) = &*self.known.read().await
                && !anew
                && at.plus_s(FRESH_S) > now
                && *at <= now
            {
                return Ok(known.clone());
            }
            let found = self.discovered().await?;
            *self.known.write().await = Some((now, found.clone()));
            Ok(found)
        })
    }

    async fn discovered(&self) -> Result<ProviderMetadataWithLogout, SsoFault> {
        let found = ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &self.http).await;
        found.map_err(|e| match e {
            openidconnect::DiscoveryError::Request(fault) => fault,
            openidconnect::DiscoveryError::Validation(_) => SsoFault::Untrusted("another issuer"),
            _ => SsoFault::Unreachable("its description cannot be read"),
        })
    }

    /// Where the browser is to go, with a state that comes back.
    ///
    /// # Errors
    /// [`SsoFault::Unreachable`].
    pub async fn way_there(&self, now: At, state: &str, asked: &Asked) -> Result<String, SsoFault> {
        let description = self.description(now, false).await?;
        let client = CoreClient::from_provider_metadata(
            description,
            ClientId::new(self.oidc.client_id.clone()),
            self.secret.clone(),
        )
        .set_redirect_uri(self.callback.clone());
        let (state, nonce) = (state.to_owned(), asked.nonce.clone());
        let verifier = PkceCodeVerifier::new(asked.verifier.clone());
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scopes(self.oidc.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if asked.anew_since.is_some() {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        Ok(request.url().0.to_string())
    }

    /// Exchanges the code that came back and reads the ID token.
    ///
    /// # Errors
    /// Any [`SsoFault`].
    pub fn told(&self, now: At, code: String, asked: Asked) -> BoxFuture<'_, Result<Told, SsoFault>> {
        Box::pin(async move {
            let nonce = Nonce::new(asked.nonce);
            let elapsed_s = asked.anew_since.map(|since| (now.0 - since.0) / 1_000_000);
            let token = self.exchange(self.description(now, false).await?, code, asked.verifier).await?;
            if self.holds(self.description(now, false).await?, &token, &nonce).is_err() {
                // The key may be newer than what is known of the provider.
                self.holds(self.description(now, true).await?, &token, &nonce)?;
            }
            self.read(&token.to_string(), elapsed_s)
        })
    }

    async fn exchange(
        &self,
        description: ProviderMetadataWithLogout,
        code: String,
        verifier: String,
    ) -> Result<CoreIdToken, SsoFault> {
        let client = CoreClient::from_provider_metadata(
            description,
            ClientId::new(self.oidc.client_id.clone()),
            self.secret.clone(),
        )
        .set_redirect_uri(self.callback.clone());
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|_| SsoFault::NoToken)?;
        let answer = request.set_pkce_verifier(PkceCodeVerifier::new(verifier)).request_async(&self.http).await;
        let answer = answer.map_err(|e| match e {
            openidconnect::RequestTokenError::Request(fault) => fault,
            _ => SsoFault::NoToken,
        })?;
        answer.id_token().cloned().ok_or(SsoFault::NoToken)
    }

    fn holds(
        &self,
        description: ProviderMetadataWithLogout,
        token: &CoreIdToken,
        nonce: &Nonce,
    ) -> Result<(), SsoFault> {
        use openidconnect::ClaimsVerificationError as E;
        let client = CoreClient::from_provider_metadata(
            description,
            ClientId::new(self.oidc.client_id.clone()),
            self.secret.clone(),
        );
        let claims = token.claims(&client.id_token_verifier(), nonce);
        claims.map(|_| ()).map_err(|e| {
            SsoFault::Untrusted(match e {
                E::Expired(_) => "it is too old, or a clock is wrong",
                E::InvalidAudience(_) => "it is for another client",
                E::InvalidIssuer(_) => "it is of another issuer",
                E::InvalidNonce(_) => "it is for another question",
                E::SignatureVerification(_) => "its signature",
                _ => "its form",
            })
        })
    }

    /// Reads the claims of a token that holds; where somebody had to sign in anew, that it is so.
    fn read(&self, token: &str, elapsed_s: Option<i64>) -> Result<Told, SsoFault> {
        let body = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let claims: serde_json::Value =
            body.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or(SsoFault::Untrusted("its form"))?;
        if elapsed_s.is_some_and(|elapsed_s| !signed_in_anew(&claims, elapsed_s)) {
            return Err(SsoFault::Untrusted("nobody signed in anew"));
        }
        told(&self.oidc, &claims)
    }

    /// Where somebody signs out of the provider too, if it says so.
    ///
    /// # Errors
    /// [`SsoFault::Unreachable`].
    pub async fn way_out(&self, now: At) -> Result<Option<String>, SsoFault> {
        let description = self.description(now, false).await?;
        let end = description.additional_metadata().end_session_endpoint.clone();
        Ok(end.map(|end| {
            let request = LogoutRequest::from(end)
                .set_client_id(ClientId::new(self.oidc.client_id.clone()))
                .set_post_logout_redirect_uri(self.after.clone());
            request.http_get_url().to_string()
        }))
    }
}
