//! The register's pages: masked lists and records, and one record opened by purpose.

mod address;
mod choices;
mod conflict;
pub mod contacts;
mod daily;
mod doubts;
mod edit;
mod employer_edit;
mod employers;
mod erase;
mod export;
mod export_more;
mod facts;
mod form;
mod hazards;
mod home_edit;
mod homes;
mod inward;
mod leave;
mod list;
mod merges;
mod new;
mod places;
mod record;
mod seen;
mod splits;
mod transfers;

use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
};

/// The register's routes.
pub(crate) fn routes() -> Vec<Route> {
    [records(), hand_overs(), premises()].into_iter().flatten().collect()
}

/// Residents: found, registered, changed, merged, doubted.
fn records() -> Vec<Route> {
    vec![
        Route::get("/residents", Action::RegisterRead, list::list),
        // A search names a person, so it travels in a form and never in an address.
        Route::post("/residents/search", Action::RegisterRead, list::search),
        Route::post("/residents/candidates", Action::RegisterWrite, new::candidates),
        Route::get("/residents/new", Action::RegisterWrite, new::form),
        Route::post("/residents", Action::RegisterWrite, new::register),
        Route::get("/residents/export.xlsx", Action::Export, export::residents),
        Route::get("/residents/{id}", Action::RegisterRead, record::show),
        Route::post("/residents/{id}/reading", Action::RegisterUnmask, record::reading),
        Route::post("/residents/{id}/erasure", Action::ResidentErase, erase::propose),
        Route::get("/residents/{id}/access", Action::RegisterRead, record::access),
        Route::get("/residents/{id}/change", Action::RegisterWrite, form::change),
        Route::post("/residents/{id}/change", Action::RegisterWrite, form::save),
        Route::get("/residents/{id}/move", Action::RegisterWrite, leave::move_form),
        Route::post("/residents/{id}/move", Action::RegisterWrite, leave::save_move),
        Route::get("/residents/{id}/cancellation", Action::RegisterWrite, leave::cancel_form),
        Route::post("/residents/{id}/cancellation", Action::RegisterWrite, leave::save_cancel),
        Route::get("/residents/{id}/merge", Action::RegisterWrite, merges::duplicates),
        Route::post("/residents/{id}/merge", Action::RegisterWrite, merges::search),
        Route::get("/residents/{id}/merge/{other}", Action::RegisterWrite, merges::form),
        Route::post("/residents/{id}/merge/{other}", Action::RegisterWrite, merges::merge),
        Route::post("/merges/{id}/undo", Action::RegisterWrite, merges::undo),
        Route::get("/residents/{id}/split", Action::RegisterWrite, splits::form),
        Route::post("/residents/{id}/split", Action::RegisterWrite, splits::split),
        Route::post("/residents/{id}/doubts", Action::RegisterWrite, doubts::raise),
        Route::post("/residents/{id}/doubts/{doubt}/settlement", Action::RegisterWrite, doubts::settle),
        Route::get("/doubts", Action::RegisterRead, doubts::list),
    ]
}

/// Hand-overs, and what goes to the official register.
fn hand_overs() -> Vec<Route> {
    vec![
        Route::post("/residents/{id}/transfer", Action::RegisterWrite, transfers::offer),
        Route::get("/transfers", Action::RegisterRead, transfers::list),
        Route::get("/transfers/export.xlsx", Action::Export, export_more::transfers),
        Route::post("/transfers/{id}/acceptance", Action::RegisterWrite, transfers::accept),
        Route::post("/transfers/{id}/refusal", Action::RegisterWrite, transfers::refuse),
        Route::post("/transfers/{id}/withdrawal", Action::RegisterWrite, transfers::withdraw),
        Route::post("/transfers/{id}/reading", Action::RegisterUnmask, transfers::reading),
        Route::post("/residents/{id}/outward-transfer", Action::RegisterWrite, transfers::offer_outward),
        Route::post("/outward-transfers/{id}/acceptance", Action::RegisterWrite, transfers::accept_outward),
        Route::post("/outward-transfers/{id}/refusal", Action::RegisterWrite, transfers::refuse_outward),
        Route::post("/outward-transfers/{id}/withdrawal", Action::RegisterWrite, transfers::withdraw_outward),
        Route::get("/inward-transfers/new", Action::RegisterWrite, inward::form),
        Route::post("/inward-transfers", Action::RegisterWrite, inward::enter),
        Route::get("/inward-transfers/{id}", Action::RegisterRead, inward::show),
        Route::post("/inward-transfers/{id}/reading", Action::RegisterUnmask, inward::reading),
        Route::post("/inward-transfers/{id}/acceptance", Action::RegisterWrite, inward::accept),
        Route::post("/inward-transfers/{id}/refusal", Action::RegisterWrite, inward::refuse),
        Route::post("/inward-transfers/{id}/withdrawal", Action::RegisterWrite, inward::withdraw),
        Route::get("/residences/export.xlsx", Action::Export, export_more::residences),
        Route::get("/employments/export.xlsx", Action::Export, export_more::employments),
        Route::get("/daily-files", Action::Export, daily::list),
        Route::post("/daily-files", Action::Export, daily::make),
        Route::get("/daily-files/columns", Action::Export, daily::columns),
        Route::post("/daily-files/columns", Action::Export, daily::save_columns),
        Route::get("/daily-files/{id}", Action::Export, daily::show),
        Route::post("/daily-files/{id}/download", Action::Export, daily::take),
        Route::post("/daily-files/{id}/receipt", Action::Export, daily::receipt)
            .accepts_bytes(daily::RECEIPT_MAX_BYTES),
    ]
}

