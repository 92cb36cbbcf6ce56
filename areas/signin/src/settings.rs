//! What the installation says of the area: the address that passkeys are bound to, and the provider of identities.

use std::sync::Arc;

use linli_platform::{app::App, config::Config};

use crate::{
    passkeys::{Party, PartyError},
    sso::{Provider, ProviderError},
};

/// The area's part of the installation's settings.
pub struct Settings {
    /// Whom passkeys are bound to; none where there is no address that browsers bind them to.
    pub party: Option<Party>,
    /// The provider of identities, if there is one.
    pub provider: Option<Provider>,
}

/// Settings that the area cannot work with.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The public address.
    #[error("public_address: {0}")]
    Party(#[from] PartyError),
    /// The single sign-on.
    #[error("oidc: {0}")]
    Provider(#[from] ProviderError),
}

impl Settings {
    /// Reads the area's settings. Without a public address, a server that this machine alone can reach binds passkeys to
    /// `localhost`, whatever its port.
    ///
    /// # Errors
    /// An address that passkeys cannot be bound to; a secret that cannot be read.
    pub fn from_config(config: &Config, name: &str) -> Result<Settings, SettingsError> {
        let party = match &config.public_address {
            Some(address) => Some(Party::new(address, name)?),
            None if config.listen.ip().is_loopback() => Some(Party::local(config.listen.port(), name)?),
            None => None,
        };
        let provider = match (&config.oidc, &config.public_address) {
            (Some(oidc), Some(address)) => Some(Provider::new(oidc, address)?),
            _ => None,
        };
        Ok(Settings { party, provider })
    }
    /// Puts them where [`of`](Self::of) finds them; the binary calls this at start-up.
    pub fn register(self, app: &App) {
        app.caches.put(Arc::new(self));
    }
    /// The settings; nothing is set where nobody registered any.
    pub fn of(app: &App) -> Arc<Settings> {
        app.caches.get::<Settings>().unwrap_or_else(|| Arc::new(Settings { party: None, provider: None }))
    }
}
