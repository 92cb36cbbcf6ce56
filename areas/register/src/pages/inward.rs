//! Hand-overs from other jurisdictions: entered, looked at, answered.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use cn_identity::DocumentKind;
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day},
    reader::{Purpose, Reader},
    texts::T,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, Places, of_codes},
    form::can_be_put_right,
    new::{add_problem, home_at, locals},
    seen,
};
use crate::{
    addresses,
    codes::{Source, document_choices},
    escalation::{self, Clocked},
    history::{self, Step},
    ids::TransferId,
    inward::{self, Acceptance, InwardRow, NewInward, OpenInward, REFUSALS},
    outward,
    rules::{self, Written},
    told::Told,
    transfers,
};

/// What was typed of an offer.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    office: String,
    reference: String,
    offered: String,
    name: String,
    doc_kind: String,
    doc_no: String,
    doc_confirmed: String,
    phone: String,
    address: String,
}

#[derive(Template)]
#[template(path = "register/inward-new.html")]
struct New {
    page: Page,
    errors: FormErrors,
    typed: Typed,
    doc_kinds: Choices,
}

fn new_view(page: Page, errors: FormErrors, typed: Typed) -> Result<Response> {
    let title = page.t.s("inward-new-title");
    let doc_kinds = of_codes(&page.t, document_choices());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    web::render_status(status, &New { page: page.titled(title).under("/transfers"), errors, typed, doc_kinds })
}

pub(super) async fn form(State(app): State<App>, page: Page, _: Reader) -> Result<Response> {
    let typed = Typed {
        doc_kind: DocumentKind::Resident.code().into(),
        offered: app.store.now().day().to_string(),
        ..Typed::default()
    };
    new_view(page, FormErrors::new(), typed)
}

async fn read(app: &App, t: &T, typed: &Typed, errors: &mut FormErrors) -> Result<Option<NewInward>> {
    let today = app.store.now().day();
    let offered_day = web::optional::<Day>(errors, "offered", &typed.offered).unwrap_or(today);
    errors.require(offered_day <= today, "offered", "error-since-future");
    for (field, text, code) in
        [("office", &typed.office, "transfer-office"), ("reference", &typed.reference, "transfer-reference")]
    {
        if let Err(e) = outward::short(text, code) {
            errors.add_error(t, field, &e);
        }
    }
    let written = Written {
        name: &typed.name,
        doc_kind: DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident),
        doc_no: &typed.doc_no,
        doc_confirmed: typed.doc_confirmed == "true",
        phone: &typed.phone,
        sex: None,
        birth: None,
    };
    let (person, problems) = rules::check(&written, today);
    for p in problems.iter().filter(|p| p.fatal) {
        add_problem(t, errors, p);
    }
    let resolved = addresses::resolve(app, &typed.address).await?;
    if resolved.door.is_none() {
        match resolved.suggestion {
            _ if typed.address.trim().is_empty() => errors.add("address", "form-required"),
            Some((_, near)) => errors.add_text("address", t.a("cell-address-unknown-near", "suggestion", near)),
            None => errors.add("address", "cell-address-unknown"),
        }
    }
    let (Some(person), Some(address), true) = (person, resolved.door, errors.is_empty()) else { return Ok(None) };
    Ok(Some(NewInward {
        from_office: typed.office.clone(),
        reference: typed.reference.clone(),
        person,
        address,
        offered_day,
    }))
}

fn field_of(e: &AppError) -> &'static str {
    match e.code {
        "transfer-reference" => "reference",
        "since-future" => "offered",
        "premises-elsewhere" => "address",
        "inward-open" => "doc_no",
        _ => "office",
    }
}

pub(super) async fn enter(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    if let Some(new) = read(&app, &page.t, &typed, &mut errors).await? {
        let due = transfers::due_at(&app)?;
        let tx = app.store.begin(&reader).await?;
        match inward::enter(&tx, new, due).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/inward-transfers/{id}")), "inward-entered"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, field_of(&e), &e),
            Err(e) => return Err(e),
        }
    }
    new_view(page, errors, typed)
}

