//! The month's instruction of N members: who was there, who is still to be instructed, and the form for another.

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
    clock::{Day, Month},
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render, render_status},
};
use linli_team::StaffId;

use super::{given, refused};
use crate::{
    codes::Topic,
    guidance::{self, GridMonth, Guidance, MemberMonth},
};

#[derive(Template)]
#[template(path = "volunteers/guidance.html")]
struct GuidancePage {
    page: Page,
    errors: FormErrors,
    previous: Month,
    next: Option<Month>,
    grids: Vec<GridMonth>,
    held: Vec<Guidance>,
    topics: Vec<(&'static str, String)>,
    topic: String,
    day: String,
    /// The grid that the failed form was about.
    grid: String,
    ticked: Vec<String>,
    can_record: bool,
}

impl GuidancePage {
    fn is_ticked(&self, member: &MemberMonth) -> bool {
        self.ticked.iter().any(|t| *t == member.staff.to_string())
    }
    fn is_failed(&self, grid: &GridMonth) -> bool {
        self.grid == grid.grid.to_string()
    }
}

async fn guidance_page(
    app: &App,
    reader: &Reader,
    page: Page,
    month: Month,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<GuidancePage> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let topics = Topic::ALL.iter().map(|t| (t.code(), page.t.code(Topic::PREFIX, t))).collect();
    let day = match given(form, "day") {
        "" => today.to_string(),
        typed => typed.to_owned(),
    };
    let title = page.t.a("guidance-title", "month", month);
    Ok(GuidancePage {
        errors,
        previous: month.previous(),
        next: Some(month.next()).filter(|m| *m <= today.month()),
        grids: guidance::month(&q, app, reader, month).await?,
        held: guidance::of_month(&q, reader, month).await?,
        topics,
        topic: given(form, "topic").to_owned(),
        day,
        grid: given(form, "grid").to_owned(),
        ticked: present(form).map(|s| s.to_string()).collect(),
        can_record: page.may(Action::GuidanceGive) && month == today.month(),
        page: page.titled(title),
    })
}

/// Who was ticked: fields `was-<staff>`.
fn present(form: &HashMap<String, String>) -> impl Iterator<Item = StaffId> {
    form.keys().filter_map(|k| k.strip_prefix("was-")?.parse().ok())
}

/// `GET /guidance?month=2026-11`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let now = app.store.clock().today().month();
    let month = given(&query, "month").parse().ok().filter(|m: &Month| *m <= now).unwrap_or(now);
    render(&guidance_page(&app, &reader, page, month, &HashMap::new(), FormErrors::new()).await?)
}

/// `POST /guidance`
pub(super) async fn record(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let grid = given(&form, "grid").parse().map_err(|_| AppError::not_found())?;
    let day: Option<Day> = given(&form, "day").parse().ok();
    let tx = app.store.begin(&reader).await?;
    let (field, done) = match (day, Topic::from_code(given(&form, "topic"))) {
        (None, _) => ("day", Err(AppError::rule("guidance-day").arg("n", guidance::MAX_DAYS_BACK))),
        (_, None) => ("topic", Err(AppError::rule("guidance-topic"))),
        (Some(day), Some(topic)) => {
            let present: Vec<StaffId> = present(&form).collect();
            let done = guidance::record(&app, &tx, grid, day, topic, &present).await;
            let at_day = done.as_ref().is_err_and(|e| e.is("guidance-day"));
            (if at_day { "day" } else { "was" }, done)
        }
    };
    match done {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect("/guidance"), "guidance-flash"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, field, e)?;
            let now = app.store.clock().today().month();
            let shown = guidance_page(&app, &reader, page, now, &form, errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
