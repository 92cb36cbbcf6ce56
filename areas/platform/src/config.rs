//! Configuration: a file, then the environment (`LINLI_…`), then flags; unknown keys are errors.

mod oidc;
mod wecom;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use config::{Config as Source, Environment, File, FileFormat};
use serde::Deserialize;

pub use oidc::Oidc;
use oidc::is_public_address;
pub use wecom::Wecom;

use crate::{
    access::Role,
    keys::{GivenRoot, KeySettings, Pin, Profile, TokenSettings},
    proof::AccessSettings,
    push::PushSettings,
    store::DatabaseUrl,
};

/// Everything that can be configured. Rules of the work are not: they are in the policy pack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The installation's folder: database, keys, policy pack, logs.
    pub data_dir: PathBuf,
    /// `postgres://…`; without it, `linli.db` in the folder.
    pub database_url: Option<String>,
    /// The statistical code of the sub-district, 12 digits.
    pub division_code: String,
    /// Folder of the policy pack; without it, the embedded `xianghuaqiao-2023`.
    pub policy_dir: Option<PathBuf>,
    /// Folder with the fonts of documents; without it, `fonts` beside the data, then the built-in list of places.
    pub font_dir: Option<PathBuf>,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// TLS.
    pub tls: Option<Tls>,
    /// Whether a proxy in front speaks TLS: cookies are then marked `Secure`.
    pub behind_tls_proxy: bool,
    /// Origins beside the own host from which forms may be sent, e.g. `https://linli.example.cn`.
    pub trusted_origins: Vec<String>,
    /// Log filter, as `tracing` reads it.
    pub log: String,
    /// Folder of the keys; without it, `keys` in the data folder. Keep it on another disk where you can.
    pub key_dir: Option<PathBuf>,
    /// How one-time codes reach residents' mobiles; without it, residents' own pages cannot be opened.
    pub sms: Option<Sms>,
    /// The root key as 64 hexadecimal digits, best from the environment (`LINLI_ROOT_KEY`); without it, `root.key` in
    /// the folder of the keys.
    pub root_key: Option<GivenRoot>,
    /// The token (PKCS#11) that holds the root key, or to which it is to be moved.
    pub token: Option<TokenSettings>,
    /// The cipher profile of new keys: `aes` or `sm`. Keys that are there keep theirs until they are exchanged.
    pub profile: Profile,
    /// What is asked for beside a password.
    pub access: Access,
    /// The address under which browsers reach the installation, without a path, e.g. `https://linli.example.cn`: passkeys
    /// are bound to it, and a single sign-on comes back to it. Without it, passkeys work on `http://localhost` alone.
    pub public_address: Option<String>,
    /// Single sign-on by OpenID Connect; without it, there is none.
    pub oidc: Option<Oidc>,
    /// Notices on people's devices, by web push.
    pub push: PushSettings,
    /// The way to the robots of WeCom groups; without it, straight to WeCom.
    pub wecom: Option<Wecom>,
}

/// A gateway for text messages, called over HTTP.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// Where messages are posted as JSON: `{"mobile": "…", "text": "…"}`.
    pub url: String,
    /// Value of the `Authorization` header. Better given as `LINLI_SMS__AUTHORIZATION` than in a file.
    #[serde(default)]
    pub authorization: Option<String>,
    /// How long the gateway may take, 1..=60 s.
    #[serde(default = "sms_timeout_s")]
    pub timeout_s: u64,
    /// How many codes go out in 24 hours to mobiles on file, 1..=1,000,000: each costs money.
    #[serde(default = "codes_a_day")]
    pub codes_a_day: i64,
    /// The same to mobiles that newcomers type.
    #[serde(default = "newcomer_codes_a_day")]
    pub newcomer_codes_a_day: i64,
}

fn codes_a_day() -> i64 {
    20_000
}

fn newcomer_codes_a_day() -> i64 {
    2_000
}

fn sms_timeout_s() -> u64 {
    10
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sms({})", self.url)
    }
}

/// What is asked for beside a password; times and numbers are the policy pack's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Roles, by code, whose holders must have a second factor.
    pub second_factor_roles: Vec<String>,
    /// Whether opening a record and taking an export ask for the password or a code again.
    pub step_up: bool,
}

/// Certificate files for TLS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            data_dir: PathBuf::from("linli-data"),
            database_url: None,
            division_code: "310118003000".into(),
            policy_dir: None,
            font_dir: None,
            listen: ([127, 0, 0, 1], 8080).into(),
            tls: None,
            behind_tls_proxy: false,
            trusted_origins: Vec::new(),
            log: "info".into(),
            key_dir: None,
            sms: None,
            root_key: None,
            token: None,
            profile: Profile::default(),
            access: Access::default(),
            public_address: None,
            oidc: None,
            push: PushSettings::default(),
            wecom: None,
        }
    }
}

/// A configuration that cannot be used, with the place and the reason.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file, a variable or a flag does not fit.
    #[error("configuration: {0}")]
    Source(#[from] config::ConfigError),
    /// A value is out of range.
    #[error("configuration: `{key}`: {reason}")]
    Value {
        /// Key.
        key: &'static str,
        /// Why.
        reason: String,
    },
}

