//! For the auditor: what was changed, who read whose data, and what the log holds.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};

use super::audit_rows::{self, AccessLine, CheckpointLine, EventLine, Filter, LeafCount};
use crate::{
    accounts,
    app::App,
    error::Result,
    event::NewEvent,
    reader::{Purpose, Reader},
    web::{Asked, FormErrors, Page, Paging, render},
};

#[derive(Template)]
#[template(path = "platform/audit_events.html")]
struct EventsPage {
    page: Page,
    errors: FormErrors,
    paging: Paging,
    filter: Filter,
    kinds: Vec<(String, String)>,
    rows: Vec<EventLine>,
}

/// `GET /audit/events`: by kind, subject and day. Whose work it was is asked by a form.
pub(super) async fn events(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    looked(&app, &reader, "events", query.len()).await?;
    events_page(&app, page, Fields::Address(query), paging).await
}

/// `POST /audit/events`: the same with the name of an account, which no address should hold.
pub(super) async fn search_events(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let paging = posted_paging(&form);
    looked(&app, &reader, "events", form.len()).await?;
    events_page(&app, page, Fields::Form(form), paging).await
}

/// The auditor's own looking is on record too: which page, and whether something was asked for.
async fn looked(app: &App, reader: &Reader, what: &str, asked: usize) -> Result<()> {
    let tx = app.store.begin(reader).await?;
    let body = serde_json::json!({ "page": what, "asked": asked > 0 });
    tx.event(NewEvent::new("audit.looked", accounts::subject(reader.account)).body(body)).await?;
    tx.commit().await
}

/// What is asked, and how. The name of an account is heeded in a form alone.
enum Fields {
    Address(HashMap<String, String>),
    Form(HashMap<String, String>),
}

impl Fields {
    fn filter(self, errors: &mut FormErrors) -> Filter {
        match self {
            Fields::Address(mut query) => {
                query.remove("account");
                Filter::from_fields(&query, errors)
            }
            Fields::Form(form) => {
                let mut filter = Filter::from_fields(&form, errors);
                filter.posted = true;
                filter
            }
        }
    }
}

fn posted_paging(form: &HashMap<String, String>) -> Paging {
    Asked { number: form.get("number").and_then(|n| n.parse().ok()).unwrap_or(1), ..Asked::default() }.paging()
}

async fn events_page(app: &App, page: Page, asked: Fields, paging: Paging) -> Result<Response> {
    let mut errors = FormErrors::new();
    let filter = asked.filter(&mut errors);
    let reads = app.store.reads();
    let (rows, total) = audit_rows::events(&reads, &filter, &paging).await?;
    let kinds = audit_rows::event_kinds(&reads).await?;
    let kinds = kinds.into_iter().map(|k| (k.clone(), audit_rows::text_of(&page.t, "event", &k))).collect();
    let page = page.clone().titled(page.t.s("nav-audit-events"));
    render(&EventsPage { page, errors, paging: paging.of(total), filter, kinds, rows })
}

#[derive(Template)]
#[template(path = "platform/audit_access.html")]
struct AccessPage {
    page: Page,
    errors: FormErrors,
    paging: Paging,
    filter: Filter,
    purposes: Vec<(&'static str, String)>,
    rows: Vec<AccessLine>,
}

/// `GET /audit/access`
pub(super) async fn access(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    looked(&app, &reader, "access", query.len()).await?;
    access_page(&app, page, Fields::Address(query), paging).await
}

/// `POST /audit/access`: the same with the name of an account.
pub(super) async fn search_access(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let paging = posted_paging(&form);
    looked(&app, &reader, "access", form.len()).await?;
    access_page(&app, page, Fields::Form(form), paging).await
}

async fn access_page(app: &App, page: Page, asked: Fields, paging: Paging) -> Result<Response> {
    let mut errors = FormErrors::new();
    let filter = asked.filter(&mut errors);
    let (rows, total) = audit_rows::accesses(&app.store.reads(), &filter, &paging).await?;
    let purposes = Purpose::ALL.iter().map(|p| (p.code(), page.t.code("purpose", p))).collect();
    let page = page.clone().titled(page.t.s("nav-audit-access"));
    render(&AccessPage { page, errors, paging: paging.of(total), filter, purposes, rows })
}

#[derive(Template)]
#[template(path = "platform/audit_log.html")]
struct LogPage {
    page: Page,
    paging: Paging,
    leaves: Vec<LeafCount>,
    rows: Vec<CheckpointLine>,
}

/// `GET /audit/log`
pub(super) async fn log(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let reads = app.store.reads();
    let paging = Paging::from_query(&query);
    let leaves = audit_rows::leaves(&reads).await?;
    let (rows, total) = audit_rows::checkpoints(&reads, &paging).await?;
    let page = page.clone().titled(page.t.s("nav-audit-log"));
    render(&LogPage { page, paging: paging.of(total), leaves, rows })
}
