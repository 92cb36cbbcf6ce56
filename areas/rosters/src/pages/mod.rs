//! The pages: the list of who sends and what waits, the sender's steps, and the officer's comparison.

mod form;
mod liaisons;
mod list;
mod results;
mod show;
mod upload;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use linli_platform::{
    access::Action,
    area::{NavGroup, NavItem, Route},
    texts::T,
};

use crate::{columns::COLUMNS, store::Roster};

/// The largest file of a roster: 20 MB, some 200,000 rows.
pub(crate) const FILE_MAX_BYTES: usize = 20 * 1024 * 1024;

/// Pages that the sender and the reviewers share are open to whoever is signed in, and each looks for itself at who
/// asks: a liaison sees the own employer's file, others what lies in their scope.
pub(crate) fn routes() -> Vec<Route> {
    let (own, review) = (Action::Own, Action::RosterReview);
    vec![
        Route::get("/rosters", own, list::list),
        Route::post("/rosters", own, upload::create).accepts_bytes(FILE_MAX_BYTES + 64 * 1024),
        Route::get("/rosters/new", own, upload::form),
        Route::get("/rosters/form", own, form::form),
        Route::post("/rosters/form", own, form::send),
        Route::get("/rosters/template.xlsx", own, upload::template),
        Route::post("/rosters/days", own, upload::no_change),
        Route::get("/rosters/employers/{id}/liaisons", Action::LiaisonName, liaisons::show),
        Route::post("/rosters/employers/{id}/liaisons", Action::LiaisonName, liaisons::name),
        Route::post("/rosters/employers/{id}/liaisons/{appointment}/end", Action::LiaisonName, liaisons::end),
        Route::get("/rosters/{id}", own, show::show),
        Route::post("/rosters/{id}/mapping", own, show::map),
        Route::get("/rosters/{id}/errors.xlsx", own, show::errors),
        Route::post("/rosters/{id}/sending", own, show::send),
        Route::post("/rosters/{id}/rejection", own, show::reject),
        Route::get("/rosters/{id}/results", review, results::list),
        Route::get("/rosters/{id}/rows/{row}", review, results::row),
        Route::post("/rosters/{id}/rows/{row}/reading", Action::RegisterUnmask, results::read),
        Route::post("/rosters/{id}/rows/{row}/decision", Action::RosterConfirm, results::decide),
        Route::post("/rosters/{id}/comparison", review, results::compare_again),
        Route::post("/rosters/{id}/confirmation", Action::RosterConfirm, results::confirm),
    ]
}

pub(crate) fn nav() -> Vec<NavItem> {
    let item = |key, action| NavItem { group: NavGroup::Declarations, order: 40, key, href: "/rosters", action };
    vec![item("rosters", Action::RosterReview), item("roster-send", Action::RosterSend)]
}

/// A column's name in the page's language; of the row as a whole if there is no column.
fn column_name(t: &T, column: &str) -> String {
    if COLUMNS.iter().any(|c| c.name == column) { t.s(format!("column-{column}")) } else { t.s("roster-whole-row") }
}

/// A message at a cell in the page's language.
fn message(t: &T, problem: &linli_platform::import::Problem) -> String {
    let args: Vec<(&str, String)> = problem.args.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    t.all(format!("cell-{}", problem.code), &args)
}

/// `Employer · full list · 2026-11-20`.
fn title(t: &T, roster: &Roster) -> String {
    t.all(
        "roster-title",
        &[
            ("employer", roster.employer_name.clone()),
            ("kind", t.code("roster-kind", &roster.kind)),
            ("day", roster.as_of_day.to_string()),
        ],
    )
}

fn download(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}.xlsx\"");
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}
