//! Other ways to sign in (其他登录方式) beside password and code: passkeys, and single sign-on by OpenID Connect.
//!
//! A passkey ([`passkeys`]) is a key pair of somebody's own device, bound to our public address and unlocked there by PIN
//! or body; it signs in by itself, counts as the second factor after a password, and shows again who it is. Single sign-on
//! ([`sso`]) lets a provider of identities say who somebody is; which account that is was settled here before, by that
//! account itself or by the system administrator, and no right comes from the provider.
//!
//! What is between the question and the answer of either is a [`ceremony`]: a short-lived row that counts once.
//!
//! It is a crate of its own, directly above the platform, so that the libraries of both weigh on nobody else (ADR 13).

pub mod ceremony;
mod ids;
mod pages;
pub mod passkeys;
mod settings;
pub mod sso;
mod tables;

use std::sync::Arc;

use linli_platform::{area::Area, key_rotation::KeyedUse};

pub use ids::{IdentityId, PasskeyId};
pub use settings::{Settings, SettingsError};
pub use tables::migrations;

/// The texts: zh-CN, then en.
pub const TEXTS: (&str, &str) = (include_str!("../texts/zh-CN.ftl"), include_str!("../texts/en.ftl"));

/// Identities are compared by a digest of what the provider calls them. Each is written anew when it signs in, so the former
/// key is kept until everybody who is linked has signed in since, or the link is ended.
const KEYED: KeyedUse = KeyedUse {
    what: "sso-identity",
    sql: "SELECT COUNT(*) FROM sso_identity WHERE division_code = $1 AND COALESCE(used_at, made_at) < $2 AND $3 > 0",
    by_day: false,
};

/// The area.
pub fn area() -> Area {
    Area {
        name: "signin",
        routes: pages::routes(),
        migrations: migrations(),
        texts: Some(TEXTS),
        keyed: vec![KEYED],
        ways: vec![Arc::new(passkeys::Passkeys), Arc::new(sso::SingleSignOn)],
        ..Area::default()
    }
}
