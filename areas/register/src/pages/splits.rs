//! Splitting a record that mixed two people.

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
    form::{can_be_put_right, field_of},
    new::{self, locals},
    seen,
};
use crate::{
    codes::{SexCode, Source, document_choices},
    ids::ResidentId,
    merges::{self, Split},
    residents::{self, Change, MaskedResident},
};

/// What was typed: the other person, and what of the record was theirs.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    name: String,
    doc_kind: String,
    doc_no: String,
    doc_confirmed: String,
    phone: String,
    sex: String,
    birth: String,
    local: String,
    address: String,
    employer: String,
    since: String,
    source: String,
    seen: String,
    own_name: String,
    own_doc_kind: String,
    own_doc_no: String,
    own_phone: String,
    own_no_phone: String,
    own_no_employer: String,
}

impl Typed {
    fn other(&self) -> new::Typed {
        let t = self.clone();
        new::Typed {
            name: t.name,
            doc_kind: t.doc_kind,
            doc_no: t.doc_no,
            doc_confirmed: t.doc_confirmed,
            phone: t.phone,
            sex: t.sex,
            birth: t.birth,
            local: t.local,
            address: t.address,
            employer: t.employer,
            since: t.since,
            source: t.source,
            seen: t.seen,
        }
    }
    fn own(&self) -> Change {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let kind = DocumentKind::from_code(&self.own_doc_kind).unwrap_or(DocumentKind::Resident);
        Change {
            name: filled(&self.own_name),
            doc: filled(&self.own_doc_no).map(|no| (kind, no, self.doc_confirmed == "true")),
            phone: if self.own_no_phone == "true" { Some(String::new()) } else { filled(&self.own_phone) },
            employer: (self.own_no_employer == "true").then_some(None),
            ..Change::default()
        }
    }
}

#[derive(Template)]
#[template(path = "register/split.html")]
struct SplitForm {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    typed: Typed,
    doc_kinds: Choices,
    sexes: Choices,
    sources: Choices,
    locals: Choices,
}

fn view(page: Page, errors: FormErrors, r: MaskedResident, typed: Typed) -> SplitForm {
    let title = page.t.s("split-title");
    let t = &page.t;
    SplitForm {
        doc_kinds: of_codes(t, document_choices()),
        sexes: of_codes(t, SexCode::choices()),
        sources: of_codes(t, Source::choices()),
        locals: locals(t),
        page: page.titled(title),
        errors,
        r,
        typed,
    }
}

pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let typed = Typed {
        version: r.version,
        doc_kind: r.doc_kind.clone(),
        own_doc_kind: r.doc_kind.clone(),
        address: r.address_text.clone().unwrap_or_default(),
        since: app.store.now().day().to_string(),
        source: Source::DoorVisit.code().into(),
        seen: seen::text(app.store.now()),
        ..Typed::default()
    };
    web::render(&view(page, FormErrors::new(), r, typed))
}

pub(super) async fn split(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let r = residents::find(&app.store.reads(), &reader, id).await?;
    let mut errors = FormErrors::new();
    errors.require(r.version == typed.version, "", "error-stale-version");
    let other = new::read(&app, &reader, &page.t, &typed.other(), &mut errors).await?;
    if let (Some(other), true) = (other, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        let split = Split { from: (id, typed.version), own: typed.own(), other };
        match merges::split(&tx, split).await {
            Ok(other) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/residents/{other}")), "split-made"));
            }
            Err(e) if can_be_put_right(&e) || e.is("stale-version") => {
                errors.add_error(&page.t, field_of(e.code), &e);
            }
            Err(e) => return Err(e),
        }
    }
    let typed = Typed { version: r.version, ..typed };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view(page, errors, r, typed))
}
