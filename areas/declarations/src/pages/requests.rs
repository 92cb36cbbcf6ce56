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
    lists: Lists,
    kind: Kind,
    field: Option<Field>,
    fields: &'static [Field],
    today: String,
    due: String,
}

fn new_page(app: &App, page: Page, errors: FormErrors, kind: Kind, typed: Typed) -> Result<NewPage> {
    let due = due_at(&app.pack, &app.calendar, kind.deadline(), app.store.now())?;
    let title = page.t.code("declaration-kind", kind);
    Ok(NewPage {
        lists: Lists::of(&page.t),
        page: page.titled(title),
        errors,
        field: typed.fact(),
        fields: form::offered(kind),
        typed,
        kind,
        today: app.store.now().day().to_string(),
        due: due.minute_text(),
    })
}

/// `GET /me/requests/new`: one question a page; which fact first, where the kind does not say it all.
pub(super) async fn new(
    State(app): State<App>,
    page: Page,
    Entered(_): Entered,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let Some(kind) = Kind::from_code(&wanted.kind) else { return Ok(web::redirect("/me")) };
    let today = app.store.now().day().to_string();
    let typed = Typed { kind: wanted.kind, field: wanted.field, day: today, ..Typed::default() };
    web::render(&new_page(&app, page, FormErrors::new(), kind, typed)?)
}

/// `POST /me/requests`
pub(super) async fn file(
    State(app): State<App>,
    page: Page,
    Entered(own): Entered,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let person = residents::find(&app.store.reads(), &Reader::system(), own.resident).await?;
    let mut errors = FormErrors::new();
    if let Some((kind, content)) = form::read(&app, &page.t, &person, &typed, &mut errors).await? {
        let tx = app.store.begin(&own.reader()).await?;
        match requests::file(&app, &tx, own.resident, kind, &content, own.channel()).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/me/requests/{id}")), "own-request-filed"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    let kind = typed.asked().unwrap_or(Kind::Correction);
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
