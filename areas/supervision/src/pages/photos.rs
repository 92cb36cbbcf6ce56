//! `/findings/{id}/photos`: photos of what was found and of what was put right. A picture opens on record.

use axum::{
    extract::{Multipart, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    picture,
    reader::Reader,
    web::{FormErrors, Page, closes_by_itself, flash, redirect, refused},
};

use super::finding::{self, Shown};
use crate::{
    codes::PhotoOf,
    ids::{FindingId, PhotoId},
    photos,
};

fn at(id: FindingId) -> String {
    format!("/findings/{id}")
}

/// `POST /findings/{id}/photos`: field `photo`, what the group found.
pub(super) async fn of_found(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<FindingId>,
    form: Multipart,
) -> Result<Response> {
    keep(&app, &reader, page, id, PhotoOf::Found, form).await
}

/// `POST /findings/{id}/correction/photos`: field `photo`, what the grid put right.
pub(super) async fn of_corrected(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<FindingId>,
    form: Multipart,
) -> Result<Response> {
    keep(&app, &reader, page, id, PhotoOf::Corrected, form).await
}

async fn keep(app: &App, reader: &Reader, page: Page, id: FindingId, of: PhotoOf, form: Multipart) -> Result<Response> {
    let wrong = async |page: Page, errors| {
        finding::answer(app, reader, page, id, Shown { errors, ..Shown::default() }, StatusCode::UNPROCESSABLE_ENTITY)
            .await
    };
    // Whoever may not add one has nothing decoded here.
    if let Err(e) = photos::may_add(&app.store.reads(), reader, id, of).await {
        let errors = refused(&page.t, "photo", e)?;
        return wrong(page, errors).await;
    }
    let pictures = match picture::from_form(form).await {
        Ok(large) => large.small().await.map(|small| (large, small)),
        Err(bad) => Err(bad),
    };
    let (large, small) = match pictures {
        Ok(both) => both,
        Err(bad) => {
            let mut errors = FormErrors::new();
            errors.add("photo", bad.message());
            return wrong(page, errors).await;
        }
    };
    let tx = app.store.begin(reader).await?;
    if let Err(e) = photos::keep(&tx, id, of, &large, &small).await {
        drop(tx);
        let errors = refused(&page.t, "photo", e)?;
        return wrong(page, errors).await;
    }
    tx.commit().await?;
    Ok(flash(redirect(&at(id)), "finding-photo-kept"))
}

/// `POST /findings/{id}/photos/reading`: all of them, small.
pub(super) async fn read_small(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<FindingId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let small = photos::open_small(&tx, id).await?;
    if small.is_empty() {
        return Err(AppError::not_found());
    }
    tx.commit().await?;
    let shown = Shown { small, ..Shown::default() };
    let answer = finding::answer(&app, &reader, page, id, shown, StatusCode::OK).await?;
    Ok(closes_by_itself(&app, answer, &at(id)))
}

/// `POST /findings/{id}/photos/{photo}/reading`: one in full.
pub(super) async fn read(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, photo)): Path<(FindingId, PhotoId)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let clear = photos::open(&tx, photo).await?;
    tx.commit().await?;
    let shown = Shown { large: Some((photo, clear)), ..Shown::default() };
    let answer = finding::answer(&app, &reader, page, id, shown, StatusCode::OK).await?;
    Ok(closes_by_itself(&app, answer, &at(id)))
}

/// `POST /findings/{id}/photos/{photo}/removal`
pub(super) async fn remove(
    State(app): State<App>,
    reader: Reader,
    Path((id, photo)): Path<(FindingId, PhotoId)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    photos::remove(&tx, id, photo).await?;
    tx.commit().await?;
    Ok(flash(redirect(&at(id)), "finding-photo-removed"))
}
