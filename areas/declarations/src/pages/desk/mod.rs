//! Staff's queue, one case, and its answer.

pub(super) mod counter;
pub(super) mod liaisons;
pub(super) mod received;
pub(super) mod referrals;

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{self, FormErrors, Page, Paging},
};
use linli_register::codes::CancelReason;
use linli_work::Outcome;
use serde::Deserialize;

use super::form::{Choices, texts_of};
use crate::{
    codes::{Field, Kind, Refusal},
    content::{Content, Newcomer},
    decide,
    ids::DeclarationId,
    review::{self, Case, Opened, Tab},
};

#[derive(Template)]
#[template(path = "declarations/list.html")]
struct ListPage {
    page: Page,
    cases: Vec<Case>,
    paging: Paging,
    tab: Tab,
    now: At,
}

/// `GET /declarations`
pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let asked = query.get("tab").map(String::as_str).unwrap_or_default();
    let tab = Tab::ALL.into_iter().find(|t| t.code() == asked).unwrap_or(Tab::Open);
    let paging = Paging::from_query(&query);
    let (cases, total) = review::list(&app.store.reads(), &reader, tab, &paging).await?;
    let title = page.t.s("declarations-title");
    web::render(&ListPage { page: page.titled(title), cases, paging: paging.of(total), tab, now: app.store.now() })
}

#[derive(Template)]
#[template(path = "declarations/case.html")]
struct CasePage {
    page: Page,
    errors: FormErrors,
    case: Case,
    opened: Option<Opened>,
    refusals: Choices,
    refusal: String,
    cancels: Choices,
    cancel: String,
    now: At,
}

impl CasePage {
    /// Whether accepting it cancels the record, for a reason that has to be chosen.
    fn cancels_record(&self) -> bool {
        self.case.fact() == Some(Field::Record)
    }
    /// What is asked for, line by line: text key and value.
    fn lines(&self) -> Vec<(String, String)> {
        self.opened.as_ref().map(|o| lines(&self.page, &o.content)).unwrap_or_default()
    }
    /// What the register holds of the same fact, in full.
    fn held(&self) -> Option<String> {
        let record = self.opened.as_ref()?.record.as_ref()?;
        let masked = &record.masked;
        match self.case.fact()? {
            Field::Name => Some(record.name.text().to_owned()),
            Field::Document => Some(record.doc.text().to_owned()),
            Field::Phone => record.phone.as_ref().map(|p| p.text().to_owned()),
            Field::Birth => record.birth(),
            Field::Sex => Some(self.page.t.code("sex", &masked.sex)),
            Field::Local => Some(self.page.t.s(if masked.is_local { "local-local" } else { "local-elsewhere" })),
            Field::Employer => masked.employer_name.clone(),
            Field::Address => masked.address_text.clone(),
            Field::Record => None,
        }
    }
}

fn lines(page: &Page, content: &Content) -> Vec<(String, String)> {
    let t = &page.t;
    let line = |key: &str, value: String| (t.s(key), value);
    match content {
        Content::Fact { field, value, shown, doc_kind } => {
            let text = match Field::from_code(field) {
                Some(Field::Sex) => t.code("sex", value),
                Some(Field::Local) => t.code("local", value),
                Some(Field::Document) => {
                    format!("{} {value}", doc_kind.as_ref().map(|k| t.code("doc-kind", k)).unwrap_or_default())
                }
                _ => shown.clone().unwrap_or_else(|| value.clone()),
            };
            vec![(t.code("declaration-field", field), text)]
        }
        Content::Without { field } => vec![line("declaration-to-delete", t.code("declaration-field", field))],
        Content::Move { address, day, .. } => {
            vec![line("declaration-new-address", address.clone()), line("declaration-since", day.to_string())]
        }
        Content::MoveOut { day } => vec![line("declaration-since", day.to_string())],
        Content::MoveIn(new) => member_lines(page, new),
        Content::Household { address, members } => {
            let mut all = vec![line("declaration-new-address", address.clone())];
            all.extend(members.iter().flat_map(|m| member_lines(page, m)));
            all
        }
        Content::ForOther { person, asks, .. } => {
            let mut all = vec![
                line("declaration-field-name", person.name.clone()),
                line(
                    "declaration-field-document",
                    format!("{} {}", t.code("doc-kind", &person.doc_kind), person.doc_no),
                ),
                line("declaration-guardian", t.s(if person.guardian { "common-yes" } else { "common-no" })),
            ];
            all.extend(lines(page, asks));
            all
        }
        Content::TenantOut { address, name, day, .. } => vec![
            line("declaration-field-address", address.clone()),
            line("declaration-field-name", name.clone()),
            line("declaration-left-since", day.to_string()),
        ],
        Content::Tenancy { address, day, .. } => {
            vec![line("declaration-field-address", address.clone()), line("declaration-since", day.to_string())]
        }
    }
}

