//! The robots of the reader's grids, and what did not go out through them.

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    ids::GridId,
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render, render_status},
};
use serde::Deserialize;

use crate::{
    ids::OutwardId,
    notices,
    outward::{
        outbox::{self, Stuck},
        robot::{self, GridRobot},
    },
};

#[derive(Template)]
#[template(path = "work/robots.html")]
struct RobotsPage {
    page: Page,
    errors: FormErrors,
    robots: Vec<GridRobot>,
    stuck: Vec<(Stuck, String)>,
    /// The grid whose address was refused.
    failed: String,
}

impl RobotsPage {
    fn is_failed(&self, robot: &GridRobot) -> bool {
        self.failed == robot.grid_id.to_string()
    }
}

async fn robots_page(app: &App, reader: &Reader, page: Page, failed: String, errors: FormErrors) -> Result<RobotsPage> {
    let q = app.store.reads();
    let shown = |s: Stuck| {
        let text = notices::show(&page.t, &s.text_key, &s.args);
        (s, text)
    };
    let stuck = outbox::stuck(&q, reader).await?.into_iter().map(shown).collect();
    let robots = robot::of_grids(&q, reader).await?;
    let title = page.t.s("robots-title");
    Ok(RobotsPage { page: page.titled(title), errors, robots, stuck, failed })
}

/// `GET /channel/robots`
pub(crate) async fn list(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    render(&robots_page(&app, &reader, page, String::new(), FormErrors::new()).await?)
}

/// The address as typed. It is not shown again, not even where it is refused.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    address: String,
}

/// `POST /channel/robots/{id}`: of a grid.
pub(crate) async fn enter(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(grid): Path<GridId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match robot::enter(&tx, grid, &typed.address).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect("/channel/robots"), "robot-flash"))
        }
        Err(e) if e.is("robot-address") => {
            drop(tx);
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, "address", &e);
            let shown = robots_page(&app, &reader, page, grid.to_string(), errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(e) => Err(e),
    }
}

/// `POST /channel/robots/{id}/removal`: of a grid.
pub(crate) async fn remove(State(app): State<App>, reader: Reader, Path(grid): Path<GridId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    robot::remove(&tx, grid).await?;
    tx.commit().await?;
    Ok(flash(redirect("/channel/robots"), "robot-removed-flash"))
}

/// `POST /channel/outward/{id}/attempts`: tries a message once more.
pub(crate) async fn again(State(app): State<App>, reader: Reader, Path(id): Path<OutwardId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    outbox::again(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect("/channel/robots"), "outward-again-flash"))
}
