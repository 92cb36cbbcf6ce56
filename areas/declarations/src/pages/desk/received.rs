//! What other systems brought and fits no record: seen, opened on record, filed once the record is there, or refused.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{self, Page},
};
use serde::Deserialize;

use crate::{
    api::{
        SentDeclaration,
        inbound::{self, Inbound},
    },
    codes::Kind,
    ids::InboundId,
};

#[derive(Template)]
#[template(path = "declarations/received.html")]
struct ListPage {
    page: Page,
    rows: Vec<Inbound>,
    now: At,
}

/// `GET /declarations/received`
pub(crate) async fn list(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let rows = inbound::waiting(&app.store.reads(), &reader).await?;
    let title = page.t.s("received-title");
    web::render(&ListPage { page: page.titled(title), rows, now: app.store.now() })
}

#[derive(Template)]
#[template(path = "declarations/received_one.html")]
struct ShowPage {
    page: Page,
    one: Inbound,
    opened: Option<SentDeclaration>,
    now: At,
}

impl ShowPage {
    /// What the office does next: it depends on whom nothing fits.
    fn next_step(&self) -> &'static str {
        match Kind::from_code(&self.one.kind) {
            Some(kind) if Kind::OF_LETTING.contains(&kind) => "received-next-letting",
            Some(Kind::Newcomer) => "received-next-newcomer",
            _ => "received-next",
        }
    }
    /// What was declared, line by line: text and value.
    fn lines(&self) -> Vec<(String, String)> {
        let (t, Some(sent)) = (&self.page.t, &self.opened) else { return Vec::new() };
        let document = |kind: &str, number: &str| format!("{} {number}", t.code("doc-kind", kind));
        let who = &sent.declarant;
        let mut lines = vec![
            (t.s("declaration-field-name"), who.name.clone()),
            (t.s("declaration-field-document"), document(who.doc_kind.code(), &who.doc_no)),
        ];
        let mut add = |key: &str, value: Option<String>| lines.extend(value.map(|v| (t.s(key), v)));
        add("declaration-new-address", sent.address.clone());
        add("declaration-since", sent.day.clone());
        add("declaration-about", sent.fact.map(|f| t.code("declaration-field", f.code())));
        add("declarations-asked", sent.value.clone());
        add("letting-tenant-name", sent.tenant.clone());
        if let Some(other) = &sent.other {
            add("received-other", Some(other.name.clone()));
            add("declaration-field-document", Some(document(other.doc_kind.code(), &other.doc_no)));
            add("declaration-guardian", other.guardian.then(|| t.s("common-yes")));
        }
        for person in sent.person.iter().chain(&sent.people) {
            add("received-person", Some(person.name.clone()));
            add("declaration-field-document", Some(document(person.doc_kind.code(), &person.doc_no)));
            add("declaration-field-phone", person.phone.clone());
        }
        lines
    }
}

fn show_page(app: &App, page: Page, one: Inbound, opened: Option<SentDeclaration>) -> Result<Response> {
    let title = page.t.code("declaration-kind", &one.kind);
    web::render(&ShowPage { page: page.titled(title), one, opened, now: app.store.now() })
}

/// `GET /declarations/received/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<InboundId>,
) -> Result<Response> {
    let one = inbound::find(&app.store.reads(), &reader, id).await?;
    show_page(&app, page, one, None)
}

/// `POST /declarations/received/{id}/reading`
pub(crate) async fn read(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<InboundId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let opened = inbound::open(&tx, id).await?;
    tx.commit().await?;
    let one = inbound::find(&app.store.reads(), &reader, id).await?;
    let response = show_page(&app, page, one, Some(opened))?;
    Ok(response)
}

/// The version that the page showed.
#[derive(Deserialize)]
pub(crate) struct Seen {
    version: i64,
}

/// `POST /declarations/received/{id}/matching`
pub(crate) async fn file(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<InboundId>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let filed = inbound::file_again(&app, &tx, id, seen.version).await?;
    tx.commit().await?;
    Ok(match filed {
        true => web::flash(web::redirect("/declarations/received"), "received-filed"),
        false => web::flash(web::redirect(&format!("/declarations/received/{id}")), "received-still-none"),
    })
}

/// `POST /declarations/received/{id}/refusal`
pub(crate) async fn refuse(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<InboundId>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    inbound::refuse(&tx, id, seen.version).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/declarations/received"), "received-refused"))
}