/// What was typed of an answer.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Answer {
    version: i64,
    address: String,
    since: String,
    local: String,
    reason: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "register/inward.html")]
struct One {
    page: Page,
    errors: FormErrors,
    one: InwardRow,
    grid: String,
    typed: Answer,
    locals: Choices,
    refusals: Choices,
    steps: Vec<Step>,
    climbed: bool,
    now: At,
}

async fn view(
    app: &App,
    page: Page,
    reader: &Reader,
    id: TransferId,
    errors: FormErrors,
    typed: Option<Answer>,
) -> Result<One> {
    let q = app.store.reads();
    let one = inward::find(&q, reader, id).await?;
    let fresh = || Answer {
        version: one.version,
        address: one.address_text.clone(),
        since: one.offered_day.to_string(),
        local: "elsewhere".into(),
        reason: String::new(),
        seen: seen::text(app.store.now()),
    };
    let typed = typed.unwrap_or_else(fresh);
    let title = page.t.s("inward-one-title");
    Ok(One {
        grid: Places::load(app, reader).await?.grid(&one.grid_id),
        locals: locals(&page.t),
        refusals: REFUSALS.iter().map(|r| ((*r).to_owned(), page.t.code("refusal", r))).collect(),
        steps: history::of_subject(&q, id.0).await?,
        climbed: escalation::of(&q, Clocked::Inward).await?.contains(&id.0),
        now: app.store.now(),
        page: page.titled(title).under("/transfers"),
        errors,
        one,
        typed,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<TransferId>,
) -> Result<Response> {
    web::render(&view(&app, page, &reader, id, FormErrors::new(), None).await?)
}

#[derive(Template)]
#[template(path = "register/inward-reading.html")]
struct Opened {
    page: Page,
    open: OpenInward,
    purpose: &'static str,
}

/// Shows whom the grid is to take over, once, on record.
pub(super) async fn reading(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(sent): Form<Answer>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let open = inward::open(&tx, id, sent.version).await?;
    tx.commit().await?;
    let title = page.t.s("reading-title");
    let response =
        web::render(&Opened { page: page.titled(title).under("/transfers"), open, purpose: Purpose::Transfer.code() })?;
    Ok(web::closes_by_itself(&app, response, &format!("/inward-transfers/{id}")))
}

pub(super) async fn accept(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(typed): Form<Answer>,
) -> Result<Response> {
    // What is hidden or gone is so before anything that was typed is looked at.
    inward::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let since = web::optional::<Day>(&mut errors, "since", &typed.since).unwrap_or(app.store.now().day());
    let home = home_at(&app, &reader, &page.t, &mut errors, &typed.address).await?;
    let told = Told::seen(Source::DoorVisit, seen::read(app.store.now(), &typed.seen, &mut errors));
    if let (Some(home), true) = (home, errors.is_empty()) {
        let how = Acceptance { home, since, local: typed.local == "local" };
        let tx = app.store.begin(&reader).await?;
        match inward::accept(&tx, id, typed.version, how, told).await {
            Ok(resident) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{resident}")), "inward-accepted"));
            }
            Err(e) if can_be_put_right(&e) => {
                let field = if e.is("since-future") { "since" } else { "" };
                errors.add_error(&page.t, field, &e);
            }
            Err(e) => return Err(e),
        }
    }
    let view = view(&app, page, &reader, id, errors, Some(typed)).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

pub(super) async fn refuse(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(sent): Form<Answer>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    inward::find(&tx, &reader, id).await?;
    inward::refuse(&tx, id, sent.version, &sent.reason).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/inward-transfers/{id}")), "transfer-refused"))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(sent): Form<Answer>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    inward::withdraw(&tx, id, sent.version).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/inward-transfers/{id}")), "transfer-withdrawn"))
}
