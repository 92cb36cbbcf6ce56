//! The own agreement, signed on the screen before first access, and the yearly trainings.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use linli_platform::{
    Result,
    access::{Action, Role},
    app::App,
    clock::Day,
    reader::Reader,
    web::{self, FormErrors, Page},
};

use super::{beside, required_day};
use crate::{
    ids::StaffId,
    promise::{self, Promise, Signature},
    store::{
        staff::{self, Agreement, Staff},
        trainings::{self, Trained},
    },
};

#[derive(Template)]
#[template(path = "team/promise.html")]
struct PromisePage {
    page: Page,
    errors: FormErrors,
    promise: Promise,
    own: Option<Staff>,
    in_force: Option<Agreement>,
    signature: Option<Signature>,
    last_training: Option<Day>,
    training_due: bool,
    /// Whether the account's roles need an agreement: an administrator's do not.
    needed: bool,
    /// Whether somebody who is not on file may enter themselves.
    enters: bool,
}

async fn promise_page(app: &App, page: Page, reader: &Reader, errors: FormErrors) -> Result<Response> {
    let reads = app.store.reads();
    let own = staff::of_account(&reads, reader.account).await?;
    let (mut in_force, mut signature, mut days) = (None, None, Vec::new());
    if let Some(own) = &own {
        in_force = staff::agreements(&reads, own.staff_id).await?.into_iter().find(|a| a.ended_day.is_none());
        signature = promise::signatures(&reads, own.staff_id).await?.into_iter().next();
        days = staff::trainings(&reads, own.staff_id).await?;
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = page.t.s("agreements");
    let administrator = reader.roles.iter().any(|r: &Role| r.is_administrator());
    let template = PromisePage {
        promise: Promise::load(&app.data_dir, page.lang),
        training_due: staff::training_due(&days, app.store.clock().today()),
        last_training: days.first().copied(),
        needed: !administrator,
        enters: reader.may(Action::AgreementFile),
        page: page.titled(title),
        errors,
        own,
        in_force,
        signature,
    };
    web::render_status(status, &template)
}

/// `GET /agreement`: whoever has not signed is led here from every page.
pub(super) async fn show(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    promise_page(&app, page, &reader, FormErrors::new()).await
}

#[derive(serde::Deserialize)]
pub(super) struct Signing {
    #[serde(default)]
    agreed: String,
    #[serde(default)]
    name: String,
}

/// `POST /agreement`
pub(super) async fn sign(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(form): Form<Signing>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    errors.require(form.agreed == "true", "agreed", "agreement-must-agree");
    let name = web::required(&mut errors, "name", &form.name);
    if errors.is_empty() {
        let promise = Promise::load(&app.data_dir, page.lang);
        let tx = app.store.begin(&reader).await?;
        match promise::sign(&tx, &promise, name).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect("/"), "agreement-signed-now"));
            }
            Err(e) => {
                drop(tx);
                beside(&page.t, &mut errors, "name", e)?;
            }
        }
    }
    promise_page(&app, page, &reader, errors).await
}

#[derive(Template)]
#[template(path = "team/trainings.html")]
struct TrainingsPage {
    page: Page,
    errors: FormErrors,
    rows: Vec<(Trained, bool)>,
    due: usize,
    day: String,
    chosen: Vec<StaffId>,
}

impl TrainingsPage {
    fn is_chosen(&self, id: &StaffId) -> bool {
        self.chosen.contains(id)
    }
}

async fn trainings_page(app: &App, page: Page, reader: &Reader, errors: FormErrors, held: Held) -> Result<Response> {
    let today = app.store.clock().today();
    let rows = trainings::last_of_each(&app.store.reads(), reader).await?;
    let rows: Vec<(Trained, bool)> = rows
        .into_iter()
        .map(|r| {
            let due = staff::training_due(r.last_day.as_slice(), today);
            (r, due)
        })
        .collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = page.t.s("trainings");
    let due = rows.iter().filter(|(_, due)| *due).count();
    let template = TrainingsPage { page: page.titled(title), errors, rows, due, day: held.day, chosen: held.staff };
    web::render_status(status, &template)
}

/// `GET /team/trainings`: who was trained when, those due first.
pub(super) async fn trainings(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let held = Held { day: app.store.clock().today().to_string(), staff: Vec::new() };
    trainings_page(&app, page, &reader, FormErrors::new(), held).await
}

/// A training that several attended.
#[derive(serde::Deserialize)]
pub(super) struct Held {
    #[serde(default)]
    day: String,
    #[serde(default)]
    staff: Vec<StaffId>,
}

/// `POST /team/trainings`: one training of all who were there.
pub(super) async fn record(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    axum_extra::extract::Form(held): axum_extra::extract::Form<Held>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    errors.require(!held.staff.is_empty(), "staff", "training-nobody");
    let day = required_day(&mut errors, "day", &held.day);
    if let Some(day) = day.filter(|_| errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match trainings::record_all(&tx, &held.staff, day).await {
            Ok(n) => {
                tx.commit().await?;
                return Ok(web::flash_n(web::redirect("/team/trainings"), "training-recorded-n", n));
            }
            Err(e) => {
                drop(tx);
                beside(&page.t, &mut errors, "day", e)?;
            }
        }
    }
    trainings_page(&app, page, &reader, errors, held).await
}
