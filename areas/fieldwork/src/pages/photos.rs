//! `/fieldwork/photos`: photos of premises. The list says where, when and why; a picture is opened by itself, on record.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    sealed::Clear,
    texts::Lang,
    web::{Page, closes_by_itself, flash, redirect, render},
};
use linli_register::HomeId;

use crate::{
    ids::PhotoId,
    photo::{self, PhotoRow},
};

const LIST: &str = "/fieldwork/photos";

#[derive(Template)]
#[template(path = "fieldwork/photos.html")]
struct List {
    page: Page,
    rows: Vec<PhotoRow>,
    /// The pack's rules that ask for a photo, by id.
    rules: HashMap<String, String>,
    /// The home that the list is narrowed to.
    home: Option<HomeId>,
    opened: Option<(PhotoId, Clear)>,
    months: u32,
}

impl List {
    fn rule(&self, id: &str) -> &str {
        self.rules.get(id).map_or("", String::as_str)
    }
    fn picture_of(&self, id: &PhotoId) -> Option<&str> {
        self.opened.as_ref().filter(|(of, _)| of == id).map(|(_, clear)| clear.text())
    }
}

async fn shown(
    app: &App,
    reader: &Reader,
    page: Page,
    home: Option<HomeId>,
    opened: Option<(PhotoId, Clear)>,
) -> Result<List> {
    let rows = photo::list(&app.store.reads(), reader, home).await?;
    let named = |r: &policy_pack::PhotoRule| if page.lang == Lang::Zh { r.name.clone() } else { r.name_en.clone() };
    let rules = app.pack.visits.photos.iter().map(|r| (r.id.clone(), named(r))).collect();
    let months = app.pack.retention(policy_pack::RetentionId::VisitPhoto).keep_months;
    let title = page.t.s("photos-title");
    Ok(List { page: page.titled(title), rows, rules, home, opened, months })
}

/// `GET /fieldwork/photos?home=`
pub(crate) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let home = query.get("home").and_then(|id| id.parse().ok());
    render(&shown(&app, &reader, page, home, None).await?)
}

/// `POST /fieldwork/photos/{id}/reading`
pub(crate) async fn read(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PhotoId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let home = photo::find(&tx, &reader, id).await?.home_id;
    let clear = photo::open(&tx, id).await?;
    tx.commit().await?;
    let list = shown(&app, &reader, page, Some(home), Some((id, clear))).await?;
    Ok(closes_by_itself(&app, render(&list)?, LIST))
}

/// `POST /fieldwork/photos/{id}/removal`
pub(crate) async fn remove(State(app): State<App>, reader: Reader, Path(id): Path<PhotoId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    photo::remove(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect(LIST), "photo-removed"))
}
