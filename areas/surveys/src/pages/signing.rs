//! Locking results, countersigning them, sending them back (R26).

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    reader::Reader,
    store::Query,
    web::{Page, flash, redirect},
};
use serde::Deserialize;

use super::round::{self, refused};
use crate::{
    codes::State as RoundState,
    ids::SurveyId,
    locks::{self, Lock},
    rounds::{self, Round},
};

/// The locks of a round as its page shows them.
#[derive(Default)]
pub(super) struct Signing {
    /// The latest, that waits or was countersigned; none while the round is answered.
    pub current: Option<Lock>,
    /// Those that were sent back.
    pub returned: Vec<Lock>,
    /// Whether the reader can countersign.
    pub may_sign: bool,
    /// Whether the reader locked the results and so cannot countersign them.
    pub own: bool,
    /// Whether the reader can send them back.
    pub may_return: bool,
    /// The reason as typed.
    pub reason: String,
}

impl Signing {
    pub async fn read(q: &impl Query, reader: &Reader, round: &Round) -> Result<Signing> {
        let all = locks::of_survey(q, round.survey_id).await?;
        let (returned, standing): (Vec<Lock>, Vec<Lock>) =
            all.into_iter().partition(|lock| lock.outcome.as_deref() == Some("sent-back"));
        let current = standing.into_iter().next();
        let waits = round.state() == RoundState::Locked;
        let own = current.as_ref().is_some_and(|lock| lock.locked_by == reader.account);
        let may_return = waits && reader.may(Action::SurveyCountersign);
        Ok(Signing { current, returned, may_sign: may_return && !own, own, may_return, reason: String::new() })
    }
}

/// `POST /surveys/{id}/lock`
pub(super) async fn lock(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match locks::lock(&app, &tx, id).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/{id}")), "survey-locked-now"))
        }
        Err(e) => {
            drop(tx);
            refused(&app, &reader, page, id, "", e).await
        }
    }
}

/// The figures that were seen, by their digest.
#[derive(Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    digest: String,
}

/// `POST /surveys/{id}/countersignature`
pub(super) async fn countersign(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
    Form(form): Form<Seen>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match locks::countersign(&tx, &app.pack, id, &form.digest).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/{id}")), "survey-countersigned-now"))
        }
        Err(e) => {
            drop(tx);
            refused(&app, &reader, page, id, "", e).await
        }
    }
}

/// Why results are sent back.
#[derive(Deserialize)]
pub(super) struct Why {
    #[serde(default)]
    reason: String,
}

/// `POST /surveys/{id}/return`
pub(super) async fn send_back(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SurveyId>,
    Form(form): Form<Why>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match locks::send_back(&tx, id, &form.reason).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/{id}")), "survey-returned-now"))
        }
        Err(e) => {
            drop(tx);
            round::refused_with(&app, &reader, page, id, "reason", e, |shown| shown.signing.reason = form.reason).await
        }
    }
}

/// `GET /surveys/{id}/results.csv`: the file whose digest the receipt names.
pub(super) async fn results(State(app): State<App>, reader: Reader, Path(id): Path<SurveyId>) -> Result<Response> {
    let reads = app.store.reads();
    if !locks::shows(&rounds::find(&reads, id).await?, &reader) {
        return Err(AppError::not_found());
    }
    Ok(round::download("text/csv; charset=utf-8", "results.csv", locks::figures_csv(&reads, id).await?))
}
