//! Every page of the areas' list in a real Chromium: no serious finding of axe-core, everything by keyboard, and
//! nothing lost without scripts. `LINLI_LONG=1` looks at them in every role, language, colour scheme and width.

mod axe;
mod keyboard;
mod looks;
mod plain;
mod walk;

use std::sync::OnceLock;

use self::looks::{Findings, look_at_everything};
use super::journeys::town::town;

/// What all pages were found to lack; looked at once, by whichever test comes first.
fn findings() -> Option<&'static Findings> {
    static FOUND: OnceLock<Option<Findings>> = OnceLock::new();
    let walked = || std::panic::catch_unwind(look_at_everything).ok();
    town().map(|_| FOUND.get_or_init(walked).as_ref().expect("the walk came to its end"))
}

fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{} {what}:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_page_of_the_list_is_reached_by_links_and_no_link_leads_nowhere() {
    let Some(found) = findings() else { return };
    none("links lead nowhere", &found.links);
    none("pages are reached by no link", &found.unreached);
    assert!(found.pages > 60, "only {} pages were looked at", found.pages);
}

#[test]
fn axe_finds_nothing_serious_on_any_page() {
    let Some(found) = findings() else { return };
    none("serious findings of axe-core", &found.axe);
}

#[test]
fn every_control_of_every_page_is_reached_by_keyboard_in_order_and_shows_the_focus() {
    let Some(found) = findings() else { return };
    none("controls that the keyboard does not serve", &found.keyboard);
}

#[test]
fn every_page_works_without_scripts_and_no_chart_or_map_stands_without_a_table() {
    let Some(found) = findings() else { return };
    none("things that are lost without scripts", &found.plain);
}
