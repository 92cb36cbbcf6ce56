//! How messages leave the program: one-time codes over the configured gateway, in a demonstration onto its own console;
//! those of the grid's channel straight to WeCom or through a gateway; notices to devices as the settings allow.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use linli_declarations::gateway::{Gateway, GatewayError, Gateways, HttpGateway, Message, Most};
use linli_platform::{app::App, config::Config, push};
use linli_work::outward::send::Outside;

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

/// Gives the app its ways outside; for one-time codes the configured gateway, the console in a demonstration, none
/// otherwise.
///
/// # Errors
/// A gateway that cannot be called from here at all.
pub fn connect(app: &App, config: &Config, demonstration: bool) -> Outcome {
    push::Settings::register(app, config.push_settings());
    if config.push.enabled {
        crate::serve::install_crypto();
    }
    if let Some(wecom) = &config.wecom {
        crate::serve::install_crypto();
        app.caches.put(Arc::new(Outside::new(&wecom.base)?));
    }
    if let Some(sms) = &config.sms {
        crate::serve::install_crypto();
        let timeout = Duration::from_secs(sms.timeout_s);
        let gateway = HttpGateway::new(&sms.url, sms.authorization.as_deref(), timeout);
        let gateway = gateway.map_err(|e| Failure::say("cli-sms-gateway").arg("reason", e))?;
        let most = Most { on_file: sms.codes_a_day, typed: sms.newcomer_codes_a_day };
        Gateways::limited(app, Arc::new(gateway), most);
    } else if demonstration {
        Gateways::register(app, Arc::new(Console));
    }
    Ok(())
}
