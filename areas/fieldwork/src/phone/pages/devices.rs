//! Phones of one's field staff, and revoking one that was lost.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{Page, flash, redirect, render},
};

use crate::{
    ids::DeviceId,
    phone::devices::{self, DeviceRow},
};

#[derive(Template)]
#[template(path = "fieldwork/devices.html")]
struct List {
    page: Page,
    rows: Vec<DeviceRow>,
}

/// `GET /field/devices`
pub(crate) async fn list(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let rows = devices::list(&app.store.reads(), &reader).await?;
    let title = page.t.s("phones-title");
    render(&List { page: page.titled(title), rows })
}

/// `POST /field/devices/{id}/revocation`
pub(crate) async fn revoke(State(app): State<App>, reader: Reader, Path(id): Path<DeviceId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    devices::revoke(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect("/field/devices"), "phones-revoked"))
}
