//! What every page has: its language, its title, the left menu, who is signed in.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::visit::Visit;
use crate::{
    access::{Action, Role},
    area::{NavGroup, NavItem},
    error::{AppError, Result},
    ids::AccountId,
    reader::Reader,
    sessions::Factor,
    texts::{Lang, T},
};

/// The frame of a page, as the layouts `desk.html` and `phone.html` read it. Templates hold it as `page`.
#[derive(Clone)]
pub struct Page {
    /// Texts in the page's language.
    pub t: T,
    /// Title, shown as the heading and in the browser's tab.
    pub title: String,
    /// The left menu: only what the roles allow.
    pub nav: Vec<NavSection>,
    /// Who is signed in.
    pub user: Option<PageUser>,
    /// Language.
    pub lang: Lang,
    /// Path of the request.
    pub path: String,
    /// Query of the request, without the question mark.
    pub query: String,
    /// A message left by the change before.
    pub flash: Option<Flash>,
    /// Whether this is the demonstration with invented people.
    pub demonstration: bool,
    /// The sub-district's name, which every address here begins with.
    pub division_name: String,
    /// Minutes after which a page with unmasked data closes by itself.
    pub opened_minutes: u32,
}

/// Who is signed in, for the user menu.
#[derive(Debug, Clone)]
pub struct PageUser {
    /// The account.
    pub account: AccountId,
    /// Name under which it signs in.
    pub sign_in_name: String,
    /// Name shown.
    pub name: String,
    /// Roles held today and in force.
    pub roles: Vec<Role>,
    /// Roles held today that wait for the confidentiality agreement (R3).
    pub pending: Vec<Role>,
    /// Whether the password has to be changed before anything else.
    pub must_change: bool,
    /// What is missing of the second factor; while something is, no page but its own opens.
    pub factor: Factor,
}

impl PageUser {
    /// Whether a role allows the action.
    pub fn may(&self, action: Action) -> bool {
        crate::reader::may(&self.roles, &self.pending, action)
    }
}

/// A message shown once, after a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Fluent key.
    pub key: String,
    /// The number `$n` of the text, where it has one.
    pub n: Option<i64>,
}

/// A group of the left menu with its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavSection {
    /// Heading; empty for the first group, which is never folded.
    pub heading: String,
    /// Whether it is unfolded when the page arrives. Nothing remembers what was unfolded by hand.
    pub open: bool,
    /// Entries.
    pub items: Vec<NavEntry>,
}

/// An entry of the left menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// Text.
    pub label: String,
    /// Where it leads.
    pub href: &'static str,
    /// Whether the page shown belongs to it.
    pub current: bool,
}

impl Page {
    /// The same page with its title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Page {
        self.title = title.into();
        self
    }
    /// The same page as belonging to an entry of the menu that its own path does not lie under: `/order-parts/7` is
    /// looked for under `/orders`. Without the right to that entry nothing changes.
    #[must_use]
    pub fn under(mut self, href: &str) -> Page {
        for section in &mut self.nav {
            for entry in &mut section.items {
                entry.current = entry.href == href;
                section.open |= entry.current;
            }
        }
        self
    }
    /// The address of a file under `assets/`, with its content hash: `page.asset("css/desk.css")`.
    pub fn asset(&self, path: &str) -> String {
        super::assets::href(path)
    }
    /// Whether a role of the signed-in account allows the action.
    pub fn may(&self, action: Action) -> bool {
        self.user.as_ref().is_some_and(|u| u.may(action))
    }
    /// The same by the action's code, for templates: `page.can("register-write")`. An unknown code is refused.
    pub fn can(&self, code: &str) -> bool {
        Action::from_code(code).is_some_and(|a| self.may(a))
    }
    /// This page's address with one query value replaced (or removed, if empty): for pagers, tabs and sorting.
    pub fn link_with(&self, name: &str, value: impl ToString) -> String {
        let value = value.to_string();
        let mut parts: Vec<String> = self
            .query
            .split('&')
            .filter(|p| !p.is_empty() && p.split('=').next() != Some(name))
            .map(str::to_owned)
            .collect();
        if !value.is_empty() {
            parts.push(format!("{name}={}", super::url::encode(&value)));
        }
        if parts.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, parts.join("&")) }
    }
    /// Path and query of this page, for forms that come back to it.
    pub fn here(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
    /// An address without the part that all of them share: from the road or village on.
    pub fn place<'a>(&self, address: &'a str) -> &'a str {
        match address.split_once(self.division_name.as_str()) {
            Some((_, rest)) if !rest.is_empty() => rest,
            _ => address,
        }
    }
    /// The message left by the change before, as text.
    pub fn flash_text(&self) -> Option<String> {
        self.flash.as_ref().map(|f| match f.n {
            Some(n) => self.t.n(&f.key, n),
            None => self.t.s(&f.key),
        })
    }

    pub(super) fn of(visit: &Visit) -> Page {
        let t = T::new(visit.app.texts.clone(), visit.lang);
        Page {
            title: t.s("app-name"),
            nav: menu(&visit.app.nav, &t, &visit.path, visit.user.as_ref()),
            t,
            user: visit.user.clone(),
            lang: visit.lang,
            path: visit.path.clone(),
            query: visit.query.clone(),
            flash: visit.flash.clone(),
            demonstration: visit.app.demonstration,
            division_name: visit.app.pack.meta.division_name.clone(),
            opened_minutes: *visit.app.pack.governance.access.opened_minutes,
        }
    }
}

/// A menu of so many entries stands open as a whole; only a longer one is folded.
const UNFOLDED_ENTRIES: usize = 20;

fn menu(items: &[NavItem], t: &T, path: &str, user: Option<&PageUser>) -> Vec<NavSection> {
    let Some(user) = user.filter(|u| u.factor == Factor::Settled) else { return Vec::new() };
    let mut allowed: Vec<&NavItem> =
        items.iter().filter(|i| matches!(i.action, Action::Own | Action::Public) || user.may(i.action)).collect();
    allowed.sort_by_key(|i| i.order);
    // The longest entry that the path lies under is the current one, so `/audit/access` wins over `/audit`.
    let current = allowed.iter().filter(|i| lies_under(path, i.href)).map(|i| i.href).max_by_key(|h| h.len());
    NavGroup::ALL
        .into_iter()
        .map(|group| {
            let entries: Vec<NavEntry> = allowed
                .iter()
                .filter(|i| i.group == group)
                .map(|i| NavEntry {
                    label: t.s(format!("nav-{}", i.key)),
                    href: i.href,
                    current: Some(i.href) == current,
                })
                .collect();
            NavSection {
                heading: group.heading().map(|key| t.s(key)).unwrap_or_default(),
                open: allowed.len() <= UNFOLDED_ENTRIES
                    || group == NavGroup::Daily
                    || entries.iter().any(|entry| entry.current),
                items: entries,
            }
        })
        .filter(|section| !section.items.is_empty())
        .collect()
}

fn lies_under(path: &str, href: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(Page::of(Visit::get(parts)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Visit::get(parts)?.reader.clone().ok_or_else(super::guard::not_signed_in)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Reader {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>> {
        Ok(Visit::get(parts)?.reader.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_current_only_for_paths_under_it() {
        assert!(lies_under("/residents", "/residents"));
        assert!(lies_under("/residents/7", "/residents"));
        assert!(!lies_under("/residents-import", "/residents"));
        assert!(!lies_under("/homes", "/residents"));
    }
}
