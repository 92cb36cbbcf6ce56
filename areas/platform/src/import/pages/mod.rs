//! The pages of imports: list, upload, and one page per state of an import. All of them work without scripts.

mod begin;
mod show;

use crate::{
    access::Action,
    area::{Area, NavGroup, NavItem, Route},
    texts::T,
};

/// The file and what the form adds around it. The file's own limit is kept while it streams in.
const UPLOAD_MAX_BYTES: usize = (crate::sheet::MAX_FILE_BYTES + super::upload::FORM_BYTES) as usize;

/// Imports as an area: routes, jobs, texts and the menu entry. Their tables are the platform's.
pub fn area() -> Area {
    let import = Action::Import;
    Area {
        name: "imports",
        routes: vec![
            Route::get("/imports", import, begin::list),
            Route::get("/imports/new", import, begin::form),
            Route::get("/imports/templates/{file}", import, begin::template),
            Route::post("/imports", import, begin::create).accepts_bytes(UPLOAD_MAX_BYTES),
            Route::get("/imports/{id}", import, show::show),
            Route::post("/imports/{id}/mapping", import, show::map),
            Route::post("/imports/{id}/checks", import, show::check_again),
            Route::post("/imports/{id}/confirmation", import, show::confirm),
            Route::post("/imports/{id}/resumption", import, show::resume),
            Route::post("/imports/{id}/cancellation", import, show::cancel),
            Route::get("/imports/{id}/errors.xlsx", import, show::errors),
        ],
        texts: Some(super::texts()),
        nav: vec![NavItem { group: NavGroup::Register, order: 90, key: "imports", href: "/imports", action: import }],
        jobs: super::jobs(),
        ..Area::default()
    }
}

/// The name of a kind in the page's language.
fn kind_name(t: &T, kind: &str) -> String {
    t.s(format!("import-{kind}"))
}

/// The name of a column in the page's language; of the row as a whole if there is no column.
fn column_name(t: &T, column: &str) -> String {
    if column.is_empty() { t.s("import-whole-row") } else { t.s(format!("column-{column}")) }
}

/// An `.xlsx` to be saved under a name of ASCII letters.
fn download(name: &str, bytes: Vec<u8>) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
    let disposition = format!("attachment; filename=\"{name}.xlsx\"");
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}
