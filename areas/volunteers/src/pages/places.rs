//! Who looks after which premises.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render, render_status},
};

use super::{given, refused};
use crate::{
    ids::PlaceId,
    places::{self, Place},
};

#[derive(Template)]
#[template(path = "volunteers/places.html")]
struct PlacesPage {
    page: Page,
    errors: FormErrors,
    places: Vec<Place>,
    volunteers: Vec<(String, String)>,
    who: String,
    prefix: String,
}

async fn places_page(
    app: &App,
    reader: &Reader,
    page: Page,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<PlacesPage> {
    let q = app.store.reads();
    let names = linli_territory::store::grids::names(&q).await?;
    let volunteers = places::volunteers(&q, reader).await?;
    let grid = |id| names.get(&id).cloned().unwrap_or_default();
    let shown = volunteers
        .into_iter()
        .map(|v| (format!("{} {}", v.account_id, v.grid_id), format!("{} · {}", v.name, grid(v.grid_id))));
    let title = page.t.s("volunteer-places-title");
    Ok(PlacesPage {
        errors,
        places: places::list(&q, reader).await?,
        volunteers: shown.collect(),
        who: given(form, "who").to_owned(),
        prefix: given(form, "prefix").to_owned(),
        page: page.titled(title),
    })
}

/// `GET /volunteer-places`
pub(super) async fn list(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    render(&places_page(&app, &reader, page, &HashMap::new(), FormErrors::new()).await?)
}

/// `POST /volunteer-places`
pub(super) async fn assign(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut who = given(&form, "who").split(' ');
    let chosen = (who.next().and_then(|a| a.parse().ok()), who.next().and_then(|g| g.parse().ok()));
    let tx = app.store.begin(&reader).await?;
    let done = match chosen {
        (Some(account), Some(grid)) => places::assign(&tx, account, grid, given(&form, "prefix")).await,
        _ => Err(AppError::rule("volunteer-who")),
    };
    match done {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect("/volunteer-places"), "volunteer-place-flash"))
        }
        Err(e) => {
            drop(tx);
            let field = if e.is("volunteer-who") { "who" } else { "prefix" };
            let errors = refused(&page.t, field, e)?;
            let shown = places_page(&app, &reader, page, &form, errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// `POST /volunteer-places/{id}/end`
pub(super) async fn end(State(app): State<App>, reader: Reader, Path(id): Path<PlaceId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    places::end(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect("/volunteer-places"), "volunteer-place-ended-flash"))
}
