//! `/plans/{id}`: who goes where on which day of the month; what is left, and spreading it anew.

use std::collections::{HashMap, HashSet};

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
    ids::AccountId,
    reader::{Reader, Scope},
    store::Query,
    web::{FormErrors, Page, flash, flash_n, given, optional, redirect, refused, render_status, version},
};

use super::plans::plans_in;
use crate::{
    PlanId, due,
    plan::{
        absence::{self, Absence},
        crew::{self, Crew, Span},
        make,
        store::{self, PlanRow, StopRow},
        works,
    },
};

/// A colleague's column.
struct Column {
    account: AccountId,
    name: String,
    post: &'static str,
    visits: usize,
    /// Who stands in, from and until when.
    stand_ins: Vec<(String, String, String)>,
}

/// What a colleague has on a day.
struct Cell {
    visits: usize,
    done: usize,
    there: bool,
}

struct DayRow {
    day: Day,
    workday: bool,
    over: bool,
    today: bool,
    cells: Vec<Cell>,
}

impl DayRow {
    fn visits(&self) -> usize {
        self.cells.iter().map(|c| c.visits).sum()
    }
    fn done(&self) -> usize {
        self.cells.iter().map(|c| c.done).sum()
    }
}

/// What the plan does not cover any more.
#[derive(Default)]
struct Left {
    behind: usize,
    nobody: usize,
    unplanned: usize,
}

impl Left {
    fn any(&self) -> bool {
        self.behind + self.nobody + self.unplanned > 0
    }
}

#[derive(Template)]
#[template(path = "fieldwork/plan.html")]
struct PlanPage {
    page: Page,
    errors: FormErrors,
    typed: HashMap<String, String>,
    plan: PlanRow,
    leads: bool,
    over: bool,
    columns: Vec<Column>,
    days: Vec<DayRow>,
    visits: usize,
    done: usize,
    left: Left,
    absences: Vec<(String, Absence)>,
    /// Days without work by the filed shift plans.
    off_duty: Vec<(String, Absence)>,
    /// Whether the reader sees the shift plans.
    sees_shifts: bool,
    choices: Vec<(String, String)>,
}

impl PlanPage {
    fn typed(&self, name: &str) -> &str {
        given(&self.typed, name)
    }
}

