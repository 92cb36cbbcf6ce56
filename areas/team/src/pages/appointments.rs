//! Appointing, standing in, ending.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::AreaKind,
    app::App,
    reader::Reader,
    web::{self, FormErrors, Page},
};

use super::{beside, required_day, staff::places, until};
use crate::{
    ids::{AppointmentId, StaffId},
    post::Post,
    store::{
        appointments::{self, Appointment, NewAppointment},
        staff::{self, Staff},
    },
};

#[derive(serde::Deserialize, Default)]
pub(super) struct AppointForm {
    #[serde(default)]
    staff: String,
    #[serde(default)]
    post: String,
    #[serde(default)]
    grid: String,
    #[serde(default)]
    committee: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    last_day: String,
}

#[derive(Template)]
#[template(path = "team/appoint.html")]
struct Appoint {
    page: Page,
    errors: FormErrors,
    typed: AppointForm,
    people: Vec<(String, String)>,
    posts: Vec<(&'static str, String)>,
    grids: Vec<(String, String)>,
    committees: Vec<(String, String)>,
}

/// Name and masked mobile, so that two people of one name can be told apart.
fn label(s: &Staff) -> String {
    match &s.mobile_masked {
        Some(mobile) => format!("{} {mobile}", s.name),
        None => s.name.clone(),
    }
}

async fn form_page(app: &App, page: Page, reader: &Reader, errors: FormErrors, typed: AppointForm) -> Result<Appoint> {
    let reads = app.store.reads();
    let people = staff::present(&reads, reader).await?.iter().map(|s| (s.staff_id.to_string(), label(s))).collect();
    let known = linli_territory::committees(&reads).await?;
    let grids = linli_territory::grids(&reads, reader).await?;
    let grid = |g: &linli_territory::Grid| (g.grid_id.to_string(), format!("{} {}", g.code, g.name));
    let committees = known.known().iter().map(|c| (c.code.clone(), c.name.clone())).collect();
    // An HR liaison is appointed with the employer, whose page is a floor above.
    let posts = Post::ALL.iter().filter(|p| !p.role().is_administrator() && **p != Post::HrLiaison);
    let posts = posts.map(|p| (p.code(), page.t.code("post", p.code()))).collect();
    let title = page.t.s("appointment-new");
    Ok(Appoint {
        grids: grids.iter().map(grid).collect(),
        page: page.titled(title),
        errors,
        typed,
        people,
        posts,
        committees,
    })
}

pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(mut typed): Query<AppointForm>,
) -> Result<Response> {
    if typed.from.is_empty() {
        typed.from = app.store.now().day().to_string();
    }
    web::render(&form_page(&app, page, &reader, FormErrors::new(), typed).await?)
}

fn read_form(errors: &mut FormErrors, form: &AppointForm) -> Option<NewAppointment> {
    let staff: Option<StaffId> = web::optional(errors, "staff", &form.staff);
    errors.require(staff.is_some(), "staff", "form-required");
    let post = Post::from_code(&form.post).filter(|p| *p != Post::HrLiaison);
    errors.require(post.is_some(), "post", "form-required");
    let from = required_day(errors, "from", &form.from);
    let until = until(errors, "last_day", &form.last_day);
    let area = match post?.area_kind() {
        AreaKind::Grid => web::required(errors, "grid", &form.grid),
        AreaKind::Committee => web::required(errors, "committee", &form.committee),
        _ => "",
    };
    let new = NewAppointment { staff: staff?, post: post?, area: area.into(), grid: None, from: from?, until };
    errors.is_empty().then_some(new)
}

fn field_of(error: &AppError) -> &'static str {
    match error.code {
        "appointment-days" => "last_day",
        "appointment-area" => "grid",
        "post-taken" => "post",
        _ => "staff",
    }
}

