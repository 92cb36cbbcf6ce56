//! A newcomer's pages: the form of the household, the receipt, and how it stands.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use cn_identity::DocumentKind;
use http::{HeaderMap, StatusCode};
use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use linli_register::{codes::document_choices, rules};
use linli_work::due_at;
use serde::Deserialize;

use super::{
    door::Arrived,
    form::{Choices, Lists, add_problem, texts_of},
    household::Household,
    receipt::pdf,
    signs::site,
};
use crate::{
    codes::Kind,
    content::Content,
    door,
    newcomers::{self, MEMBERS_MAX},
    person::Identity,
    requests::Request,
    source::{self, CameFrom},
};

#[derive(Template)]
#[template(path = "declarations/newcomer_form.html")]
struct FormPage {
    page: Page,
    errors: FormErrors,
    typed: Household,
    lists: Lists,
    /// Name, number and mobile from the entrance, masked.
    who: [String; 3],
    today: String,
    due: String,
    until: At,
    room: bool,
}

async fn form_page(
    app: &App,
    page: Page,
    errors: FormErrors,
    (visitor, who): (&door::Visitor, &Identity),
    typed: Household,
) -> Result<FormPage> {
    let title = page.t.s("newcomer-title");
    let due = due_at(&app.pack, &app.calendar, Kind::Newcomer.deadline(), app.store.now())?;
    Ok(FormPage {
        lists: Lists::of(&page.t),
        page: page.titled(title),
        errors,
        room: typed.members.len() + 1 < MEMBERS_MAX,
        typed,
        who: who.masked(),
        today: app.store.now().day().to_string(),
        due: due.deadline_text(),
        until: visitor.until_at,
    })
}

/// What was typed at the entrance, by a recorded run of the machine.
async fn identity(app: &App, visitor: &door::Visitor) -> Result<Identity> {
    let tx = app.store.begin(&Reader::system()).await?;
    let who = door::identity(&tx, visitor.visit_id).await?;
    tx.commit().await?;
    Ok(who)
}

/// `GET /newcomers/form`
pub(super) async fn form(State(app): State<App>, page: Page, Arrived(visitor): Arrived) -> Result<Response> {
    if visitor.declaration_id.is_some() {
        return Ok(web::redirect("/newcomers/receipt"));
    }
    let who = identity(&app, &visitor).await?;
    let typed = Household::blank(app.store.now().day());
    web::render(&form_page(&app, page, FormErrors::new(), (&visitor, &who), typed).await?)
}

/// `POST /newcomers/requests`
pub(super) async fn file(
    State(app): State<App>,
    page: Page,
    Arrived(visitor): Arrived,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut typed = Household::of(&fields);
    let who = identity(&app, &visitor).await?;
    if typed.changes_rows() {
        typed.change_rows();
        return web::render(&form_page(&app, page, FormErrors::new(), (&visitor, &who), typed).await?);
    }
    let mut errors = FormErrors::new();
    if let Some((address, members)) = typed.read(&app, &page.t, Some(&who), &mut errors).await? {
        let tx = app.store.begin(&Reader::system()).await?;
        match newcomers::file(&app, &tx, &visitor, &Content::Household { address, members }).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect("/newcomers/receipt"), "newcomer-filed"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    let shown = form_page(&app, page, errors, (&visitor, &who), typed).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

#[derive(Template)]
#[template(path = "declarations/newcomer_receipt.html")]
struct ReceiptPage {
    page: Page,
    request: Request,
    code: String,
    now: At,
    until: At,
}

/// `GET /newcomers/receipt`
pub(super) async fn receipt(State(app): State<App>, page: Page, Arrived(visitor): Arrived) -> Result<Response> {
    let Some(request) = newcomers::of_visit(&app.store.reads(), &visitor).await? else {
        return Ok(web::redirect("/newcomers/form"));
    };
    let code = newcomers::receipt_code(app.store.keys(), request.declaration_id);
    let title = page.t.s("newcomer-receipt-title");
    let until = visitor.until_at;
    web::render(&ReceiptPage { page: page.titled(title), request, code, now: app.store.now(), until })
}

/// `POST /newcomers/receipts`: the same as PDF.
pub(super) async fn print(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Arrived(visitor): Arrived,
) -> Result<Response> {
    let bytes = newcomers::issue(&app, &page.t, &visitor, &site(&app, &headers)).await?;
    Ok(pdf(bytes, "linli-declaration"))
}

/// Number and code of a receipt, as typed. No `Debug`.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct TypedReceipt {
    doc_kind: String,
    doc_no: String,
    code: String,
}

#[derive(Template)]
#[template(path = "declarations/newcomer_state.html")]
struct StatePage {
    page: Page,
    errors: FormErrors,
    typed: TypedReceipt,
    kinds: Choices,
    request: Option<Request>,
    now: At,
}

fn state_page(app: &App, page: Page, errors: FormErrors, typed: TypedReceipt) -> StatePage {
    let title = page.t.s("newcomer-state-title");
    let kinds = texts_of(&page.t, document_choices());
    StatePage { page: page.titled(title), errors, typed, kinds, request: None, now: app.store.now() }
}

/// `GET /newcomers/state`
pub(super) async fn state(State(app): State<App>, page: Page) -> Result<Response> {
    web::render(&state_page(&app, page, FormErrors::new(), TypedReceipt::default()))
}

/// `POST /newcomers/state`: how it stands, for whoever holds the receipt; the same answer for every other pair.
pub(super) async fn follow(
    State(app): State<App>,
    page: Page,
    CameFrom(from, _): CameFrom,
    Form(typed): Form<TypedReceipt>,
) -> Result<Response> {
    let tx = app.store.begin(&Reader::system()).await?;
    let too_often = source::too_often(&tx, from.as_ref()).await?;
    tx.commit().await?;
    let mut shown = state_page(&app, page, FormErrors::new(), typed);
    let kind = DocumentKind::from_code(&shown.typed.doc_kind).unwrap_or(DocumentKind::Resident);
    web::required(&mut shown.errors, "code", &shown.typed.code);
    match rules::check_number(kind, &shown.typed.doc_no, true) {
        Err(problem) => add_problem(&shown.page.t, &mut shown.errors, "doc_no", &problem),
        Ok(_) if too_often => shown.errors.add("", "own-from-here"),
        Ok(document) if shown.errors.is_empty() => {
            shown.request = newcomers::follow(&app.store, &document, &shown.typed.code).await?;
            shown.errors.require(shown.request.is_some(), "code", "newcomer-none");
        }
        Ok(_) => {}
    }
    let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    web::render_status(status, &shown)
}
