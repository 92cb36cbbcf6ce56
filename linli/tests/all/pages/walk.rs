//! The way through the pages: from each role's first page along every link, as somebody who reads everything goes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use linli_platform::web::{ServedRoute, served_routes};

use crate::all::journeys::browser::Browser;

/// A page as it stands in the browser.
pub struct Place {
    /// Who looks at it: a role, `resident`, or nobody.
    pub who: String,
    /// Which of the areas' routes it is.
    pub route: &'static str,
    /// Where it was found.
    pub path: String,
}

/// All pages, and how often each was looked at.
pub struct Walk {
    routes: Vec<ServedRoute>,
    /// How often somebody looked at a route, over all who walked.
    looked: BTreeMap<&'static str, usize>,
    /// A route is looked at so often: over all who walk, or by each.
    often: usize,
    by_each: bool,
    /// Routes of files that a page offers.
    offered: BTreeSet<&'static str>,
    /// Links that lead nowhere.
    pub broken: Vec<String>,
}

/// Answers that are no pages: files and data, and what machines ask.
const FILES: [&str; 7] = [".xlsx", ".json", ".geojson", ".csv", ".pdf", ".docx", "/healthz"];

impl Walk {
    /// At the beginning.
    pub fn new(often: usize, by_each: bool) -> Walk {
        let mut routes = served_routes(&linli::areas());
        routes.retain(|r| r.method == "GET" && !FILES.iter().any(|f| r.path.ends_with(f)));
        Walk { routes, looked: BTreeMap::new(), offered: BTreeSet::new(), often, by_each, broken: Vec::new() }
    }

    /// The route that serves a path: of several, the one with the most words of its own.
    fn route(&self, path: &str) -> Option<&'static str> {
        let asked: Vec<&str> = path.split(['?', '#']).next()?.split('/').collect();
        let fits = |pattern: &str| {
            let parts: Vec<&str> = pattern.split('/').collect();
            parts.len() == asked.len() && parts.iter().zip(&asked).all(|(p, a)| p == a || p.starts_with('{'))
        };
        let found = self.routes.iter().map(|r| r.path).filter(|p| fits(p));
        found.min_by_key(|p| p.matches('{').count())
    }

    /// Pages that nobody came to.
    pub fn unreached(&self) -> impl Iterator<Item = &'static str> {
        self.routes.iter().map(|r| r.path).filter(|p| !self.looked.contains_key(p) && !self.offered.contains(p))
    }

    /// How many pages were looked at.
    pub fn pages(&self) -> usize {
        self.looked.values().sum()
    }

    /// Goes from these paths along all links; `look` sees each page that was not seen often enough.
    pub async fn go(&mut self, b: &Browser, who: &str, from: &[&str], mut look: impl AsyncFnMut(&Browser, &Place)) {
        let mut ways: VecDeque<(String, u32)> = from.iter().map(|p| ((*p).to_owned(), 0)).collect();
        let mut tried = BTreeSet::new();
        let mut own: BTreeMap<&'static str, usize> = BTreeMap::new();
        while let Some((path, steps)) = ways.pop_front() {
            let Some(route) = self.route(&path) else { continue };
            let seen = own.get(route).copied().unwrap_or_default();
            // What the menu names is opened by everybody, for the ways on from there.
            let opened = steps > 1 || seen > 0;
            if (opened && self.enough(route, seen)) || !tried.insert(path.clone()) {
                continue;
            }
            *own.entry(route).or_default() += 1;
            b.goto(&path).await;
            let (status, at) = arrived(b).await;
            if status >= 400 || (at.starts_with("/sign-in") && !path.starts_with("/sign-in")) {
                self.broken.push(format!("{who}: {path} leads to {status} {at}"));
                continue;
            }
            let asked = route;
            let route = self.route(&at).unwrap_or(route);
            if route != asked {
                // One that only leads on is reached by that.
                *self.looked.entry(asked).or_default() += 1;
            }
            let (files, pages): (Vec<_>, Vec<_>) = links(b).await.into_iter().partition(|l| leaves(l));
            self.offered.extend(files.iter().filter_map(|f| self.route(f)).collect::<Vec<_>>());
            ways.extend(pages.into_iter().map(|l| (l, steps + 1)));
            if !self.enough(route, seen) {
                *self.looked.entry(route).or_default() += 1;
                look(b, &Place { who: who.to_owned(), route, path: at }).await;
            }
        }
    }

    fn enough(&self, route: &str, by_this_one: usize) -> bool {
        let looked = if self.by_each { by_this_one } else { self.looked.get(route).copied().unwrap_or_default() };
        looked >= self.often
    }
}

/// Links to files are followed by other tests.
fn leaves(link: &str) -> bool {
    FILES.iter().any(|f| link.split('?').next().is_some_and(|path| path.ends_with(f)))
}

/// Status and place of the page that stands there now.
async fn arrived(b: &Browser) -> (u64, String) {
    let script =
        "return [performance.getEntriesByType('navigation')[0].responseStatus, location.pathname + location.search]";
    let said = b.script(script).await;
    (said[0].as_u64().unwrap_or(0), said[1].as_str().unwrap_or_default().to_owned())
}

/// All links of the page that lead to our own pages.
async fn links(b: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('a[href]')].filter(a => a.origin === location.origin && !a.hasAttribute('download'))
        .map(a => a.pathname + a.search)";
    let said = b.script(script).await;
    said.as_array().into_iter().flatten().filter_map(|l| l.as_str().map(str::to_owned)).collect()
}
