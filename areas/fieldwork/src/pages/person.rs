//! Registering somebody new at a home, outside of a visit.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render, render_status},
};
use linli_register::{
    HomeId, codes,
    homes::{self, HomeRow},
    residents,
};

use super::newcomer::Newcomer;

#[derive(Template)]
#[template(path = "fieldwork/new_person.html")]
struct NewPersonPage {
    page: Page,
    home: HomeRow,
    new: Newcomer,
    errors: FormErrors,
    doc_kinds: Vec<(&'static str, String)>,
    sexes: Vec<(&'static str, String)>,
}

fn new_person_page(page: Page, home: HomeRow, new: Newcomer) -> NewPersonPage {
    let text = |list: Vec<(&'static str, String)>| list.into_iter().map(|(c, key)| (c, page.t.s(key))).collect();
    let (doc_kinds, sexes) = (text(codes::document_choices()), text(codes::SexCode::choices()));
    let page = page.clone().titled(page.t.s("field-new-person"));
    NewPersonPage { page, home, new, errors: FormErrors::new(), doc_kinds, sexes }
}

/// `GET /field/homes/{id}/new-person`.
pub(crate) async fn form(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(home): Path<HomeId>,
) -> Result<Response> {
    let home = homes::find(&app.store.reads(), &reader, home).await?;
    render(&new_person_page(page, home, Newcomer::empty("", app.store.clock().today())))
}

/// `POST /field/homes/{id}/new-person`.
pub(crate) async fn register(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(home): Path<HomeId>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response> {
    let reads = app.store.reads();
    let row = homes::find(&reads, &reader, home).await?;
    let mut shown = new_person_page(page, row, Newcomer::from_form("", &sent));
    let mut errors = FormErrors::new();
    if let Some(new) = shown.new.check(&reads, home, &mut errors, &shown.page.t).await? {
        let tx = app.store.begin(&reader).await?;
        match residents::register(&tx, new).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/field/homes/{home}")), "field-registered"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
                let field = if e.is("two-main-residences") { "doc_no" } else { "" };
                errors.add_error(&shown.page.t, field, &e);
            }
            Err(e) => return Err(e),
        }
    }
    shown.errors = errors;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
