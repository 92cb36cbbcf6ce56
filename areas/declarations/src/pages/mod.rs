//! The pages: of residents, without an account; of staff, with one.

mod acting;
mod care;
mod desk;
mod door;
mod employer;
mod entered;
mod entrance;
mod form;
mod household;
mod letting;
mod newcomers;
mod others;
mod own;
mod readings;
mod receipt;
mod requests;
mod signs;

use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
};

use crate::codes::Door;

/// The area's routes. What begins with `/me` is public to the guard; behind the entrance each handler takes
/// [`Entered`](entered::Entered), which sends everybody else to the entrance.
pub(crate) fn routes() -> Vec<Route> {
    let (public, decide) = (Action::Public, Action::DeclarationDecide);
    let mut all = vec![
        Route::get("/me", public, own::show),
        Route::get("/me/at/{code}", public, entrance::at_grid),
        Route::get("/me/entrance", public, entrance::form),
        // Number, name and code travel in forms and never in an address.
        Route::post("/me/codes", public, entrance::ask),
        Route::get("/me/code", public, entrance::code_form),
        Route::post("/me/visits", public, entrance::enter),
        Route::post("/me/leaving", public, entrance::leave),
        Route::post("/me/reading", public, own::open),
        Route::post("/me/doubts/{id}/answer", public, own::say_right),
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
        Route::get("/declarations/signs/{id}/sign.pdf", Action::TerritoryRead, signs::sample),
        Route::post("/declarations/signs/{id}/paper", Action::PaperIssue, signs::issue),
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
    ];
    all.extend(Door::ALL.iter().flat_map(|door| door::routes(*door)));
    all.extend(without_account());
    all.extend(of_staff());
    all
}

/// Newcomers, landlords and agents, people appointed: behind their entrances each handler takes the visit, which sends
/// everybody else to the entrance.
fn without_account() -> Vec<Route> {
    let public = Action::Public;
    vec![
        Route::get("/newcomers/form", public, newcomers::form),
        Route::post("/newcomers/requests", public, newcomers::file),
        Route::get("/newcomers/receipt", public, newcomers::receipt),
        Route::post("/newcomers/receipts", public, newcomers::print),
        Route::get("/newcomers/state", public, newcomers::state),
        Route::post("/newcomers/state", public, newcomers::follow),
        Route::get("/letting", public, letting::show),
        Route::get("/letting/terms", public, letting::terms),
        Route::post("/letting/terms", public, letting::accept),
        Route::get("/letting/homes/{id}", public, letting::home),
        Route::get("/letting/homes/{id}/{kind}", public, letting::form),
        Route::post("/letting/homes/{id}/{kind}", public, letting::file),
        Route::get("/letting/declarations/{id}", public, letting::declaration),
        Route::post("/letting/notices/{id}/receipt", public, letting::acknowledge),
        Route::get("/acting", public, acting::choose),
        Route::post("/acting/{id}/visits", public, acting::act),
        Route::post("/me/representatives/{id}/end", public, acting::end_own),
        Route::post("/me/care", public, care::give),
        Route::post("/me/care/revocation", public, care::revoke),
    ]
}

/// People appointed, liaisons and notices of duty, as staff and employers' liaisons see them.
fn of_staff() -> Vec<Route> {
    let (decide, counter, employer) = (Action::DeclarationDecide, Action::CounterServe, Action::RosterSend);
    vec![
        Route::get("/declarations/counter/{id}/representatives", counter, acting::at_counter),
        Route::post("/declarations/counter/{id}/representatives", counter, acting::appoint),
        Route::post("/declarations/counter/{id}/representatives/{representative}/end", counter, acting::end_at_counter),
        Route::post("/declarations/counter/{id}/representatives/{representative}/reading", counter, acting::read),
        Route::get("/declarations/liaisons", decide, desk::liaisons::list),
        Route::get("/declarations/liaisons/new", decide, desk::liaisons::new),
        Route::post("/declarations/liaisons", decide, desk::liaisons::add),
        Route::get("/declarations/liaisons/{id}", decide, desk::liaisons::show),
        Route::post("/declarations/liaisons/{id}/reading", Action::RegisterUnmask, desk::liaisons::read),
        Route::post("/declarations/liaisons/{id}/end", decide, desk::liaisons::end),
        Route::post("/declarations/liaisons/{id}/homes/{home}/end", decide, desk::liaisons::end_home),
        Route::post("/declarations/liaisons/{id}/notices", decide, desk::liaisons::serve_liaison),
        Route::get("/declarations/employers/{id}", decide, desk::liaisons::employer),
        Route::post("/declarations/employers/{id}/notices", decide, desk::liaisons::serve_employer),
        Route::get("/declarations/referrals", decide, desk::referrals::list),
        Route::get("/declarations/referrals/{kind}/{id}", decide, desk::referrals::show),
        Route::post("/declarations/referrals/{kind}/{id}", decide, desk::referrals::write),
        Route::get("/employer", employer, employer::show),
        Route::post("/employer/notices/{id}/receipt", employer, employer::acknowledge),
    ]
}

/// The area's entries in the menu.
pub(crate) fn nav() -> Vec<NavItem> {
    let entry = |order, key, href, action| NavItem { group: NavGroup::Declarations, order, key, href, action };
    let signs = NavItem {
        group: NavGroup::Documents,
        ..entry(30, "declaration-signs", "/declarations/signs", Action::TerritoryRead)
    };
    vec![
        entry(15, "declarations", "/declarations", Action::DeclarationDecide),
        entry(16, "declarations-received", "/declarations/received", Action::DeclarationDecide),
        entry(20, "liaisons", "/declarations/liaisons", Action::DeclarationDecide),
        entry(5, "employer", "/employer", Action::RosterSend),
        signs,
    ]
}
