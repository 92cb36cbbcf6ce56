//! One plan: its grid of people and days, what it breaks, its filing.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::Day,
    reader::Reader,
    web::{FormErrors, Page, flash, flash_n, redirect, render_status},
};
use linli_team::StaffId;
use shift_plan::Shift;

use super::{demand, given, sentence, version};
use crate::{
    cell::Cell,
    ids::PlanId,
    people::{Member, Staffing},
    plans::{self, PlanRow, TurnRow},
    propose::{self, Proposal},
    rules::{self, Planned},
    swaps::{self, Swap},
    worked::Sum,
};

struct DayCell {
    day: Day,
    name: String,
    cell: Cell,
    worked: Option<Cell>,
    over: bool,
}

struct PersonRow {
    member: Member,
    cells: Vec<DayCell>,
    sum: Sum,
}

#[derive(Template)]
#[template(path = "shifts/plan.html")]
struct PlanPage {
    page: Page,
    errors: FormErrors,
    plan: PlanRow,
    days: Vec<(Day, bool)>,
    people: Vec<PersonRow>,
    broken: Vec<String>,
    collision: Vec<String>,
    choices: Vec<(&'static str, String)>,
    swaps: Vec<Swap>,
    shifts: Vec<Shift>,
    late: bool,
    file_by: Day,
    can_edit: bool,
    can_note: bool,
    sees_work: bool,
}

/// Whether the reader sees what each has worked: the team's leaders (boundary 6).
fn sees_work(reader: &Reader) -> bool {
    reader.may(Action::ShiftPlan) || reader.may(Action::ShiftAcknowledge)
}

/// `GET /shifts/plans/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
) -> Result<Response> {
    answer(&app, &reader, page, id, FormErrors::new(), None, Vec::new(), StatusCode::OK).await
}

/// The page, with the cells as they are stored or as they were typed.
async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: PlanId,
    errors: FormErrors,
    typed: Option<Vec<Planned>>,
    collision: Vec<String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let plan = plans::find(&q, reader, id).await?;
    let staffing = Staffing::on(&q, plan.monday).await?;
    let members = staffing.of(&plan.committee_code);
    let turns = plans::turns(&q, id).await?;
    let cells = typed.unwrap_or_else(|| plans::planned(&turns));
    let broken = rules::check(&app.pack, &app.calendar, plan.monday, members, &cells, plan.filed_on(today))?;
    let shifts = rules::shifts(&app.pack);
    let people = members.iter().map(|m| person(m, &plan, &cells, &turns, &shifts, today)).collect();
    let workday = |day: Day| app.calendar.is_workday(day.0).unwrap_or(false);
    let choices = Cell::ALL.iter().map(|c| (c.code(), page.t.code("shift", c.code()))).collect();
    let title =
        format!("{} · {}", plan.committee_name.as_deref().unwrap_or(""), page.t.a("shift-week-of", "day", plan.monday));
    let shown = PlanPage {
        broken: broken.iter().map(|b| sentence(&page, b)).collect(),
        page: page.titled(title),
        errors,
        days: rules::days(plan.monday).into_iter().map(|d| (d, workday(d))).collect(),
        people,
        collision,
        choices,
        swaps: swaps::accepted(&q, id).await?,
        shifts,
        late: plan.is_late(&app.pack, today),
        file_by: rules::file_by(&app.pack, plan.monday),
        can_edit: reader.may(Action::ShiftPlan) && !plan.has_begun(today),
        can_note: reader.may(Action::ShiftAcknowledge) && plan.state == "filed",
        sees_work: sees_work(reader),
        plan,
    };
    render_status(status, &shown)
}

