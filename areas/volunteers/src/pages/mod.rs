//! The pages: the volunteer's own on the phone; notices to check; who looks after what; stipends and their accounts;
//! the month's instruction.

mod accounts;
mod guidance;
mod notices;
mod own;
mod places;
mod stipends;

use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
    web::{given, refused, version},
};

pub(crate) fn routes() -> Vec<Route> {
    let (tell, check, lead) = (Action::VolunteerReport, Action::FieldWork, Action::VolunteerLead);
    let (approve, pay) = (Action::StipendApprove, Action::StipendPay);
    vec![
        Route::get("/volunteer", tell, own::show),
        Route::get("/volunteer/new", tell, own::new),
        Route::get("/volunteer/crime", tell, own::crime),
        Route::post("/volunteer/notices", tell, own::report),
        Route::get("/volunteer-notices", check, notices::list),
        Route::get("/volunteer-notices/{id}", check, notices::show),
        Route::post("/volunteer-notices/{id}/check", check, notices::check),
        Route::post("/volunteer-notices/{id}/stipend", lead, notices::apply),
        Route::get("/volunteer-places", lead, places::list),
        Route::post("/volunteer-places", lead, places::assign),
        Route::post("/volunteer-places/{id}/end", lead, places::end),
        Route::get("/stipends", approve, stipends::list),
        Route::get("/stipends/accounts", pay, accounts::show),
        Route::post("/stipends/accounts", pay, accounts::enter),
        Route::get("/stipends/accounts.xlsx", pay, accounts::file),
        Route::get("/stipends/payments.xlsx", pay, accounts::payments),
        Route::get("/stipends/{id}", approve, stipends::show),
        Route::post("/stipends/{id}/approval", approve, stipends::approve),
        Route::post("/stipends/{id}/refusal", approve, stipends::refuse),
        Route::post("/stipends/{id}/payment", pay, stipends::pay),
        Route::get("/guidance", lead, guidance::show),
        Route::post("/guidance", Action::GuidanceGive, guidance::record),
    ]
}

pub(crate) fn nav() -> Vec<NavItem> {
    let item = |group, order, key, href, action| NavItem { group, order, key, href, action };
    vec![
        item(NavGroup::Daily, 5, "volunteer", "/volunteer", Action::VolunteerReport),
        item(NavGroup::Visits, 34, "volunteer-notices", "/volunteer-notices", Action::FieldWork),
        item(NavGroup::Visits, 35, "volunteer-places", "/volunteer-places", Action::VolunteerLead),
        item(NavGroup::Team, 36, "stipends", "/stipends", Action::StipendApprove),
        item(NavGroup::Team, 30, "guidance", "/guidance", Action::VolunteerLead),
    ]
}