impl Config {
    /// Reads file and environment, and lays flags on top. A file that was named must exist.
    pub fn load(file: Option<&Path>, flags: &[(&str, Option<String>)]) -> Result<Self, ConfigError> {
        let mut source = Source::builder();
        source = match file {
            Some(path) => source.add_source(File::new(&path.to_string_lossy(), FileFormat::Toml)),
            None => source.add_source(File::new("linli.toml", FileFormat::Toml).required(false)),
        };
        source = source.add_source(Environment::with_prefix("LINLI").separator("__").try_parsing(true));
        for (key, value) in flags {
            source = source.set_override_option(*key, value.clone())?;
        }
        let mut config: Config = source.build()?.try_deserialize()?;
        // As it stands: read as a number, a PIN would lose the zeros it begins with.
        if let (Some(token), Ok(pin)) = (&mut config.token, std::env::var("LINLI_TOKEN__PIN")) {
            token.pin = Some(Pin::new(&pin));
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key, reason: &str| Err(ConfigError::Value { key, reason: reason.into() });
        if self.division_code.len() != 12 || !self.division_code.bytes().all(|b| b.is_ascii_digit()) {
            return wrong("division_code", "a statistical division code has 12 digits");
        }
        if let Some(url) = &self.database_url
            && !DatabaseUrl(url.clone()).is_postgres()
        {
            return wrong("database_url", "only postgres:// is understood; without it, SQLite is used");
        }
        for origin in &self.trusted_origins {
            if !origin.starts_with("https://") && !origin.starts_with("http://") {
                return wrong("trusted_origins", "an origin begins with https:// or http://");
            }
        }
        if let Some(sms) = &self.sms {
            if !sms.url.starts_with("https://") && !sms.url.starts_with("http://") {
                return wrong("sms.url", "a gateway's address begins with https:// or http://");
            }
            if !(1..=60).contains(&sms.timeout_s) {
                return wrong("sms.timeout_s", "a gateway may take 1 to 60 seconds");
            }
            if [sms.codes_a_day, sms.newcomer_codes_a_day].iter().any(|most| !(1..=1_000_000).contains(most)) {
                return wrong("sms.codes_a_day", "between 1 and 1,000,000 codes may go out in a day");
            }
        }
        if let Some(address) = &self.public_address
            && !is_public_address(address)
        {
            return wrong(
                "public_address",
                "write https://host or http://localhost, with a port where there is one and no path",
            );
        }
        if let Some(oidc) = &self.oidc {
            if self.public_address.is_none() {
                return wrong("public_address", "[oidc] needs it: the provider sends browsers back there");
            }
            if let Err((key, reason)) = oidc.check() {
                return wrong(key, reason);
            }
        }
        for outward in [self.push.check(), self.wecom.as_ref().map_or(Ok(()), Wecom::check)] {
            if let Err((key, reason)) = outward {
                return wrong(key, reason);
            }
        }
        if let Some(unknown) = self.access.second_factor_roles.iter().find(|r| Role::from_code(r).is_none()) {
            return wrong("access.second_factor_roles", &format!("there is no role {unknown}"));
        }
        if let Some(Err(e)) = self.root_key.as_ref().map(GivenRoot::check) {
            return wrong("root_key", &e.to_string());
        }
        if let Some(token) = &self.token
            && token.label.is_none()
            && token.slot.is_none()
        {
            return wrong("token", "a token is named by its `label` or its `slot`");
        }
        if let Some(tls) = &self.tls {
            for file in [&tls.certificate, &tls.key] {
                if !file.is_file() {
                    return wrong("tls", &format!("there is no file {}", file.display()));
                }
            }
        }
        Ok(())
    }

    /// The database.
    pub fn database(&self) -> DatabaseUrl {
        match &self.database_url {
            Some(url) => DatabaseUrl(url.clone()),
            None => DatabaseUrl::sqlite(&self.data_dir.join("linli.db")),
        }
    }
    /// What is asked for beside a password.
    pub fn access_settings(&self) -> AccessSettings {
        let roles = self.access.second_factor_roles.iter().filter_map(|code| Role::from_code(code)).collect();
        AccessSettings { second_factor_roles: roles, step_up: self.access.step_up }
    }
    /// Where the keys are, and of which profile new ones are made.
    pub fn key_settings(&self) -> KeySettings {
        KeySettings {
            folder: self.keys(),
            profile: self.profile,
            given: self.root_key.clone(),
            token: self.token.clone(),
        }
    }
    /// Origins from which forms may be sent, beside the request's own host.
    pub fn origins(&self) -> Vec<String> {
        self.trusted_origins.iter().chain(&self.public_address).cloned().collect()
    }
    /// What web push may do. Whom a push service writes to is the installation's own address where nothing else is said.
    pub fn push_settings(&self) -> PushSettings {
        let own = self.public_address.clone().filter(|a| a.starts_with("https://"));
        PushSettings { contact: self.push.contact.clone().or(own), ..self.push.clone() }
    }
    /// The folder of the keys.
    pub fn keys(&self) -> PathBuf {
        self.key_dir.clone().unwrap_or_else(|| self.data_dir.join("keys"))
    }
}
