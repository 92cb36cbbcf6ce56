//! The pages of shifts.

mod mine;
mod plan;
mod week;

use linli_platform::{
    access::Action,
    area::Route,
    web::{Page, given, version},
};

use crate::rules::Told;

/// The area's routes.
pub(crate) fn routes() -> Vec<Route> {
    use Action::{ShiftAcknowledge, ShiftPlan, ShiftRead, ShiftWork};
    vec![
        Route::get("/shifts", ShiftRead, week::show),
        Route::post("/shifts/plans", ShiftPlan, week::draft),
        Route::get("/shifts/plans/{id}", ShiftRead, plan::show),
        Route::post("/shifts/plans/{id}/cells", ShiftPlan, plan::save),
        Route::post("/shifts/plans/{id}/proposal", ShiftPlan, plan::propose),
        Route::post("/shifts/plans/{id}/filing", ShiftPlan, plan::file),
        Route::post("/shifts/plans/{id}/acknowledgement", ShiftAcknowledge, plan::acknowledge),
        Route::get("/shifts/mine", ShiftWork, mine::show),
        Route::post("/shifts/mine/days", ShiftWork, mine::confirm),
        Route::post("/shifts/swaps", ShiftWork, mine::offer),
        Route::post("/shifts/swaps/{id}/acceptance", ShiftWork, mine::accept),
        Route::post("/shifts/swaps/{id}/refusal", ShiftWork, mine::decline),
    ]
}

/// A broken rule as a sentence.
fn sentence(page: &Page, told: &Told) -> String {
    let args = [
        ("who", told.name.clone()),
        ("day", told.day.map(|d| d.to_string()).unwrap_or_default()),
        ("found", told.found.clone()),
        ("limit", told.limit.clone()),
    ];
    let text = page.t.all(format!("shift-broken-{}", told.code), &args);
    if told.clause.is_empty() {
        text
    } else {
        page.t.all("shift-with-clause", &[("text", text), ("clause", told.clause.clone())])
    }
}

/// What a rule asks, for a collision: it is not broken yet.
fn demand(page: &Page, told: &Told) -> String {
    let args = [
        ("who", told.name.clone()),
        ("day", told.day.map(|d| d.to_string()).unwrap_or_default()),
        ("limit", told.limit.clone()),
    ];
    page.t.all(format!("shift-asks-{}", told.code), &args)
}
