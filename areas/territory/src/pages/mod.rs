//! The territory's pages.

mod boundaries;
mod committees;

use linli_platform::{access::Action, area::Route};

use crate::boundary::read::MAX_BYTES;

/// What a form adds to the file it carries, at most.
const FORM_BYTES: usize = 64 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    let (read, write) = (Action::TerritoryRead, Action::TerritoryWrite);
    vec![
        Route::get("/territory", read, committees::overview),
        Route::get("/territory/map.geojson", read, committees::map),
        Route::get("/territory/committees/{code}", read, committees::show),
        Route::post("/territory/committees/{code}/aliases", write, committees::add_alias),
        Route::post("/territory/committees/{code}/aliases/removal", write, committees::remove_alias),
        Route::get("/territory/grids/{id}", read, committees::grid),
        Route::get("/territory/boundaries", read, boundaries::list),
        Route::post("/territory/boundaries", write, boundaries::upload).accepts_bytes(MAX_BYTES + FORM_BYTES),
        Route::get("/territory/boundaries/{id}", read, boundaries::show),
        Route::get("/territory/boundaries/{id}/map.geojson", read, boundaries::map),
        Route::post("/territory/boundaries/{id}/schedule", write, boundaries::schedule),
        Route::post("/territory/boundaries/{id}/removal", write, boundaries::remove),
    ]
}
