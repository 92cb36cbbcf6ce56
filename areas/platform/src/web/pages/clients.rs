//! Clients of the interface, for the system administrator: proposed, given a token, revoked. The security officer admits
//! them (R38).

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use axum_extra::extract::Form;
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    access::AreaKind,
    api::{
        self, ApiScope, ClientId,
        clients::{self, ClientArea, ClientRow, NAME_MAX_CHARS, NewClient, REQUESTS_A_MINUTE, REQUESTS_A_MINUTE_MAX},
    },
    app::App,
    clock::Day,
    error::Result,
    free_text, proposals,
    reader::Reader,
    web::{FormErrors, Page, flash, optional, redirect, render, render_status, required},
};

#[derive(Template)]
#[template(path = "platform/clients.html")]
struct ListPage {
    page: Page,
    rows: Vec<ClientRow>,
    today: Day,
}

/// `GET /admin/clients`
pub(super) async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let rows = clients::list(&app.store.reads()).await?;
    let page = page.clone().titled(page.t.s("nav-clients"));
    render(&ListPage { page, rows, today: app.store.clock().today() })
}

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    scopes: Vec<String>,
    area_kind: String,
    areas: String,
    requests: String,
    from: String,
    last: String,
}

#[derive(Template)]
#[template(path = "platform/client_new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    form: Typed,
    scopes: Vec<(&'static str, String)>,
    kinds: Vec<(&'static str, String)>,
}

impl NewPage {
    fn chosen(&self, code: &str) -> bool {
        self.form.scopes.iter().any(|s| s == code)
    }
}

/// The kinds of area that a client can be admitted for.
const KINDS: [AreaKind; 4] = [AreaKind::Division, AreaKind::Committee, AreaKind::Grid, AreaKind::Employer];

fn new_page(page: Page, errors: FormErrors, form: Typed) -> Result<Response> {
    let scopes = ApiScope::ALL.iter().map(|s| (s.code(), page.t.code("api-scope", s))).collect();
    let kinds = KINDS.iter().map(|k| (k.code(), page.t.code("area-kind", k))).collect();
    let page = page.clone().titled(page.t.s("clients-new"));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    render_status(status, &NewPage { page, errors, form, scopes, kinds })
}

/// `GET /admin/clients/new`
pub(super) async fn form(State(app): State<App>, page: Page) -> Result<Response> {
    let form = Typed {
        area_kind: AreaKind::Division.code().into(),
        requests: REQUESTS_A_MINUTE.to_string(),
        from: app.store.clock().today().to_string(),
        ..Typed::default()
    };
    new_page(page, FormErrors::new(), form)
}

fn read(app: &App, form: &Typed, errors: &mut FormErrors) -> Option<NewClient> {
    let name = required(errors, "name", &form.name).to_owned();
    errors.require(name.chars().count() <= NAME_MAX_CHARS, "name", "form-too-long");
    if let Err(fault) = free_text::check(&name) {
        errors.add("name", &format!("error-{}", fault.code()));
    }
    let scopes: Vec<String> = form.scopes.iter().filter(|s| ApiScope::from_code(s).is_some()).cloned().collect();
    errors.require(!scopes.is_empty(), "scopes", "form-choose");
    let kind = AreaKind::from_code(&form.area_kind).filter(|k| KINDS.contains(k));
    errors.require(kind.is_some(), "area_kind", "form-choose");
    let areas = areas(app, kind?, &form.areas, errors);
    required(errors, "requests", &form.requests);
    let requests = optional::<i64>(errors, "requests", &form.requests);
    let in_range = requests.is_none_or(|n| (1..=REQUESTS_A_MINUTE_MAX).contains(&n));
    errors.require(in_range, "requests", "client-requests-range");
    required(errors, "from", &form.from);
    let from = optional::<Day>(errors, "from", &form.from);
    // People name the last day; the store keeps the first one after it.
    let until = optional::<Day>(errors, "last", &form.last).map(|d| d.plus_days(1));
    errors.require(until.is_none() || until > from, "last", "error-role-days");
    if !errors.is_empty() {
        return None;
    }
    let (area_kind, requests_a_minute) = (kind?.code().to_owned(), requests?);
    Some(NewClient { name, scopes, area_kind, areas, requests_a_minute, from: from?, until })
}

/// Codes or ids, with spaces or commas between; none for the division.
fn areas(app: &App, kind: AreaKind, text: &str, errors: &mut FormErrors) -> Vec<String> {
    if kind == AreaKind::Division {
        return Vec::new();
    }
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
    let mut areas: Vec<String> = text.split(between).filter(|a| !a.is_empty()).map(str::to_owned).collect();
    areas.sort();
    areas.dedup();
    errors.require(!areas.is_empty(), "areas", "form-required");
    let known = |area: &String| match kind {
        AreaKind::Committee => app.pack.committee(area).is_some(),
        _ => area.parse::<Uuid>().is_ok(),
    };
    errors.require(areas.iter().all(known), "areas", "client-areas-unknown");
    areas
}

/// `POST /admin/clients`: what the security officer then decides on.
pub(super) async fn propose(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let Some(new) = read(&app, &form, &mut errors) else { return new_page(page, errors, form) };
    let tx = app.store.begin(&reader).await?;
    let id = proposals::propose(&app, &tx, api::ADMIT, serde_json::to_value(new)?).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/proposals/{id}")), "proposal-made-now"))
}

#[derive(Template)]
#[template(path = "platform/client.html")]
struct ShowPage {
    page: Page,
    client: ClientRow,
    scopes: Vec<ApiScope>,
    areas: Vec<ClientArea>,
    today: Day,
}

/// `GET /admin/clients/{id}`
pub(super) async fn show(State(app): State<App>, page: Page, Path(id): Path<ClientId>) -> Result<Response> {
    let q = app.store.reads();
    let client = clients::find(&q, id).await?;
    let (scopes, areas) = (clients::scopes(&q, id).await?, clients::areas(&q, id).await?);
    let page = page.titled(client.name.clone());
    render(&ShowPage { page, client, scopes, areas, today: app.store.clock().today() })
}

#[derive(Template)]
#[template(path = "platform/client_token.html")]
struct TokenPage {
    page: Page,
    client: ClientRow,
    token: String,
}

/// `POST /admin/clients/{id}/tokens`: the token is on the answer and nowhere else; the one before opens nothing more.
pub(super) async fn make_token(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ClientId>,
) -> Result<Response> {
    reader.require_proof(app.store.now())?;
    let tx = app.store.begin(&reader).await?;
    let token = clients::make_token(&tx, id).await?;
    tx.commit().await?;
    let client = clients::find(&app.store.reads(), id).await?;
    let page = page.clone().titled(page.t.s("client-token"));
    render(&TokenPage { page, client, token })
}

/// `POST /admin/clients/{id}/revocation`: at once and by one person, because it opens nothing.
pub(super) async fn revoke(State(app): State<App>, reader: Reader, Path(id): Path<ClientId>) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    clients::revoke(&tx, id).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/admin/clients/{id}")), "client-revoked-now"))
}
