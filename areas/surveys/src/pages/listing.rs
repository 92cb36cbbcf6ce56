//! One listing: what it rests on, its plan and steps, what is still needed, delisting.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use linli_papers::compose;
use linli_platform::{
    AppError, Result,
    access::{Action, Role},
    app::App,
    clock::{At, Day},
    reader::Reader,
    texts::Lang,
    web::{FormErrors, Page, flash, given, optional, redirect, refused, render_status},
};

use super::view;
use crate::{
    beside::{self, Beside},
    ids::ListingId,
    listings::{self, Listing},
    notice,
    rectification::{self, Missing, Plan, Step},
};

/// The name of the files.
const FILE: &str = "rectification-notice";

#[derive(Template)]
#[template(path = "surveys/listing.html")]
struct ListingPage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    listing: Listing,
    committee: String,
    cause: String,
    /// The months it rests on.
    grounds: Vec<Beside>,
    plan: Option<Plan>,
    plan_due_at: Option<At>,
    steps: Vec<Step>,
    /// What the survey after the plan says.
    after: Vec<Beside>,
    missing: Vec<Missing>,
    today: Day,
    now: At,
    /// Whether the reader files the plan and adds steps.
    leads: bool,
    /// Whether the reader says that steps are done.
    works: bool,
    /// Whether the reader delists.
    decides: bool,
    /// Whether the reader prepares surveys.
    surveys: bool,
    /// How the notice stands to what was issued of it.
    issued: linli_papers::State,
}

impl ListingPage {
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
    fn notice_path(&self) -> String {
        format!("/surveys/listings/{}/notice", self.listing.listing_id)
    }
    fn notice_file(&self) -> String {
        format!("{}.pdf", self.notice_path())
    }
    fn notice_word(&self) -> String {
        format!("{}.docx", self.notice_path())
    }
    fn plan_is_late(&self) -> bool {
        self.plan.is_none() && self.listing.is_open() && self.plan_due_at.is_some_and(|at| at < self.now)
    }
}