/// `GET /plans/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
) -> Result<Response> {
    answer(&app, &reader, page, id, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: PlanId,
    errors: FormErrors,
    typed: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let today = app.store.clock().today();
    let plan = store::find(&q, reader, id).await?;
    let leads = plans_in(reader, plan.grid_id);
    let crew = crew::of_grid(&q, plan.grid_id, plan.first_day(), plan.last_day()).await?;
    let all = store::stops(&q, id).await?;
    let over = plan.last_day() < today;
    let left = if leads && !over { left(app, &q, reader, &plan, &crew, &all, today).await? } else { Left::default() };
    // Everybody sees the own days; who else goes where is the leaders' to see (boundary 6).
    let stops: Vec<StopRow> = all.into_iter().filter(|s| leads || s.account_id == reader.account).collect();
    let columns = columns(&crew, &stops, leads, reader.account);
    let seen = |all: Vec<Absence>| {
        let own = all.into_iter().filter(|a| leads || a.account == reader.account);
        own.map(|a| (crew.name(a.account).to_owned(), a)).collect::<Vec<_>>()
    };
    let (absences, off_duty) = (seen(absence::stretches(&crew)), seen(absence::off_duty(&crew)));
    let title = page.t.all("plan-title", &[("grid", plan.grid_name.clone()), ("month", plan.month.to_string())]);
    let shown = PlanPage {
        days: days(app, &plan, &crew, &columns, &stops, today),
        absences,
        off_duty,
        sees_shifts: reader.may(Action::ShiftRead),
        choices: crew.0.iter().map(|c| (c.account.to_string(), c.name.clone())).collect(),
        visits: stops.len(),
        done: stops.iter().filter(|s| !s.is_open()).count(),
        page: page.titled(title),
        errors,
        typed,
        leads,
        over,
        columns,
        left,
        plan,
    };
    render_status(status, &shown)
}

/// What is late, what nobody is there for, and homes that came up since.
async fn left(
    app: &App,
    q: &impl Query,
    reader: &Reader,
    plan: &PlanRow,
    crew: &Crew,
    stops: &[StopRow],
    today: Day,
) -> Result<Left> {
    let of_grid = Reader { scope: Scope::Grids(vec![plan.grid_id]), ..reader.clone() };
    let homes = due::candidates(q, &of_grid).await?;
    let planned: HashSet<_> = stops.iter().map(|s| s.home_id).collect();
    let from = today.max(plan.first_day());
    let needed = visit_plan::due(&due::premises(&app.pack, &homes), from.0, 0);
    let nobody = |s: &&StopRow| s.is_open() && s.day >= today && crew.acting(s.account_id, s.day).is_none();
    Ok(Left {
        behind: stops.iter().filter(|s| s.is_left_behind(today)).count(),
        nobody: stops.iter().filter(nobody).count(),
        unplanned: needed.iter().filter(|d| !planned.contains(&d.id)).count(),
    })
}

fn columns(crew: &Crew, stops: &[StopRow], leads: bool, own: AccountId) -> Vec<Column> {
    let mut accounts: Vec<AccountId> = crew.shared_among().iter().map(|c| c.account).collect();
    accounts.extend(stops.iter().map(|s| s.account_id));
    let mut known = HashSet::new();
    accounts.retain(|a| (leads || *a == own) && known.insert(*a));
    let column = |account: AccountId| {
        let colleague = crew.find(account);
        let stand_ins = colleague.map(|c| c.stand_ins.as_slice()).unwrap_or_default().iter();
        Column {
            account,
            name: crew.name(account).to_owned(),
            post: colleague.map_or("", |c| c.post.code()),
            visits: stops.iter().filter(|s| s.account_id == account).count(),
            stand_ins: stand_ins.map(|(span, who)| stand_in(crew.name(*who), span)).collect(),
        }
    };
    accounts.into_iter().map(column).collect()
}

fn stand_in(name: &str, span: &Span) -> (String, String, String) {
    let last = span.until.map(|d| d.plus_days(-1).to_string());
    (name.to_owned(), span.from.to_string(), last.unwrap_or_default())
}

/// The month's working days, and those besides on which something is planned.
fn days(app: &App, plan: &PlanRow, crew: &Crew, columns: &[Column], stops: &[StopRow], today: Day) -> Vec<DayRow> {
    let mut rows = Vec::new();
    let mut day = plan.first_day();
    while day <= plan.last_day() {
        let of_day: Vec<&StopRow> = stops.iter().filter(|s| s.day == day).collect();
        let workday = works(app, day);
        if workday || !of_day.is_empty() {
            let cell = |column: &Column| {
                let own = of_day.iter().filter(|s| s.account_id == column.account);
                let done = own.clone().filter(|s| !s.is_open()).count();
                Cell { visits: own.count(), done, there: crew.is_there(column.account, day) }
            };
            let cells = columns.iter().map(cell).collect();
            rows.push(DayRow { day, workday, over: day < today, today: day == today, cells });
        }
        day = day.plus_days(1);
    }
    rows
}

/// `POST /plans/{id}/spreading`
pub(crate) async fn spread(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match make::replan(&app, &tx, id, version(&form)).await {
        Ok(spread) => {
            tx.commit().await?;
            Ok(flash_n(redirect(&format!("/plans/{id}")), "plan-spread", count(spread.planned)))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "", e)?;
            let reader = reader.doing(Action::FieldWork);
            answer(&app, &reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `POST /plans/{id}/absences`
pub(crate) async fn absent(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let account: Option<AccountId> = optional(&mut errors, "account", given(&form, "account"));
    let from: Option<Day> = optional(&mut errors, "from", given(&form, "from"));
    let until: Option<Day> = optional(&mut errors, "until", given(&form, "until"));
    errors.require(account.is_some() || errors.for_field("account").is_some(), "account", "form-required");
    errors.require(from.is_some() || errors.for_field("from").is_some(), "from", "form-required");
    if let (Some(account), Some(from), true) = (account, from, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match absence::note(&app, &tx, id, version(&form), account, from, until.unwrap_or(from)).await {
            Ok(spread) => {
                tx.commit().await?;
                return Ok(flash_n(redirect(&format!("/plans/{id}")), "plan-absent-noted", count(spread.planned)));
            }
            Err(e) => errors = refused(&page.t, "from", e)?,
        }
    }
    answer(&app, &reader.doing(Action::FieldWork), page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /plans/{id}/returns`: somebody is back from a day on.
pub(crate) async fn back(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<PlanId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let account: Option<AccountId> = optional(&mut errors, "", given(&form, "account"));
    let from: Option<Day> = optional(&mut errors, "", given(&form, "from"));
    if let (Some(account), Some(from)) = (account, from) {
        let tx = app.store.begin(&reader).await?;
        match absence::end(&tx, id, version(&form), account, from).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/plans/{id}")), "plan-back-noted"));
            }
            Err(e) => errors = refused(&page.t, "", e)?,
        }
    } else {
        errors.add("", "form-unreadable");
    }
    answer(&app, &reader.doing(Action::FieldWork), page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
