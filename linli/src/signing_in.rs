//! What passkeys are bound to and which provider of identities there is, as the settings say.

use linli_platform::{app::App, config::Config};
use linli_signin::Settings;

use crate::failure::{Failure, Outcome};

/// Gives the app its other ways to sign in.
///
/// # Errors
/// `cli-signing-in` for an address or a secret that cannot be used.
pub fn connect(app: &App, config: &Config) -> Outcome {
    if config.oidc.is_some() {
        crate::serve::install_crypto();
    }
    let name = app.pack.meta.division_name.as_str();
    let settings = Settings::from_config(config, &format!("邻里 {name}"));
    settings.map_err(|e| Failure::say("cli-signing-in").arg("reason", e))?.register(app);
    Ok(())
}
