//! The pages: the register, checking a paper, sentences, ledgers.

mod check;
mod ledgers;
mod register;
mod wordings;

use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use linli_platform::{
    access::Action,
    app::App,
    area::{NavGroup, NavItem, Route},
    texts::{Lang, T},
};
use policy_pack::Item as _;

pub(crate) const PDF: &str = "application/pdf";
pub(crate) const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The area's routes.
pub(crate) fn routes() -> Vec<Route> {
    use Action::{Export, PaperKeep, PaperRead, Public};
    vec![
        Route::get("/papers", PaperRead, register::list),
        Route::get("/papers/check", Public, check::show),
        Route::get("/papers/{id}", PaperRead, register::show),
        Route::get("/papers/{id}/{file}", PaperRead, register::file),
        Route::post("/papers/{id}/withdrawal", PaperKeep, register::withdraw),
        Route::get("/wordings", PaperKeep, wordings::list),
        Route::get("/wordings/{template}/{lang}", PaperKeep, wordings::show),
        Route::post("/wordings/{template}/{lang}", PaperKeep, wordings::save),
        Route::post("/wordings/{template}/{lang}/preview", PaperKeep, wordings::preview),
        Route::post("/wordings/{template}/{lang}/original", PaperKeep, wordings::original),
        Route::get("/ledgers", Export, ledgers::list),
        Route::get("/ledgers/{file}", Export, ledgers::file),
    ]
}

/// The entries in the menu.
pub(crate) fn nav() -> Vec<NavItem> {
    let item = |order, key, href, action| NavItem { group: NavGroup::Documents, order, key, href, action };
    vec![
        item(10, "papers", "/papers", Action::PaperRead),
        item(20, "ledgers", "/ledgers", Action::Export),
        item(30, "wordings", "/wordings", Action::PaperKeep),
    ]
}

/// The name of a kind of document, from the policy pack.
fn kind_name(app: &App, t: &T, kind: &str) -> String {
    match app.pack.documents.iter().find(|d| d.id == kind) {
        Some(d) if t.lang == Lang::En => d.name_en().to_owned(),
        Some(d) => d.name().to_owned(),
        None => kind.to_owned(),
    }
}

/// A file; a PDF is shown, the others are saved.
pub(crate) fn given_out(media: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let how = if media == PDF { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename=\"{name}\"");
    let headers =
        [(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, disposition), (CACHE_CONTROL, "no-store".into())];
    (headers, bytes).into_response()
}
