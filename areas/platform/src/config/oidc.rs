//! Settings of the single sign-on, and what the public address may be.

use std::path::PathBuf;

use serde::Deserialize;

/// A provider of identities (统一身份认证), by OpenID Connect Core 1.0.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// Its issuer, exactly as its discovery document names it.
    pub issuer: String,
    /// The client under which this installation is known to it.
    pub client_id: String,
    /// The client's secret. Better given as `LINLI_OIDC__CLIENT_SECRET` or by a file.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// A file that holds the client's secret and nothing else.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// What the sign-in page calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// The claim of the ID token that names the account. It must never pass from one person to another: `sub`, or a
    /// staff number.
    #[serde(default = "claim")]
    pub claim: String,
    /// Scopes that are asked for beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Values of the claim `amr` that count as a second factor, such as `mfa`, `otp`, `hwk`. Without any, none does.
    #[serde(default)]
    pub second_factor_amr: Vec<String>,
    /// Values of the claim `acr` that count as a second factor.
    #[serde(default)]
    pub second_factor_acr: Vec<String>,
    /// How long the provider may take for one answer, 1..=60 s.
    #[serde(default = "timeout_s")]
    pub timeout_s: u64,
}

fn claim() -> String {
    "sub".into()
}

fn timeout_s() -> u64 {
    10
}

impl std::fmt::Debug for Oidc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Oidc({} at {})", self.client_id, self.issuer)
    }
}

impl Oidc {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if !self.issuer.starts_with("https://") && !is_loopback(&self.issuer) {
            return Err(("oidc.issuer", "an issuer begins with https://; http:// is for this machine alone"));
        }
        if self.client_id.is_empty() {
            return Err(("oidc.client_id", "the provider knows this installation by it; it must not be empty"));
        }
        if self.client_secret.is_some() && self.client_secret_file.is_some() {
            return Err(("oidc.client_secret", "give the secret or its file, not both"));
        }
        if self.claim.is_empty() {
            return Err(("oidc.claim", "name the claim that names the account, such as sub"));
        }
        if !(1..=60).contains(&self.timeout_s) {
            return Err(("oidc.timeout_s", "a provider may take 1 to 60 seconds"));
        }
        Ok(())
    }
}

/// Host and port of an address `scheme://host:port` without a path.
fn authority<'a>(address: &'a str, scheme: &str) -> Option<&'a str> {
    let rest = address.strip_prefix(scheme)?.strip_prefix("://")?;
    let plain = !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ']);
    plain.then_some(rest)
}

fn is_localhost(authority: &str) -> bool {
    authority == "localhost" || authority.strip_prefix("localhost:").is_some_and(|port| port.parse::<u16>().is_ok())
}

pub(super) fn is_loopback(url: &str) -> bool {
    let host = url.strip_prefix("http://").and_then(|rest| rest.split(['/', ':']).next());
    matches!(host, Some("localhost" | "127.0.0.1"))
}

/// Whether browsers let passkeys be bound to an address: TLS and a name, or `localhost`.
pub(super) fn is_public_address(address: &str) -> bool {
    let by_name = |authority: &str| {
        let host = authority.split(':').next().unwrap_or("");
        host.parse::<std::net::Ipv4Addr>().is_err() && !authority.starts_with('[')
    };
    authority(address, "https").is_some_and(by_name) || authority(address, "http").is_some_and(is_localhost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_one_that_browsers_bind_passkeys_to() {
        for (address, fits) in [
            ("https://linli.example.cn", true),
            ("https://linli.example.cn:8443", true),
            ("http://localhost", true),
            ("http://localhost:8080", true),
            ("http://linli.example.cn", false),
            ("https://linli.example.cn/", false),
            ("https://10.0.0.7", false),
            ("https://[::1]", false),
            ("http://127.0.0.1:8080", false),
            ("http://localhost.example.cn", false),
            ("http://localhost:x", false),
            ("linli.example.cn", false),
            ("https://", false),
        ] {
            assert_eq!(is_public_address(address), fits, "{address}");
        }
    }

    #[test]
    fn a_provider_without_tls_may_only_be_on_this_machine() {
        let oidc = |issuer: &str| Oidc {
            issuer: issuer.into(),
            client_id: "linli".into(),
            client_secret: None,
            client_secret_file: None,
            name: None,
            claim: claim(),
            scopes: Vec::new(),
            second_factor_amr: Vec::new(),
            second_factor_acr: Vec::new(),
            timeout_s: 10,
        };
        for (issuer, fits) in [
            ("https://sso.example.cn/realms/street", true),
            ("http://127.0.0.1:3000", true),
            ("http://localhost:3000/oidc", true),
            ("http://sso.example.cn", false),
            ("http://127.0.0.1.example.cn", false),
            ("ftp://sso.example.cn", false),
        ] {
            assert_eq!(oidc(issuer).check().is_ok(), fits, "{issuer}");
        }
        assert!(Oidc { client_id: String::new(), ..oidc("https://s.cn") }.check().is_err());
        assert!(Oidc { timeout_s: 0, ..oidc("https://s.cn") }.check().is_err());
        let both =
            Oidc { client_secret: Some("a".into()), client_secret_file: Some("b".into()), ..oidc("https://s.cn") };
        assert!(both.check().is_err());
        assert!(!format!("{both:?}").contains("\"a\""));
    }
}
