//! Asking for something, and seeing the answer.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use linli_register::residents;
use linli_work::due_at;
use serde::Deserialize;

use super::{
    entered::Entered,
    form::{self, Lists, Typed},
    household::Household,
    others,
};
use crate::{
    codes::{Field, Kind},
    ids::DeclarationId,
    requests::{self, Request},
};

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    field: String,
}

#[derive(Template)]
#[template(path = "declarations/request_new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    typed: Typed,
    people: Household,
    lists: Lists,
    kind: Kind,
    field: Option<Field>,
    fields: &'static [Field],
    today: String,
    due: String,
}

fn new_page(app: &App, page: Page, errors: FormErrors, kind: Kind, people: Household) -> Result<NewPage> {
    let typed = people.first.clone();
    let due = due_at(&app.pack, &app.calendar, kind.deadline(), app.store.now())?;
    let title = page.t.code("declaration-kind", kind);
    Ok(NewPage {
        lists: Lists::of(&page.t),
        page: page.titled(title),
        errors,
        field: typed.fact(),
        fields: form::offered(kind),
        typed,
        people,
        kind,
        today: app.store.now().day().to_string(),
        due: due.deadline_text(),
    })
}

/// `GET /me/requests/new`: one question a page; which fact first, where the kind does not say it all.
pub(super) async fn new(
    State(app): State<App>,
    page: Page,
    Entered(_): Entered,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let Some(kind) = Kind::from_code(&wanted.kind).filter(|kind| Kind::OF_RESIDENTS.contains(kind)) else {
        return Ok(web::redirect("/me"));
    };
    let today = app.store.now().day().to_string();
    let typed = Typed { kind: wanted.kind, field: wanted.field, day: today, ..Typed::default() };
    web::render(&new_page(&app, page, FormErrors::new(), kind, Household::asking(typed))?)
}

/// `POST /me/requests`: the own, and one for each other person, each answered on its own.
pub(super) async fn file(
    State(app): State<App>,
    page: Page,
    Entered(own): Entered,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut typed = Household::of(&fields).naming();
    let kind = typed.first.asked().unwrap_or(Kind::Correction);
    if typed.changes_rows() {
        typed.change_rows();
        return web::render(&new_page(&app, page, FormErrors::new(), kind, typed)?);
    }
    let person = residents::find(&app.store.reads(), &Reader::system(), own.resident).await?;
    let mut errors = FormErrors::new();
    if let Some(all) = others::read(&app, &page.t, &person, &typed, &mut errors).await? {
        let tx = app.store.begin(&own.reader()).await?;
        match requests::file_all(&app, &tx, own.resident, &all, own.channel()).await {
            Ok(ids) => {
                tx.commit().await?;
                let next = match ids.as_slice() {
                    [id] => format!("/me/requests/{id}"),
                    _ => "/me".into(),
                };
                return Ok(web::flash(web::redirect(&next), "own-request-filed"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&app, page, errors, kind, typed)?)
}

#[derive(Template)]
#[template(path = "declarations/request.html")]
struct RequestPage {
    page: Page,
    request: Request,
    now: At,
}

/// `GET /me/requests/{id}`
pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    Entered(own): Entered,
    Path(id): Path<DeclarationId>,
) -> Result<Response> {
    let request = requests::find(&app.store.reads(), &own, id).await?;
    let title = page.t.code("declaration-kind", &request.kind);
    web::render(&RequestPage { page: page.titled(title), request, now: app.store.now() })
}

/// `POST /me/requests/{id}/withdrawal`
pub(super) async fn withdraw(
    State(app): State<App>,
    Entered(own): Entered,
    Path(id): Path<DeclarationId>,
) -> Result<Response> {
    let tx = app.store.begin(&own.reader()).await?;
    requests::withdraw(&tx, &own, id).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/me/requests/{id}")), "own-request-withdrawn"))
}
