//! The own shifts on a phone: what is planned, what was worked, swaps.

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
    clock::Day,
    reader::Reader,
    web::{FormErrors, Page, flash, redirect, render_status},
};
use linli_team::StaffId;

use super::{given, sentence, version};
use crate::{
    cell::Cell,
    ids::SwapId,
    people::Staffing,
    plans, rules,
    swaps::{self, Offer, Swap},
    worked::{self, BACK_DAYS, OwnDay},
};

/// So many days ahead are shown.
const AHEAD_DAYS: i64 = 20;

struct Waiting {
    swap: Swap,
    /// Whether it was offered to the reader.
    to_me: bool,
    /// Rules that the plan would break after it and does not before.
    breaks: Vec<String>,
}

#[derive(Template)]
#[template(path = "shifts/mine.html")]
struct MinePage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    member: bool,
    past: Vec<OwnDay>,
    ahead: Vec<OwnDay>,
    waiting: Vec<Waiting>,
    give: Vec<(String, String)>,
    take: Vec<(String, String)>,
    cells: Vec<(&'static str, String)>,
}

impl MinePage {
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
    fn weekday(&self, day: &Day) -> String {
        self.page.t.s(format!("shift-weekday-{}", day.0.weekday().to_monday_zero_offset()))
    }
}

/// `GET /shifts/mine`
pub(super) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    answer(&app, &reader, page, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let staffing = Staffing::on(&q, today).await?;
    let title = page.t.s("nav-shifts-mine");
    let cells = Cell::WORKED.iter().map(|c| (c.code(), page.t.code("shift", c.code()))).collect();
    let mut shown = MinePage {
        page: page.titled(title),
        errors,
        form,
        member: false,
        past: Vec::new(),
        ahead: Vec::new(),
        waiting: Vec::new(),
        give: Vec::new(),
        take: Vec::new(),
        cells,
    };
    if let Some((committee, me)) = staffing.member_of(reader.account) {
        let me = me.staff_id;
        shown.member = true;
        shown.past = worked::own_days(&q, me, today.plus_days(-BACK_DAYS), today).await?;
        shown.past.reverse();
        shown.ahead = worked::own_days(&q, me, today.plus_days(1), today.plus_days(AHEAD_DAYS)).await?;
        shown.waiting = waiting(app, &shown.page, &staffing, me).await?;
        (shown.give, shown.take) = offers(app, &shown, &staffing, committee, me).await?;
    }
    render_status(status, &shown)
}

/// Offers from and to somebody, each with what accepting it would break.
async fn waiting(app: &App, page: &Page, staffing: &Staffing, me: StaffId) -> Result<Vec<Waiting>> {
    let q = app.store.reads();
    let mut all = Vec::new();
    for swap in swaps::waiting(&q, me).await? {
        let cells = plans::planned(&plans::turns(&q, swap.plan_id).await?);
        let members = staffing.of(&swap.committee_code);
        let check = |cells: &[rules::Planned]| {
            rules::check(
                &app.pack,
                &app.calendar,
                swap.monday,
                members,
                cells,
                Day(swap.monday.0.yesterday().unwrap_or(swap.monday.0)),
            )
        };
        let breaks = match swaps::exchange(&cells, &swap) {
            Ok(after) => {
                let before = check(&cells)?;
                let new = check(&after)?;
                new.iter().filter(|b| !before.contains(b)).map(|b| sentence(page, b)).collect()
            }
            Err(fault) => vec![page.t.error(&AppError::from(fault))],
        };
        all.push(Waiting { to_me: swap.to_staff == me, swap, breaks });
    }
    Ok(all)
}

/// What can be given, and what can be asked for, of the weeks ahead: pairs of form value and text.
type Choices = (Vec<(String, String)>, Vec<(String, String)>);

async fn offers(app: &App, shown: &MinePage, staffing: &Staffing, committee: &str, me: StaffId) -> Result<Choices> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let t = &shown.page.t;
    let text = |day: &Day, cell: &str| format!("{day} {} · {}", shown.weekday(day), t.code("shift", cell));
    let shift = |d: &&OwnDay| Cell::from_code(&d.cell).is_some_and(Cell::is_shift);
    let give = shown.ahead.iter().filter(shift).map(|d| (d.day.to_string(), text(&d.day, &d.cell))).collect();
    let mut take = Vec::new();
    for member in staffing.of(committee).iter().filter(|m| m.staff_id != me) {
        let nothing = t.a("shift-for-nothing", "who", &member.name);
        take.push((member.staff_id.to_string(), nothing));
        let days = worked::own_days(&q, member.staff_id, today.plus_days(1), today.plus_days(AHEAD_DAYS)).await?;
        for day in days.iter().filter(shift) {
            let value = format!("{}/{}", member.staff_id, day.day);
            take.push((value, format!("{} · {}", member.name, text(&day.day, &day.cell))));
        }
    }
    Ok((give, take))
}

fn back(key: &str) -> Response {
    flash(redirect("/shifts/mine"), key)
}

/// `POST /shifts/mine/days`
pub(super) async fn confirm(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let day: Option<Day> = given(&form, "day").parse().ok();
    let cell = Cell::from_code(given(&form, "worked"));
    let outcome = match (day, cell) {
        (Some(day), Some(cell)) => {
            let tx = app.store.begin(&reader).await?;
            match worked::confirm(&tx, day, cell).await {
                Ok(()) => tx.commit().await,
                Err(e) => Err(e),
            }
        }
        _ => Err(AppError::rule("shift-worked-cell")),
    };
    settle(&app, &reader, page, form, "worked", "shift-confirmed", outcome).await
}

/// After a change: back to the page, or the form with what was wrong.
async fn settle(
    app: &App,
    reader: &Reader,
    page: Page,
    form: HashMap<String, String>,
    field: &str,
    done: &str,
    outcome: Result<()>,
) -> Result<Response> {
    match outcome {
        Ok(()) => Ok(back(done)),
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FormErrors::new();
            errors.add_error(&page.t, field, &e);
            answer(app, reader, page, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /shifts/swaps`
pub(super) async fn offer(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let day: Option<Day> = given(&form, "give").parse().ok();
    let (to, for_day) = match given(&form, "take").split_once('/') {
        Some((staff, day)) => (staff.parse().ok(), day.parse().ok()),
        None => (given(&form, "take").parse().ok(), None),
    };
    let outcome = match (day, to) {
        (Some(day), Some(to)) => {
            let tx = app.store.begin(&reader).await?;
            match swaps::offer(&tx, Offer { day, to, for_day }).await {
                Ok(_) => tx.commit().await,
                Err(e) => Err(e),
            }
        }
        _ => Err(AppError::rule("shift-swap-choose")),
    };
    settle(&app, &reader, page, form, "give", "shift-offered", outcome).await
}

/// `POST /shifts/swaps/{id}/acceptance`
pub(super) async fn accept(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SwapId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let outcome = match swaps::accept(&app, &tx, id, version(&form)).await {
        Ok(()) => tx.commit().await,
        Err(e) => Err(e),
    };
    settle(&app, &reader, page, HashMap::new(), "", "shift-swapped", outcome).await
}

/// `POST /shifts/swaps/{id}/refusal`: declined, or taken back.
pub(super) async fn decline(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SwapId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let outcome = match swaps::decline(&tx, id, version(&form)).await {
        Ok(()) => tx.commit().await,
        Err(e) => Err(e),
    };
    settle(&app, &reader, page, HashMap::new(), "", "shift-swap-ended-now", outcome).await
}
