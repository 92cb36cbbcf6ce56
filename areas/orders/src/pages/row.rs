//! One row: opened on record, placed by the steward, visited, checked at the desk.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, closes_by_itself, flash, redirect, render, render_status},
};

use super::{given, refused, version};
use crate::{
    checks::{self, Check, Desk, Found, Match, OpenRow, Row, RowState},
    codes::Level,
    ids::RowId,
    levels,
};

type Typed = HashMap<String, String>;
/// The choice of a second visit beside what can be found at the desk.
const SECOND: &str = "second-visit";

#[derive(Template)]
#[template(path = "orders/row.html")]
struct RowPage {
    page: Page,
    errors: FormErrors,
    typed: Typed,
    check: Check,
    row: Row,
    open: Option<OpenRow>,
    matches: Vec<Match>,
    grids: Vec<(String, String)>,
    founds: Vec<(&'static str, String)>,
    desks: Vec<(&'static str, String)>,
    can_read: bool,
    can_place: bool,
    can_visit: bool,
    can_decide: bool,
    now: At,
}

impl RowPage {
    /// What was chosen, or for the grid the nearest one.
    fn chosen(&self, name: &str) -> String {
        match given(&self.typed, name) {
            "" if name == "grid" => self.row.near_grid_id.map(|g| g.to_string()).unwrap_or_default(),
            typed => typed.to_owned(),
        }
    }
}

async fn row_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: RowId,
    typed: Typed,
    errors: FormErrors,
) -> Result<RowPage> {
    let q = app.store.reads();
    let row = checks::find_row(&q, reader, id).await?;
    let check = checks::find(&q, reader, row.check_id).await?;
    let can_place = row.state() == RowState::Waiting && reader.may(Action::DataCheckRun);
    let can_visit =
        matches!(row.state(), RowState::FirstVisit | RowState::SecondVisit) && reader.may(Action::FieldWork);
    let can_decide = row.state() == RowState::Desk && reader.may(Action::DataCheckDesk);
    let grids = match can_place {
        true => levels::targets(&q, Level::Grid, None).await?.into_iter().map(|t| (t.area, t.name)).collect(),
        false => Vec::new(),
    };
    let matches = if can_decide { checks::registered(&q, reader, &row).await? } else { Vec::new() };
    let t = &page.t;
    let found = |f: Found| (f.code(), t.code("found", f));
    let mut desks = vec![(SECOND, t.s("check-desk-second"))];
    desks.extend(Found::at_the_desk().into_iter().map(found));
    let title = t.n("check-row-title", row.row_no);
    Ok(RowPage {
        founds: Found::at_the_door().map(found).collect(),
        desks,
        page: page.titled(title).under("/data-checks"),
        errors,
        typed,
        check,
        can_read: !row.is_final() && reader.may(Action::RegisterUnmask),
        row,
        open: None,
        matches,
        grids,
        can_place,
        can_visit,
        can_decide,
        now: app.store.now(),
    })
}

/// `GET /check-rows/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RowId>,
) -> Result<Response> {
    checks::take_up(&app).await?;
    render(&row_page(&app, &reader, page, id, Typed::new(), FormErrors::new()).await?)
}

/// `POST /check-rows/{id}/reading`: the row unmasked once, on record.
pub(super) async fn read(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RowId>,
) -> Result<Response> {
    let mut shown = row_page(&app, &reader, page, id, Typed::new(), FormErrors::new()).await?;
    let tx = app.store.begin(&reader).await?;
    shown.open = Some(checks::open_row(&tx, id).await?);
    tx.commit().await?;
    Ok(closes_by_itself(&app, render(&shown)?, &format!("/check-rows/{id}")))
}

async fn again(
    app: &App,
    reader: &Reader,
    page: Page,
    id: RowId,
    typed: Typed,
    (field, error): (&str, AppError),
) -> Result<Response> {
    let errors = refused(&page.t, field, error)?;
    let shown = row_page(app, reader, page, id, typed, errors).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `POST /check-rows/{id}/placement`
pub(super) async fn place(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RowId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let Ok(grid) = given(&form, "grid").parse() else {
        return again(&app, &reader, page, id, form, ("grid", AppError::rule("order-target"))).await;
    };
    let tx = app.store.begin(&reader).await?;
    match checks::place(&tx, id, version(&form), grid).await {
        Ok(()) => {
            let row = checks::find_row(&tx, &reader, id).await?;
            tx.commit().await?;
            Ok(flash(redirect(&format!("/data-checks/{}?state=waiting", row.check_id)), "check-placed-flash"))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("grid", e)).await
        }
    }
}

/// `POST /check-rows/{id}/visit`
pub(super) async fn visit(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RowId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let Some(found) = Found::from_code(given(&form, "found")) else {
        return again(&app, &reader, page, id, form, ("found", AppError::rule("check-found"))).await;
    };
    let check = checks::find_row(&app.store.reads(), &reader, id).await?.check_id;
    let tx = app.store.begin(&reader).await?;
    match checks::visited(&app, &tx, id, version(&form), found).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/data-checks/{check}")), "check-visited-flash"))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("found", e)).await
        }
    }
}

/// `POST /check-rows/{id}/desk-check`
pub(super) async fn desk(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<RowId>,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let desk = match given(&form, "desk") {
        SECOND => Some(Desk::SecondVisit),
        code => Found::from_code(code).map(Desk::Found),
    };
    let Some(desk) = desk else {
        return again(&app, &reader, page, id, form, ("desk", AppError::rule("check-found"))).await;
    };
    let check = checks::find_row(&app.store.reads(), &reader, id).await?.check_id;
    let tx = app.store.begin(&reader).await?;
    match checks::decide(&app, &tx, id, version(&form), desk).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/data-checks/{check}?state=desk")), "check-desk-flash"))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, form, ("desk", e)).await
        }
    }
}
