//! `/plans`: the plans of the reader's grids for a month.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Month,
    ids::GridId,
    reader::Reader,
    web::{FormErrors, Page, flash_n, given, redirect, refused, render_status},
};

use crate::plan::{
    make,
    store::{self, PlanRow, Progress},
};

struct Line {
    grid: GridId,
    name: String,
    plan: Option<(PlanRow, Progress)>,
    can_make: bool,
}

#[derive(Template)]
#[template(path = "fieldwork/plans.html")]
struct PlansPage {
    page: Page,
    errors: FormErrors,
    month: Month,
    before: Month,
    after: Month,
    lines: Vec<Line>,
}

/// Whether the reader plans in a grid; the page itself is open to everybody who visits homes there.
pub(super) fn plans_in(reader: &Reader, grid: GridId) -> bool {
    reader.may(Action::VisitPlan) && reader.clone().doing(Action::VisitPlan).scope.contains(Some(grid))
}

/// `GET /plans?month=2026-12`: this month, unless another is asked for.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let month = given(&query, "month").parse().unwrap_or_else(|_| app.store.clock().today().month());
    answer(&app, &reader, page, month, FormErrors::new(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    month: Month,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let mut plans = store::of_month(&q, reader, month).await?;
    let mut progress = store::progress(&q, reader, month, today).await?;
    let open = month == today.month() || month == today.month().next();
    let mut lines = Vec::new();
    for grid in linli_territory::grids(&q, reader).await? {
        let place = plans.iter().position(|p| p.grid_id == grid.grid_id);
        let plan = place.map(|n| plans.swap_remove(n));
        let plan = plan.map(|p| (progress.remove(&p.plan_id).unwrap_or_default(), p)).map(|(c, p)| (p, c));
        let can_make = open && plan.is_none() && plans_in(reader, grid.grid_id);
        lines.push(Line { grid: grid.grid_id, name: grid.name, plan, can_make });
    }
    let page = page.clone().titled(page.t.a("plans-title", "month", month));
    let shown = PlansPage { page, errors, month, before: month.previous(), after: month.next(), lines };
    render_status(status, &shown)
}

/// `POST /plans`: makes the plan of a grid's month.
pub(crate) async fn make(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let grid: GridId = given(&form, "grid").parse().map_err(|_| AppError::not_found())?;
    let month: Month = given(&form, "month").parse().map_err(|_| AppError::rule("plan-month"))?;
    let tx = app.store.begin(&reader).await?;
    match make::make(&app, &tx, grid, month).await {
        Ok((id, spread)) => {
            tx.commit().await?;
            let planned = i64::try_from(spread.planned).unwrap_or(i64::MAX);
            Ok(flash_n(redirect(&format!("/plans/{id}")), "plan-made", planned))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "", e)?;
            let reader = reader.doing(Action::FieldWork);
            answer(&app, &reader, page, month, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
