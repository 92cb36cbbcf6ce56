//! Roles of accounts, for the security officer: granted for an area from a day on, and ended.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    access::{AreaKind, Role},
    accounts::{self, Account, HeldRole},
    app::App,
    clock::Day,
    error::{AppError, Result},
    ids::{AccountId, ProposalId},
    proposals,
    reader::Reader,
    web::{Asked, FormErrors, Page, Paging, flash, optional, redirect, render, render_status, required},
};

#[derive(Template)]
#[template(path = "platform/roles.html")]
struct ListPage {
    page: Page,
    paging: Paging,
    part: String,
    rows: Vec<Account>,
}

/// `GET /admin/roles`
pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    list_page(&app, page, String::new(), Paging::from_query(&query)).await
}

/// `POST /admin/roles/search`: a name, and therefore a form.
pub(super) async fn search(State(app): State<App>, page: Page, Form(asked): Form<Asked>) -> Result<Response> {
    let paging = asked.paging();
    list_page(&app, page, asked.q, paging).await
}

async fn list_page(app: &App, page: Page, part: String, paging: Paging) -> Result<Response> {
    let (rows, total) = accounts::list(&app.store.reads(), &part, paging.limit(), paging.offset()).await?;
    let page = page.clone().titled(page.t.s("nav-roles"));
    render(&ListPage { page, paging: paging.of(total), part, rows })
}

#[derive(Deserialize, Default)]
pub(super) struct Grant {
    #[serde(default)]
    role: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    last: String,
}

#[derive(Template)]
#[template(path = "platform/account_roles.html")]
struct ShowPage {
    page: Page,
    errors: FormErrors,
    account: Account,
    held: Vec<HeldRole>,
    roles: Vec<(&'static str, String)>,
    form: Grant,
    today: Day,
}

async fn show_page(app: &App, page: Page, id: AccountId, errors: FormErrors, form: Grant) -> Result<Response> {
    let reads = app.store.reads();
    let account = accounts::find(&reads, id).await?;
    let held = accounts::roles_of(&reads, id).await?;
    let roles = Role::ALL.iter().map(|r| (r.code(), page.t.code("role", r))).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.titled(account.display_name.clone());
    let today = app.store.clock().today();
    render_status(status, &ShowPage { page, errors, account, held, roles, form, today })
}

/// `GET /admin/roles/{id}`
pub(super) async fn show(State(app): State<App>, page: Page, Path(id): Path<AccountId>) -> Result<Response> {
    let form = Grant { from: app.store.clock().today().to_string(), ..Grant::default() };
    show_page(&app, page, id, FormErrors::new(), form).await
}

/// What a filled-in form asks for.
struct Wanted {
    role: Role,
    area: String,
    from: Day,
    until: Option<Day>,
}

fn read(form: &Grant, division: &str, errors: &mut FormErrors) -> Option<Wanted> {
    let role = Role::from_code(&form.role);
    errors.require(role.is_some(), "role", "form-required");
    let area = match role.map(Role::area_kind) {
        Some(AreaKind::Division | AreaKind::Assignment) => division.to_owned(),
        Some(kind) => {
            let area = required(errors, "area", &form.area).to_owned();
            let is_id = area.parse::<Uuid>().is_ok();
            errors.require(area.is_empty() || is_id || kind == AreaKind::Committee, "area", "form-unreadable");
            area
        }
        None => String::new(),
    };
    required(errors, "from", &form.from);
    let from = optional::<Day>(errors, "from", &form.from);
    // People name the last day; the store keeps the first one after it.
    let until = optional::<Day>(errors, "last", &form.last).map(|d| d.plus_days(1));
    if !errors.is_empty() {
        return None;
    }
    Some(Wanted { role: role?, area, from: from?, until })
}

/// `POST /admin/roles/{id}`
pub(super) async fn grant(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<AccountId>,
    Form(form): Form<Grant>,
) -> Result<Response> {
    accounts::find(&app.store.reads(), id).await?;
    let mut errors = FormErrors::new();
    if let Some(asked) = read(&form, app.store.division(), &mut errors) {
        match propose(&app, &reader, id, asked).await {
            Ok(proposal) => return Ok(flash(redirect(&format!("/proposals/{proposal}")), "proposal-made-now")),
            Err(e) if e.is("role-days") => errors.add_error(&page.t, "last", &e),
            Err(e) if e.is("admins-apart") || e.is("role-held") => errors.add_error(&page.t, "role", &e),
            Err(e) => return Err(e),
        }
    }
    show_page(&app, page, id, errors, form).await
}

/// Proposes what could be granted; the system administrator decides (R38).
async fn propose(app: &App, reader: &Reader, account: AccountId, asked: Wanted) -> Result<ProposalId> {
    let wanted = proposals::Wanted {
        account,
        role: asked.role.code().into(),
        area: asked.area,
        from: asked.from,
        until: asked.until,
    };
    // Tried and undone: what could not be granted is not proposed.
    let trial = app.store.begin(reader).await?;
    wanted.grant(&trial).await?;
    drop(trial);
    let tx = app.store.begin(reader).await?;
    let id = proposals::propose(app, &tx, proposals::GRANT, serde_json::to_value(wanted)?).await?;
    tx.commit().await?;
    Ok(id)
}

/// `POST /admin/roles/{id}/{holding}/end`: at once, from today on; an administrator's with a second person.
pub(super) async fn end(
    State(app): State<App>,
    reader: Reader,
    Path((id, holding)): Path<(AccountId, Uuid)>,
) -> Result<Response> {
    if id == reader.account {
        return Err(AppError::rule("account-own"));
    }
    let held = accounts::roles_of(&app.store.reads(), id).await?;
    let held = held.into_iter().find(|h| h.account_role_id == holding).ok_or_else(AppError::not_found)?;
    let tx = app.store.begin(&reader).await?;
    if Role::from_code(&held.role).is_some_and(Role::is_administrator) {
        let payload = serde_json::to_value(proposals::Ended { account: id, holding })?;
        let proposal = proposals::propose(&app, &tx, proposals::END, payload).await?;
        tx.commit().await?;
        return Ok(flash(redirect(&format!("/proposals/{proposal}")), "proposal-made-now"));
    }
    accounts::end_role(&tx, id, holding, tx.now().day()).await?;
    tx.commit().await?;
    Ok(flash(redirect(&format!("/admin/roles/{id}")), "roles-ended"))
}
