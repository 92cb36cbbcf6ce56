//! Opening the contacts of a home or an employer, by purpose; the page closes by itself.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    app::App,
    reader::{Purpose, Reader},
    web::{self, Page},
};
use serde::Deserialize;

use crate::{
    contacts::{self, Contact, Of},
    ids::{EmployerId, HomeId},
};

#[derive(Deserialize)]
pub(super) struct Stated {
    #[serde(default)]
    purpose: String,
}

#[derive(Template)]
#[template(path = "register/contacts.html")]
struct Opened {
    page: Page,
    contacts: Vec<Contact>,
    purpose: &'static str,
    back: String,
}

/// The page of one reading of contacts, which closes by itself and leads back. Nothing keeps it, and its title names nobody.
pub fn opened(app: &App, page: Page, contacts: Vec<Contact>, purpose: Purpose, back: &str) -> Result<Response> {
    let title = page.t.s("contacts-title");
    let shown = Opened { page: page.titled(title), contacts, purpose: purpose.code(), back: back.to_owned() };
    Ok(web::closes_by_itself(app, web::render(&shown)?, back))
}

async fn read(app: &App, page: Page, reader: &Reader, (of, back): (Of, String), stated: &Stated) -> Result<Response> {
    let purpose = Purpose::from_code(&stated.purpose).ok_or_else(|| AppError::rule("purpose-missing"))?;
    let tx = app.store.begin(reader).await?;
    let contacts = contacts::open(&tx, of, purpose).await?;
    // The answer goes out only after the reading is on record.
    tx.commit().await?;
    opened(app, page, contacts, purpose, &back)
}

/// `POST /homes/{id}/reading`
pub(super) async fn of_home(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<HomeId>,
    Form(stated): Form<Stated>,
) -> Result<Response> {
    read(&app, page, &reader, (Of::Home(id), format!("/homes/{id}")), &stated).await
}

/// `POST /employers/{id}/reading`
pub(super) async fn of_employer(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
    Form(stated): Form<Stated>,
) -> Result<Response> {
    read(&app, page, &reader, (Of::Employer(id), format!("/employers/{id}")), &stated).await
}
