//! The form that changes a record. What is left empty stays as it is: the form never shows clear values.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use cn_identity::DocumentKind;
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, of_codes},
    new::{employer, locals},
};
use crate::{
    codes::{Source, document_choices},
    ids::ResidentId,
    residents::{self, Change, MaskedResident},
    told::Told,
};

/// What was typed.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    name: String,
    doc_kind: String,
    doc_no: String,
    doc_confirmed: String,
    phone: String,
    local: String,
    employer: String,
    no_employer: String,
    source: String,
}

#[derive(Template)]
#[template(path = "register/change.html")]
struct ChangeForm {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    typed: Typed,
    doc_kinds: Choices,
    locals: Choices,
    sources: Choices,
}

fn view(page: Page, errors: FormErrors, r: MaskedResident, typed: Typed) -> ChangeForm {
    let title = page.t.s("resident-change-title");
    let t = &page.t;
    ChangeForm {
        doc_kinds: of_codes(t, document_choices()),
        locals: locals(t),
        sources: of_codes(t, Source::choices()),
        page: page.titled(title),
        errors,
        r,
        typed,
    }
}

pub(super) async fn change(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let typed = Typed {
        version: r.version,
        doc_kind: r.doc_kind.clone(),
        local: if r.is_local { "local" } else { "elsewhere" }.into(),
        source: Source::DoorVisit.code().into(),
        ..Typed::default()
    };
    web::render(&view(page, FormErrors::new(), r, typed))
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|t| !t.is_empty()).map(str::to_owned)
}

async fn read(app: &App, r: &MaskedResident, typed: &Typed, errors: &mut FormErrors) -> Result<Change> {
    let kind = DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident);
    let employer = employer(app, errors, &typed.employer).await?;
    Ok(Change {
        name: filled(&typed.name),
        doc: filled(&typed.doc_no).map(|no| (kind, no, typed.doc_confirmed == "true")),
        phone: filled(&typed.phone),
        local: Some(typed.local == "local").filter(|l| *l != r.is_local),
        employer: match (employer, typed.no_employer.as_str()) {
            (Some(id), _) => Some(Some(id)).filter(|e| *e != r.employer_id),
            (None, "true") => Some(None),
            _ => None,
        },
        ..Change::default()
    })
}

/// The field that an error of the rules belongs to.
fn field_of(code: &str) -> &'static str {
    match code.split('-').next() {
        Some("name") => "name",
        Some("number" | "birth" | "two") => "doc_no",
        Some("phone") => "phone",
        _ => "",
    }
}

pub(super) async fn save(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    let change = read(&app, &r, &typed, &mut errors).await?;
    if errors.is_empty() {
        let source = Source::from_code(&typed.source).unwrap_or(Source::DoorVisit);
        let tx = app.store.begin(&reader).await?;
        match residents::change(&tx, id, typed.version, change, Told::seen(source, tx.now())).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "resident-changed"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY || e.is("stale-version") => {
                errors.add_error(&page.t, field_of(e.code), &e);
            }
            Err(e) => return Err(e),
        }
    }
    // Somebody else's change in the meantime is shown beside what was typed here.
    let typed = Typed { version: r.version, ..typed };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view(page, errors, r, typed))
}
