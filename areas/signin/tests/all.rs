//! Passkeys with a device made of software, and single sign-on with a real provider of identities.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod all {
    mod device;
    mod passkey_rules;
    mod passkeys;
    mod provider;
    mod sso;
    mod sso_links;
    mod sso_proof;
    mod world;
}