fn person(
    member: &Member,
    plan: &PlanRow,
    cells: &[Planned],
    turns: &[TurnRow],
    shifts: &[Shift],
    today: Day,
) -> PersonRow {
    let row = rules::row(cells, member.staff_id, plan.monday);
    let own: Vec<TurnRow> = rules::days(plan.monday)
        .into_iter()
        .zip(row)
        .map(|(day, cell)| {
            let stored = turns.iter().find(|t| t.staff_id == member.staff_id && t.day == day);
            let worked = stored.and_then(|t| t.worked.clone());
            TurnRow { staff_id: member.staff_id, day, cell: cell.code().into(), worked }
        })
        .collect();
    let cell = |(n, t): (usize, &TurnRow)| DayCell {
        day: t.day,
        name: format!("c-{}-{n}", member.staff_id),
        cell: t.cell(),
        worked: t.worked(),
        over: t.day < today,
    };
    PersonRow {
        cells: own.iter().enumerate().map(cell).collect(),
        sum: Sum::of(own.iter(), shifts, today),
        member: member.clone(),
    }
}

/// The cells of a form: `c-<staff>-<day of the week>`.
fn read(form: &HashMap<String, String>, monday: Day, errors: &mut FormErrors) -> Vec<Planned> {
    let week = rules::days(monday);
    let mut cells = Vec::new();
    for (name, value) in form {
        let Some((staff, n)) = name.strip_prefix("c-").and_then(|rest| rest.rsplit_once('-')) else { continue };
        let parts =
            (staff.parse::<StaffId>(), n.parse::<usize>().ok().and_then(|n| week.get(n)), Cell::from_code(value));
        match parts {
            (Ok(staff), Some(day), Some(cell)) => cells.push((staff, *day, cell)),
            _ => errors.add(name, "form-unreadable"),
        }
    }
    cells.sort_by_key(|(staff, day, _)| (*staff, *day));
    cells
}

/// `POST /shifts/plans/{id}/cells`
pub(super) async fn save(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let plan = plans::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let cells = read(&form, plan.monday, &mut errors);
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        let staffing = Staffing::on(&tx, plan.monday).await?;
        match plans::save(&tx, id, version(&form), staffing.of(&plan.committee_code), &cells).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/shifts/plans/{id}")), "shift-saved"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    answer(&app, &reader, page, id, errors, Some(cells), Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /shifts/plans/{id}/proposal`: what stands in the plan is replaced, but for the days on which somebody is away.
pub(super) async fn propose(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let q = app.store.reads();
    let plan = plans::find(&q, &reader, id).await?;
    let mut errors = FormErrors::new();
    let mut cells = read(&form, plan.monday, &mut errors);
    if cells.is_empty() {
        cells = plans::planned(&plans::turns(&q, id).await?);
    }
    let staffing = Staffing::on(&q, plan.monday).await?;
    let members = staffing.of(&plan.committee_code);
    match propose::propose(&app, plan.monday, members, &cells).await? {
        Proposal::Week(proposed) => {
            let tx = app.store.begin(&reader).await?;
            plans::save(&tx, id, version(&form), members, &proposed).await?;
            tx.commit().await?;
            Ok(flash(redirect(&format!("/shifts/plans/{id}")), "shift-proposed"))
        }
        Proposal::Collision(rules) => {
            errors.add("", "shift-collides");
            let lines = rules.iter().map(|r| demand(&page, r)).collect();
            answer(&app, &reader, page, id, errors, Some(cells), lines, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /shifts/plans/{id}/filing`
pub(super) async fn file(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match plans::file(&app, &tx, id, version(&form), given(&form, "knowingly") == "true").await {
        Ok(broken) => {
            tx.commit().await?;
            let to = redirect(&format!("/shifts/plans/{id}"));
            Ok(flash_n(to, "shift-filed-now", i64::try_from(broken).unwrap_or(i64::MAX)))
        }
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            drop(tx);
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, if e.is("shift-broken") { "knowingly" } else { "" }, &e);
            answer(&app, &reader, page, id, errors, None, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /shifts/plans/{id}/acknowledgement`
pub(super) async fn acknowledge(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<PlanId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    plans::acknowledge(&tx, id, version(&form)).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/shifts/plans/{id}")), "shift-noted"))
}
