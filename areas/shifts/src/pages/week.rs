//! The plans of one week.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Day,
    reader::Reader,
    web::{Page, redirect, render},
};

use super::given;
use crate::{
    duties::next_monday,
    people::Staffing,
    plans::{self, PlanRow},
    rules,
};

struct Line {
    committee: String,
    name: String,
    people: usize,
    plan: Option<PlanRow>,
    late: bool,
}

#[derive(Template)]
#[template(path = "shifts/week.html")]
struct WeekPage {
    page: Page,
    monday: Day,
    sunday: Day,
    before: Day,
    after: Day,
    next: Day,
    file_by: Day,
    lines: Vec<Line>,
    can_draft: bool,
}

/// `GET /shifts?week=2026-11-30`: the week whose plan is to be filed next, unless another is asked for.
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let next = next_monday(&app);
    let monday = given(&query, "week").parse().map_or(next, rules::monday_of);
    let mut plans = plans::of_week(&q, &reader, monday).await?;
    let staffing = Staffing::on(&q, monday).await?;
    let grids = linli_territory::grids(&q, &reader).await?;
    let mut lines = Vec::new();
    for committee in linli_territory::store::committees::all(&q).await? {
        let code = committee.committee_code;
        let people = staffing.of(&code).len();
        if people == 0 || !grids.iter().any(|g| g.committee_code == code) {
            continue;
        }
        let place = plans.iter().position(|p| p.committee_code == code);
        let plan = place.map(|n| plans.swap_remove(n));
        let over = rules::file_by(&app.pack, monday) < today;
        let late = plan.as_ref().map_or(over, |p| p.is_late(&app.pack, today));
        lines.push(Line { committee: code, name: committee.name, people, plan, late });
    }
    let title = page.t.s("shifts-title");
    render(&WeekPage {
        page: page.titled(title),
        monday,
        sunday: monday.plus_days(6),
        before: monday.plus_days(-7),
        after: monday.plus_days(7),
        next,
        file_by: rules::file_by(&app.pack, monday),
        lines,
        can_draft: reader.may(Action::ShiftPlan) && monday > today,
    })
}

/// `POST /shifts/plans`
pub(super) async fn draft(
    State(app): State<App>,
    reader: Reader,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let monday: Day = given(&form, "monday").parse().map_err(|_| AppError::rule("shift-week"))?;
    let tx = app.store.begin(&reader).await?;
    let id = plans::draft(&tx, given(&form, "committee"), monday).await?;
    tx.commit().await?;
    Ok(redirect(&format!("/shifts/plans/{id}")))
}
