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
    ids::AccountId,
    reader::Reader,
    sealed::Clear,
    web::{FormErrors, Page, flash, given, redirect, refused, render_status, version},
};
use policy_pack::RetentionId;

use super::item_name;
use crate::{
    codes::{FindingState, PhotoOf},
    findings::{self, FindingRow},
    ids::{FindingId, PhotoId},
    inspections, life,
    photos::{self, PhotoRow},
};

#[derive(Template)]
#[template(path = "supervision/finding.html")]
struct FindingPage {
    page: Page,
    errors: FormErrors,
    typed: String,
    photos: Vec<PhotoRow>,
    /// The photos that were opened, small.
    small: Vec<(PhotoId, Clear)>,
    /// The one that was opened in full.
    large: Option<(PhotoId, Clear)>,
    /// Which photo the reader adds.
    adds: Option<PhotoOf>,
    /// So long photos are kept.
    months: u32,
    account: AccountId,
    row: FindingRow,
    item: String,
    now: At,
    /// Whether the reader can say what was put right.
    corrects: bool,
    /// Whether the reader can look again.
    looks: bool,
}

impl FindingPage {
    fn small_of(&self, id: &PhotoId) -> Option<&str> {
        self.small.iter().find(|(of, _)| of == id).map(|(_, clear)| clear.text())
    }
    fn removes(&self, photo: &PhotoRow) -> bool {
        photo.account_id == self.account && self.row.state() != FindingState::Settled
    }
    /// Where the form with a photo goes.
    fn adds_at(&self) -> Option<&'static str> {
        self.adds.map(|of| match of {
            PhotoOf::Found => "photos",
            PhotoOf::Corrected => "correction/photos",
        })
    }
}

/// What an answer shows beside the finding itself.
#[derive(Default)]
pub(super) struct Shown {
    /// What was wrong with what was sent.
    pub errors: FormErrors,
    /// What was typed.
    pub form: HashMap<String, String>,
    /// Photos that were opened, small.
    pub small: Vec<(PhotoId, Clear)>,
    /// One that was opened in full.
    pub large: Option<(PhotoId, Clear)>,
}

/// `GET /findings/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<FindingId>,
) -> Result<Response> {
    answer(&app, &reader, page, id, Shown::default(), StatusCode::OK).await
}

pub(super) async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: FindingId,
    shown: Shown,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let row = findings::find(&q, reader, id).await?;
    let own = reader.clone().doing(Action::FindingCorrect).scope.contains(Some(row.grid_id));
    let group = inspections::is_member(&q, row.inspection_id, reader.account).await?;
    let item = item_name(app, &page, &row.item);
    let shown = FindingPage {
        photos: photos::of_finding(&q, reader, id).await?,
        adds: photos::adds(&q, reader, id).await?,
        small: shown.small,
        large: shown.large,
        months: app.pack.retention(RetentionId::FindingPhoto).keep_months,
        account: reader.account,
        corrects: reader.may(Action::FindingCorrect) && own && row.state() == FindingState::Open,
        looks: reader.may(Action::InspectionRecord) && group && row.state() == FindingState::Corrected,
        page: page.titled(item.clone()),
        errors: shown.errors,
        typed: given(&shown.form, "feedback").to_owned(),
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
            let shown = Shown { errors, form, ..Shown::default() };
            answer(&app, &reader, page, id, shown, StatusCode::UNPROCESSABLE_ENTITY).await
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
