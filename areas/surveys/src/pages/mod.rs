//! The survey's pages.

mod again;
mod door;
mod evaluation;
mod figures;
mod listing;
mod listings;
mod parties;
mod round;
mod rounds;
mod signing;
mod view;

use linli_platform::{access::Action, area::Route};

pub(crate) fn routes() -> Vec<Route> {
    let (read, run, answer) = (Action::SurveyRead, Action::SurveyRun, Action::SurveyAnswer);
    let (decide, work) = (Action::ListingDecide, Action::RectificationWork);
    vec![
        Route::get("/surveys", read, rounds::list),
        Route::post("/surveys", run, rounds::create),
        Route::get("/surveys/mine", answer, door::mine),
        Route::get("/surveys/committees/{code}", read, figures::committee),
        Route::get("/surveys/listings", read, listings::list),
        Route::post("/surveys/listings", decide, listings::create),
        Route::get("/surveys/listings/{id}", read, listing::show),
        Route::post("/surveys/listings/{id}/plan", work, listing::file),
        Route::post("/surveys/listings/{id}/steps", work, listing::add_step),
        Route::post("/surveys/listings/{id}/steps/{line}/completion", work, listing::complete),
        Route::post("/surveys/listings/{id}/delisting", decide, listing::delist),
        Route::post("/surveys/listings/{id}/notice", decide, listing::issue),
        Route::get("/surveys/listings/{id}/notice.pdf", read, listing::pdf),
        Route::get("/surveys/listings/{id}/notice.docx", read, listing::word),
        Route::get("/evaluations", Action::Public, evaluation::list),
        Route::post("/evaluations", run, evaluation::publish),
        Route::get("/evaluations/{year}", Action::Public, evaluation::show),
        Route::get("/evaluations/{year}/draft", run, evaluation::draft),
        Route::get("/evaluations/{year}/evaluation.json", Action::Public, evaluation::file),
        Route::get("/evaluations/{year}/evaluation.pdf", Action::Public, evaluation::pdf),
        Route::get("/evaluations/{year}/evaluation.docx", Action::Public, evaluation::word),
        Route::post("/evaluations/{year}/paper", run, evaluation::issue),
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
        Route::post("/surveys/{id}/lock", run, signing::lock),
        Route::post("/surveys/{id}/decisions", run, again::decide),
        Route::post("/surveys/{id}/countersignature", Action::SurveyCountersign, signing::countersign),
        Route::post("/surveys/{id}/return", Action::SurveyCountersign, signing::send_back),
        Route::get("/surveys/{id}/results.csv", read, signing::results),
        Route::get("/surveys/{id}/homes/{home}", answer, door::show),
        Route::post("/surveys/{id}/homes/{home}", answer, door::answer),
        Route::post("/surveys/{id}/homes/{home}/not-met", answer, door::not_met),
        Route::post("/surveys/{id}/homes/{home}/readings", answer, door::open),
    ]
}
