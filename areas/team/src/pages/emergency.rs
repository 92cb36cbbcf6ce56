//! Emergency access: asked for here, decided on as a proposal, and shown to the team whose grid it opens.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::At,
    emergency::{self, Asked, Case, EmergencyReason},
    ids::GridId,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use uuid::Uuid;

use super::beside;

#[derive(Template)]
#[template(path = "team/emergency.html")]
struct Show {
    page: Page,
    errors: FormErrors,
    rows: Vec<(Case, String, bool)>,
    asks: bool,
    grids: Vec<(String, String)>,
    reasons: Vec<(&'static str, String)>,
    form: AskForm,
    now: At,
}

#[derive(serde::Deserialize, Default)]
pub(super) struct AskForm {
    #[serde(default)]
    grid: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    hours: String,
}

async fn names(app: &App) -> Result<HashMap<GridId, String>> {
    Ok(linli_territory::grid_names(&app.store.reads()).await?.into_iter().collect())
}

async fn page_of(app: &App, page: Page, reader: &Reader, errors: FormErrors, form: AskForm) -> Result<Response> {
    let names = names(app).await?;
    let reads = reader.clone().doing(Action::RegisterUnmask);
    let asks = reader.may(Action::RegisterUnmask);
    let mut grids: Vec<(String, String)> = names
        .iter()
        .filter(|(id, _)| !reads.works_in(Some(**id)))
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect();
    grids.sort_by(|a, b| a.1.cmp(&b.1));
    let ends = |c: &Case| c.account_id == reader.account || reader.may(Action::RoleAdmin);
    let rows = emergency::list(&app.store.reads(), reader).await?;
    let rows = rows.into_iter().map(|c| {
        let (place, ends) = (names.get(&c.grid_id).cloned().unwrap_or_default(), ends(&c));
        (c, place, ends)
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = page.t.s("nav-emergency");
    let template = Show {
        rows: rows.collect(),
        asks: asks && !grids.is_empty(),
        grids,
        reasons: EmergencyReason::ALL.iter().map(|r| (r.code(), page.t.code("emergency-reason", r))).collect(),
        now: app.store.now(),
        page: page.titled(title),
        errors,
        form,
    };
    web::render_status(status, &template)
}

/// `GET /emergency`
pub(super) async fn show(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let form = AskForm { hours: "2".into(), ..AskForm::default() };
    page_of(&app, page, &reader, FormErrors::new(), form).await
}

/// `POST /emergency`: a proposal; nothing opens before somebody else approved it.
pub(super) async fn ask(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(form): Form<AskForm>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let names = names(&app).await?;
    let grid = web::optional::<GridId>(&mut errors, "grid", &form.grid).filter(|g| names.contains_key(g));
    let hours = web::optional::<u32>(&mut errors, "hours", &form.hours);
    errors.require(grid.is_some() || errors.for_field("grid").is_some(), "grid", "form-required");
    errors.require(EmergencyReason::from_code(&form.reason).is_some(), "reason", "form-required");
    errors.require(hours.is_some() || errors.for_field("hours").is_some(), "hours", "form-required");
    if let (Some(grid), Some(hours), true) = (grid, hours, errors.is_empty()) {
        let place = names.get(&grid).cloned().unwrap_or_default();
        let tx = app.store.begin(&reader).await?;
        match emergency::ask(&app, &tx, Asked { grid, place, reason: form.reason.clone(), hours }).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/proposals/{id}")), "proposal-made-now"));
            }
            Err(e) => {
                drop(tx);
                let field = if e.is("emergency-hours") { "hours" } else { "grid" };
                beside(&page.t, &mut errors, field, e)?;
            }
        }
    }
    page_of(&app, page, &reader, errors, form).await
}

/// `POST /emergency/{id}/end`
pub(super) async fn end(State(app): State<App>, reader: Reader, Path(id): Path<Uuid>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    emergency::end(&tx, id).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/emergency"), "emergency-ended-now"))
}
