//! Settings of web push, and where they lie while the program runs.

use std::sync::Arc;

use serde::Deserialize;

use crate::app::App;

/// What an installation lets web push do (`[push]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PushSettings {
    /// Whether notices are pushed at all.
    pub enabled: bool,
    /// The push services that may be called, by host; a host stands for what is below it too. None: every public one.
    pub hosts: Vec<String>,
    /// Whether services on private addresses and other ports may be called: for a push service of one's own.
    pub private_addresses: bool,
    /// Whom a push service writes to when something is wrong: `mailto:…` or `https://…`.
    pub contact: Option<String>,
}

impl Default for PushSettings {
    fn default() -> Self {
        PushSettings { enabled: true, hosts: Vec::new(), private_addresses: false, contact: None }
    }
}

impl PushSettings {
    /// What is wrong with them, with the key.
    pub(crate) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let is_contact =
            |c: &str| c.strip_prefix("mailto:").is_some_and(|m| m.contains('@')) || c.starts_with("https://");
        if self.contact.as_deref().is_some_and(|c| !is_contact(c) || c.chars().any(char::is_whitespace)) {
            return Err(("push.contact", "a contact is mailto:somebody@host or https://host"));
        }
        let is_host =
            |h: &String| !h.is_empty() && h.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        if !self.hosts.iter().all(is_host) {
            return Err(("push.hosts", "write hosts alone, such as fcm.googleapis.com"));
        }
        Ok(())
    }
    /// Whether a service may be called.
    pub fn allows(&self, host: &str) -> bool {
        let below = |known: &String| {
            let known = known.to_ascii_lowercase();
            host == known || host.strip_suffix(&known).is_some_and(|rest| rest.ends_with('.'))
        };
        self.hosts.is_empty() || self.hosts.iter().any(below)
    }
    /// The installation's settings; the usual ones where nothing was said.
    pub fn of(app: &App) -> Arc<PushSettings> {
        app.caches.get::<Settings>().map_or_else(Arc::default, |s| s.0.clone())
    }
}

/// The settings, as they lie in the app's caches.
pub struct Settings(Arc<PushSettings>);

impl Settings {
    /// Puts them where [`PushSettings::of`] finds them; the binary calls this at start-up.
    pub fn register(app: &App, settings: PushSettings) {
        app.caches.put(Arc::new(Settings(Arc::new(settings))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_stands_for_what_is_below_it_and_for_nothing_that_only_ends_alike() {
        let some = PushSettings { hosts: vec!["push.example.cn".into()], ..PushSettings::default() };
        for (host, allowed) in [
            ("push.example.cn", true),
            ("eu.push.example.cn", true),
            ("evilpush.example.cn", false),
            ("example.cn", false),
        ] {
            assert_eq!(some.allows(host), allowed, "{host}");
        }
        assert!(PushSettings::default().allows("anything.example.cn"));
    }

    #[test]
    fn settings_that_name_no_host_or_contact_are_refused_with_their_key() {
        for (contact, hosts, wrong) in [
            (Some("mailto:office@example.cn"), &["fcm.googleapis.com"][..], None),
            (Some("https://linli.example.cn"), &[], None),
            (Some("office@example.cn"), &[], Some("push.contact")),
            (Some("mailto:nobody"), &[], Some("push.contact")),
            (None, &["https://fcm.googleapis.com/"], Some("push.hosts")),
            (None, &[""], Some("push.hosts")),
        ] {
            let settings = PushSettings {
                contact: contact.map(str::to_owned),
                hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
                ..PushSettings::default()
            };
            assert_eq!(settings.check().err().map(|(key, _)| key), wrong, "{contact:?} {hosts:?}");
        }
    }
}
