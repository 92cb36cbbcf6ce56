//! The pages: a board for each level, one order, one part, lists of data checks, one list, one row.

mod board;
mod check;
mod order;
mod part;
mod row;

use std::collections::HashMap;

use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
    web::{given, refused, version},
};

pub(crate) fn routes() -> Vec<Route> {
    let (read, issue, handle) = (Action::OrderRead, Action::OrderIssue, Action::OrderHandle);
    let (see, run) = (Action::DataCheckRead, Action::DataCheckRun);
    vec![
        Route::get("/orders", read, board::show),
        Route::post("/orders", issue, order::draft),
        Route::get("/orders/new", issue, order::new),
        Route::get("/orders/{id}", read, order::show),
        Route::post("/orders/{id}/text", issue, order::rewrite),
        Route::post("/orders/{id}/issuance", issue, order::issue),
        Route::post("/orders/{id}/removal", issue, order::remove),
        Route::post("/orders/{id}/refusal", issue, order::refuse),
        // An order's office or, of a data check, its steward: the page looks closer.
        Route::post("/orders/{id}/part-closures", read, order::close_answered),
        Route::post("/orders/{id}/closure", read, order::close),
        Route::get("/order-parts/{id}", read, part::show),
        Route::post("/order-parts/{id}/receipt", handle, part::receive),
        Route::post("/order-parts/{id}/distribution", handle, part::distribute),
        Route::post("/order-parts/{id}/feedback", handle, part::answer),
        Route::post("/order-parts/{id}/transfer", handle, part::transfer),
        Route::post("/order-parts/{id}/raising", handle, part::raise),
        Route::post("/order-parts/{id}/part-closures", handle, part::close_answered),
        Route::post("/order-parts/{id}/closure", read, part::close),
        Route::post("/order-parts/{id}/return", read, part::send_back),
        Route::post("/order-parts/{id}/decision", Action::OrderSettle, part::decide),
        Route::get("/data-checks", see, check::list),
        Route::get("/data-checks/{id}", see, check::show),
        Route::get("/data-checks/{id}/results.xlsx", run, check::results),
        Route::post("/data-checks/{id}/sending", run, check::send),
        Route::post("/data-checks/{id}/closure", run, check::close),
        Route::post("/data-checks/{id}/removal", run, check::remove),
        Route::get("/check-rows/{id}", see, row::show),
        Route::post("/check-rows/{id}/reading", Action::RegisterUnmask, row::read),
        Route::post("/check-rows/{id}/placement", run, row::place),
        Route::post("/check-rows/{id}/visit", Action::FieldWork, row::visit),
        Route::post("/check-rows/{id}/desk-check", Action::DataCheckDesk, row::desk),
    ]
}

pub(crate) fn nav() -> Vec<NavItem> {
    let item = |order, key, href, action| NavItem { group: NavGroup::Cooperation, order, key, href, action };
    vec![
        item(10, "orders", "/orders", Action::OrderRead),
        item(20, "data-checks", "/data-checks", Action::DataCheckRead),
    ]
}

/// The places that were ticked: fields `to-<area>`.
fn ticked(form: &HashMap<String, String>) -> Vec<String> {
    let mut areas: Vec<String> = form.keys().filter_map(|k| k.strip_prefix("to-")).map(str::to_owned).collect();
    areas.sort();
    areas
}
