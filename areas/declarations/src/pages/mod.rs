//! The pages: of residents, without an account; of staff, with one.

mod desk;
mod entered;
mod entrance;
mod form;
mod own;
mod readings;
mod receipt;
mod requests;
mod signs;

use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
};

/// The area's routes. What begins with `/me` is public to the guard; behind the entrance each handler takes
/// [`Entered`](entered::Entered), which sends everybody else to the entrance.
pub(crate) fn routes() -> Vec<Route> {
    let (public, decide) = (Action::Public, Action::DeclarationDecide);
    vec![
        Route::get("/me", public, own::show),
        Route::get("/me/at/{code}", public, entrance::at_grid),
        Route::get("/me/entrance", public, entrance::form),
        // Number, name and code travel in forms and never in an address.
        Route::post("/me/codes", public, entrance::ask),
        Route::get("/me/code", public, entrance::code_form),
        Route::post("/me/visits", public, entrance::enter),
        Route::post("/me/leaving", public, entrance::leave),
        Route::post("/me/reading", public, own::open),
        Route::get("/me/readings", public, readings::list),
        Route::get("/me/readings/{id}", public, readings::show),
        Route::get("/me/readings/{id}/proof.json", public, readings::proof),
        Route::get("/me/requests/new", public, requests::new),
        Route::post("/me/requests", public, requests::file),
        Route::get("/me/requests/{id}", public, requests::show),
        Route::post("/me/requests/{id}/withdrawal", public, requests::withdraw),
        Route::post("/me/receipts", public, receipt::issue),
        Route::get("/verify/{code}", public, receipt::look),
        Route::post("/verify/{code}", public, receipt::compare),
        Route::get("/declarations", decide, desk::list),
        Route::get("/declarations/signs", Action::TerritoryRead, signs::list),
        Route::get("/declarations/counter/{id}", Action::CounterServe, desk::counter::form),
        Route::post("/declarations/counter/{id}", Action::CounterServe, desk::counter::file),
        Route::get("/declarations/received", decide, desk::received::list),
        Route::get("/declarations/received/{id}", decide, desk::received::show),
        Route::post("/declarations/received/{id}/reading", decide, desk::received::read),
        Route::post("/declarations/received/{id}/matching", decide, desk::received::file),
        Route::post("/declarations/received/{id}/refusal", decide, desk::received::refuse),
        Route::get("/declarations/{id}", decide, desk::show),
        Route::post("/declarations/{id}/reading", decide, desk::read),
        Route::post("/declarations/{id}/acceptance", decide, desk::accept),
        Route::post("/declarations/{id}/refusal", decide, desk::refuse),
    ]
}

/// The area's entries in the menu.
pub(crate) fn nav() -> Vec<NavItem> {
    let entry = |order, key, href, action| NavItem { group: NavGroup::Daily, order, key, href, action };
    vec![
        entry(15, "declarations", "/declarations", Action::DeclarationDecide),
        entry(16, "declarations-received", "/declarations/received", Action::DeclarationDecide),
        entry(80, "declaration-signs", "/declarations/signs", Action::TerritoryRead),
    ]
}
