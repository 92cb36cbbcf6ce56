//! `/rosters/employers/{id}/liaisons`: who answers for an employer's rosters; naming, replacing, ending.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result, accounts,
    app::App,
    clock::Day,
    reader::Reader,
    web::{FormErrors, Page, flash, optional, redirect, render, render_status, required},
};
use linli_register::{EmployerId, employers::EmployerRow};
use linli_team::AppointmentId;
use serde::Deserialize;

use crate::liaisons::{self, Liaison, Named};

#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    mobile: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    replaces: String,
}

#[derive(Deserialize)]
pub(super) struct End {
    #[serde(default)]
    end_day: String,
}

#[derive(Template)]
#[template(path = "rosters/liaisons.html")]
struct LiaisonsPage {
    page: Page,
    errors: FormErrors,
    employer: EmployerRow,
    liaisons: Vec<Liaison>,
    /// Who can be replaced: value and name.
    replaceable: Vec<(String, String)>,
    /// Whether another one is asked for (R14).
    needed: bool,
    typed: Typed,
}

async fn view(
    app: &App,
    page: Page,
    employer: EmployerRow,
    (errors, typed): (FormErrors, Typed),
) -> Result<LiaisonsPage> {
    let liaisons = liaisons::of_employer(&app.store, employer.employer_id).await?;
    let open = || liaisons.iter().filter(|l| l.open);
    let replaceable = open().map(|l| (l.appointment.appointment_id.to_string(), l.appointment.name.clone())).collect();
    let least = usize::try_from(*app.pack.register.roster_liaisons_at_least).unwrap_or(usize::MAX);
    let needed = open().count() < least;
    let title = page.t.a("roster-liaisons-title", "employer", &employer.name);
    Ok(LiaisonsPage { page: page.titled(title), errors, employer, replaceable, needed, liaisons, typed })
}

fn there(id: EmployerId) -> String {
    format!("/rosters/employers/{id}/liaisons")
}

/// `GET /rosters/employers/{id}/liaisons`
pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
) -> Result<Response> {
    let employer = liaisons::employer(&app.store.reads(), &reader, id).await?;
    let typed = Typed { from: app.store.now().day().to_string(), ..Typed::default() };
    render(&view(&app, page, employer, (FormErrors::new(), typed)).await?)
}

async fn read(app: &App, page: &Page, errors: &mut FormErrors, typed: &Typed) -> Result<Option<Named>> {
    let name = required(errors, "name", &typed.name).to_owned();
    let sign_in = required(errors, "account", &typed.account);
    let account = match sign_in.is_empty() {
        true => None,
        false => accounts::find_by_name(&app.store.reads(), sign_in).await?,
    };
    if account.is_none() && !sign_in.is_empty() {
        errors.add_error(&page.t, "account", &AppError::rule("staff-account-unknown"));
    }
    let from = required(errors, "from", &typed.from);
    let from: Option<Day> = optional(errors, "from", from);
    errors.require(from.is_none_or(|day| day >= app.store.now().day()), "from", "roster-liaison-from-past");
    let replaces: Option<AppointmentId> = optional(errors, "replaces", &typed.replaces);
    let mobile = Some(typed.mobile.trim().to_owned()).filter(|m| !m.is_empty());
    Ok(account.zip(from).map(|(account, from)| Named { name, mobile, account: account.account_id, from, replaces }))
}

/// `POST /rosters/employers/{id}/liaisons`
pub(super) async fn name(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let employer = liaisons::employer(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let named = read(&app, &page, &mut errors, &typed).await?;
    if let Some(named) = named.filter(|_| errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match liaisons::name(&tx, &employer, &named).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(flash(redirect(&there(id)), "roster-liaison-named-flash"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
                drop(tx);
                let field = match e.code {
                    "staff-mobile" => "mobile",
                    "staff-name" | "roster-liaison-account-name" => "name",
                    "appointment-days" => "from",
                    _ => "account",
                };
                errors.add_error(&page.t, field, &e);
            }
            Err(e) => return Err(e),
        }
    }
    let shown = view(&app, page, employer, (errors, typed)).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `POST /rosters/employers/{id}/liaisons/{appointment}/end`: `end_day` is the last day; empty ends it at once.
pub(super) async fn end(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path((id, appointment)): Path<(EmployerId, AppointmentId)>,
    Form(form): Form<End>,
) -> Result<Response> {
    let employer = liaisons::employer(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let today = app.store.now().day();
    let last: Option<Day> = optional(&mut errors, "end_day", &form.end_day);
    let until = last.map_or(today, |day| day.plus_days(1));
    errors.require(until >= today, "end_day", "appointment-end-past");
    if !errors.is_empty() {
        let typed = Typed { from: today.to_string(), ..Typed::default() };
        let shown = view(&app, page, employer, (errors, typed)).await?;
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let tx = app.store.begin(&reader).await?;
    liaisons::end(&tx, &employer, appointment, until).await?;
    tx.commit().await?;
    Ok(flash(redirect(&there(id)), "roster-liaison-ended-flash"))
}
