//! Stipends: the list by state, one with its approvals.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, redirect, render, render_status},
};

use super::{given, refused, version};
use crate::{
    codes::{Refusal, StipendState},
    ids::StipendId,
    ledger::{self, Balance},
    stipends::{self, Approval, Stipend},
};

#[derive(Template)]
#[template(path = "volunteers/stipends.html")]
struct ListPage {
    page: Page,
    stipends: Vec<Stipend>,
    paging: Paging,
    tabs: Vec<&'static str>,
    tab: &'static str,
    /// What the accounts stand at, for the office.
    balance: Option<Balance>,
    needed: i64,
    now: At,
}

/// `GET /stipends`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let state = StipendState::from_code(given(&query, "tab")).unwrap_or(StipendState::Applied);
    let paging = Paging::from_query(&query);
    let q = app.store.reads();
    let (stipends, total) = stipends::list(&q, &reader, state, &paging).await?;
    let balance = match page.may(Action::StipendPay) {
        true => Some(ledger::balance(&q).await?),
        false => None,
    };
    let title = page.t.s("stipends-title");
    render(&ListPage {
        page: page.titled(title),
        stipends,
        paging: paging.of(total),
        tabs: StipendState::ALL.iter().map(|s| s.code()).collect(),
        tab: state.code(),
        balance,
        needed: stipends::approvals_needed(&app.pack),
        now: app.store.now(),
    })
}

#[derive(Template)]
#[template(path = "volunteers/stipend.html")]
struct StipendPage {
    page: Page,
    errors: FormErrors,
    stipend: Stipend,
    approvals: Vec<Approval>,
    needed: i64,
    reasons: Vec<(&'static str, String)>,
    reason: String,
    can_approve: bool,
    can_refuse: bool,
    can_pay: bool,
    late: bool,
}

async fn stipend_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: StipendId,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<StipendPage> {
    let q = app.store.reads();
    let stipend = stipends::find(&q, reader, id).await?;
    let approvals = stipends::approvals(&q, id).await?;
    let (me, needed) = (reader.account, stipends::approvals_needed(&app.pack));
    let office = page.may(Action::StipendPay);
    let applied = stipend.state() == Some(StipendState::Applied);
    let not_mine = stipend.account_id != me;
    let no_part = not_mine && stipend.applied_by != me && !approvals.iter().any(|a| a.account_id == me);
    let reasons = Refusal::ALL.iter().map(|r| (r.code(), page.t.code(Refusal::PREFIX, r))).collect();
    let title = page.t.s("stipend-title");
    Ok(StipendPage {
        errors,
        can_approve: applied && no_part && office == (stipend.approvals + 1 >= needed),
        can_refuse: applied && not_mine,
        can_pay: stipend.state() == Some(StipendState::Approved) && office && not_mine,
        late: stipend.is_late(app.store.now()),
        needed,
        approvals,
        stipend,
        reasons,
        reason: given(form, "reason").to_owned(),
        page: page.titled(title),
    })
}

/// `GET /stipends/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<StipendId>,
) -> Result<Response> {
    render(&stipend_page(&app, &reader, page, id, &HashMap::new(), FormErrors::new()).await?)
}

/// Shows the page again with what a rule refused.
async fn again(
    app: &App,
    reader: &Reader,
    page: Page,
    id: StipendId,
    form: &HashMap<String, String>,
    (field, e): (&str, AppError),
) -> Result<Response> {
    let errors = refused(&page.t, field, e)?;
    let shown = stipend_page(app, reader, page, id, form, errors).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `POST /stipends/{id}/approval`
pub(super) async fn approve(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<StipendId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match stipends::approve(&app, &tx, id, version(&form)).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/stipends/{id}")), "stipend-approved-flash"))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, &form, ("", e)).await
        }
    }
}

/// `POST /stipends/{id}/refusal`
pub(super) async fn refuse(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<StipendId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let done = match Refusal::from_code(given(&form, "reason")) {
        Some(reason) => stipends::refuse(&tx, id, version(&form), reason).await,
        None => stipends::find(&tx, &reader, id).await.and(Err(AppError::rule("stipend-reason"))),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/stipends/{id}")), "stipend-refused-flash"))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, &form, ("reason", e)).await
        }
    }
}

/// `POST /stipends/{id}/payment`
pub(super) async fn pay(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<StipendId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match stipends::pay(&tx, id, version(&form)).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/stipends/{id}")), "stipend-paid-flash"))
        }
        Err(e) => {
            drop(tx);
            again(&app, &reader, page, id, &form, ("", e)).await
        }
    }
}
