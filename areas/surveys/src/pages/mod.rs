//! The survey's pages.

mod door;
mod figures;
mod listings;
mod parties;
mod round;
mod rounds;
mod view;

use linli_platform::{access::Action, area::Route};

pub(crate) fn routes() -> Vec<Route> {
    let (read, run, answer) = (Action::SurveyRead, Action::SurveyRun, Action::SurveyAnswer);
    vec![
        Route::get("/surveys", read, rounds::list),
        Route::post("/surveys", run, rounds::create),
        Route::get("/surveys/mine", answer, door::mine),
        Route::get("/surveys/committees/{code}", read, figures::committee),
        Route::get("/surveys/listings", read, listings::list),
        Route::post("/surveys/listings", run, listings::create),
        Route::post("/surveys/listings/{id}/delisting", run, listings::delist),
        Route::get("/surveys/{id}", read, round::show),
        Route::get("/surveys/{id}/receipt.json", read, round::receipt),
        Route::get("/surveys/{id}/frame.csv", read, round::frame),
        // A party is whoever has one of the roles that `seeds` names; reading is all that they have in common.
        Route::post("/surveys/{id}/commitments", read, parties::commit),
        Route::post("/surveys/{id}/openings", read, parties::open),
        Route::post("/surveys/{id}/announcement", run, parties::announce),
        Route::post("/surveys/{id}/withdrawal", run, round::withdraw),
        Route::post("/surveys/{id}/assignments", run, round::assign),
        Route::post("/surveys/{id}/hand-overs", run, round::hand_over),
        Route::post("/surveys/{id}/lock", run, round::lock),
        Route::get("/surveys/{id}/homes/{home}", answer, door::show),
        Route::post("/surveys/{id}/homes/{home}", answer, door::answer),
        Route::post("/surveys/{id}/homes/{home}/not-met", answer, door::not_met),
        Route::post("/surveys/{id}/homes/{home}/readings", answer, door::open),
    ]
}
