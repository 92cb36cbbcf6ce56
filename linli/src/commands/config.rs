//! `linli config check`, `linli policy check`.

use std::path::Path;

use linli_platform::{config::Config, texts::T};

use crate::{failure::Outcome, start};

/// Says that the settings hold, and what they come to.
pub fn check(config: &Config, t: &T) {
    crate::say!("{}", t.s("cli-config-good"));
    let place = |option: &Option<std::path::PathBuf>, none: &str| {
        option.as_ref().map_or_else(|| none.to_owned(), |p| p.display().to_string())
    };
    for (key, value) in [
        ("data_dir", config.data_dir.display().to_string()),
        ("database_url", config.database().masked()),
        ("division_code", config.division_code.clone()),
        ("policy_dir", place(&config.policy_dir, "xianghuaqiao-2023")),
        ("key_dir", config.keys().display().to_string()),
        ("profile", config.profile.code().into()),
        ("token", config.token.as_ref().map_or("-".into(), ToString::to_string)),
        ("font_dir", place(&config.font_dir, "-")),
        ("listen", config.listen.to_string()),
        ("tls", config.tls.as_ref().map_or("-".into(), |tls| tls.certificate.display().to_string())),
        ("behind_tls_proxy", config.behind_tls_proxy.to_string()),
        ("trusted_origins", config.trusted_origins.join(" ")),
        ("public_address", config.public_address.clone().unwrap_or_else(|| "-".into())),
        ("oidc", config.oidc.as_ref().map_or("-".into(), |oidc| oidc.issuer.clone())),
        ("sms", config.sms.as_ref().map_or("-".into(), |sms| sms.url.clone())),
        ("wecom", config.wecom.as_ref().map_or("-".into(), |wecom| wecom.base.clone())),
        ("push", if config.push.enabled { config.push.hosts.join(" ") } else { "-".into() }),
        ("log", config.log.clone()),
    ] {
        crate::say!("  {key:<17} {value}");
    }
}

/// Checks a policy pack.
///
/// # Errors
/// Every fault with file, line and reason.
pub fn check_policy(dir: &Path, t: &T) -> Outcome {
    let pack = start::read_pack(dir)?;
    crate::say!("{}", t.a("cli-policy-good", "digest", pack.digest()));
    Ok(())
}
