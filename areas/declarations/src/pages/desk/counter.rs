//! At the counter (窗口代办): for somebody who cannot enter alone, staff file the request, on record, while the person
//! stands there.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use linli_register::{
    ResidentId, counter,
    residents::{self, MaskedResident},
};
use serde::Deserialize;

use super::super::{
    form::{self, Lists, Typed},
    household::Household,
    others,
};
use crate::{
    codes::{Channel, Field, Kind},
    requests,
};

#[derive(Template)]
#[template(path = "declarations/counter.html")]
struct CounterPage {
    page: Page,
    errors: FormErrors,
    person: MaskedResident,
    typed: Typed,
    people: Household,
    lists: Lists,
    kind: Option<Kind>,
    field: Option<Field>,
    fields: &'static [Field],
    today: String,
}

fn counter_page(app: &App, page: Page, errors: FormErrors, person: MaskedResident, people: Household) -> CounterPage {
    let typed = people.first.clone();
    let title = page.t.s("declaration-counter-title");
    CounterPage {
        lists: Lists::of(&page.t),
        page: page.titled(title),
        errors,
        person,
        kind: typed.asked(),
        field: typed.fact(),
        fields: typed.asked().map_or(&[][..], form::offered),
        today: app.store.now().day().to_string(),
        typed,
        people,
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    field: String,
}

/// `GET /declarations/counter/{id}`
pub(in super::super) async fn form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let person = residents::find(&app.store.reads(), &reader, id).await?;
    let today = app.store.now().day().to_string();
    let typed = Typed { kind: wanted.kind, field: wanted.field, day: today, ..Typed::default() };
    web::render(&counter_page(&app, page, FormErrors::new(), person, Household::asking(typed)))
}

/// `POST /declarations/counter/{id}`
pub(in super::super) async fn file(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    if !counter::serves(&reader) {
        return Err(AppError::forbidden());
    }
    let person = residents::find(&app.store.reads(), &reader, id).await?;
    let mut typed = Household::of(&fields).naming();
    if typed.changes_rows() {
        typed.change_rows();
        return web::render(&counter_page(&app, page, FormErrors::new(), person, typed));
    }
    let mut errors = FormErrors::new();
    if let Some(all) = others::read(&app, &page.t, &person, &typed, &mut errors).await? {
        let tx = app.store.begin(&reader).await?;
        // The person's presence is a case of its own on the record, which the resident sees in its history.
        counter::open(&tx, id).await?;
        match requests::file_all(&app, &tx, id, &all, Channel::Counter).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "declaration-counter-filed"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &counter_page(&app, page, errors, person, typed))
}
