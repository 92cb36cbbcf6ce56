//! How a one-time code reaches a mobile (短信网关): a trait, and a gateway that is called over HTTP.
//!
//! The code and the number leave the program here and nowhere else, and neither is ever in a log, an error or an
//! address. Which gateway there is, the binary says; without one, the own page cannot be entered online.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use linli_platform::app::App;
use zeroize::Zeroizing;

/// A message to one mobile. `Debug` is masked.
pub struct Message {
    /// The number, 11 digits.
    pub mobile: Zeroizing<String>,
    /// The one-time code, 6 digits.
    pub code: Zeroizing<String>,
    /// The whole text, with the code in it.
    pub text: Zeroizing<String>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message(***)")
    }
}

/// A message was not taken. Holds nothing of the message.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The gateway cannot be reached, or took too long.
    #[error("the gateway does not answer: {0}")]
    Unreachable(&'static str),
    /// The gateway refused.
    #[error("the gateway answered with status {0}")]
    Refused(u16),
}

/// Takes messages to mobiles.
pub trait Gateway: Send + Sync {
    /// Hands one message over.
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), GatewayError>>;
}

/// What codes are paid from, a day at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purse {
    /// Those to mobiles on file: of residents, landlords, agents, and people appointed.
    OnFile,
    /// Those to mobiles that anybody may type, at the newcomers' entrance.
    Typed,
}

impl Purse {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Purse::OnFile => "on-file",
            Purse::Typed => "typed",
        }
    }
}

/// How many codes go out in 24 hours at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// To mobiles on file.
    pub on_file: i64,
    /// To mobiles that were typed.
    pub typed: i64,
}

impl Default for Most {
    fn default() -> Self {
        Most { on_file: 20_000, typed: 2_000 }
    }
}

/// The gateway, as it lies in the app's caches, and how much it is used.
pub struct Gateways {
    pub(crate) gateway: Arc<dyn Gateway>,
    most: Most,
}

impl Gateways {
    /// Puts it where [`of`](Self::of) finds it; the binary calls this at start-up.
    pub fn register(app: &App, gateway: Arc<dyn Gateway>) {
        Gateways::limited(app, gateway, Most::default());
    }
    /// The same, with other limits.
    pub fn limited(app: &App, gateway: Arc<dyn Gateway>, most: Most) {
        app.caches.put(Arc::new(Gateways { gateway, most }));
    }
    /// How many codes are paid from a purse in 24 hours.
    pub(crate) fn most_a_day(&self, purse: Purse) -> i64 {
        match purse {
            Purse::OnFile => self.most.on_file,
            Purse::Typed => self.most.typed,
        }
    }
    /// The gateway, if one is configured.
    pub fn of(app: &App) -> Option<Arc<Gateways>> {
        app.caches.get::<Gateways>()
    }
}

/// A gateway that takes `POST {"mobile": "…", "text": "…"}` and answers with a status of 200 to 299.
pub struct HttpGateway {
    client: reqwest::Client,
    url: String,
    authorization: Option<Zeroizing<String>>,
}

impl HttpGateway {
    /// A gateway at an address, with the value of its `Authorization` header and the longest it may take.
    ///
    /// # Errors
    /// [`GatewayError::Unreachable`] where the process has no certificates to check a server by.
    pub fn new(url: &str, authorization: Option<&str>, timeout: Duration) -> Result<Self, GatewayError> {
        let client = reqwest::Client::builder().timeout(timeout).redirect(reqwest::redirect::Policy::none()).build();
        let client = client.map_err(|_| GatewayError::Unreachable("no TLS"))?;
        Ok(HttpGateway { client, url: url.into(), authorization: authorization.map(|a| Zeroizing::new(a.into())) })
    }
}

impl Gateway for HttpGateway {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), GatewayError>> {
        Box::pin(async move {
            let body = serde_json::json!({ "mobile": message.mobile.as_str(), "text": message.text.as_str() });
            let mut request = self.client.post(&self.url).json(&body);
            if let Some(value) = &self.authorization {
                request = request.header(http::header::AUTHORIZATION, value.as_str());
            }
            // What went wrong is told in a word: the library's own text may quote the address, and that a secret.
            let answer = request.send().await.map_err(|e| {
                GatewayError::Unreachable(if e.is_timeout() { "it took too long" } else { "no connection" })
            })?;
            let status = answer.status();
            if status.is_success() { Ok(()) } else { Err(GatewayError::Refused(status.as_u16())) }
        })
    }
}
