//! Staff: the list, one member, agreement, training, account, leaving.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use linli_platform::{
    AppError, Result, accounts,
    app::App,
    clock::Day,
    ids::GridId,
    reader::Reader,
    web::{self, Asked, FormErrors, Page, Paging},
};

use super::{beside, required_day};
use crate::{
    ids::StaffId,
    store::{
        appointments::{self, Appointment},
        staff::{self, Agreement, Person, Staff},
    },
};

#[derive(Template)]
#[template(path = "team/staff_list.html")]
struct List {
    page: Page,
    rows: Vec<Staff>,
    paging: Paging,
    part: String,
    errors: FormErrors,
    typed: NewForm,
}

#[derive(serde::Deserialize, Default)]
pub(super) struct NewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    mobile: String,
    #[serde(default)]
    from: String,
}

async fn list_page(
    app: &App,
    page: Page,
    reader: &Reader,
    (part, paging): (String, Paging),
    errors: FormErrors,
    typed: NewForm,
) -> Result<List> {
    let (rows, total) = staff::list(&app.store.reads(), reader, &part, paging).await?;
    let title = page.t.s("staff-title");
    Ok(List { page: page.titled(title), rows, paging: paging.of(total), part, errors, typed })
}

pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let typed = NewForm { from: app.store.now().day().to_string(), ..NewForm::default() };
    let whole = (String::new(), Paging::from_query(&query));
    web::render(&list_page(&app, page, &reader, whole, FormErrors::new(), typed).await?)
}

/// `POST /team/staff/search`
pub(super) async fn search(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let typed = NewForm { from: app.store.now().day().to_string(), ..NewForm::default() };
    let paging = asked.paging();
    web::render(&list_page(&app, page, &reader, (asked.q, paging), FormErrors::new(), typed).await?)
}

pub(super) async fn create(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(form): Form<NewForm>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let name = web::required(&mut errors, "name", &form.name).to_owned();
    let from = required_day(&mut errors, "from", &form.from);
    if let Some(from_day) = from.filter(|_| errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        let person = Person { name, mobile: Some(form.mobile.clone()), from_day, account: None };
        match staff::create(&tx, &[person]).await {
            Ok(ids) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/team/staff/{}", ids[0])), "staff-entered"));
            }
            Err(e) => {
                let field = if e.is("staff-mobile") { "mobile" } else { "name" };
                beside(&page.t, &mut errors, field, e)?;
            }
        }
    }
    let template = list_page(&app, page, &reader, Default::default(), errors, form).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

struct Held {
    appointment: Appointment,
    place: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "team/staff.html")]
struct Show {
    page: Page,
    staff: Staff,
    held: Vec<Held>,
    agreements: Vec<Agreement>,
    agreement_valid: bool,
    trainings: Vec<Day>,
    training_due: bool,
    account_name: Option<String>,
    today: String,
    errors: FormErrors,
    typed_account: String,
}

/// The name of an appointment's area, for a page.
pub(super) async fn places(app: &App) -> Result<impl Fn(&Appointment) -> String + use<>> {
    let reads = app.store.reads();
    let grids = linli_territory::grid_names(&reads).await?;
    let committees = linli_territory::committees(&reads).await?;
    Ok(move |a: &Appointment| match a.area_kind.as_str() {
        "grid" | "employer" => a.grid_id.and_then(|g: GridId| grids.get(&g).cloned()).unwrap_or_default(),
        "committee" => committees.name(&a.area).unwrap_or_default().to_owned(),
        _ => String::new(),
    })
}

async fn show_page(app: &App, page: Page, reader: &Reader, id: StaffId, errors: FormErrors) -> Result<Show> {
    let reads = app.store.reads();
    let staff = staff::find(&reads, reader, id).await?;
    let today = app.store.now().day();
    let place = places(app).await?;
    let held = appointments::of_staff(&reads, id).await?.into_iter().map(|a| Held {
        place: place(&a),
        open: a.until_day.is_none_or(|u| u > today),
        appointment: a,
    });
    let agreements = staff::agreements(&reads, id).await?;
    let trainings = staff::trainings(&reads, id).await?;
    let account_name = match staff.account_id {
        Some(account) => Some(accounts::find(&reads, account).await?.sign_in_name),
        None => None,
    };
    let title = staff.name.clone();
    Ok(Show {
        page: page.titled(title),
        held: held.collect(),
        agreement_valid: agreements.iter().any(|a| a.ended_day.is_none()),
        agreements,
        training_due: staff::training_due(&trainings, today),
        trainings,
        account_name,
        staff,
        today: today.to_string(),
        errors,
        typed_account: String::new(),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<StaffId>,
) -> Result<Response> {
    web::render(&show_page(&app, page, &reader, id, FormErrors::new()).await?)
}

#[derive(serde::Deserialize)]
pub(super) struct DayForm {
    #[serde(default)]
    day: String,
}

enum Dated {
    Agreement,
    Training,
}

async fn dated(app: App, page: Page, reader: Reader, id: StaffId, form: DayForm, what: Dated) -> Result<Response> {
    staff::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let field = match what {
        Dated::Agreement => "agreement",
        Dated::Training => "training",
    };
    if let Some(day) = required_day(&mut errors, field, &form.day) {
        let tx = app.store.begin(&reader).await?;
        let done = match what {
            Dated::Agreement => staff::sign_agreement(&tx, id, day).await.map(|_| ()),
            Dated::Training => staff::record_training(&tx, id, day).await,
        };
        match done {
            Ok(()) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/team/staff/{id}")), "common-saved"));
            }
            Err(e) => beside(&page.t, &mut errors, field, e)?,
        }
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &show_page(&app, page, &reader, id, errors).await?)
}

pub(super) async fn agreement(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<StaffId>,
    Form(form): Form<DayForm>,
) -> Result<Response> {
    dated(app, page, reader, id, form, Dated::Agreement).await
}

pub(super) async fn training(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<StaffId>,
    Form(form): Form<DayForm>,
) -> Result<Response> {
    dated(app, page, reader, id, form, Dated::Training).await
}

#[derive(serde::Deserialize)]
pub(super) struct AccountForm {
    #[serde(default)]
    account: String,
}

pub(super) async fn account(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<StaffId>,
    Form(form): Form<AccountForm>,
) -> Result<Response> {
    staff::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let name = web::required(&mut errors, "account", &form.account);
    let found = match accounts::find_by_name(&app.store.reads(), name).await? {
        Some(account) => Ok(account.account_id),
        None => Err(AppError::rule("staff-account-unknown")),
    };
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        let linked = match found {
            Ok(account) => staff::link_account(&tx, id, account).await,
            Err(e) => Err(e),
        };
        match linked {
            Ok(()) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/team/staff/{id}")), "common-saved"));
            }
            Err(e) => beside(&page.t, &mut errors, "account", e)?,
        }
    }
    let template = Show { typed_account: form.account, ..show_page(&app, page, &reader, id, errors).await? };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

pub(super) async fn leaving(State(app): State<App>, reader: Reader, Path(id): Path<StaffId>) -> Result<Response> {
    staff::find(&app.store.reads(), &reader, id).await?;
    let tx = app.store.begin(&reader).await?;
    staff::leave(&tx, id).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/team/staff/{id}")), "staff-has-left"))
}