fn member_lines(page: &Page, new: &Newcomer) -> Vec<(String, String)> {
    let t = &page.t;
    let line = |key: &str, value: String| (t.s(key), value);
    vec![
        line("declaration-field-name", new.name.clone()),
        line("declaration-field-document", format!("{} {}", t.code("doc-kind", &new.doc_kind), new.doc_no)),
        line("declaration-field-phone", new.phone.clone()),
        line("declaration-field-birth", new.birth.clone().unwrap_or_default()),
        line("declaration-field-local", t.s(if new.local { "local-local" } else { "local-elsewhere" })),
        line("declaration-since", new.day.to_string()),
        line("declaration-guardian", t.s(if new.guardian { "common-yes" } else { "common-no" })),
    ]
}

fn case_page(app: &App, page: Page, case: Case) -> CasePage {
    let title = page.t.code("declaration-kind", &case.kind);
    let refusals = case.asked().map_or(&[][..], Kind::refusals);
    CasePage {
        refusals: refusals.iter().map(|r| (r.code(), page.t.code("declaration-refusal", r))).collect(),
        cancels: texts_of(&page.t, CancelReason::choices()),
        page: page.titled(title),
        errors: FormErrors::new(),
        case,
        opened: None,
        refusal: String::new(),
        cancel: CancelReason::MovedAway.code().into(),
        now: app.store.now(),
    }
}

/// `GET /declarations/{id}`
pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<DeclarationId>,
) -> Result<Response> {
    let case = review::find(&app.store.reads(), &reader, id).await?;
    web::render(&case_page(&app, page, case))
}

/// `POST /declarations/{id}/reading`: what is asked for beside what is held, once, on record.
pub(super) async fn read(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<DeclarationId>,
) -> Result<Response> {
    let case = review::find(&app.store.reads(), &reader, id).await?;
    let tx = app.store.begin(&reader).await?;
    let opened = review::open(&tx, id).await?;
    tx.commit().await?;
    let mut shown = case_page(&app, page, case);
    shown.opened = Some(opened);
    web::render(&shown)
}

/// An answer as chosen.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Answer {
    version: i64,
    reason: String,
    cancel: String,
}

/// `POST /declarations/{id}/acceptance`
pub(super) async fn accept(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<DeclarationId>,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    let reason = CancelReason::from_code(&answer.cancel).unwrap_or(CancelReason::MovedAway);
    let tx = app.store.begin(&reader).await?;
    match decide::accept(&app, &tx, id, answer.version, reason).await {
        Ok(became) => {
            tx.commit().await?;
            let key =
                if became == Outcome::HandedOver { "declaration-handed-over" } else { "declaration-accepted-now" };
            Ok(web::flash(web::redirect("/declarations"), key))
        }
        Err(e) if can_be_put_right(&e) => {
            drop(tx);
            again(&app, page, &reader, id, answer, |errors, page| errors.add_error(&page.t, "", &e)).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /declarations/{id}/refusal`
pub(super) async fn refuse(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<DeclarationId>,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    let Some(reason) = Refusal::from_code(&answer.reason) else {
        return again(&app, page, &reader, id, answer, |errors, _| errors.add("reason", "form-choose")).await;
    };
    let tx = app.store.begin(&reader).await?;
    match decide::refuse(&tx, id, answer.version, reason).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(web::flash(web::redirect("/declarations"), "declaration-refused-now"))
        }
        Err(e) if can_be_put_right(&e) => {
            drop(tx);
            again(&app, page, &reader, id, answer, |errors, page| errors.add_error(&page.t, "reason", &e)).await
        }
        Err(e) => Err(e),
    }
}

fn can_be_put_right(e: &AppError) -> bool {
    e.status == StatusCode::UNPROCESSABLE_ENTITY || e.is("stale-version")
}

async fn again(
    app: &App,
    page: Page,
    reader: &Reader,
    id: DeclarationId,
    answer: Answer,
    say: impl FnOnce(&mut FormErrors, &Page),
) -> Result<Response> {
    let case = review::find(&app.store.reads(), reader, id).await?;
    let mut shown = case_page(app, page, case);
    say(&mut shown.errors, &shown.page);
    shown.refusal = answer.reason;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
