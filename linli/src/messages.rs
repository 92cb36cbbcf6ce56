//! How one-time codes leave the program: over the configured gateway; in a demonstration, onto its own console.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use linli_declarations::gateway::{Gateway, GatewayError, Gateways, HttpGateway, Message};
use linli_platform::{app::App, config::Config};

use crate::failure::{Failure, Outcome};

/// Shows messages to whoever runs the demonstration. The people are invented, and so are their numbers.
struct Console;

impl Gateway for Console {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<(), GatewayError>> {
        let masked = cn_identity::Mobile::parse(&message.mobile).map(|m| m.masked()).unwrap_or_default();
        crate::say!("  → {masked}: {}", message.text.as_str());
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Gives the app its gateway: the configured one, the console in a demonstration, none otherwise.
///
/// # Errors
/// A gateway that cannot be called from here at all.
pub fn connect(app: &App, config: &Config, demonstration: bool) -> Outcome {
    if let Some(sms) = &config.sms {
        crate::serve::install_crypto();
        let timeout = Duration::from_secs(sms.timeout_s);
        let gateway = HttpGateway::new(&sms.url, sms.authorization.as_deref(), timeout);
        let gateway = gateway.map_err(|e| Failure::say("cli-sms-gateway").arg("reason", e))?;
        Gateways::register(app, Arc::new(gateway));
    } else if demonstration {
        Gateways::register(app, Arc::new(Console));
    }
    Ok(())
}
