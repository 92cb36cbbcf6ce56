//! The pages of supervision.

mod bulletin;
mod checks;
mod finding;
mod inspection;
mod list;
mod measure;
mod photos;
mod suggestion;

use linli_platform::{access::Action, app::App, area::Route, picture, texts::Lang, web::Page};
use policy_pack::CheckItem;

use crate::findings::FindingRow;

/// The area's routes.
pub(crate) fn routes() -> Vec<Route> {
    use Action::{
        FindingCorrect as Correct, InspectionPlan as Plan, InspectionRead as Read, InspectionRecord as Record,
        MeasureDecide as Decide, MeasureRead as Own, SuggestionAnswer as Answer, SuggestionMake as Make,
    };
    vec![
        Route::get("/inspections", Read, list::list),
        Route::get("/inspections/new", Plan, list::new),
        Route::post("/inspections", Plan, list::plan),
        Route::get("/inspections/bulletin/{month}", Read, bulletin::show),
        Route::get("/inspections/bulletin/{month}/paper.pdf", Read, bulletin::pdf),
        Route::get("/inspections/bulletin/{month}/paper.docx", Read, bulletin::word),
        Route::post("/inspections/bulletin/{month}/paper", Plan, bulletin::issue),
        Route::get("/inspections/{id}", Read, inspection::show),
        Route::post("/inspections/{id}/findings", Record, inspection::note),
        Route::post("/inspections/{id}/checks", Record, checks::look),
        Route::post("/inspections/{id}/closure", Record, inspection::close),
        Route::post("/inspections/{id}/withdrawal", Plan, inspection::withdraw),
        Route::get("/findings/{id}", Read, finding::show),
        Route::post("/findings/{id}/correction", Correct, finding::correct),
        // When and by whom alone; the pictures are opened by themselves, on record.
        Route::post("/findings/{id}/photos", Record, photos::of_found).accepts_bytes(picture::FORM_BYTES_MAX),
        Route::post("/findings/{id}/correction/photos", Correct, photos::of_corrected)
            .accepts_bytes(picture::FORM_BYTES_MAX),
        Route::post("/findings/{id}/photos/reading", Read, photos::read_small),
        Route::post("/findings/{id}/photos/{photo}/reading", Read, photos::read),
        Route::post("/findings/{id}/photos/{photo}/removal", Read, photos::remove),
        Route::post("/findings/{id}/settlement", Record, finding::settle),
        Route::post("/findings/{id}/return", Record, finding::send_back),
        Route::get("/suggestions", Make, suggestion::list),
        Route::post("/suggestions", Make, suggestion::make),
        Route::get("/suggestions/{id}", Make, suggestion::show),
        Route::post("/suggestions/{id}/answer", Answer, suggestion::answer),
        Route::get("/measures", Own, measure::list),
        Route::post("/measures", Decide, measure::propose),
        Route::get("/measures/{id}", Own, measure::show),
        Route::post("/measures/{id}/statement", Own, measure::be_heard),
        Route::post("/measures/{id}/decision", Decide, measure::decide),
        Route::post("/measures/{id}/removal", Decide, measure::remove),
    ]
}

/// The name of a checklist's item in the page's language; its id where the pack no longer has it.
fn item_name(app: &App, page: &Page, id: &str) -> String {
    let name = |i: &CheckItem| if page.lang == Lang::En { i.name_en.clone() } else { i.name.clone() };
    crate::findings::item(&app.pack, id).map_or_else(|| id.to_owned(), name)
}

/// The checklist in the page's language.
fn checklist(app: &App, page: &Page) -> Vec<(String, String)> {
    app.pack.work.checklist.iter().map(|i| (i.id.clone(), item_name(app, page, &i.id))).collect()
}

/// A finding with its item's name.
struct Found {
    row: FindingRow,
    item: String,
}

fn found(app: &App, page: &Page, rows: Vec<FindingRow>) -> Vec<Found> {
    rows.into_iter().map(|row| Found { item: item_name(app, page, &row.item), row }).collect()
}
