//! The forms that enter, change, close and reopen an employer.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    texts::T,
    web::{self, FormErrors, Page, Paging},
};
use serde::Deserialize;

use super::{
    choices::{Choices, of_codes},
    edit::{self, Field, Kind, Next, Subject, Typed},
    form::can_be_put_right,
    seen,
};
use crate::{
    addresses,
    codes::{EmployerFact, EmployerState, Source},
    employer_change::{self, EmployerChange},
    employers::{self, EmployerRow, NewEmployer},
    ids::{AddressId, EmployerId},
    told::Told,
};

fn fields(t: &T, e: &EmployerRow) -> Vec<Field> {
    use EmployerFact as F;
    vec![
        Field::of(F::OrgCode.code(), Kind::Text, &e.org_code),
        Field::of(F::Name.code(), Kind::Text, &e.name),
        Field::of(F::Business.code(), Kind::Text, &e.business),
        Field::of(F::Site.code(), Kind::Text, &e.site).hint("employer-site-hint"),
        Field::of(F::Address.code(), Kind::Text, e.address_text.clone().unwrap_or_default())
            .hint("resident-address-hint"),
        Field::of(F::Staff.code(), Kind::Number, e.staff_declared),
        Field::tick(t, F::Roster.code(), e.roster_duty),
        Field::personal(F::Liaison.code(), e.liaison_masked.as_ref()),
        Field::personal(F::LiaisonPhone.code(), e.liaison_phone_masked.as_ref()),
    ]
}

/// Somebody may change what lies within the own grids; a liaison's right to see the own employer is none.
fn changing(reader: &Reader) -> Reader {
    Reader { employers: Vec::new(), ..reader.clone() }
}

async fn subject(app: &App, t: &T, reader: &Reader, id: EmployerId, base: Option<i64>) -> Result<Subject> {
    let (q, reader) = (app.store.reads(), changing(reader));
    let e = employers::find(&q, &reader, id).await?;
    let theirs = match base {
        Some(base) => employer_change::changed_since(&q, &reader, id, base).await?,
        None => Vec::new(),
    };
    Ok(Subject {
        href: format!("/employers/{id}"),
        name: e.name.clone(),
        version: e.version,
        title: "employer-change-title",
        theirs,
        fields: fields(t, &e),
    })
}

pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
) -> Result<Response> {
    let subject = subject(&app, &page.t, &reader, id, None).await?;
    edit::form(&app, page, FormErrors::new(), &subject, Typed::default())
}

/// The standard address that a text means, or a message at the field.
async fn address_of(app: &App, t: &T, errors: &mut FormErrors, field: &str, text: &str) -> Result<Option<AddressId>> {
    let resolved = addresses::resolve(app, text).await?;
    if resolved.door.is_none() {
        match resolved.suggestion {
            Some((_, near)) => errors.add_text(field, t.a("cell-address-unknown-near", "suggestion", near)),
            None => errors.add(field, "cell-address-unknown"),
        }
    }
    Ok(resolved.door)
}

async fn read(app: &App, t: &T, typed: &Typed, facts: &[&str], errors: &mut FormErrors) -> Result<EmployerChange> {
    use EmployerFact as F;
    let of = |fact: F| typed.change(facts, fact.code());
    let plain = |fact: F| of(fact).map(Option::unwrap_or_default);
    let address = match of(F::Address) {
        None => None,
        Some(None) => Some(None),
        Some(Some(text)) => Some(address_of(app, t, errors, F::Address.code(), &text).await?),
    };
    let staff = of(F::Staff).map(|_| web::optional::<i64>(errors, F::Staff.code(), typed.text(F::Staff.code())));
    Ok(EmployerChange {
        org_code: plain(F::OrgCode),
        name: plain(F::Name),
        business: plain(F::Business),
        site: plain(F::Site),
        address,
        staff: staff.map(Option::unwrap_or_default),
        roster: of(F::Roster).map(|ticked| ticked.is_some()),
        liaison: of(F::Liaison),
        liaison_phone: of(F::LiaisonPhone),
    })
}

/// The field that an error of the rules belongs to.
fn field_of(e: &AppError, facts: &[&str]) -> &'static str {
    use EmployerFact as F;
    let first = |fact: F| facts.contains(&fact.code()).then_some(fact.code());
    match e.code {
        "employer-name" => F::Name.code(),
        "employer-staff" => F::Staff.code(),
        "employer-known" => F::OrgCode.code(),
        "premises-elsewhere" => F::Address.code(),
        "employer-word" => first(F::Business).or(first(F::Site)).unwrap_or(F::Site.code()),
        code if code.starts_with("number-") => F::OrgCode.code(),
        code if code.starts_with("phone-") => F::LiaisonPhone.code(),
        code if code.starts_with("name-") => F::Liaison.code(),
        code if code.starts_with("free-text-") => {
            [F::Name, F::Business, F::Site].into_iter().find_map(first).unwrap_or(F::Name.code())
        }
        _ => "",
    }
}