/// Homes, addresses, employers.
fn premises() -> Vec<Route> {
    vec![
        Route::get("/homes", Action::RegisterRead, homes::list),
        Route::get("/homes/export.xlsx", Action::Export, export::homes),
        Route::get("/homes/{id}", Action::RegisterRead, homes::show),
        Route::post("/homes/{id}/reading", Action::RegisterUnmask, contacts::of_home),
        Route::post("/homes/{id}/label", Action::RegisterWrite, homes::label),
        Route::post("/homes/{id}/hazards", Action::RegisterWrite, hazards::note),
        Route::post("/homes/{id}/hazards/{code}/removal", Action::RegisterWrite, hazards::remove),
        Route::get("/homes/{id}/change", Action::RegisterWrite, home_edit::form),
        Route::post("/homes/{id}/change", Action::RegisterWrite, home_edit::save),
        Route::get("/addresses", Action::RegisterRead, places::list),
        Route::get("/addresses/export.xlsx", Action::Export, export::addresses),
        Route::get("/addresses/new", Action::RegisterWrite, address::form),
        Route::post("/addresses", Action::RegisterWrite, address::add),
        Route::get("/addresses/{id}", Action::RegisterRead, address::show),
        Route::post("/addresses/{id}/renumbering", Action::RegisterWrite, address::renumber),
        Route::post("/addresses/{id}/demolition", Action::RegisterWrite, address::demolish),
        Route::post("/addresses/{id}/restoration", Action::RegisterWrite, address::restore),
        Route::post("/addresses/{id}/homes", Action::RegisterWrite, address::add_home),
        Route::get("/employers", Action::RegisterRead, employers::list),
        Route::get("/employers/new", Action::RegisterWrite, employer_edit::new),
        Route::post("/employers", Action::RegisterWrite, employer_edit::add),
        Route::get("/employers/export.xlsx", Action::Export, export::employers),
        Route::post("/employers/{id}/reading", Action::RegisterUnmask, contacts::of_employer),
        Route::get("/employers/{id}", Action::RegisterRead, employers::show),
        Route::get("/employers/{id}/change", Action::RegisterWrite, employer_edit::form),
        Route::post("/employers/{id}/change", Action::RegisterWrite, employer_edit::save),
        Route::post("/employers/{id}/closure", Action::RegisterWrite, employer_edit::close),
        Route::post("/employers/{id}/reopening", Action::RegisterWrite, employer_edit::reopen),
    ]
}

fn entry(order: u16, key: &'static str, href: &'static str, action: Action) -> NavItem {
    NavItem { group: NavGroup::Register, order, key, href, action }
}

/// The register's entries in the menu.
pub(crate) fn nav() -> Vec<NavItem> {
    vec![
        entry(20, "residents", "/residents", Action::RegisterRead),
        entry(30, "homes", "/homes", Action::RegisterRead),
        entry(40, "employers", "/employers", Action::RegisterRead),
        entry(50, "addresses", "/addresses", Action::RegisterRead),
        entry(55, "doubts", "/doubts", Action::RegisterRead),
        entry(60, "transfers", "/transfers", Action::RegisterRead),
        entry(70, "daily-files", "/daily-files", Action::Export),
    ]
}