/// `GET /surveys/listings/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ListingId>,
) -> Result<Response> {
    answer(&app, &reader, page, id, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: ListingId,
    errors: FormErrors,
    form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let listing = listings::find(&q, id).await?;
    let committee = view::names(&q).await?.remove(&listing.committee_code).unwrap_or_default();
    let cause = app.pack.scoring.listing_causes.iter().find(|c| c.id == listing.cause);
    let cause = cause.map_or_else(
        || listing.cause.clone(),
        |c| if page.lang == Lang::En { c.name_en.clone() } else { c.name.clone() },
    );
    let at = async |action: Action| -> Result<bool> {
        let doing = reader.clone().doing(action);
        Ok(listing.is_open()
            && reader.may(action)
            && rectification::within(&q, &doing, &listing.committee_code).await?)
    };
    let works = at(Action::RectificationWork).await?;
    let plan = rectification::plan(&q, id).await?;
    let new = notice::draft(app, &listing).await?;
    let shown = ListingPage {
        issued: linli_papers::state(&q, new.kind, &new.subject, &new.body).await?,
        grounds: beside::grounds(&q, &app.pack, &listing).await?,
        after: beside::after(&q, &listing, plan.as_ref()).await?,
        plan_due_at: rectification::plan_due_at(app, &listing).ok(),
        steps: rectification::steps(&q, id).await?,
        missing: if listing.is_open() { rectification::missing(&q, &listing).await? } else { Vec::new() },
        today: app.store.clock().today(),
        now: app.store.now(),
        leads: works && reader.is(Role::Officer),
        works,
        decides: at(Action::ListingDecide).await?,
        surveys: listing.is_open() && reader.may(Action::SurveyRun),
        page: page.titled(committee.clone()),
        errors,
        form,
        committee,
        cause,
        plan,
        listing,
    };
    render_status(status, &shown)
}

/// Answers a change that was refused with the form as it was typed, and passes other errors on.
async fn answer_refused(
    app: &App,
    reader: &Reader,
    page: Page,
    id: ListingId,
    form: HashMap<String, String>,
    error: AppError,
) -> Result<Response> {
    let field = match error.code {
        "listing-step-day" => "until",
        "listing-step-words" | "listing-steps" => "step",
        code if code.starts_with("free-text") && form.contains_key("step") => "step",
        "listing-plan-words" => "words",
        code if code.starts_with("free-text") => "words",
        _ => "",
    };
    let errors = refused(&page.t, field, error)?;
    answer(app, reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /surveys/listings/{id}/plan`
pub(super) async fn file(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ListingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match rectification::file(&tx, id, given(&form, "words")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/listings/{id}")), "listing-planned-now"))
        }
        Err(e) => {
            drop(tx);
            answer_refused(&app, &reader, page, id, form, e).await
        }
    }
}

/// `POST /surveys/listings/{id}/steps`
pub(super) async fn add_step(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ListingId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    errors.require(!given(&form, "until").is_empty(), "until", "form-required");
    let until: Option<Day> = optional(&mut errors, "until", given(&form, "until"));
    let Some(until) = until else {
        return answer(&app, &reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let tx = app.store.begin(&reader).await?;
    match rectification::add_step(&tx, id, given(&form, "step"), until).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/listings/{id}")), "listing-step-added-now"))
        }
        Err(e) => {
            drop(tx);
            answer_refused(&app, &reader, page, id, form, e).await
        }
    }
}

/// `POST /surveys/listings/{id}/steps/{line}/completion`
pub(super) async fn complete(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, line)): Path<(ListingId, i64)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match rectification::complete(&tx, id, line).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/listings/{id}")), "listing-step-done-now"))
        }
        Err(e) => {
            drop(tx);
            answer_refused(&app, &reader, page, id, HashMap::new(), e).await
        }
    }
}

/// `POST /surveys/listings/{id}/delisting`
pub(super) async fn delist(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ListingId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match listings::delist(&tx, id).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/surveys/listings/{id}")), "listing-delisted-now"))
        }
        Err(e) => {
            drop(tx);
            answer_refused(&app, &reader, page, id, HashMap::new(), e).await
        }
    }
}

/// `GET /surveys/listings/{id}/notice.pdf`: as it was issued, or else a draft without a number.
pub(super) async fn pdf(State(app): State<App>, Path(id): Path<ListingId>) -> Result<Response> {
    let new = notice::draft(&app, &listings::find(&app.store.reads(), id).await?).await?;
    Ok(compose::pdf_file(FILE, compose::pdf(&app, new).await?))
}

/// `GET /surveys/listings/{id}/notice.docx`: the same as a Word file.
pub(super) async fn word(State(app): State<App>, Path(id): Path<ListingId>) -> Result<Response> {
    let new = notice::draft(&app, &listings::find(&app.store.reads(), id).await?).await?;
    Ok(compose::word_file(FILE, compose::word(&app, new).await?))
}

/// `POST /surveys/listings/{id}/notice`: numbers and issues it.
pub(super) async fn issue(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    headers: HeaderMap,
    Path(id): Path<ListingId>,
) -> Result<Response> {
    let q = app.store.reads();
    let listing = listings::find(&q, id).await?;
    let why = match (listing.is_open(), rectification::within(&q, &reader, &listing.committee_code).await?) {
        (true, true) => None,
        (false, _) => Some("listing-over"),
        (_, false) => Some("listing-elsewhere"),
    };
    if let Some(code) = why {
        return answer_refused(&app, &reader, page, id, HashMap::new(), AppError::rule(code)).await;
    }
    let new = notice::draft(&app, &listing).await?;
    linli_papers::issue(&app, &reader, &page.t, &linli_papers::site(&app, &headers), new).await?;
    Ok(flash(redirect(&format!("/surveys/listings/{id}")), "papers-issued-now"))
}
