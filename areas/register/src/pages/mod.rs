//! The register's pages: masked lists and records, and one record opened by purpose.

mod choices;
mod employers;
mod erase;
mod export;
mod form;
mod homes;
mod leave;
mod list;
mod new;
mod places;
mod record;
mod transfers;

use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
};

/// The register's routes.
pub(crate) fn routes() -> Vec<Route> {
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
        Route::post("/residents/{id}/transfer", Action::RegisterWrite, transfers::offer),
        Route::get("/transfers", Action::RegisterWrite, transfers::list),
        Route::post("/transfers/{id}/acceptance", Action::RegisterWrite, transfers::accept),
        Route::post("/transfers/{id}/refusal", Action::RegisterWrite, transfers::refuse),
        Route::get("/homes", Action::RegisterRead, homes::list),
        Route::get("/homes/{id}", Action::RegisterRead, homes::show),
        Route::post("/homes/{id}/label", Action::RegisterWrite, homes::label),
        Route::get("/addresses", Action::RegisterRead, places::list),
        Route::get("/employers", Action::RegisterRead, employers::list),
        Route::get("/employers/{id}", Action::RegisterRead, employers::show),
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
        entry(60, "transfers", "/transfers", Action::RegisterWrite),
    ]
}
