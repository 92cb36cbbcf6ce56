//! Hazards of premises on the home's page: noting one with its last day, taking one away.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    reader::Reader,
    texts::Lang,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{choices::Choices, homes::view, seen};
use crate::{hazards, ids::HomeId};

/// A hazard as the page shows it.
pub(super) struct Shown {
    pub code: String,
    pub name: String,
    pub until: Day,
}

/// Those of a home that hold.
pub(super) async fn shown(app: &App, lang: Lang, home: HomeId) -> Result<Vec<Shown>> {
    let rows = hazards::of_home(&app.store.reads(), home).await?;
    let name = |code: &str| hazards::name(&app.pack, lang, code);
    Ok(rows.into_iter().map(|r| Shown { name: name(&r.code), code: r.code, until: r.until_day }).collect())
}

/// What can be noted: the pack's list.
pub(super) fn choices(app: &App, lang: Lang) -> Choices {
    app.pack.visits.hazards.iter().map(|h| (h.id.clone(), hazards::name(&app.pack, lang, &h.id))).collect()
}

/// What was typed.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Typed {
    pub hazard: String,
    pub until: String,
    pub seen: String,
}

/// `POST /homes/{id}/hazards`
pub(super) async fn note(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<HomeId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    errors.require(app.pack.visits.hazard(&typed.hazard).is_some(), "hazard", "form-choose");
    let until = web::optional::<Day>(&mut errors, "until", &typed.until);
    let seen_at = seen::read_at("seen-hazard", app.store.now(), &typed.seen, &mut errors);
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        match hazards::note(&tx, &app.pack, id, &typed.hazard, seen_at, until).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/homes/{id}")), "hazard-noted"));
            }
            Err(e) if e.is("not-found") || e.status.is_server_error() => return Err(e),
            Err(e) => errors.add_error(&page.t, "until", &e),
        }
    }
    let mut view = view(&app, page, &reader, id, errors).await?;
    view.typed = typed;
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// `POST /homes/{id}/hazards/{code}/removal`
pub(super) async fn remove(
    State(app): State<App>,
    reader: Reader,
    Path((id, code)): Path<(HomeId, String)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    if hazards::remove(&tx, id, &code).await? {
        tx.commit().await?;
    }
    Ok(web::flash(web::redirect(&format!("/homes/{id}")), "hazard-removed"))
}
