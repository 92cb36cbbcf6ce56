//! Commitments, their announcement, openings.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render},
};
use serde::Deserialize;
use survey_sample::Commitment;

use super::round::{load, refused};
use crate::{ids::SurveyId, rounds, seeds};

/// A secret as typed; empty lets the program make one.
#[derive(Deserialize)]
pub(super) struct Secret {
    #[serde(default)]
    secret: String,
}

/// `POST /surveys/{id}/commitments`. A secret made by the program is on the answer and nowhere else.
pub(super) async fn commit(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
    Form(form): Form<Secret>,
) -> Result<Response> {
    let made = form.secret.trim().is_empty();
    let secret = if made { Ok(seeds::new_secret(app.store.rng())) } else { seeds::read_secret(&form.secret) };
    let secret = match secret {
        Ok(secret) => secret,
        Err(e) => return refused(&app, &reader, page, id, "secret", e).await,
    };
    let tx = app.store.begin(&reader).await?;
    if let Err(e) = seeds::commit(&tx, id, Commitment::of(&secret)).await {
        drop(tx);
        return refused(&app, &reader, page, id, "secret", e).await;
    }
    tx.commit().await?;
    if !made {
        return Ok(flash(redirect(&format!("/surveys/{id}")), "survey-committed-now"));
    }
    let mut shown = load(&app, &reader, page, id, FormErrors::new()).await?;
    shown.secret = Some(seeds::secret_text(&secret));
    render(&shown)
}

/// `POST /surveys/{id}/announcement`
pub(super) async fn announce(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match rounds::announce(&tx, &app.pack, id).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/{id}")), "survey-announced-now"))
        }
        Err(e) => {
            drop(tx);
            refused(&app, &reader, page, id, "", e).await
        }
    }
}

/// `POST /surveys/{id}/openings`
pub(super) async fn open(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
    Form(form): Form<Secret>,
) -> Result<Response> {
    let secret = match seeds::read_secret(&form.secret) {
        Ok(secret) => secret,
        Err(e) => return refused(&app, &reader, page, id, "secret", e).await,
    };
    let tx = app.store.begin(&reader).await?;
    match seeds::open(&tx, id, &secret).await {
        Ok(last) => {
            tx.commit().await?;
            let said = if last { "survey-drawn-now" } else { "survey-opened-now" };
            Ok(flash(redirect(&format!("/surveys/{id}")), said))
        }
        Err(e) => {
            drop(tx);
            refused(&app, &reader, page, id, "secret", e).await
        }
    }
}