pub(super) async fn save(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response> {
    let typed = Typed::new(sent);
    let subject = subject(&app, &page.t, &reader, id, Some(typed.base())).await?;
    let facts = match edit::decide(&subject, &typed) {
        Next::Conflict(missed) => return edit::conflict(page, &subject, &typed, &missed),
        Next::Left => return Ok(web::flash(web::redirect(&subject.href), "conflict-left")),
        Next::Write(facts) => facts,
    };
    let mut errors = FormErrors::new();
    let change = read(&app, &page.t, &typed, &facts, &mut errors).await?;
    let told = typed.told(&app, &mut errors);
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        let reason = typed.correction();
        match employer_change::change(&tx, id, subject.version, change, reason, told).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&subject.href), "employer-changed"));
            }
            Err(e) if can_be_put_right(&e) || e.is("stale-version") => {
                errors.add_error(&page.t, field_of(&e, &facts), &e);
            }
            Err(e) => return Err(e),
        }
    }
    edit::form(&app, page, errors, &subject, typed)
}

/// What was typed of a new employer.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct New {
    org_code: String,
    name: String,
    business: String,
    site: String,
    address: String,
    staff: String,
    roster: String,
    liaison: String,
    liaison_phone: String,
    source: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "register/employer-new.html")]
struct NewForm {
    page: Page,
    errors: FormErrors,
    typed: New,
    sources: Choices,
}

fn new_view(page: Page, errors: FormErrors, typed: New) -> Result<Response> {
    let title = page.t.s("employer-new-title");
    let sources = of_codes(&page.t, Source::choices());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    web::render_status(status, &NewForm { page: page.titled(title), errors, typed, sources })
}

pub(super) async fn new(State(app): State<App>, page: Page, _: Reader) -> Result<Response> {
    let (source, seen) = (Source::Employer.code().into(), seen::text(app.store.now()));
    new_view(page, FormErrors::new(), New { source, seen, ..New::default() })
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// The field of the form for a new employer that an error belongs to.
fn new_field_of(e: &AppError) -> &'static str {
    match e.code {
        "premises-elsewhere" => "address",
        "employer-known" => "org_code",
        "employer-word" => "business",
        code if code.starts_with("number-") => "org_code",
        code if code.starts_with("phone-") => "liaison_phone",
        code if code.starts_with("name-") => "liaison",
        _ => "name",
    }
}

pub(super) async fn add(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(typed): Form<New>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    web::required(&mut errors, "org_code", &typed.org_code);
    web::required(&mut errors, "name", &typed.name);
    let staff = web::optional::<i64>(&mut errors, "staff", &typed.staff).unwrap_or(0);
    errors.require((0..=employer_change::MAX_STAFF).contains(&staff), "staff", "form-unreadable");
    let seen_at = seen::read(app.store.now(), &typed.seen, &mut errors);
    let address_id = match filled(&typed.address) {
        Some(text) => address_of(&app, &page.t, &mut errors, "address", &text).await?,
        None => None,
    };
    if errors.is_empty() {
        let new = NewEmployer {
            employer_id: None,
            org_code: typed.org_code.clone(),
            name: typed.name.trim().into(),
            business: typed.business.trim().into(),
            site: typed.site.trim().into(),
            address_id,
            staff_declared: staff,
            roster_duty: typed.roster == "true",
            liaison: filled(&typed.liaison),
            liaison_phone: filled(&typed.liaison_phone),
            source: Source::from_code(&typed.source).unwrap_or(Source::Employer),
            seen_at: Some(seen_at),
        };
        let tx = app.store.begin(&reader).await?;
        match employers::add(&tx, new).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/employers/{id}")), "employer-added"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, new_field_of(&e), &e),
            Err(e) => return Err(e),
        }
    }
    new_view(page, errors, typed)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Ended {
    version: i64,
    seen: String,
}

async fn set(
    app: App,
    page: Page,
    reader: Reader,
    id: EmployerId,
    typed: Ended,
    state: EmployerState,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let told = Told::seen(Source::DoorVisit, seen::read(app.store.now(), &typed.seen, &mut errors));
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        employer_change::set_state(&tx, id, typed.version, state, told).await?;
        tx.commit().await?;
        let said = if state == EmployerState::Closed { "employer-closed" } else { "employer-reopened" };
        return Ok(web::flash(web::redirect(&format!("/employers/{id}")), said));
    }
    let first = Paging::from_query(&HashMap::new());
    super::employers::view(&app, page, &reader, id, (errors, typed.seen), first).await
}

pub(super) async fn close(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
    Form(typed): Form<Ended>,
) -> Result<Response> {
    set(app, page, reader, id, typed, EmployerState::Closed).await
}

pub(super) async fn reopen(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
    Form(typed): Form<Ended>,
) -> Result<Response> {
    set(app, page, reader, id, typed, EmployerState::Current).await
}