pub(super) async fn create(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(form): Form<AppointForm>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    if let Some(new) = read_form(&mut errors, &form) {
        let staff = staff::find(&app.store.reads(), &reader, new.staff).await?;
        let tx = app.store.begin(&reader).await?;
        match appointments::appoint(&tx, new).await {
            Ok(_) => {
                tx.commit().await?;
                let to = format!("/team/staff/{}", staff.staff_id);
                return Ok(web::flash(web::redirect(&to), "appointment-made"));
            }
            Err(e) => {
                let field = field_of(&e);
                beside(&page.t, &mut errors, field, e)?;
            }
        }
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&app, page, &reader, errors, form).await?)
}

#[derive(serde::Deserialize, Default)]
pub(super) struct StandInForm {
    #[serde(default)]
    staff: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    last_day: String,
}

#[derive(Template)]
#[template(path = "team/appointment.html")]
struct Show {
    page: Page,
    appointment: Appointment,
    place: String,
    open: bool,
    people: Vec<(String, String)>,
    errors: FormErrors,
    typed: StandInForm,
}

async fn visible(app: &App, reader: &Reader, id: AppointmentId) -> Result<Appointment> {
    let reads = app.store.reads();
    let appointment = appointments::find(&reads, id).await?;
    staff::find(&reads, reader, appointment.staff_id).await?;
    Ok(appointment)
}

async fn show_page(
    app: &App,
    page: Page,
    reader: &Reader,
    id: AppointmentId,
    errors: FormErrors,
    typed: StandInForm,
) -> Result<Show> {
    let appointment = visible(app, reader, id).await?;
    let place = places(app).await?(&appointment);
    let today = app.store.now().day();
    let people = staff::present(&app.store.reads(), reader).await?;
    let others = people.iter().filter(|s| s.staff_id != appointment.staff_id);
    let title = format!("{} · {}", appointment.name, page.t.code("post", &appointment.post));
    Ok(Show {
        open: appointment.until_day.is_none_or(|u| u > today),
        people: others.map(|s| (s.staff_id.to_string(), label(s))).collect(),
        page: page.titled(title),
        appointment,
        place,
        errors,
        typed,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AppointmentId>,
) -> Result<Response> {
    web::render(&show_page(&app, page, &reader, id, FormErrors::new(), StandInForm::default()).await?)
}

pub(super) async fn stand_in(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AppointmentId>,
    Form(form): Form<StandInForm>,
) -> Result<Response> {
    visible(&app, &reader, id).await?;
    let mut errors = FormErrors::new();
    let by: Option<StaffId> = web::optional(&mut errors, "staff", &form.staff);
    errors.require(by.is_some(), "staff", "form-required");
    let from = required_day(&mut errors, "from", &form.from);
    let last = required_day(&mut errors, "last_day", &form.last_day);
    if let (Some(by), Some(from), Some(last), true) = (by, from, last, errors.is_empty()) {
        staff::find(&app.store.reads(), &reader, by).await?;
        let tx = app.store.begin(&reader).await?;
        match appointments::stand_in(&tx, id, by, from, last.plus_days(1)).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/team/staff/{by}")), "stand-in-made"));
            }
            Err(e) => {
                let field = if e.is("stand-in-days") { "last_day" } else { "staff" };
                beside(&page.t, &mut errors, field, e)?;
            }
        }
    }
    let template = show_page(&app, page, &reader, id, errors, form).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

#[derive(serde::Deserialize)]
pub(super) struct EndForm {
    #[serde(default)]
    end_day: String,
}

/// `end_day` is the last day; empty ends it at once.
pub(super) async fn end(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AppointmentId>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    let appointment = visible(&app, &reader, id).await?;
    let mut errors = FormErrors::new();
    let today = app.store.now().day();
    let until = until(&mut errors, "end_day", &form.end_day).unwrap_or(today);
    errors.require(until >= today, "end_day", "appointment-end-past");
    if !errors.is_empty() {
        let template = show_page(&app, page, &reader, id, errors, StandInForm::default()).await?;
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template);
    }
    let tx = app.store.begin(&reader).await?;
    appointments::end(&tx, id, until).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/team/staff/{}", appointment.staff_id)), "appointment-is-ended"))
}
