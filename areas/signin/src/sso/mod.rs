//! Single sign-on (统一身份认证): a provider of identities says who somebody is, by OpenID Connect Core 1.0 with the
//! authorization code, PKCE, and state and nonce bound to the browser.
//!
//! An identity is one value of the configured claim under one issuer. Which account it is was settled here before
//! ([`identity`]); the provider makes no account and gives no role. Whether its own second factor counts is the
//! installation's decision, by values of `amr` and `acr`.

mod claims;
pub mod identity;
mod provider;
mod session;
mod way;

pub use claims::Told;
pub use provider::{Asked, CALLBACK, Provider, ProviderError, SsoFault};
pub use session::note;
pub use way::SingleSignOn;

/// The way's code in events.
pub const METHOD: &str = "sso";
