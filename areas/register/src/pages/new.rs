//! Registering somebody: the form with all the rules' messages, and candidates while it is typed.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use cn_identity::DocumentKind;
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    clock::Day,
    reader::Reader,
    texts::T,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, of_codes},
    seen,
};
use crate::{
    addresses,
    codes::{SexCode, Source, document_choices},
    homes,
    ids::HomeId,
    residents::{self, Candidate, NewResident, Typing},
    rules::{self, Written},
};

/// What was typed.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) doc_kind: String,
    pub(super) doc_no: String,
    pub(super) doc_confirmed: String,
    pub(super) phone: String,
    pub(super) sex: String,
    pub(super) birth: String,
    pub(super) local: String,
    pub(super) address: String,
    pub(super) employer: String,
    pub(super) since: String,
    pub(super) source: String,
    pub(super) seen: String,
}

#[derive(Template)]
#[template(path = "register/new.html")]
struct New {
    page: Page,
    errors: FormErrors,
    typed: Typed,
    doc_kinds: Choices,
    sexes: Choices,
    sources: Choices,
    locals: Choices,
    found: Vec<Candidate>,
    /// Said where the question was asked and nobody was found.
    answered: &'static str,
}

fn view(page: Page, errors: FormErrors, typed: Typed) -> New {
    let title = page.t.s("resident-new-title");
    let t = &page.t;
    New {
        doc_kinds: of_codes(t, document_choices()),
        sexes: of_codes(t, SexCode::choices()),
        sources: of_codes(t, Source::choices()),
        locals: locals(t),
        page: page.titled(title),
        errors,
        typed,
        found: Vec::new(),
        answered: "",
    }
}

pub(super) fn locals(t: &T) -> Choices {
    vec![("elsewhere".into(), t.s("local-elsewhere")), ("local".into(), t.s("local-local"))]
}

pub(super) async fn form(State(app): State<App>, page: Page, _: Reader) -> Result<Response> {
    let typed = Typed {
        doc_kind: DocumentKind::Resident.code().into(),
        since: app.store.now().day().to_string(),
        source: Source::DoorVisit.code().into(),
        seen: seen::text(app.store.now()),
        ..Typed::default()
    };
    web::render(&view(page, FormErrors::new(), typed))
}

/// A rule's problem as text at its field.
pub(super) fn add_problem(t: &T, errors: &mut FormErrors, p: &rules::Problem) {
    errors.add_text(p.field, t.all(format!("cell-{}", p.code), &p.args));
}

/// The home that an address text means, or a message at the field.
pub(super) async fn home_at(
    app: &App,
    reader: &Reader,
    t: &T,
    errors: &mut FormErrors,
    text: &str,
) -> Result<Option<HomeId>> {
    if text.trim().is_empty() {
        errors.add("address", "form-required");
        return Ok(None);
    }
    let resolved = addresses::resolve(app, text).await?;
    let Some(door) = resolved.door else {
        match resolved.suggestion {
            Some((_, near)) => errors.add_text("address", t.a("cell-address-unknown-near", "suggestion", near)),
            None => errors.add("address", "cell-address-unknown"),
        }
        return Ok(None);
    };
    let home = homes::at_address(&app.store.reads(), reader, door).await?.first().map(|h| h.home_id);
    if home.is_none() {
        errors.add("address", "error-home-missing");
    }
    Ok(home)
}

pub(super) async fn read(
    app: &App,
    reader: &Reader,
    t: &T,
    typed: &Typed,
    errors: &mut FormErrors,
) -> Result<Option<NewResident>> {
    let today = app.store.now().day();
    let doc_kind = DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident);
    let birth = web::optional::<Day>(errors, "birth", &typed.birth).map(|d| d.0);
    let since = web::optional::<Day>(errors, "since", &typed.since).unwrap_or(today);
    let written = Written {
        name: &typed.name,
        doc_kind,
        doc_no: &typed.doc_no,
        doc_confirmed: typed.doc_confirmed == "true",
        phone: &typed.phone,
        sex: SexCode::from_code(&typed.sex),
        birth,
    };
    let (person, problems) = rules::check(&written, today);
    for p in problems.iter().filter(|p| p.fatal) {
        add_problem(t, errors, p);
    }
    if since > today {
        errors.add("since", "error-since-future");
    }
    let seen_at = seen::read(app.store.now(), &typed.seen, errors);
    let employer_id = employer(app, errors, &typed.employer).await?;
    let home = home_at(app, reader, t, errors, &typed.address).await?;
    let (Some(_), Some(home_id), true) = (person, home, errors.is_empty()) else { return Ok(None) };
    Ok(Some(NewResident {
        resident_id: None,
        name: typed.name.clone(),
        doc_kind,
        doc_no: typed.doc_no.clone(),
        doc_confirmed: typed.doc_confirmed == "true",
        phone: Some(typed.phone.clone()),
        sex: SexCode::from_code(&typed.sex),
        birth,
        local: typed.local == "local",
        home_id,
        employer_id,
        since_day: since,
        source: Source::from_code(&typed.source).unwrap_or(Source::DoorVisit),
        seen_at: Some(seen_at),
        entered_at: None,
    }))
}

/// The employer whose organisation code was typed.
pub(super) async fn employer(app: &App, errors: &mut FormErrors, code: &str) -> Result<Option<crate::EmployerId>> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    let found = crate::employers::find_by_code(&app.store.reads(), code).await?;
    errors.require(found.is_some(), "employer", "error-employer-unknown");
    Ok(found)
}

pub(super) async fn register(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    if let Some(new) = read(&app, &reader, &page.t, &typed, &mut errors).await? {
        let tx = app.store.begin(&reader).await?;
        match residents::register(&tx, new).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "resident-registered"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
                let field = if e.is("two-main-residences") { "doc_no" } else { "" };
                errors.add_error(&page.t, field, &e);
            }
            Err(e) => return Err(e),
        }
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view(page, errors, typed))
}

#[derive(Template)]
#[template(path = "register/candidates.html")]
struct Candidates {
    page: Page,
    found: Vec<Candidate>,
}

pub(super) async fn candidates(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    headers: http::HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let typing = Typing {
        name: &typed.name,
        doc_kind: DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident),
        doc_no: &typed.doc_no,
        phone: &typed.phone,
    };
    let found = residents::candidates(&app, &reader, typing).await?;
    if headers.contains_key("hx-request") {
        return web::render(&Candidates { page, found });
    }
    // Without scripts the same question is a button of the form, which comes back with what was typed and the answer.
    let answered = if found.is_empty() { "candidates-none" } else { "" };
    web::render(&New { found, answered, ..view(page, FormErrors::new(), typed.clone()) })
}
