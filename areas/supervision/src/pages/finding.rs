//! One finding, and what follows from it.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, flash, given, redirect, refused, render_status, version},
};

use super::item_name;
use crate::{
    codes::FindingState,
    findings::{self, FindingRow},
    ids::FindingId,
    inspections, life,
};

#[derive(Template)]
#[template(path = "supervision/finding.html")]
struct FindingPage {
    page: Page,
    errors: FormErrors,
    typed: String,
    row: FindingRow,
    item: String,
    now: At,
    /// Whether the reader can say what was put right.
    corrects: bool,
    /// Whether the reader can look again.
    looks: bool,
}

/// `GET /findings/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<FindingId>,
) -> Result<Response> {
    answer(&app, &reader, page, id, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: FindingId,
    errors: FormErrors,
    form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let row = findings::find(&q, reader, id).await?;
    let own = reader.clone().doing(Action::FindingCorrect).scope.contains(Some(row.grid_id));
    let group = inspections::is_member(&q, row.inspection_id, reader.account).await?;
    let item = item_name(app, &page, &row.item);
    let shown = FindingPage {
        corrects: reader.may(Action::FindingCorrect) && own && row.state() == FindingState::Open,
        looks: reader.may(Action::InspectionRecord) && group && row.state() == FindingState::Corrected,
        page: page.titled(item.clone()),
        errors,
        typed: given(&form, "feedback").to_owned(),
        item,
        now: app.store.now(),
        row,
    };
    render_status(status, &shown)
}

/// `POST /findings/{id}/correction`
pub(super) async fn correct(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<FindingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match life::correct(&tx, id, version(&form), given(&form, "feedback")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/findings/{id}")), "finding-corrected-now"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "feedback", e)?;
            answer(&app, &reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /findings/{id}/settlement`
pub(super) async fn settle(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<FindingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    life::settle(&tx, id, version(&form)).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/findings/{id}")), "finding-settled-now"))
}

/// `POST /findings/{id}/return`
pub(super) async fn send_back(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<FindingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    life::send_back(&app, &tx, id, version(&form)).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/findings/{id}")), "finding-sent-back-now"))
}
