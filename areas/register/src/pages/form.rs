//! The form that changes a record or puts it right. What is left empty stays as it is: the form never shows clear values.

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
    reader::Reader,
    texts::T,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, of_codes},
    conflict,
    new::{employer, locals},
    seen,
};
use crate::{
    codes::{CorrectionReason, Fact, SexCode, Source, document_choices},
    history,
    ids::ResidentId,
    residents::{self, Change, MaskedResident},
    told::Told,
};

/// What was typed.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    /// The version that was seen last.
    pub(super) version: i64,
    /// The version at which the form was first opened.
    pub(super) base: i64,
    pub(super) name: String,
    pub(super) doc_kind: String,
    pub(super) doc_no: String,
    pub(super) doc_confirmed: String,
    pub(super) phone: String,
    pub(super) sex: String,
    pub(super) birth: String,
    pub(super) local: String,
    pub(super) employer: String,
    pub(super) no_employer: String,
    pub(super) nature: String,
    pub(super) source: String,
    pub(super) seen: String,
    keep_name: String,
    keep_document: String,
    keep_phone: String,
    keep_sex: String,
    keep_birth: String,
    keep_local: String,
    keep_employer: String,
}

impl Typed {
    /// What was decided about a fact that somebody else changed too: `mine`, `theirs`, or nothing yet.
    pub(super) fn keep(&self, fact: Fact) -> &str {
        match fact {
            Fact::Name => &self.keep_name,
            Fact::Document => &self.keep_document,
            Fact::Phone => &self.keep_phone,
            Fact::Sex => &self.keep_sex,
            Fact::Birth => &self.keep_birth,
            Fact::Local => &self.keep_local,
            Fact::Employer => &self.keep_employer,
            Fact::Residence => "",
        }
    }
    /// What was typed of a fact, as its writer reads it.
    pub(super) fn value_of(&self, t: &T, fact: Fact) -> String {
        match fact {
            Fact::Name => self.name.clone(),
            Fact::Document => format!("{} {}", t.code("doc-kind", &self.doc_kind), self.doc_no),
            Fact::Phone => self.phone.clone(),
            Fact::Sex => t.code("sex", &self.sex),
            Fact::Birth => self.birth.clone(),
            Fact::Local => t.code("local", &self.local),
            Fact::Employer if self.no_employer == "true" => t.s("resident-no-employer"),
            Fact::Employer => self.employer.clone(),
            Fact::Residence => String::new(),
        }
    }
    /// Forgets what was typed of a fact that stays as the register has it.
    fn forget(&mut self, fact: Fact) {
        match fact {
            Fact::Name => self.name.clear(),
            Fact::Document => self.doc_no.clear(),
            Fact::Phone => self.phone.clear(),
            Fact::Sex => self.sex.clear(),
            Fact::Birth => self.birth.clear(),
            Fact::Local => self.local.clear(),
            Fact::Employer => (self.employer, self.no_employer) = Default::default(),
            Fact::Residence => {}
        }
    }
}

#[derive(Template)]
#[template(path = "register/change.html")]
struct ChangeForm {
    page: Page,
    errors: FormErrors,
    r: MaskedResident,
    typed: Typed,
    doc_kinds: Choices,
    sexes: Choices,
    locals: Choices,
    natures: Choices,
    sources: Choices,
}

fn view(page: Page, errors: FormErrors, r: MaskedResident, typed: Typed) -> ChangeForm {
    let title = page.t.s("resident-change-title");
    let t = &page.t;
    ChangeForm {
        doc_kinds: of_codes(t, document_choices()),
        sexes: of_codes(t, SexCode::choices()),
        locals: locals(t),
        natures: of_codes(t, CorrectionReason::choices()),
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
        base: r.version,
        doc_kind: r.doc_kind.clone(),
        source: Source::DoorVisit.code().into(),
        seen: seen::text(app.store.now()),
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
        sex: SexCode::from_code(&typed.sex),
        birth: web::optional::<Day>(errors, "birth", &typed.birth).map(|d| d.0),
        local: filled(&typed.local).map(|l| l == "local").filter(|l| *l != r.is_local),
        employer: match (employer, typed.no_employer.as_str()) {
            (Some(id), _) => Some(Some(id)).filter(|e| *e != r.employer_id),
            (None, "true") => Some(None),
            _ => None,
        },
    })
}

/// The field that an error of the rules belongs to.
pub(super) fn field_of(code: &str) -> &'static str {
    match code.split('-').next() {
        Some("name") => "name",
        Some("number" | "two") => "doc_no",
        Some("birth") => "birth",
        Some("phone") => "phone",
        _ => "",
    }
}

async fn write(
    app: &App,
    reader: &Reader,
    id: ResidentId,
    (typed, seen_at): (&Typed, At),
    change: Change,
) -> Result<()> {
    let source = Source::from_code(&typed.source).unwrap_or(Source::DoorVisit);
    let tx = app.store.begin(reader).await?;
    let told = Told::seen(source, seen_at);
    match CorrectionReason::from_code(&typed.nature) {
        Some(reason) => residents::correct(&tx, id, typed.version, change, reason, told).await?,
        None => residents::change(&tx, id, typed.version, change, told).await?,
    };
    tx.commit().await
}

pub(super) fn can_be_put_right(e: &AppError) -> bool {
    e.status == StatusCode::UNPROCESSABLE_ENTITY
}

pub(super) async fn save(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(mut typed): Form<Typed>,
) -> Result<Response> {
    let q = app.store.reads();
    let r = residents::find(&q, &reader, id).await?;
    let mut errors = FormErrors::new();
    let mut change = read(&app, &r, &typed, &mut errors).await?;
    let seen_at = seen::read(app.store.now(), &typed.seen, &mut errors);
    typed.base = if typed.base > 0 { typed.base.min(typed.version) } else { typed.version };
    let theirs = history::changed_since(&q, &reader, id, typed.base).await?;
    let unseen = r.version != typed.version;
    if errors.is_empty() && !change.fields().is_empty() && (unseen || !theirs.is_empty()) {
        let undecided = conflict::decide(&typed, &theirs, &mut change);
        if unseen || !undecided.is_empty() {
            let missed = if unseen { Vec::new() } else { undecided };
            return conflict::show(page, r, typed, &change, &theirs, &missed);
        }
        for p in theirs.iter().filter(|p| typed.keep(p.fact) == "theirs").map(|p| p.fact).collect::<Vec<_>>() {
            typed.forget(p);
        }
        if change.fields().is_empty() {
            return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "conflict-left"));
        }
    }
    if errors.is_empty() {
        match write(&app, &reader, id, (&typed, seen_at), change.clone()).await {
            Ok(()) => return Ok(web::flash(web::redirect(&format!("/residents/{id}")), "resident-changed")),
            // Somebody was faster by a moment.
            Err(e) if e.is("stale-version") => {
                let r = residents::find(&q, &reader, id).await?;
                let theirs = history::changed_since(&q, &reader, id, typed.base).await?;
                return conflict::show(page, r, typed, &change, &theirs, &[]);
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, field_of(e.code), &e),
            Err(e) => return Err(e),
        }
    }
    let typed = Typed { version: r.version, base: r.version, ..typed };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view(page, errors, r, typed))
}
